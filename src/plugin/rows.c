/* SPDX-License-Identifier: MIT
 *
 * The row builder. It trusts no caller: a column number that does not exist marks the
 * row as bad, and a cell outside a row is not kept.
 */
#include "plugin/rows.h"

#include <string.h>

#include "base/dictionary.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "plugin/arrow.h"
#include "plugin/cells.h"

/* When a batch is full: after so many rows, good or bad, or bytes of text. */
enum { FULL_ROWS = 16384, FULL_BYTES = 8 * 1024 * 1024 };

struct carpel_rows {
    rows_context *context;
    cells *columns;
    size_t column_count;

    dictionary *files; /* those of this batch */
    char *file;        /* the one being read; NULL: none named */
    uint32_t file_code;
    cells line_column, file_codes;

    size_t row_count; /* good rows of this batch */
    size_t bad_count; /* rows set aside since the last batch */
    size_t byte_count;
    bool is_in_row, is_bad;
    uint64_t line;
    text reason;
};

static const zone *zone_or(const zone *z, const zone *otherwise)
{
    return z != NULL ? z : otherwise;
}

/* The zone for the times of a column: that of the mapping's column of this name. */
static const zone *column_zone(const rows_context *context, const carpel_column *wanted,
                               size_t index)
{
    const mapping *m = context->mapping;
    if (m == NULL)
        return context->utc;
    const carpel_column *known = mapping_columns(m);
    size_t count = mapping_column_count(m);
    if (index < count && strcmp(known[index].name, wanted->name) == 0)
        return zone_or(mapping_column_zone(m, index), context->utc);
    for (size_t i = 0; i < count; i++)
        if (strcmp(known[i].name, wanted->name) == 0)
            return zone_or(mapping_column_zone(m, i), context->utc);
    return context->utc;
}

/* The column for a cell, or NULL when it cannot be set. */
static cells *column_to_set(carpel_rows *rows, size_t index)
{
    if (!rows->is_in_row || rows->is_bad)
        return NULL;
    if (index < rows->column_count)
        return &rows->columns[index];
    rows->is_bad = true;
    text_append_format(&rows->reason, "the plugin sets column %zu of %zu", index,
                       rows->column_count);
    return NULL;
}

static void keep_row(carpel_rows *rows)
{
    size_t row = rows->row_count++;
    cells_end_rows(rows->columns, rows->column_count, row);
    if (rows->file == NULL) {
        cells_end_row(&rows->file_codes, row);
    } else {
        if (rows->file_code == DICTIONARY_NONE)
            rows->file_code = dictionary_add(rows->files, rows->file, strlen(rows->file));
        cells_add_int(&rows->file_codes, row, rows->file_code);
    }
    cells_add_int(&rows->line_column, row,
                  rows->line > INT64_MAX ? INT64_MAX : (int64_t)rows->line);
}

/* Forget the cells of the row. */
static void drop_row(carpel_rows *rows)
{
    for (size_t i = 0; i < rows->column_count; i++)
        cells_drop_row(&rows->columns[i], rows->row_count);
}

static void set_row_aside(carpel_rows *rows)
{
    rows_context *context = rows->context;
    drop_row(rows);
    rows->bad_count++;
    if (context->quarantine == NULL || context->has_failed)
        return;
    const char *file = rows->file != NULL ? rows->file : "";
    context->has_failed = !quarantine_add(context->quarantine, file, rows->line,
                                          rows->reason.data, &context->failure);
}

/* The codes of `file_codes` (int64) as int32 with their dictionary. */
static void take_files(carpel_rows *rows, struct ArrowArray *out)
{
    size_t count = rows->row_count, file_count = dictionary_count(rows->files);
    int32_t *codes = memory_alloc_array(count + 1, sizeof *codes);
    for (size_t i = 0; i < count; i++)
        codes[i] = (int32_t)rows->file_codes.values.wholes[i];
    struct ArrowArray wide;
    cells_take(&rows->file_codes, count, &wide);
    arrow_array_init(out, count, (size_t)wide.null_count, 2, 0);
    if (wide.null_count > 0) {
        uint8_t *present = memory_alloc((count + 7) / 8);
        memcpy(present, wide.buffers[0], (count + 7) / 8);
        arrow_array_give(out, 0, present);
    }
    arrow_array_give(out, 1, codes);
    wide.release(&wide);

    cells names;
    cells_init(&names, &(carpel_column){.name = "", .type = CARPEL_STRING},
               rows->context->utc);
    for (size_t i = 0; i < file_count; i++) {
        slice name = dictionary_text(rows->files, (uint32_t)i);
        cells_set_text(&names, i, name.data, name.size, true, &rows->reason);
        cells_end_row(&names, i);
    }
    cells_take(&names, file_count, arrow_array_add_dictionary(out));
    cells_done(&names);
}

