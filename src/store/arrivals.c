/* SPDX-License-Identifier: MIT
 *
 * The files of all parts are sorted, and each gets the places behind those before it.
 */
#include "store/arrivals.h"

#include <stdlib.h>

#include "base/memory.h"

#define MOST_ROWS (UINT32_MAX - UINT64_C(1))

/* Rows of one file in one part. */
typedef struct unit {
    size_t part, source;
    size_t index; /* of the file in the part */
    slice file;
    uint64_t first, count; /* `first` as it is stored */
    uint64_t place;        /* of its first row */
} unit;

struct arrivals {
    const unit *in_order; /* all of them, by their places */
    size_t unit_count;
    const unit **units; /* in the order of parts, and within them of `first` */
    size_t *part_begin; /* by part, and one more */
    bool *has_moved;    /* by part */
};

static int compare_units(const void *left, const void *right)
{
    const unit *a = left, *b = right;
    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    int by_name = slice_compare(a->file, b->file);
    if (by_name != 0)
        return by_name;
    if (a->part != b->part)
        return a->part < b->part ? -1 : 1;
    return (a->first > b->first) - (a->first < b->first);
}

static int compare_stored(const void *left, const void *right)
{
    const unit *a = *(unit *const *)left, *b = *(unit *const *)right;
    if (a->part != b->part)
        return a->part < b->part ? -1 : 1;
    return (a->first > b->first) - (a->first < b->first);
}

/* In the total order. */
static unit *list_units(const assembly_part *parts, size_t count, arena *memory,
                        size_t *unit_count)
{
    size_t files = 0;
    for (size_t p = 0; p < count; p++)
        files += origins_file_count(parts[p].origins);
    unit *units = arena_alloc_array(memory, files + 1, sizeof *units);
    *unit_count = 0;
    for (size_t p = 0; p < count; p++)
        for (size_t i = 0; i < origins_file_count(parts[p].origins); i++) {
            origin_file f = origins_file(parts[p].origins, i);
            units[(*unit_count)++] = (unit){.part = p,
                                            .source = parts[p].source,
                                            .index = i,
                                            .file = f.name,
                                            .first = parts[p].arrival_base + f.first,
                                            .count = f.count};
        }
    if (*unit_count > 0)
        qsort(units, *unit_count, sizeof *units, compare_units);
    return units;
}

arrivals *arrivals_new(const assembly_part *parts, size_t count, arena *memory,
                       carpel_error *err)
{
    size_t unit_count;
    unit *units = list_units(parts, count, memory, &unit_count);
    arrivals *a = arena_alloc_array(memory, 1, sizeof *a);
    a->in_order = units;
    a->unit_count = unit_count;
    a->units = arena_alloc_array(memory, unit_count + 1, sizeof *a->units);
    a->part_begin = arena_alloc_array(memory, count + 1, sizeof *a->part_begin);
    a->has_moved = arena_alloc_array(memory, count + 1, sizeof *a->has_moved);
    uint64_t place = 0;
    for (size_t i = 0; i < unit_count; i++) {
        units[i].place = place;
        place += units[i].count;
        a->units[i] = &units[i];
        a->has_moved[units[i].part] |= units[i].place != units[i].first;
        a->part_begin[units[i].part + 1]++;
    }
    if (unit_count > 0)
        qsort(a->units, unit_count, sizeof *a->units, compare_stored);
    for (size_t p = 0; p < count; p++)
        a->part_begin[p + 1] += a->part_begin[p];
    if (place <= MOST_ROWS)
        return a;
    carpel_fail(err, CARPEL_E_LIMIT, "the store has more than %llu rows",
                (unsigned long long)MOST_ROWS);
    return NULL;
}

/* The unit of a stored arrival, which is in one of them. */
static const unit *find_unit(const arrivals *a, size_t part, uint32_t stored)
{
    size_t low = a->part_begin[part], high = a->part_begin[part + 1];
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (a->units[middle]->first <= stored)
            low = middle;
        else
            high = middle;
    }
    return a->units[low];
}

packed arrivals_place(const arrivals *a, size_t part, packed stored, uint64_t count,
                      arena *memory)
{
    if (!a->has_moved[part] || count == 0)
        return stored;
    uint32_t *places = arena_alloc_array(memory, (size_t)count, sizeof *places);
    for (uint64_t i = 0; i < count; i++) {
        uint32_t place = (uint32_t)packed_stored(&stored, i);
        const unit *u = find_unit(a, part, place);
        places[i] = (uint32_t)(u->place + (place - u->first));
    }
    return (packed){places, 32, 0, 1};
}

row_origins *arrivals_list_origins(const arrivals *a, const assembly_part *parts,
                                   arena *memory)
{
    row_origins *o = row_origins_new(memory);
    for (size_t i = 0; i < a->unit_count; i++) {
        const unit *u = &a->in_order[i];
        const assembly_part *p = &parts[u->part];
        row_origins_add(o, (row_stretch){.place = u->place,
                                         .count = u->count,
                                         .source = u->source,
                                         .noted = p->origins,
                                         .first = u->first - p->arrival_base});
    }
    return o;
}

origins *arrivals_join_origins(const assembly_part *parts, size_t count, arena *memory)
{
    size_t unit_count;
    const unit *units = list_units(parts, count, memory, &unit_count);
    origins *o = origins_new();
    for (size_t i = 0; i < unit_count; i++)
        origins_append_file(o, parts[units[i].part].origins, units[i].index);
    return o;
}
