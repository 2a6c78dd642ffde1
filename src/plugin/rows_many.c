/* SPDX-License-Identifier: MIT
 *
 * Many rows at once, column by column; those that have a bad one among them, half by half.
 */
#include "base/clones.h"
#include "plugin/rows_parts.h"
#include "plugin/structs.h"

/* So many at most, and fewer than so many one by one. */
enum { MOST_ADDED_ROWS = 1 << 20, FEW_ROWS = 8 };

/* The field of a column, of the rows from `first` on. */
static cells_field field_of(const carpel_text_rows *t, size_t column, size_t first,
                            size_t count)
{
    size_t field = t->fields[column];
    const carpel_cell *cells =
        field == SIZE_MAX ? NULL : &t->cells[first * t->field_count + field];
    return (cells_field){t->data, t->size, cells, t->field_count, count};
}

/* Add good rows. False: one of them is bad, and nothing was added. */
static bool add_good_rows(carpel_rows *rows, const carpel_text_rows *t, size_t first,
                          size_t count)
{
    size_t before = rows->row_count;
    for (size_t i = 0; i < rows->column_count; i++) {
        column_place place = rows->columns[i];
        cells_field field = field_of(t, i, first, count);
        if (place.is_list || cells_add_field(&rows->cells[place.place], before, &field))
            continue;
        while (i-- > 0)
            if (!rows->columns[i].is_list)
                cells_cut(&rows->cells[rows->columns[i].place], before, before + count);
        return false;
    }
    for (size_t i = 0; i < rows->list_count; i++)
        for (size_t row = 0; row < count; row++)
            list_end_row(&rows->lists[i], before + row);
    rows_keep_places(rows, before, t->first_line + first, count);
    rows->row_count += count;
    return true;
}

/* Add one row as a source would that knows no better. */
static void add_row(carpel_rows *rows, const carpel_text_rows *t, size_t row)
{
    rows_begin_row(rows, t->first_line + row);
    for (size_t i = 0; i < rows->column_count; i++) {
        const carpel_cell *cell = field_of(t, i, row, 1).cells;
        if (cell)
            rows_set_text(rows, i, t->data + cell->begin,
                          cell->size & ~CARPEL_CELL_QUOTED,
                          (cell->size & CARPEL_CELL_QUOTED) != 0);
    }
    rows_end_row(rows);
}

/* Add rows, the bad ones alone and the good ones around them together. */
static void add_rows(carpel_rows *rows, const carpel_text_rows *t, size_t first,
                     size_t count)
{
    if (count >= FEW_ROWS && add_good_rows(rows, t, first, count))
        return;
    if (count < FEW_ROWS) {
        for (size_t i = 0; i < count && rows_are_working(rows, "rows_add"); i++)
            add_row(rows, t, first + i);
        return;
    }
    add_rows(rows, t, first, count / 2);
    add_rows(rows, t, first + count / 2, count - count / 2);
}

/* The end of the furthest cell, and how long they are together. */
VECTOR_CLONES
static uint64_t measure_cells(const carpel_cell *cells, size_t count, uint64_t *bytes)
{
    uint64_t furthest = 0, sum = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t size = cells[i].size & ~CARPEL_CELL_QUOTED;
        uint64_t end = cells[i].begin + size;
        furthest = end > furthest ? end : furthest;
        sum += size;
    }
    *bytes = sum;
    return furthest;
}

/* Do all cells lie within the data, and is each field one of the row's? *bytes: how long
 * they are together. */
static bool are_texts_sane(const carpel_rows *rows, const carpel_text_rows *t,
                           uint64_t *bytes)
{
    if (!t || (t->row_count > 0 && (!t->fields || !t->cells || !t->data)) ||
        t->row_count > MOST_ADDED_ROWS || t->field_count > ROWS_MOST_COLUMNS)
        return false;
    for (size_t i = 0; t->row_count > 0 && i < rows->column_count; i++)
        if (t->fields[i] != SIZE_MAX &&
            (t->fields[i] >= t->field_count || rows->columns[i].is_list))
            return false;
    return measure_cells(t->cells, t->row_count * t->field_count, bytes) <= t->size;
}

void rows_add(carpel_rows *rows, const carpel_text_rows *texts)
{
    uint64_t bytes = 0;
    if (!rows_are_working(rows, "rows_add"))
        return;
    if (rows->is_in_row)
        rows_break_line(rows, "it calls rows_add inside of a row");
    else if (texts && texts->struct_size < STRUCT_TO(carpel_text_rows, first_line))
        instance_break(&rows->context->failure,
                       "it calls rows_add with a struct_size of %zu", texts->struct_size);
    else if (!are_texts_sane(rows, texts, &bytes))
        instance_break(&rows->context->failure,
                       "it calls rows_add with texts that cannot be");
    else
        add_rows(rows, texts, 0, texts->row_count);
    rows->byte_count += (size_t)bytes;
}
