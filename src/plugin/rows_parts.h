/* SPDX-License-Identifier: MIT
 *
 * rows_parts -- what the row builder is made of; for the files rows*.c only.
 */
#ifndef PLUGIN_ROWS_PARTS_H
#define PLUGIN_ROWS_PARTS_H

#include "base/dictionary.h"
#include "plugin/call.h"
#include "plugin/cells.h"
#include "plugin/lists.h"
#include "plugin/rows.h"

/* Where a wanted column is: in `cells` or in `lists`. */
typedef struct column_place {
    bool is_list;
    size_t place;
} column_place;

struct carpel_rows {
    rows_context *context;
    column_place *columns;
    size_t column_count;
    cells *cells;
    size_t cell_count;
    list_cells *lists;
    size_t list_count;
    list_cells *open_list; /* that of the item under construction, or NULL */
    size_t person;         /* the column that says whose row it is, or SIZE_MAX */

    dictionary *files; /* those of this batch */
    char *file;        /* the one being read; NULL: none named */
    uint32_t file_code;
    cells line_column, file_codes;

    size_t row_count; /* good rows of this batch */
    size_t bad_count; /* rows set aside since the last batch */
    size_t byte_count;
    bool is_in_row, is_bad, is_freed;
    uint64_t line;
    text reason, later_reason; /* the first one against the row, and any other */
    carpel_rows *next;         /* of the context */
};

enum { ROWS_MOST_COLUMNS = 100000 };

/* May `function` be called on the builder? */
static inline bool rows_are_alive(const carpel_rows *rows, const char *function)
{
    if (rows == NULL)
        plugin_call_lacks_object(function);
    else if (rows->is_freed)
        instance_break(&rows->context->failure, "it calls %s after rows_free", function);
    return rows != NULL && !rows->is_freed;
}

/* The same for what changes it, which nothing does after a failure. */
static inline bool rows_are_working(const carpel_rows *rows, const char *function)
{
    return rows_are_alive(rows, function) && !rows->context->failure.has_failed;
}

/* The source broke the contract, in the line at hand. False. */
bool rows_break_line(const carpel_rows *rows, const char *what);

/* Make the place of a wanted column (rows_columns.c). */
void rows_add_column(carpel_rows *rows, const carpel_column *wanted, size_t index);

/* Keep the places of rows that were ended, which stand on as many lines from `line` on. */
void rows_keep_places(carpel_rows *rows, size_t row, uint64_t line, size_t count);

#endif
