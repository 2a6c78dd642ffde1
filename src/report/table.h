/* SPDX-License-Identifier: MIT
 *
 * table -- columns of text that line up, for people.
 *
 *     table *t = table_new();
 *     table_column(t, "segment", TABLE_LEFT);
 *     table_column(t, "people", TABLE_RIGHT);
 *     table_column(t, "", TABLE_BAR);
 *     table_cell(t, "vip"); table_cell(t, "1,204"); table_bar(t, 0.051);
 *     table_append(t, out, width, true);
 *     table_free(t);
 */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

typedef enum table_align { TABLE_LEFT, TABLE_RIGHT, TABLE_BAR } table_align;

typedef struct table table;

table *table_new(void);
void table_free(table *t);
void table_column(table *t, const char *heading, table_align align);

/* The next cell of the row; a row is full when each column has one. */
void table_cell(table *t, const char *value);
CARPEL_PRINTF(2, 3) void table_cell_format(table *t, const char *format, ...);
void table_bar(table *t, double share); /* 0 to 1, in a TABLE_BAR column */

/* A thin line between the rows before and after. */
void table_rule(table *t);

/* Print within `width` columns: bars take what is left (at most 40), and a left column
 * that is too wide is cut with an ellipsis. Bars are of eighths of a block, or of `#`
 * without UTF-8. No blanks at line ends. */
void table_append(const table *t, text *out, size_t width, bool use_utf8);

/* A whole number with "," between thousands, into a buffer of at least 28 bytes. */
const char *format_count(uint64_t value, char *buffer);

/* Append the same with its noun: "1 person", "2,004 people". */
void format_append_counted(uint64_t count, const char *one, const char *many, text *out);

#endif
