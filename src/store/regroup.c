/* SPDX-License-Identifier: MIT
 *
 * The rows of each group are listed, sorted when several of its members have some, and then copied column
 * by column.
 */
#include "store/regroup.h"

#include <stdlib.h>

#include "base/bitmap.h"
#include "base/memory.h"

/* A row by the place it has in its group. */
typedef struct placed_row {
    int64_t time, arrival;
    uint64_t row;
} placed_row;

enum { FEW_ROWS = 32 };

static int compare_rows(const void *a, const void *b)
{
    const placed_row *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->arrival > y->arrival) - (x->arrival < y->arrival);
}

/* The rows of each member are sorted, so that few rows need few moves. */
static void sort_few(placed_row *rows, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        placed_row r = rows[i];
        size_t at = i;
        for (; at > 0 && compare_rows(&r, &rows[at - 1]) < 0; at--)
            rows[at] = rows[at - 1];
        rows[at] = r;
    }
}

/* Sort rows that several members of a group have. `*scratch` is grown. */
static void sort_rows(const event_table *from, uint64_t *order, size_t count,
                      placed_row **scratch, size_t *capacity)
{
    if (count > *capacity) {
        *capacity = count * 2;
        *scratch = memory_resize_array(*scratch, *capacity, sizeof **scratch);
    }
    placed_row *rows = *scratch;
    for (size_t i = 0; i < count; i++)
        rows[i] = (placed_row){event_table_time(from, order[i]),
                               packed_get(&from->arrival, order[i]), order[i]};
    if (count <= FEW_ROWS)
        sort_few(rows, count);
    else
        qsort(rows, count, sizeof *rows, compare_rows);
    for (size_t i = 0; i < count; i++)
        order[i] = rows[i].row;
}

/* List the rows of a group; returns how many of its members have some. */
static size_t list_rows(const regroup *g, const event_table *from, size_t group,
                        uint64_t *order, uint64_t *count)
{
    size_t with_rows = 0;
    for (uint64_t m = g->first[group]; m < g->first[group + 1]; m++) {
        uint64_t row = from->offsets[g->members[m]],
                 end = from->offsets[g->members[m] + 1];
        with_rows += row < end;
        while (row < end)
            order[(*count)++] = row++;
    }
    return with_rows;
}

/* The old rows in their new order; offsets are filled. */
static uint64_t *order_rows(const regroup *g, const event_table *from, uint64_t *offsets)
{
    uint64_t *order = memory_alloc_array(from->row_count + 1, sizeof *order), count = 0;
    placed_row *scratch = NULL;
    size_t capacity = 0;
    for (size_t i = 0; i < g->count; i++) {
        offsets[i] = count;
        if (list_rows(g, from, i, order, &count) > 1)
            sort_rows(from, order + offsets[i], count - offsets[i], &scratch, &capacity);
    }
    offsets[g->count] = count;
    memory_free(scratch);
    return order;
}

/* The numbers of those rows, in the shape that they have. */
static packed gather_numbers(const regroup *g, const packed *from, const uint64_t *order,
                             size_t count)
{
    enum { PIECE = 1024 };
    int64_t numbers[PIECE];
    packed out = *from;
    void *data = arena_alloc(g->memory, packed_bytes(from->bits, count));
    for (size_t i = 0; i < count; i += PIECE) {
        size_t size = count - i < PIECE ? count - i : PIECE;
        for (size_t k = 0; k < size; k++)
            numbers[k] = packed_get(from, order[i + k]);
        packed_put(from, data, i, numbers, size);
    }
    out.data = data;
    return out;
}

static column gather_column(const regroup *g, const column *from, const uint64_t *order,
                            size_t count)
{
    column out = *from;
    out.values = gather_numbers(g, &from->values, order, count);
    if (!from->present)
        return out;
    uint64_t *present =
        arena_alloc_array(g->memory, bitmap_words(count) + 1, sizeof *present);
    for (size_t i = 0; i < count; i++)
        bitmap_put(present, i, bitmap_get(from->present, order[i]));
    out.present = present;
    return out;
}

/* `*moved` has the old rows in their new order; the caller frees it. */
event_table regroup_table(const regroup *g, const event_table *from, uint64_t **moved)
{
    uint64_t *offsets = arena_alloc_array(g->memory, g->count + 1, sizeof *offsets);
    uint64_t *order = order_rows(g, from, offsets);
    size_t count = offsets[g->count];
    column *columns =
        arena_alloc_array(g->memory, from->column_count + 1, sizeof *columns);
    for (size_t c = 0; c < from->column_count; c++)
        columns[c] = gather_column(g, &from->columns[c], order, count);
    *moved = order;
    return (event_table){.row_count = count,
                         .offsets = offsets,
                         .time = gather_numbers(g, &from->time, order, count),
                         .arrival = gather_numbers(g, &from->arrival, order, count),
                         .columns = columns,
                         .column_count = from->column_count};
}

/* The items of the rows that a table kept, in the new order of these. */
event_table regroup_items(const regroup *g, const event_table *from,
                          const event_table *holder, const uint64_t *holder_order)
{
    uint64_t *offsets =
        arena_alloc_array(g->memory, holder->row_count + 1, sizeof *offsets);
    uint64_t *order = memory_alloc_array(from->row_count + 1, sizeof *order), count = 0;
    column *columns =
        arena_alloc_array(g->memory, from->column_count + 1, sizeof *columns);
    for (size_t i = 0; i < holder->row_count; i++) {
        offsets[i] = count;
        uint64_t row = holder_order[i];
        for (uint64_t item = from->offsets[row]; item < from->offsets[row + 1]; item++)
            order[count++] = item;
    }
    offsets[holder->row_count] = count;
    for (size_t c = 0; c < from->column_count; c++)
        columns[c] = gather_column(g, &from->columns[c], order, count);
    memory_free(order);
    return (event_table){.row_count = count,
                         .offsets = offsets,
                         .columns = columns,
                         .column_count = from->column_count};
}
