/* SPDX-License-Identifier: MIT
 *
 * memory -- allocation for connectors that never returns NULL: without memory a message
 * is written and the process ends, as carpel itself does. What users can make grow is
 * bounded by limits elsewhere.
 */
#ifndef COMMON_MEMORY_H
#define COMMON_MEMORY_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

/* Change the size of `block` (which may be NULL); release with free. */
static inline void *common_resize(void *block, size_t size)
{
    void *changed = realloc(block, size == 0 ? 1 : size);
    if (changed == NULL) {
        fputs("carpel: out of memory\n", stderr);
        exit(EX_OSERR);
    }
    return changed;
}

/* `count` zeroed elements of `size` bytes, at least one. */
static inline void *common_alloc(size_t count, size_t size)
{
    void *block = calloc(count == 0 ? 1 : count, size);
    if (block == NULL) {
        fputs("carpel: out of memory\n", stderr);
        exit(EX_OSERR);
    }
    return block;
}

/* A copy with a NUL behind it. */
static inline char *common_copy(const char *text, size_t size)
{
    char *copy = common_resize(NULL, size + 1);
    if (size > 0)
        memcpy(copy, text, size);
    copy[size] = '\0';
    return copy;
}

#endif
