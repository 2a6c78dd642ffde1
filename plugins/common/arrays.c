/* SPDX-License-Identifier: MIT
 *
 * A child may have been moved away before its parent is released.
 */
#include "common/arrays.h"

#include "common/memory.h"

static void release_array(struct ArrowArray *array)
{
    for (int64_t i = 0; i < array->n_children; i++) {
        if (array->children[i]->release)
            array->children[i]->release(array->children[i]);
        free(array->children[i]);
    }
    if (array->dictionary && array->dictionary->release)
        array->dictionary->release(array->dictionary);
    free(array->dictionary);
    for (int64_t i = 0; i < array->n_buffers; i++)
        free((void *)(uintptr_t)array->buffers[i]);
    free(array->children);
    free(array->buffers);
    array->release = NULL;
}

void array_begin(struct ArrowArray *out, size_t length, size_t buffers, size_t children)
{
    *out = (struct ArrowArray){.length = (int64_t)length,
                               .n_buffers = (int64_t)buffers,
                               .n_children = (int64_t)children,
                               .release = release_array};
    out->buffers = common_alloc(buffers, sizeof *out->buffers);
    out->children = children > 0 ? common_alloc(children, sizeof *out->children) : NULL;
    for (size_t i = 0; i < children; i++)
        out->children[i] = common_alloc(1, sizeof **out->children);
}
