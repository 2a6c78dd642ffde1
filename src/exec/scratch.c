/* SPDX-License-Identifier: MIT
 *
 * Buffers by powers of two. A header before each names its class and links it into the
 * list of free ones and the list of all.
 */
#include "exec/scratch.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"

enum { CLASS_COUNT = 48, SMALLEST_CLASS = 8, HEADER_BYTES = 64 };

typedef struct header {
    struct header *next_free;
    struct header *next_of_all;
    void *block; /* what malloc returned */
    unsigned class;
} header;

struct scratch {
    header *free_lists[CLASS_COUNT];
    header *all;
};

scratch *scratch_new(void)
{
    return memory_alloc_zero(sizeof(scratch));
}

void scratch_free(scratch *s)
{
    if (!s)
        return;
    while (s->all) {
        header *next = s->all->next_of_all;
        memory_free(s->all->block);
        s->all = next;
    }
    memory_free(s);
}

static unsigned class_of(size_t size)
{
    unsigned class = SMALLEST_CLASS;
    while (((size_t)1 << class) < size)
        class ++;
    return class;
}

static header *header_new(scratch *s, unsigned class)
{
    char *block = memory_alloc(((size_t)1 << class) + HEADER_BYTES + 63);
    header *h = (header *)(((uintptr_t)block + 63) & ~(uintptr_t)63);
    h->block = block;
    h->class = class;
    h->next_of_all = s->all;
    s->all = h;
    return h;
}

void *scratch_take(scratch *s, size_t size)
{
    unsigned class = class_of(size);
    header *h = s->free_lists[class];
    if (h)
        s->free_lists[class] = h->next_free;
    else
        h = header_new(s, class);
    return (char *)h + HEADER_BYTES;
}

void scratch_give(scratch *s, void *buffer)
{
    if (!buffer)
        return;
    header *h = (header *)((char *)buffer - HEADER_BYTES);
    h->next_free = s->free_lists[h->class];
    s->free_lists[h->class] = h;
}
