/* SPDX-License-Identifier: MIT
 *
 * The row builder. It trusts no caller: whatever is called in another order than
 * <carpel/plugin.h> says, or with what is not there, breaks the contract.
 */
#include "plugin/rows.h"

#include <string.h>

#include "base/dictionary.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "plugin/rows_parts.h"

/* When a batch is full: after so many rows, good or bad, or bytes of text. */
enum { FULL_ROWS = 16384, FULL_BYTES = 8 * 1024 * 1024, ITEM_BYTES = 8 };

enum { MOST_SCALE = 18 };

/* ---- what a caller may do --------------------------------------------------------- */

/* Is there a row for `function`? */
static bool is_in_row(carpel_rows *rows, const char *function)
{
    if (!rows_are_working(rows, function))
        return false;
    if (!rows->is_in_row)
        instance_break(&rows->context->failure, "it calls %s outside of a row", function);
    return rows->is_in_row;
}

bool rows_break_line(const carpel_rows *rows, const char *what)
{
    instance_break(&rows->context->failure, "%s (line %llu)", what,
                   (unsigned long long)rows->line);
    return false;
}

static bool is_sane_type(const carpel_column *c)
{
    return c->type >= CARPEL_BOOL && c->type <= CARPEL_LIST &&
           (c->type != CARPEL_DECIMAL || c->scale <= MOST_SCALE);
}

/* Can a builder be made of these columns? Items are columns that are no lists. */
static bool are_sane(const carpel_column *columns, size_t count, bool may_be_lists)
{
    if (count > ROWS_MOST_COLUMNS || (columns == NULL && count > 0))
        return false;
    for (size_t i = 0; i < count; i++) {
        const carpel_column *c = &columns[i];
        bool is_list = c->type == CARPEL_LIST;
        if (c->name == NULL || !is_sane_type(c) || (is_list && !may_be_lists))
            return false;
        if (is_list && ((c->is_plain && c->item_count != 1) ||
                        !are_sane(c->items, c->item_count, false)))
            return false;
    }
    return true;
}

static bool break_index(carpel_rows *rows, size_t index, size_t count)
{
    instance_break(&rows->context->failure, "it sets column %zu of %zu (line %llu)",
                   index, count, (unsigned long long)rows->line);
    return false;
}

/* The place for a cell, of the item under construction or of the row; NULL when it
 * cannot be set. Of a bad row, it is still to be known whose it is. */
static cells *cell_to_set(carpel_rows *rows, size_t index, size_t *row,
                          const char *function)
{
    if (!is_in_row(rows, function))
        return NULL;
    list_cells *list = rows->open_list;
    size_t count = list != NULL ? list->field_count : rows->column_count;
    *row = list != NULL ? list->item_count : rows->row_count;
    if (index >= count)
        break_index(rows, index, count);
    else if (list == NULL && rows->columns[index].is_list)
        rows_break_line(rows, "it sets a single value in a list");
    bool is_wanted = !rows->is_bad || (list == NULL && index == rows->person);
    if (rows->context->failure.has_failed || !is_wanted)
        return NULL;
    return list != NULL ? &list->fields[index] : &rows->cells[rows->columns[index].place];
}

/* Where a setter says why a value does not fit: the first reason against a row stands. */
static text *reason_to_give(carpel_rows *rows)
{
    text_clear(&rows->later_reason);
    return rows->is_bad ? &rows->later_reason : &rows->reason;
}

/* ---- rows ------------------------------------------------------------------------------ */

void rows_keep_places(carpel_rows *rows, size_t row, uint64_t line, size_t count)
{
    if (rows->file && rows->file_code == DICTIONARY_NONE)
        rows->file_code = dictionary_add(rows->files, rows->file, strlen(rows->file));
    if (rows->file)
        cells_add_series(&rows->file_codes, row, rows->file_code, 0, count);
    else
        for (size_t i = 0; i < count; i++)
            cells_end_row(&rows->file_codes, row + i);
    bool is_far = line > (uint64_t)INT64_MAX - count;
    cells_add_series(&rows->line_column, row, is_far ? INT64_MAX : (int64_t)line,
                     is_far ? 0 : 1, count);
}

static void keep_row(carpel_rows *rows)
{
    size_t row = rows->row_count++;
    cells_end_rows(rows->cells, rows->cell_count, row);
    for (size_t i = 0; i < rows->list_count; i++)
        list_end_row(&rows->lists[i], row);
    rows_keep_places(rows, row, rows->line, 1);
}

/* Forget the cells of the row. */
static void drop_row(carpel_rows *rows)
{
    for (size_t i = 0; i < rows->cell_count; i++)
        cells_drop_row(&rows->cells[i], rows->row_count);
    for (size_t i = 0; i < rows->list_count; i++)
        list_drop_row(&rows->lists[i]);
    rows->open_list = NULL;
}

