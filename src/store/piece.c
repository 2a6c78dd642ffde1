/* SPDX-License-Identifier: MIT
 *
 * Finds the sections of a table and holds their sizes against each other.
 */
#include "store/piece.h"

#include "base/memory.h"

static bool fail(const section_file *f, const char *table, carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_INPUT,
                       "the store is damaged: \"%s\" has a table \"%s\" that does not "
                       "fit together",
                       section_file_path(f), table);
}

/* So many numbers, of any width. */
static bool are_numbers(const section *s, uint64_t count)
{
    return s && s->count == count && s->bytes == packed_stored_bytes(s->width, s->count);
}

/* Codes stand as they are, at most 32 bits wide. */
static bool are_codes(const section *s, uint64_t count)
{
    packed p;
    if (!are_numbers(s, count))
        return false;
    p = section_numbers(s);
    return p.base == 0 && p.unit == 1 && p.bits <= 32;
}

/* Counts that add up to the rows of the table. */
static bool are_counts(const section *s, uint64_t count, uint64_t row_count)
{
    enum { MANY = 1024 };
    uint32_t some[MANY];
    uint64_t sum = 0;
    if (!are_codes(s, count))
        return false;
    packed counts = section_numbers(s);
    for (uint64_t i = 0; i < count; i += MANY) {
        size_t size = count - i < MANY ? (size_t)(count - i) : MANY;
        packed_widen_32(&counts, (size_t)i, size, some);
        for (size_t k = 0; k < size; k++)
            sum += some[k];
    }
    return sum == row_count;
}

/* How many people have rows; UINT64_MAX: that does not fit together. */
static uint64_t count_people(const section *people, size_t person_count)
{
    if (!people || (people->width != 1 && people->width != 32) ||
        people->bytes != packed_stored_bytes(people->width, people->count))
        return UINT64_MAX;
    if (people->width == 1)
        return people->count <= person_count
                   ? bitmap_count(people->data, 0, people->count)
                   : UINT64_MAX;
    const uint32_t *person = people->data;
    for (uint64_t i = 0; i < people->count; i++)
        if (person[i] >= person_count || (i > 0 && person[i] <= person[i - 1]))
            return UINT64_MAX;
    return people->count;
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
                  *arrivals = section_file_find(f, ROLE_ARRIVALS, table),
                  *newest = section_file_find(f, ROLE_NEWEST, table);
    uint64_t with_rows = count_people(people, person_count);
    if (with_rows == UINT64_MAX || !are_counts(counts, with_rows, head->count) ||
        !are_numbers(times, head->count) || !are_codes(arrivals, head->count) ||
        (newest && !are_numbers(newest, with_rows)))
        return fail(f, table, err);
    *out = (piece){.file = f,
                   .row_count = head->count,
                   .people = people,
                   .person_count = (size_t)with_rows,
                   .counts = section_numbers(counts),
                   .time = section_numbers(times),
                   .arrival = section_numbers(arrivals),
                   .newest = newest,
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
    *out =
        (piece){.file = f, .row_count = head->count, .counts = section_numbers(counts)};
    uint64_t *offsets =
        arena_alloc_array(memory, (size_t)holder_count + 1, sizeof *offsets);
    for (uint64_t i = 0; i < holder_count; i++)
        offsets[i + 1] = offsets[i] + packed_stored(&out->counts, i);
    out->offsets = offsets;
    return true;
}

/* By a bit each; without a branch, since nobody could foretell who has rows. */
static uint64_t offsets_by_bits(const section *people, const uint32_t *counts,
                                uint64_t *offsets)
{
    uint64_t row = 0, next = 0;
    for (size_t p = 0; p < people->count; p++) {
        uint64_t has = bitmap_get(people->data, p);
        offsets[p] = row;
        row += counts[next] & -has;
        next += has;
    }
    return row;
}

static size_t offsets_by_numbers(const section *people, const uint32_t *counts,
                                 uint64_t *offsets, uint64_t *row)
{
    const uint32_t *numbers = people->data;
    size_t p = 0;
    *row = 0;
    for (size_t i = 0; i < people->count; i++) {
        for (; p <= numbers[i]; p++)
            offsets[p] = *row;
        *row += counts[i];
    }
    return p;
}

void piece_expand_counts(const piece *piece, size_t person_count, uint64_t *offsets)
{
    const section *people = piece->people;
    size_t with_rows = piece->person_count, next = 0;
    uint64_t row = 0;
    uint32_t *counts = memory_alloc_array(with_rows + 1, sizeof *counts);
    packed_widen_32(&piece->counts, 0, with_rows, counts);
    counts[with_rows] = 0;
    if (piece->row_count > 0 && people->width == 1) {
        row = offsets_by_bits(people, counts, offsets);
        next = (size_t)people->count;
    } else if (piece->row_count > 0)
        next = offsets_by_numbers(people, counts, offsets, &row);
    for (; next <= person_count; next++)
        offsets[next] = row;
    memory_free(counts);
}

/* Values of the type: texts are codes, conditions 0 or 1. */
static bool are_values(const section *s, type t, uint64_t count)
{
    size_t size = type_value_size(t);
    if (!are_numbers(s, count) || s->type != (uint32_t)t.kind || s->scale != t.scale)
        return false;
    return size == 0 ? s->width <= 1 : size == 8 || are_codes(s, count);
}

bool piece_column(const piece *p, const char *name, type t, bool *found, packed *values,
                  const uint64_t **present, carpel_error *err)
{
    const section *v = section_file_find(p->file, ROLE_VALUES, name),
                  *there = section_file_find(p->file, ROLE_PRESENT, name);
    if ((v && !are_values(v, t, p->row_count)) ||
        (there && (!v || there->width != 1 || there->count != p->row_count)))
        return fail(p->file, name, err);
    *found = v != NULL;
    if (v)
        *values = section_numbers(v);
    *present = there ? there->data : NULL;
    return true;
}

bool piece_find_known(const section_file *f, size_t person_count, piece *out,
                      carpel_error *err)
{
    const section *known = section_file_find(f, ROLE_KNOWN, GLOSSARY_PEOPLE),
                  *since = section_file_find(f, ROLE_SINCE, GLOSSARY_PEOPLE);
    uint64_t count = count_people(known, person_count);
    if (count == UINT64_MAX || !are_numbers(since, count))
        return carpel_fail(err, CARPEL_E_INPUT,
                           "the store is damaged: \"%s\" does not tell whom it knows",
                           section_file_path(f));
    *out = (piece){.file = f, .people = known, .time = section_numbers(since)};
    return true;
}
