/* SPDX-License-Identifier: MIT
 *
 * For each person the pieces that have rows of them are taken, and as long as rows are left,
 * the rows of the piece with the first of them up to where another one has the next.
 */
#include "store/merge.h"

#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "value/calendar.h"

/* How far a piece is. */
typedef struct cursor {
    const piece *piece;
    uint64_t place;           /* of the next person among those who have rows */
    uint64_t row, person_end; /* of the person that is being merged */
} cursor;

enum { NOBODY_LEFT = UINT32_MAX };

static void add_run(merge *m, size_t piece, uint64_t first, uint64_t count)
{
    merge_run *last = m->run_count > 0 ? &m->runs[m->run_count - 1] : NULL;
    m->row_count += count;
    if (count == 0)
        return;
    if (last && last->piece == piece && last->first + last->count == first) {
        last->count += count;
        return;
    }
    memory_grow((void **)&m->runs, m->run_count, &m->run_capacity, sizeof *m->runs);
    m->runs[m->run_count++] = (merge_run){piece, first, count};
}

void merge_done(merge *m)
{
    memory_free(m->runs);
    *m = (merge){0};
}

/* ---- rows of people ------------------------------------------------------- */

static bool is_before(const piece *a, uint64_t a_row, const piece *b, uint64_t b_row)
{
    int64_t a_time = packed_get(&a->time, a_row), b_time = packed_get(&b->time, b_row);
    return a_time != b_time
               ? a_time < b_time
               : packed_get(&a->arrival, a_row) < packed_get(&b->arrival, b_row);
}

/* The cursor whose row comes first, among those that have one. */
static cursor *find_first(cursor *const *active, size_t count)
{
    cursor *first = NULL;
    for (size_t i = 0; i < count; i++) {
        cursor *c = active[i];
        if (c->row < c->person_end &&
            (!first || is_before(c->piece, c->row, first->piece, first->row)))
            first = c;
    }
    return first;
}

/* As many rows of `c` from its next on as come before those of all others. */
static uint64_t count_leading(const cursor *c, cursor *const *active, size_t count)
{
    uint64_t end = c->person_end;
    for (size_t i = 0; i < count; i++) {
        const cursor *o = active[i];
        if (o == c || o->row == o->person_end)
            continue;
        if (is_before(c->piece, end - 1, o->piece, o->row))
            continue;
        while (end - 1 > c->row && !is_before(c->piece, end - 1, o->piece, o->row))
            end--;
    }
    return end - c->row;
}

static void merge_person(merge *m, const cursor *all, cursor *const *active, size_t count)
{
    for (cursor *c; (c = find_first(active, count)) != NULL;) {
        uint64_t rows = count_leading(c, active, count);
        add_run(m, (size_t)(c - all), c->row, rows);
        c->row += rows;
    }
}

/* The first person from `person` on who has rows in the piece. */
static uint32_t next_person(const cursor *c, size_t person)
{
    const section *people = c->piece->people;
    if (c->place >= c->piece->person_count)
        return NOBODY_LEFT;
    return people->width == 1
               ? (uint32_t)bitmap_first(people->data, person, (size_t)people->count)
               : ((const uint32_t *)people->data)[c->place];
}

/* Pass over the rows of a person before an instant. */
static void pass_rows(cursor *c, int64_t from)
{
    while (c->row < c->person_end && packed_get(&c->piece->time, (size_t)c->row) < from)
        c->row++;
}

/* The pieces that have rows of the person, each of which goes on to its next person. */
static size_t find_active(cursor *cursors, uint32_t *waiting, size_t count, size_t person,
                          int64_t from, cursor **active)
{
    size_t active_count = 0;
    for (size_t i = 0; i < count; i++) {
        cursor *c = &cursors[i];
        if (waiting[i] != person)
            continue;
        c->row = c->person_end;
        c->person_end += packed_stored(&c->piece->counts, c->place++);
        if (from > TIME_MIN)
            pass_rows(c, from);
        waiting[i] = next_person(c, person + 1);
        active[active_count++] = c;
    }
    return active_count;
}

void merge_people(merge *m, const piece *pieces, size_t count, size_t person_count,
                  int64_t from, uint64_t *offsets)
{
    cursor *cursors = memory_alloc_zero_array(count + 1, sizeof *cursors);
    cursor **active = memory_alloc_array(count + 1, sizeof *active);
    uint32_t *waiting = memory_alloc_array(count + 1, sizeof *waiting);
    for (size_t i = 0; i < count; i++) {
        cursors[i] = (cursor){.piece = &pieces[i]};
        waiting[i] = next_person(&cursors[i], 0);
    }
    for (size_t p = 0; p < person_count; p++) {
        offsets[p] = m->row_count;
        size_t active_count = find_active(cursors, waiting, count, p, from, active);
        if (active_count == 1)
            add_run(m, (size_t)(active[0] - cursors), active[0]->row,
                    active[0]->person_end - active[0]->row);
        else
            merge_person(m, cursors, active, active_count);
    }
    offsets[person_count] = m->row_count;
    memory_free(waiting);
    memory_free(active);
    memory_free(cursors);
}

/* ---- items ---------------------------------------------------------------- */

void merge_items(merge *m, const piece *pieces, const merge *holders, uint64_t *offsets)
{
    uint64_t at = 0;
    for (size_t i = 0; i < holders->run_count; i++) {
        const merge_run *run = &holders->runs[i];
        const uint64_t *from = pieces[run->piece].offsets;
        for (uint64_t r = run->first; r < run->first + run->count; r++) {
            offsets[at++] = m->row_count;
            if (from)
                add_run(m, run->piece, from[r], from[r + 1] - from[r]);
        }
    }
    offsets[at] = m->row_count;
}
