/* SPDX-License-Identifier: MIT
 *
 * Stretches in the order of their places.
 */
#include "store/row_origins.h"

#include <string.h>

struct row_origins {
    arena *memory;
    row_stretch *stretches;
    size_t count, capacity;
};

row_origins *row_origins_new(arena *memory)
{
    row_origins *o = arena_alloc(memory, sizeof *o);
    *o = (row_origins){.memory = memory};
    return o;
}

static void grow(row_origins *o)
{
    size_t capacity = o->capacity > 0 ? 2 * o->capacity : 8;
    row_stretch *more = arena_alloc_array(o->memory, capacity, sizeof *more);
    if (o->count > 0)
        memcpy(more, o->stretches, o->count * sizeof *more);
    o->stretches = more;
    o->capacity = capacity;
}

void row_origins_add(row_origins *o, row_stretch stretch)
{
    if (stretch.count == 0)
        return;
    if (o->count == o->capacity)
        grow(o);
    o->stretches[o->count++] = stretch;
}

/* The last stretch that begins at the place or before it; NULL: there is none. */
static const row_stretch *stretch_before(const row_origins *o, uint64_t place)
{
    size_t low = 0, high = o->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (o->stretches[middle].place <= place)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? &o->stretches[low - 1] : NULL;
}

bool row_origins_find(const row_origins *o, uint64_t place, row_origin *out)
{
    const row_stretch *s = o ? stretch_before(o, place) : NULL;
    if (!s || place - s->place >= s->count)
        return false;
    out->source = s->source;
    return origins_find(s->noted, s->first + (place - s->place), &out->file, &out->line);
}
