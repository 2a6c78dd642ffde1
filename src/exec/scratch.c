/* SPDX-License-Identifier: MIT
 *
 * Buffers by powers of two. A header before each names its class and links it into the
 * list of free ones and the list of all. Passing buffers follow one another in one chunk,
 * and have but the number of theirs in front.
 */
#include "exec/scratch.h"

#include <stdlib.h>

#include "base/memory.h"

enum {
    CLASS_COUNT = SCRATCH_PASSING,
    SMALLEST_CLASS = 8,
    HEADER_BYTES = 64,
    CHUNK_BYTES = 1 << 18
};

typedef struct header {
    struct header *next_free;
    struct header *next_of_all;
    void *block; /* what malloc returned */
    char unused[HEADER_BYTES - 4 * sizeof(void *)];
    uint64_t class; /* right before the buffer, as in a passing one */
} header;

_Static_assert(sizeof(header) == HEADER_BYTES, "a header keeps the buffer aligned");

typedef struct scratch_buffers {
    header *free_lists[CLASS_COUNT];
    header *all;
    char *chunk;    /* of passing buffers, or NULL */
    bool has_large; /* others were taken since they passed */
} scratch_buffers;

scratch *scratch_new(void)
{
    scratch *s = memory_alloc_zero(sizeof *s);
    s->others = memory_alloc_zero(sizeof *s->others);
    return s;
}

/* The number in front of the first buffer has room, too. */
void scratch_pass(scratch *s)
{
    s->next = s->others->chunk + 2 * sizeof(uint64_t);
    s->others->has_large = false;
}

scratch *scratch_new_passing(void)
{
    scratch *s = scratch_new();
    s->others->chunk = memory_alloc(CHUNK_BYTES);
    s->end = s->others->chunk + CHUNK_BYTES;
    scratch_pass(s);
    return s;
}

void scratch_free(scratch *s)
{
    if (!s)
        return;
    while (s->others->all) {
        header *next = s->others->all->next_of_all;
        memory_free(s->others->all->block);
        s->others->all = next;
    }
    memory_free(s->others->chunk);
    memory_free(s->others);
    memory_free(s);
}

static unsigned class_of(size_t size)
{
    if (size <= (size_t)1 << SMALLEST_CLASS)
        return SMALLEST_CLASS;
    return 64 - (unsigned)__builtin_clzll(size - 1);
}

static header *header_new(scratch_buffers *s, unsigned class)
{
    char *block = memory_alloc(((size_t)1 << class) + HEADER_BYTES + 63);
    header *h = (header *)(((uintptr_t)block + 63) & ~(uintptr_t)63);
    h->block = block;
    h->class = class;
    h->next_of_all = s->all;
    s->all = h;
    return h;
}

void *scratch_take_other(scratch *s, size_t size)
{
    scratch_buffers *others = s->others;
    unsigned class = class_of(size);
    header *h = others->free_lists[class];
    others->has_large = true;
    if (h)
        others->free_lists[class] = h->next_free;
    else
        h = header_new(others, class);
    return (char *)h + HEADER_BYTES;
}

void scratch_give_other(scratch *s, void *buffer)
{
    header *h = (header *)((char *)buffer - HEADER_BYTES);
    h->next_free = s->others->free_lists[h->class];
    s->others->free_lists[h->class] = h;
}

bool scratch_has_large(const scratch *s)
{
    return s->others->has_large;
}
