/* SPDX-License-Identifier: MIT
 *
 * Slices of stored tables, or the newest rows of each person copied together.
 */
#include "exec/stored.h"

#include "exec/edges.h"

/* ---- rows --------------------------------------------------------------- */

static void take_slice(block *b, const event_table *table, block_rows *out)
{
    const uint64_t *from = table->offsets + b->first_person;
    uint32_t *offsets = scratch_take(b->scratch, (b->people_count + 1) * sizeof *offsets);
    for (size_t i = 0; i <= b->people_count; i++)
        offsets[i] = (uint32_t)(from[i] - from[0]);
    out->offsets = offsets;
    out->first_row = from[0];
    out->count = offsets[b->people_count];
    out->time = table->time + out->first_row;
    out->arrival = table->arrival + out->first_row;
}

/* By person, the first row of the slice that anybody looks at. To be given back. */
static uint32_t *find_hull(block *b, const block_rows *slice, int64_t since)
{
    size_t people = b->people_count;
    uint32_t *begin = scratch_take(b->scratch, (people + 1) * sizeof *begin);
    uint64_t *reached =
        scratch_take(b->scratch, (bitmap_words(people) + 1) * sizeof *reached);
    edges_find(slice->offsets, slice->time, people,
               &(edge_instants){.latest_first = &since, .count = 1}, reached, begin,
               people);
    scratch_give(b->scratch, reached);
    return begin;
}

static size_t count_hull(const block_rows *slice, const uint32_t *begin, size_t people)
{
    size_t count = 0;
    for (size_t i = 0; i < people; i++)
        count += slice->offsets[i + 1] - begin[i];
    return count;
}

/* The rows of the slice from `begin` on, one person's behind the other's. */
static void copy_rows(block *b, const block_rows *slice, const uint32_t *begin,
                      size_t count, block_rows *out)
{
    uint32_t *offsets = scratch_take(b->scratch, (b->people_count + 1) * sizeof *offsets);
    uint32_t *source = scratch_take(b->scratch, (count + 1) * sizeof *source);
    uint32_t *arrival = scratch_take(b->scratch, (count + 1) * sizeof *arrival);
    int64_t *time = scratch_take(b->scratch, (count + 1) * sizeof *time);
    uint32_t next = 0;
    for (size_t i = 0; i < b->people_count; i++) {
        offsets[i] = next;
        for (uint32_t r = begin[i]; r < slice->offsets[i + 1]; r++)
            source[next++] = r;
    }
    offsets[b->people_count] = next;
    for (size_t r = 0; r < count; r++) {
        time[r] = slice->time[source[r]];
        arrival[r] = slice->arrival[source[r]];
    }
    out->offsets = offsets;
    out->count = count;
    out->source = source;
    out->time = time;
    out->arrival = arrival;
    out->first_row = slice->first_row;
}

/* One person's rows stay where they are. */
static void skip_rows(int64_t since, block_rows *rows, uint32_t *offsets)
{
    uint32_t begin = edge_search(rows->time, 0, offsets[1], since);
    offsets[1] -= begin;
    rows->count -= begin;
    rows->first_row += begin;
    rows->time += begin;
    rows->arrival += begin;
}

/* Leave the rows away that nobody looks at, when they are most. */
static void copy_hull(block *b, int64_t since, block_rows *rows)
{
    block_rows slice = *rows;
    uint32_t *begin = find_hull(b, &slice, since);
    size_t count = count_hull(&slice, begin, b->people_count);
    if (count < slice.count - count) {
        copy_rows(b, &slice, begin, count, rows);
        scratch_give(b->scratch, (void *)slice.offsets);
    }
    scratch_give(b->scratch, begin);
}

void stored_prepare(block *b, const domain *d, block_rows *out)
{
    int64_t since = b->demand->since[d->id];
    take_slice(b, bound_table(b->bound, d), out);
    if (since == DEMAND_ALL)
        return;
    if (b->people_count == 1)
        skip_rows(since, out, (uint32_t *)out->offsets);
    else
        copy_hull(b, since, out);
}

void stored_release(block *b, block_rows *rows)
{
    if (!rows->source)
        return;
    scratch_give(b->scratch, (void *)rows->source);
    scratch_give(b->scratch, (void *)rows->time);
    scratch_give(b->scratch, (void *)rows->arrival);
}

/* ---- columns ------------------------------------------------------------ */

/* In place, but for bits, which rarely begin at a word. */
static void point_at(block *b, const column *c, const block_rows *rows, vector *out)
{
    if (c->type.kind == TYPE_BOOL)
        bitmap_copy(vector_take_bits(b, out, rows->count), c->values, rows->first_row,
                    rows->count);
    else
        out->values = (char *)c->values + rows->first_row * type_value_size(c->type);
    if (c->present)
        bitmap_copy(vector_take_present(b, out, rows->count), c->present, rows->first_row,
                    rows->count);
}

static void copy_bits(const block_rows *rows, const uint64_t *from, uint64_t *out)
{
    bitmap_fill(out, rows->count, false);
    for (size_t r = 0; r < rows->count; r++)
        out[r / 64] |= (uint64_t)bitmap_get(from, rows->first_row + rows->source[r])
                       << r % 64;
}

#define COPY_VALUES(TYPE)                                                                \
    do {                                                                                 \
        const TYPE *from = (const TYPE *)c->values + rows->first_row;                    \
        TYPE *to = values;                                                               \
        for (size_t r = 0; r < rows->count; r++)                                         \
            to[r] = from[rows->source[r]];                                               \
    } while (0)

static void copy_values(block *b, const column *c, const block_rows *rows, vector *out)
{
    size_t size = type_value_size(c->type);
    void *values = vector_take(b, out, (rows->count + 1) * size);
    if (size == sizeof(uint32_t))
        COPY_VALUES(uint32_t);
    else
        COPY_VALUES(uint64_t);
}

static void copy_column(block *b, const column *c, const block_rows *rows, vector *out)
{
    if (c->type.kind == TYPE_BOOL)
        copy_bits(rows, c->values, vector_take_bits(b, out, rows->count));
    else
        copy_values(b, c, rows, out);
    if (c->present)
        copy_bits(rows, c->present, vector_take_present(b, out, rows->count));
}

void stored_column(block *b, uint32_t domain_id, size_t column_index, vector *out)
{
    const domain *d = graph_domain(b->bound->plan->graph, domain_id);
    const block_rows *rows = block_domain(b, domain_id);
    const column *c = &bound_table(b->bound, d)->columns[column_index];
    if (rows->source)
        copy_column(b, c, rows, out);
    else
        point_at(b, c, rows, out);
}
