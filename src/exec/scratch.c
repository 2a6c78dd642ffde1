/* SPDX-License-Identifier: MIT
 *
 * Buffers by powers of two. A header before each names its class and links it into the
 * list of free ones and the list of all. Passing buffers follow one another in one chunk,
 * and have but their class in front.
 */
#include "exec/scratch.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"

enum {
    CLASS_COUNT = 48,
    SMALLEST_CLASS = 8,
    HEADER_BYTES = 64,
    CLASS_PASSING = CLASS_COUNT,
    MOST_PASSING_BYTES = 1024,
    CHUNK_BYTES = 1 << 16
};

typedef struct header {
    struct header *next_free;
    struct header *next_of_all;
    void *block; /* what malloc returned */
    char unused[HEADER_BYTES - 4 * sizeof(void *)];
    uint64_t class; /* right before the buffer, as in a passing one */
} header;

_Static_assert(sizeof(header) == HEADER_BYTES, "a header keeps the buffer aligned");

struct scratch {
    header *free_lists[CLASS_COUNT];
    header *all;
    char *chunk; /* of passing buffers, or NULL */
    size_t passing_bytes;
    bool has_large; /* others were taken since they passed */
};

scratch *scratch_new(void)
{
    return memory_alloc_zero(sizeof(scratch));
}

scratch *scratch_new_passing(void)
{
    scratch *s = scratch_new();
    s->chunk = memory_alloc(CHUNK_BYTES);
    return s;
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
    memory_free(s->chunk);
    memory_free(s);
}

static unsigned class_of(size_t size)
{
    if (size <= (size_t)1 << SMALLEST_CLASS)
        return SMALLEST_CLASS;
    return 64 - (unsigned)__builtin_clzll(size - 1);
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

/* The next buffer of the chunk; NULL when it is full. */
static void *take_passing(scratch *s, size_t size)
{
    size_t bytes = (size + sizeof(uint64_t) + 15) / 16 * 16;
    if (CHUNK_BYTES - s->passing_bytes < bytes + sizeof(uint64_t))
        return NULL;
    char *at = s->chunk + s->passing_bytes + sizeof(uint64_t);
    *(uint64_t *)(void *)at = CLASS_PASSING;
    s->passing_bytes += bytes;
    return at + sizeof(uint64_t);
}

void *scratch_take(scratch *s, size_t size)
{
    if (s->chunk && size <= MOST_PASSING_BYTES) {
        void *passing = take_passing(s, size);
        if (passing)
            return passing;
    }
    s->has_large = true;
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
    if (!buffer || ((const uint64_t *)buffer)[-1] == CLASS_PASSING)
        return;
    header *h = (header *)((char *)buffer - HEADER_BYTES);
    h->next_free = s->free_lists[h->class];
    s->free_lists[h->class] = h;
}

void scratch_pass(scratch *s)
{
    s->passing_bytes = 0;
    s->has_large = false;
}

bool scratch_has_large(const scratch *s)
{
    return s->has_large;
}
