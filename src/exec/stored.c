/* SPDX-License-Identifier: MIT
 *
 * Slices of stored tables, or the newest rows of each person copied together; both are widened
 * into the block's memory, unless they are as wide as kernels want them already.
 */
#include "exec/stored.h"

#include <string.h>

#include "base/bitmap.h"
#include "exec/edges.h"
#include "exec/loops.h"

/* ---- rows --------------------------------------------------------------- */

/* What is known of the newest rows of a person and of those behind. */
static packed newest_from(const packed *all, size_t person)
{
    packed from = *all;
    if (all->data)
        from.data = (const char *)all->data + person * (all->bits / 8);
    return from;
}

/* The rows of the block's people, without their times. */
static void take_slice(block *b, const domain *d, block_rows *out)
{
    const event_table *table = bound_table(b->bound, d);
    const uint64_t *from = table->offsets + b->first_person;
    uint32_t *offsets = scratch_take(b->scratch, (b->people_count + 1) * sizeof *offsets);
    loop_from_first(from, b->people_count + 1, offsets);
    out->offsets = offsets;
    out->first_row = from[0];
    out->count = offsets[b->people_count];
    out->newest = newest_from(&b->bound->newest[d->id], b->first_person);
}

/* By growing steps from the newest row, since most instants are recent. */
uint64_t stored_first_from(const event_table *table, uint64_t begin, uint64_t end,
                           int64_t instant)
{
    for (uint64_t step = 1; end - begin > step; step *= 2) {
        if (event_table_time(table, end - step) < instant) {
            begin = end - step + 1;
            break;
        }
        end -= step;
    }
    while (begin < end) {
        uint64_t middle = begin + (end - begin) / 2;
        if (event_table_time(table, middle) < instant)
            begin = middle + 1;
        else
            end = middle;
    }
    return begin;
}

