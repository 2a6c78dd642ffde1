/* SPDX-License-Identifier: MIT
 *
 * The structs of the Arrow C data interface: each one holds its memory in a private
 * record, and its release frees exactly that and releases what is left in its children.
 */
#include "plugin/arrow.h"

#include <assert.h>

#include "base/memory.h"

typedef struct schema_memory {
    char *format, *name;
    struct ArrowSchema *children;  /* one block, and */
    struct ArrowSchema **pointers; /* into it: schema->children, as long as nobody else
                                      writes there */
    size_t child_count;
    struct ArrowSchema *dictionary;
} schema_memory;

typedef struct array_memory {
    const void *buffers[ARROW_MAX_BUFFERS];
    void *blocks[ARROW_MAX_BUFFERS];
    struct ArrowArray *children;  /* one block, and */
    struct ArrowArray **pointers; /* into it, likewise */
    size_t child_count;
    struct ArrowArray *dictionary;
} array_memory;

static void release_schema(struct ArrowSchema *schema)
{
    schema_memory *m = schema->private_data;
    for (size_t i = 0; i < m->child_count; i++)
        if (m->children[i].release != NULL)
            m->children[i].release(&m->children[i]);
    if (m->dictionary != NULL && m->dictionary->release != NULL)
        m->dictionary->release(m->dictionary);
    memory_free(m->dictionary);
    memory_free(m->children);
    memory_free(m->format);
    memory_free(m->name);
    memory_free(m->pointers);
    memory_free(m);
    schema->release = NULL;
}

static void release_array(struct ArrowArray *array)
{
    array_memory *m = array->private_data;
    for (size_t i = 0; i < m->child_count; i++)
        if (m->children[i].release != NULL)
            m->children[i].release(&m->children[i]);
    if (m->dictionary != NULL && m->dictionary->release != NULL)
        m->dictionary->release(m->dictionary);
    for (size_t i = 0; i < ARROW_MAX_BUFFERS; i++)
        memory_free(m->blocks[i]);
    memory_free(m->dictionary);
    memory_free(m->children);
    memory_free(m->pointers);
    memory_free(m);
    array->release = NULL;
}

void arrow_schema_init(struct ArrowSchema *out, const char *format, const char *name,
                       size_t child_count)
{
    schema_memory *m = memory_alloc_zero(sizeof *m);
    m->format = memory_copy_string(format);
    m->name = memory_copy_string(name);
    *out = (struct ArrowSchema){.format = m->format,
                                .name = m->name,
                                .flags = child_count == 0 ? ARROW_FLAG_NULLABLE : 0,
                                .n_children = (int64_t)child_count,
                                .release = release_schema,
                                .private_data = m};
    if (child_count == 0)
        return;
    m->child_count = child_count;
    m->children = memory_alloc_zero_array(child_count, sizeof *m->children);
    m->pointers = memory_alloc_array(child_count, sizeof(struct ArrowSchema *));
    out->children = m->pointers;
    for (size_t i = 0; i < child_count; i++)
        out->children[i] = &m->children[i];
}

struct ArrowSchema *arrow_schema_add_dictionary(struct ArrowSchema *schema)
{
    schema_memory *m = schema->private_data;
    m->dictionary = memory_alloc_zero(sizeof *m->dictionary);
    arrow_schema_init(m->dictionary, "u", "", 0);
    schema->dictionary = m->dictionary;
    return m->dictionary;
}

void arrow_array_init(struct ArrowArray *out, size_t length, size_t null_count,
                      size_t buffer_count, size_t child_count)
{
    assert(buffer_count <= ARROW_MAX_BUFFERS);
    array_memory *m = memory_alloc_zero(sizeof *m);
    *out = (struct ArrowArray){.length = (int64_t)length,
                               .null_count = (int64_t)null_count,
                               .n_buffers = (int64_t)buffer_count,
                               .n_children = (int64_t)child_count,
                               .buffers = m->buffers,
                               .release = release_array,
                               .private_data = m};
    if (child_count == 0)
        return;
    m->child_count = child_count;
    m->children = memory_alloc_zero_array(child_count, sizeof *m->children);
    m->pointers = memory_alloc_array(child_count, sizeof(struct ArrowArray *));
    out->children = m->pointers;
    for (size_t i = 0; i < child_count; i++)
        out->children[i] = &m->children[i];
}

void arrow_array_give(struct ArrowArray *array, size_t index, void *block)
{
    array_memory *m = array->private_data;
    assert(index < ARROW_MAX_BUFFERS);
    m->blocks[index] = block;
    m->buffers[index] = block;
}

struct ArrowArray *arrow_array_add_dictionary(struct ArrowArray *array)
{
    array_memory *m = array->private_data;
    m->dictionary = memory_alloc_zero(sizeof *m->dictionary);
    array->dictionary = m->dictionary;
    return m->dictionary;
}