/* Whose the row is, as far as it says so. */
static slice person_of_row(const carpel_rows *rows)
{
    if (rows->person == SIZE_MAX)
        return (slice){"", 0};
    return cells_pending_text(&rows->cells[rows->columns[rows->person].place],
                              rows->row_count);
}

static void set_row_aside(carpel_rows *rows)
{
    rows_context *context = rows->context;
    slice person = person_of_row(rows);
    rows->bad_count++;
    context->bad_count++;
    const char *file = rows->file != NULL ? rows->file : "";
    if (context->refused)
        refused_rows_add(context->refused, person, file, rows->line, rows->reason.data);
    if (context->quarantine != NULL)
        context->failure.has_failed =
            !quarantine_add_of(context->quarantine, person, file, rows->line,
                               rows->reason.data, &context->failure.error);
    drop_row(rows);
}

/* A builder that takes nothing, for a caller that broke the contract. */
static carpel_rows *add_builder(rows_context *context)
{
    carpel_rows *rows = memory_alloc_zero(sizeof *rows);
    rows->context = context;
    rows->is_freed = true;
    rows->next = context->builders;
    context->builders = rows;
    return rows;
}

carpel_rows *rows_new(rows_context *context, const carpel_column *columns, size_t count)
{
    carpel_rows *rows = add_builder(context);
    if (!are_sane(columns, count, true)) {
        instance_break(&context->failure,
                       "it calls rows_new with columns that cannot be");
        return rows;
    }
    rows->is_freed = false;
    rows->person = SIZE_MAX;
    rows->column_count = count;
    rows->columns = memory_alloc_zero_array(count + 1, sizeof *rows->columns);
    rows->cells = memory_alloc_zero_array(count + 1, sizeof *rows->cells);
    rows->lists = memory_alloc_zero_array(count + 1, sizeof *rows->lists);
    for (size_t i = 0; i < count; i++)
        rows_add_column(rows, &columns[i], i);
    const carpel_column line = {.name = "line", .type = CARPEL_INT};
    const carpel_column file = {.name = "file", .type = CARPEL_INT};
    cells_init(&rows->line_column, &line, context->utc);
    cells_init(&rows->file_codes, &file, context->utc);
    rows->files = dictionary_new();
    rows->file_code = DICTIONARY_NONE;
    text_init(&rows->reason);
    text_init(&rows->later_reason);
    return rows;
}

void rows_free(carpel_rows *rows)
{
    if (rows == NULL || !rows_are_alive(rows, "rows_free"))
        return;
    rows->is_freed = true; /* the counts stay, for rows_check_end */
    for (size_t i = 0; i < rows->cell_count; i++)
        cells_done(&rows->cells[i]);
    for (size_t i = 0; i < rows->list_count; i++)
        list_done(&rows->lists[i]);
    memory_free(rows->cells);
    memory_free(rows->lists);
    memory_free(rows->columns);
    cells_done(&rows->line_column);
    cells_done(&rows->file_codes);
    dictionary_free(rows->files);
    memory_free(rows->file);
    text_done(&rows->reason);
    text_done(&rows->later_reason);
}

void rows_check_end(rows_context *context)
{
    for (const carpel_rows *rows = context->builders; rows != NULL; rows = rows->next) {
        if (rows->is_in_row)
            rows_break_line(rows, "its last row was never ended");
        if (rows->row_count > 0)
            instance_break(&context->failure, "it built %zu rows and never took them",
                           rows->row_count);
    }
}

void rows_end(rows_context *context)
{
    while (context->builders != NULL) {
        carpel_rows *rows = context->builders;
        context->builders = rows->next;
        if (!rows->is_freed)
            rows_free(rows);
        memory_free(rows);
    }
}

/* Bytes that are not UTF-8 are replaced, so that the name can be shown. */
void rows_begin_file(carpel_rows *rows, const char *file)
{
    if (!rows_are_working(rows, "rows_begin_file"))
        return;
    if (rows->is_in_row) {
        rows_break_line(rows, "it calls rows_begin_file inside of a row");
        return;
    }
    if (file && rows->context->file && strcmp(file, rows->context->file) == 0)
        file = rows->context->file_title;
    char *copy = file == NULL ? NULL : memory_copy_string(file);
    for (char *at = copy; at != NULL && *at != '\0' && !utf8_is_valid(copy, strlen(copy));
         at++)
        if ((unsigned char)*at >= 0x80)
            *at = '?';
    memory_free(rows->file);
    rows->file = copy;
    rows->file_code = DICTIONARY_NONE;
}

