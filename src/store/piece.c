/* SPDX-License-Identifier: MIT
 *
 * Finds the sections of a table and holds their sizes against each other.
 */
#include "store/piece.h"

static bool fail(const section_file *f, const char *table, carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_INPUT,
                       "the store is damaged: \"%s\" has a table \"%s\" that does not "
                       "fit together",
                       section_file_path(f), table);
}

static bool has(const section *s, uint32_t width, uint64_t count)
{
    return s && s->width == width && s->count == count;
}

/* Counts that add up to the rows of the table. */
static bool are_counts(const section *counts, uint64_t count, uint64_t row_count)
{
    if (!counts || counts->count != count ||
        (counts->width != 8 && counts->width != 16 && counts->width != 32))
        return false;
    uint64_t sum = 0;
    for (uint64_t i = 0; i < count; i++)
        sum += piece_count(counts, i);
    return sum == row_count;
}

static bool are_people(const section *people, size_t person_count)
{
    const uint32_t *person = people->data;
    for (uint64_t i = 0; i < people->count; i++)
        if (person[i] >= person_count || (i > 0 && person[i] <= person[i - 1]))
            return false;
    return true;
}

bool piece_find(const section_file *f, const char *table, size_t person_count, piece *out,
                bool *found, carpel_error *err)
{
    const section *head = section_file_find(f, ROLE_TABLE, table);
    *found = head != NULL;
    if (!head)
        return true;
    const section *people = section_file_find(f, ROLE_PERSONS, table),
                  *counts = section_file_find(f, ROLE_COUNTS, table),
                  *times = section_file_find(f, ROLE_TIMES, table),
                  *arrivals = section_file_find(f, ROLE_ARRIVALS, table);
    if (!people || people->width != 32 || !are_people(people, person_count) ||
        !are_counts(counts, people->count, head->count) || !has(times, 64, head->count) ||
        !has(arrivals, 32, head->count))
        return fail(f, table, err);
    *out = (piece){.file = f,
                   .row_count = head->count,
                   .people = people->data,
                   .counts = counts,
                   .time = times->data,
                   .arrival = arrivals->data,
                   .first_time = head->base,
                   .last_time = head->unit};
    return true;
}

bool piece_find_items(const section_file *f, const char *table, uint64_t holder_count,
                      arena *memory, piece *out, bool *found, carpel_error *err)
{
    const section *head = section_file_find(f, ROLE_TABLE, table),
                  *counts = section_file_find(f, ROLE_COUNTS, table);
    *found = head != NULL;
    if (!head)
        return true;
    if (!are_counts(counts, holder_count, head->count))
        return fail(f, table, err);
    uint64_t *offsets =
        arena_alloc_array(memory, (size_t)holder_count + 1, sizeof *offsets);
    for (uint64_t i = 0; i < holder_count; i++)
        offsets[i + 1] = offsets[i] + piece_count(counts, i);
    *out = (piece){
        .file = f, .row_count = head->count, .counts = counts, .offsets = offsets};
    return true;
}

bool piece_column(const piece *p, const char *name, type t, const void **values,
                  const uint64_t **present, carpel_error *err)
{
    const section *v = section_file_find(p->file, ROLE_VALUES, name),
                  *there = section_file_find(p->file, ROLE_PRESENT, name);
    size_t size = type_value_size(t);
    uint32_t width = size == 0 ? 1 : (uint32_t)size * 8;
    if ((v && (!has(v, width, p->row_count) || v->type != (uint32_t)t.kind ||
               v->scale != t.scale)) ||
        (there && (!v || !has(there, 1, p->row_count))))
        return fail(p->file, name, err);
    *values = v ? v->data : NULL;
    *present = there ? there->data : NULL;
    return true;
}
