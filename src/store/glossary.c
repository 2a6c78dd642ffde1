/* SPDX-License-Identifier: MIT
 *
 * A list of dictionaries, each with the number of its texts that are in files, where they stay.
 */
#include "store/glossary.h"

#include <string.h>

#include "base/memory.h"

typedef struct entry {
    char *name;
    dictionary *texts;
    size_t saved; /* of the texts */
} entry;

struct glossary {
    entry *entries;
    size_t count, capacity;
    section_file **files; /* which texts lie in */
    size_t file_count, file_capacity;
};

glossary *glossary_new(void)
{
    return memory_alloc_zero(sizeof(glossary));
}

void glossary_free(glossary *g)
{
    if (!g)
        return;
    for (size_t i = 0; i < g->count; i++) {
        memory_free(g->entries[i].name);
        dictionary_free(g->entries[i].texts);
    }
    for (size_t i = 0; i < g->file_count; i++)
        section_file_close(g->files[i]);
    memory_free(g->entries);
    memory_free(g->files);
    memory_free(g);
}

static entry *get_entry(glossary *g, slice name)
{
    for (size_t i = 0; i < g->count; i++)
        if (slice_is(name, g->entries[i].name))
            return &g->entries[i];
    memory_grow((void **)&g->entries, g->count, &g->capacity, sizeof *g->entries);
    entry *e = &g->entries[g->count++];
    *e = (entry){memory_copy_text(name.data, name.size), dictionary_new(), 0};
    return e;
}

dictionary *glossary_get(glossary *g, const char *name)
{
    return get_entry(g, slice_of(name))->texts;
}

/* ---- reading -------------------------------------------------------------- */

static bool fail(const section_file *f, const section *s, carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_INPUT,
                       "the store is damaged: \"%s\" has texts of \"%.*s\" that do not "
                       "follow those before",
                       section_file_path(f), (int)s->name.size, s->name.data);
}

/* Do the texts, each with its NUL, fill the bytes? */
static bool are_texts(const section *sizes, const section *bytes)
{
    const uint32_t *size = sizes->data;
    const char *at = bytes->data;
    uint64_t left = bytes->bytes;
    for (uint64_t i = 0; i < sizes->count; i++) {
        if (size[i] >= left || at[size[i]] != '\0')
            return false;
        at += size[i] + UINT64_C(1);
        left -= size[i] + UINT64_C(1);
    }
    return left == 0;
}

static bool read_entry(entry *e, const section_file *f, const section *sizes)
{
    const section *bytes = section_file_find(f, ROLE_TEXT_BYTES, e->name);
    if (!bytes || sizes->width != 32 || sizes->base != (int64_t)e->saved ||
        sizes->count > DICTIONARY_NONE - e->saved || !are_texts(sizes, bytes))
        return false;
    dictionary_append_in_place(e->texts, bytes->data, sizes->data, (size_t)sizes->count);
    e->saved += sizes->count;
    return true;
}

bool glossary_read(glossary *g, section_file *f, carpel_error *err)
{
    memory_grow((void **)&g->files, g->file_count, &g->file_capacity, sizeof *g->files);
    g->files[g->file_count++] = f;
    for (size_t i = 0; i < section_file_count(f); i++) {
        const section *sizes = section_file_get(f, i);
        if (sizes->role == ROLE_TEXT_SIZES &&
            !read_entry(get_entry(g, sizes->name), f, sizes))
            return fail(f, sizes, err);
    }
    return true;
}

/* ---- writing -------------------------------------------------------------- */

void glossary_write_all(glossary *g)
{
    for (size_t i = 0; i < g->count; i++)
        g->entries[i].saved = 0;
}

bool glossary_has_new(const glossary *g)
{
    for (size_t i = 0; i < g->count; i++)
        if (g->entries[i].saved < dictionary_count(g->entries[i].texts))
            return true;
    return false;
}

enum { SIZES_AT_ONCE = 1024 };

static void put_sizes(const entry *e, size_t end, section_writer *w)
{
    uint32_t sizes[SIZES_AT_ONCE];
    for (size_t i = e->saved, count; i < end; i += count) {
        count = end - i < SIZES_AT_ONCE ? end - i : SIZES_AT_ONCE;
        for (size_t k = 0; k < count; k++)
            sizes[k] = (uint32_t)dictionary_text(e->texts, (uint32_t)(i + k)).size;
        section_writer_put(w, sizes, count * sizeof *sizes);
    }
}

/* Texts with their NULs. Mostly many lie one behind the other. */
static void put_texts(const entry *e, size_t end, section_writer *w)
{
    slice run = {NULL, 0};
    for (size_t i = e->saved; i < end; i++) {
        slice text = dictionary_text(e->texts, (uint32_t)i);
        if (run.size > 0 && text.data == run.data + run.size) {
            run.size += text.size + 1;
            continue;
        }
        section_writer_put(w, run.data, run.size);
        run = (slice){text.data, text.size + 1};
    }
    section_writer_put(w, run.data, run.size);
}

static void write_entry(entry *e, section_writer *w)
{
    size_t count = dictionary_count(e->texts);
    section s = {.role = ROLE_TEXT_SIZES,
                 .name = slice_of(e->name),
                 .width = 32,
                 .count = count - e->saved,
                 .base = (int64_t)e->saved};
    section_writer_begin(w, &s);
    put_sizes(e, count, w);
    s = (section){.role = ROLE_TEXT_BYTES, .name = slice_of(e->name)};
    section_writer_begin(w, &s);
    put_texts(e, count, w);
    e->saved = count;
}

void glossary_write(glossary *g, section_writer *w)
{
    for (size_t i = 0; i < g->count; i++)
        if (g->entries[i].saved < dictionary_count(g->entries[i].texts))
            write_entry(&g->entries[i], w);
}