void rows_begin_row(carpel_rows *rows, uint64_t line)
{
    if (!rows_are_working(rows, "row_begin"))
        return;
    if (rows->is_in_row) {
        rows_break_line(rows, "it begins a row before it ended the one before");
        return;
    }
    rows->is_in_row = true;
    rows->is_bad = false;
    rows->line = line;
    text_clear(&rows->reason);
}

void rows_set_text(carpel_rows *rows, size_t index, const char *data, size_t size,
                   bool is_quoted)
{
    size_t row;
    cells *c = cell_to_set(rows, index, &row, "row_set_text");
    if (c == NULL)
        return;
    if (data == NULL && size > 0) {
        rows_break_line(rows, "it calls row_set_text without a text");
        return;
    }
    rows->is_bad |= !cells_set_text(c, row, data, size, is_quoted, reason_to_give(rows));
    rows->byte_count += size;
}

void rows_set_int(carpel_rows *rows, size_t index, int64_t value)
{
    size_t row;
    cells *c = cell_to_set(rows, index, &row, "row_set_int");
    if (c != NULL)
        rows->is_bad |= !cells_set_int(c, row, value, reason_to_give(rows));
}

void rows_set_number(carpel_rows *rows, size_t index, double value)
{
    size_t row;
    cells *c = cell_to_set(rows, index, &row, "row_set_number");
    if (c != NULL)
        rows->is_bad |= !cells_set_number(c, row, value, reason_to_give(rows));
}

void rows_set_bool(carpel_rows *rows, size_t index, bool value)
{
    size_t row;
    cells *c = cell_to_set(rows, index, &row, "row_set_bool");
    if (c != NULL)
        rows->is_bad |= !cells_set_bool(c, row, value, reason_to_give(rows));
}

/* The list of this column, which the row then has; NULL when there can be none. */
static list_cells *list_of_row(carpel_rows *rows, size_t index, const char *function,
                               const char *what)
{
    if (!is_in_row(rows, function))
        return NULL;
    if (rows->open_list != NULL)
        rows_break_line(rows, "it begins an item before it ended the one before");
    else if (index >= rows->column_count)
        break_index(rows, index, rows->column_count);
    else if (!rows->columns[index].is_list)
        rows_break_line(rows, what);
    if (rows->context->failure.has_failed)
        return NULL;
    list_cells *list = &rows->lists[rows->columns[index].place];
    list->is_begun = true;
    return list;
}

void rows_begin_list(carpel_rows *rows, size_t index)
{
    list_of_row(rows, index, "list_begin", "it begins a list in a column that is none");
}

void rows_begin_item(carpel_rows *rows, size_t index)
{
    list_cells *list = list_of_row(rows, index, "item_begin",
                                   "it begins an item in a column that is no list");
    if (list == NULL)
        return;
    rows->open_list = list;
    rows->byte_count += ITEM_BYTES;
    if (rows->is_bad || list_has_room(rows->open_list))
        return;
    rows->is_bad = true;
    text_append_format(&rows->reason, "the list \"%s\" is too long",
                       rows->open_list->name);
}

void rows_end_item(carpel_rows *rows)
{
    if (!is_in_row(rows, "item_end"))
        return;
    if (rows->open_list == NULL) {
        rows_break_line(rows, "it ends an item that it did not begin");
        return;
    }
    if (rows->is_bad)
        list_drop_item(rows->open_list);
    else
        list_end_item(rows->open_list);
    rows->open_list = NULL;
}

void rows_refuse_row(carpel_rows *rows, const char *reason)
{
    if (!is_in_row(rows, "row_refuse"))
        return;
    if (reason == NULL)
        rows_break_line(rows, "it calls row_refuse without a reason");
    else if (!rows->is_bad)
        text_append(&rows->reason, reason);
    rows->is_bad = true;
}

void rows_end_row(carpel_rows *rows)
{
    if (!is_in_row(rows, "row_end"))
        return;
    if (rows->open_list != NULL) {
        rows_break_line(rows, "it ends a row before it ended the item in it");
        return;
    }
    if (rows->is_bad)
        set_row_aside(rows);
    else
        keep_row(rows);
    rows->is_in_row = false;
}

size_t rows_count(const carpel_rows *rows)
{
    return rows_are_alive(rows, "rows_count") ? rows->row_count : 0;
}

bool rows_is_full(const carpel_rows *rows)
{
    if (!rows_are_working(rows, "rows_is_full"))
        return true; /* whoever fills it comes to an end */
    size_t wanted = rows->context->full_rows;
    bool is_full = rows->row_count + rows->bad_count >= (wanted > 0 ? wanted : FULL_ROWS);
    bool is_large = wanted == 0 && rows->byte_count >= FULL_BYTES;
    return is_full || is_large || cancel_is_asked(rows->context->cancel);
}