static void forget_files(carpel_rows *rows)
{
    dictionary_free(rows->files);
    rows->files = dictionary_new();
    rows->file_code = DICTIONARY_NONE;
}

carpel_rows *rows_new(rows_context *context, const carpel_column *columns, size_t count)
{
    carpel_rows *rows = memory_alloc_zero(sizeof *rows);
    rows->context = context;
    rows->column_count = count;
    rows->columns = memory_alloc_zero_array(count + 1, sizeof *rows->columns);
    for (size_t i = 0; i < count; i++)
        cells_init(&rows->columns[i], &columns[i], column_zone(context, &columns[i], i));
    const carpel_column line = {.name = "line", .type = CARPEL_INT};
    const carpel_column file = {.name = "file", .type = CARPEL_INT};
    cells_init(&rows->line_column, &line, context->utc);
    cells_init(&rows->file_codes, &file, context->utc);
    rows->files = dictionary_new();
    rows->file_code = DICTIONARY_NONE;
    text_init(&rows->reason);
    return rows;
}

void rows_free(carpel_rows *rows)
{
    if (rows == NULL)
        return;
    for (size_t i = 0; i < rows->column_count; i++)
        cells_done(&rows->columns[i]);
    memory_free(rows->columns);
    cells_done(&rows->line_column);
    cells_done(&rows->file_codes);
    dictionary_free(rows->files);
    memory_free(rows->file);
    text_done(&rows->reason);
    memory_free(rows);
}

void rows_begin_file(carpel_rows *rows, const char *file)
{
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
    if (rows->is_in_row)
        drop_row(rows);
    rows->is_in_row = true;
    rows->is_bad = false;
    rows->line = line;
    text_clear(&rows->reason);
}

void rows_set_text(carpel_rows *rows, size_t index, const char *data, size_t size,
                   bool is_quoted)
{
    cells *c = column_to_set(rows, index);
    if (c == NULL)
        return;
    rows->is_bad =
        !cells_set_text(c, rows->row_count, data, size, is_quoted, &rows->reason);
    rows->byte_count += size;
}

void rows_set_int(carpel_rows *rows, size_t index, int64_t value)
{
    cells *c = column_to_set(rows, index);
    if (c != NULL)
        rows->is_bad = !cells_set_int(c, rows->row_count, value, &rows->reason);
}

void rows_set_number(carpel_rows *rows, size_t index, double value)
{
    cells *c = column_to_set(rows, index);
    if (c != NULL)
        rows->is_bad = !cells_set_number(c, rows->row_count, value, &rows->reason);
}

void rows_set_bool(carpel_rows *rows, size_t index, bool value)
{
    cells *c = column_to_set(rows, index);
    if (c != NULL)
        rows->is_bad = !cells_set_bool(c, rows->row_count, value, &rows->reason);
}

void rows_refuse_row(carpel_rows *rows, const char *reason)
{
    if (!rows->is_in_row || rows->is_bad)
        return;
    rows->is_bad = true;
    text_append(&rows->reason, reason);
}

void rows_end_row(carpel_rows *rows)
{
    if (!rows->is_in_row)
        return;
    if (rows->is_bad)
        set_row_aside(rows);
    else
        keep_row(rows);
    rows->is_in_row = false;
}

size_t rows_count(const carpel_rows *rows)
{
    return rows->row_count;
}

bool rows_is_full(const carpel_rows *rows)
{
    return rows->row_count + rows->bad_count >= FULL_ROWS ||
           rows->byte_count >= FULL_BYTES || rows->context->has_failed;
}

void rows_schema(const carpel_rows *rows, struct ArrowSchema *out)
{
    size_t count = rows->column_count;
    arrow_schema_init(out, "+s", "", count + 2);
    for (size_t i = 0; i < count; i++)
        cells_schema(&rows->columns[i], out->children[i]);
    arrow_schema_init(out->children[count], "i", "file", 0);
    arrow_schema_add_dictionary(out->children[count]);
    arrow_schema_init(out->children[count + 1], "l", "line", 0);
}

void rows_take(carpel_rows *rows, struct ArrowArray *out)
{
    size_t count = rows->column_count, row_count = rows->row_count;
    if (rows->is_in_row)
        drop_row(rows);
    rows->is_in_row = false;
    arrow_array_init(out, row_count, 0, 1, count + 2);
    for (size_t i = 0; i < count; i++)
        cells_take(&rows->columns[i], row_count, out->children[i]);
    take_files(rows, out->children[count]);
    cells_take(&rows->line_column, row_count, out->children[count + 1]);
    forget_files(rows);
    rows->row_count = rows->bad_count = rows->byte_count = 0;
}