/* By person, the first row of the slice that anybody looks at. To be given back. */
static uint32_t *find_hull(block *b, const event_table *table, const block_rows *slice,
                           int64_t since)
{
    size_t people = b->people_count;
    block_rows rows = *slice;
    edge_instants instants = {.latest_first = &since, .count = 1};
    uint32_t *begin = scratch_take(b->scratch, (people + 1) * sizeof *begin);
    rows.stored_time = &table->time;
    uint64_t *reached =
        scratch_take(b->scratch, (bitmap_words(people) + 1) * sizeof *reached);
    edges_find(&rows, people, &instants, reached, begin, people);
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
static void copy_rows(block *b, const event_table *table, const block_rows *slice,
                      const uint32_t *begin, size_t count, block_rows *out)
{
    uint32_t *offsets = scratch_take(b->scratch, (b->people_count + 1) * sizeof *offsets);
    uint32_t *source = scratch_take(b->scratch, (count + 1) * sizeof *source);
    int64_t *time = scratch_take(b->scratch, (count + 1) * sizeof *time);
    uint32_t next = 0;
    for (size_t i = 0; i < b->people_count; i++) {
        offsets[i] = next;
        for (uint32_t r = begin[i]; r < slice->offsets[i + 1]; r++)
            source[next++] = r;
    }
    offsets[b->people_count] = next;
    packed_gather_64(&table->time, slice->first_row, source, count, time);
    *out = (block_rows){.offsets = offsets,
                        .count = count,
                        .source = source,
                        .time = time,
                        .own_time = time,
                        .newest = slice->newest,
                        .first_row = slice->first_row};
}

/* The times of a slice, or room for them: which are needed is known when the windows' edges
 * are (stored_widen_times). */
static void take_times(block *b, const event_table *table, block_rows *rows)
{
    if (packed_is_plain(&table->time, 64)) {
        rows->time = (const int64_t *)table->time.data + rows->first_row;
        return;
    }
    rows->time = rows->own_time =
        scratch_take(b->scratch, (rows->count + 1) * sizeof(int64_t));
    if (!b->is_alone)
        rows->stored_time = &table->time;
    else
        packed_widen_64(&table->time, rows->first_row, rows->count, rows->own_time);
}

void stored_widen_times(block *b, const domain *d)
{
    const block_rows *rows = &b->rows[d->id];
    row_runs runs = reach_of_times(b, d->id);
    EACH_RUN(runs, run)
    {
        packed_widen_64(rows->stored_time, rows->first_row + run->first, run->count,
                        rows->own_time + run->first);
    }
}

/* One person's rows stay where they are. */
static void skip_rows(const event_table *table, int64_t since, block_rows *rows,
                      uint32_t *offsets)
{
    uint64_t first = rows->first_row,
             begin = stored_first_from(table, first, first + rows->count, since);
    rows->first_row = begin;
    rows->count -= begin - first;
    offsets[1] = (uint32_t)rows->count;
}

/* Leave the rows away that nobody looks at, when they are most; false: they are not. */
static bool copy_hull(block *b, const event_table *table, int64_t since, block_rows *rows)
{
    block_rows slice = *rows;
    uint32_t *begin = find_hull(b, table, &slice, since);
    size_t count = count_hull(&slice, begin, b->people_count);
    bool are_few = count < slice.count - count;
    if (are_few) {
        copy_rows(b, table, &slice, begin, count, rows);
        scratch_give(b->scratch, (void *)slice.offsets);
    }
    scratch_give(b->scratch, begin);
    return are_few;
}

void stored_prepare(block *b, const domain *d, block_rows *out)
{
    int64_t since = b->demand->since[d->id];
    const event_table *table = bound_table(b->bound, d);
    take_slice(b, d, out);
    if (since != DEMAND_ALL && b->people_count == 1)
        skip_rows(table, since, out, (uint32_t *)out->offsets);
    else if (since != DEMAND_ALL && copy_hull(b, table, since, out))
        return;
    take_times(b, table, out);
}

void stored_release(block *b, block_rows *rows)
{
    scratch_give(b->scratch, (void *)rows->source);
    scratch_give(b->scratch, rows->own_time);
}

uint32_t stored_arrival(const block *b, const domain *d, uint32_t row)
{
    const block_rows *rows = &b->rows[d->id];
    return (uint32_t)packed_get(&bound_table(b->bound, d)->arrival,
                                rows->first_row +
                                    (rows->source ? rows->source[row] : row));
}

void stored_arrivals(block *b, const domain *d, uint32_t *out)
{
    const block_rows *rows = &b->rows[d->id];
    const packed *arrivals = &bound_table(b->bound, d)->arrival;
    if (rows->source)
        packed_gather_32(arrivals, rows->first_row, rows->source, rows->count, out);
    else {
        row_runs runs = reach_of_times(b, d->id);
        EACH_RUN(runs, run)
        {
            packed_widen_32(arrivals, rows->first_row + run->first, run->count,
                            out + run->first);
        }
    }
}

/* ---- columns ------------------------------------------------------------ */

/* Numbers of the rows that are reached. */
static void widen_numbers(const packed *from, size_t first_row, size_t size,
                          const row_runs *runs, void *out)
{
    EACH_RUN(*runs, run)
    {
        size_t first = first_row + run->first;
        if (size == 0)
            packed_widen_bits(from, first, run->count, (uint64_t *)out + run->first / 64);
        else if (size == sizeof(uint32_t))
            packed_widen_32(from, first, run->count, (uint32_t *)out + run->first);
        else
            packed_widen_64(from, first, run->count, (int64_t *)out + run->first);
    }
}

/* The rows follow one another: in place where they are as wide as kernels want them. */
static void widen_column(block *b, const column *c, const block_rows *rows,
                         const row_runs *runs, vector *out)
{
    size_t size = type_value_size(c->type), count = rows->count;
    if (size > 0 && packed_is_plain(&c->values, (uint32_t)size * 8))
        out->values = (char *)c->values.data + rows->first_row * size;
    else
        widen_numbers(&c->values, rows->first_row, size, runs,
                      size > 0 ? vector_take(b, out, (count + 1) * size)
                               : vector_take_bits(b, out, count));
    if (c->present)
        bitmap_copy(vector_take_present(b, out, count), c->present, rows->first_row,
                    count);
}

static void gather_bits(const block_rows *rows, const uint64_t *from, uint64_t *out)
{
    bitmap_fill(out, rows->count, false);
    for (size_t r = 0; r < rows->count; r++)
        out[r / 64] |= (uint64_t)bitmap_get(from, rows->first_row + rows->source[r])
                       << r % 64;
}

static void gather_conditions(const packed *from, const block_rows *rows, uint64_t *out)
{
    if (from->bits == 1)
        gather_bits(rows, from->data, out);
    else /* all are the same */
        packed_widen_bits(from, 0, rows->count, out);
}

static void gather_column(block *b, const column *c, const block_rows *rows, vector *out)
{
    size_t size = type_value_size(c->type);
    if (size == 0)
        gather_conditions(&c->values, rows, vector_take_bits(b, out, rows->count));
    else if (size == sizeof(uint32_t))
        packed_gather_32(&c->values, rows->first_row, rows->source, rows->count,
                         vector_take(b, out, (rows->count + 1) * size));
    else
        packed_gather_64(&c->values, rows->first_row, rows->source, rows->count,
                         vector_take(b, out, (rows->count + 1) * size));
    if (c->present)
        gather_bits(rows, c->present, vector_take_present(b, out, rows->count));
}

void stored_column(block *b, uint32_t domain_id, size_t column_index,
                   const row_runs *runs, vector *out)
{
    const domain *d = graph_domain(b->bound->plan->graph, domain_id);
    const block_rows *rows = block_domain(b, domain_id);
    const column *c = &bound_table(b->bound, d)->columns[column_index];
    if (rows->source)
        gather_column(b, c, rows, out);
    else
        widen_column(b, c, rows, runs, out);
}

bool stored_value_at(const block *b, const node *n, uint32_t row, uint64_t *value)
{
    const domain *d = graph_domain(b->bound->plan->graph, n->domain);
    const block_rows *rows = &b->rows[n->domain];
    const column *c = &bound_table(b->bound, d)->columns[n->column];
    size_t at = rows->first_row + (rows->source ? rows->source[row] : row);
    bool is_present = !c->present || bitmap_get(c->present, at);
    *value = is_present ? (uint64_t)packed_get(&c->values, at) : 0;
    return is_present;
}

/* ---- columns that are not widened --------------------------------------- */

bool stored_in_parts(const block *b, const node *n)
{
    return reach_is_stored(b, n);
}

static const packed *values_of(const block *b, const node *column)
{
    const domain *d = graph_domain(b->bound->plan->graph, column->domain);
    return &bound_table(b->bound, d)->columns[column->column].values;
}

const packed *stored_values(const block *b, const node *n, size_t *first)
{
    if (!reach_is_stored(b, n))
        return NULL;
    *first = b->rows[n->domain].first_row;
    return values_of(b, n);
}

static bool are_narrow_codes(const packed *values)
{
    return packed_is_plain(values, 8) || packed_is_plain(values, 16) ||
           packed_is_plain(values, 32);
}

stored_codes stored_some_codes(const block *b, const node *n, size_t first, size_t count,
                               uint32_t *room)
{
    if (!reach_is_stored(b, n))
        return (stored_codes){(const uint32_t *)b->vectors[n->id].values + first, 32};
    const packed *values = values_of(b, n);
    first += b->rows[n->domain].first_row;
    if (are_narrow_codes(values))
        return (stored_codes){(const char *)values->data + first * (values->bits / 8),
                              values->bits};
    packed_widen_32(values, first, count, room);
    return (stored_codes){room, 32};
}

const void *stored_some_numbers(const block *b, const node *n, size_t first, size_t count,
                                int64_t *room)
{
    const vector *v = &b->vectors[n->id];
    if (v->is_uniform)
        return v->values;
    if (!reach_is_stored(b, n))
        return (const int64_t *)v->values + first;
    packed_widen_64(values_of(b, n), b->rows[n->domain].first_row + first, count, room);
    return room;
}
