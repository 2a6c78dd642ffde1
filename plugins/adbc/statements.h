/* SPDX-License-Identifier: MIT
 *
 * statements -- what makes a table the one that a run says, for any database of SQL: without
 * `on conflict`, which not all know, and without names that a changed table may not have.
 *
 * `rows` is the name of the table aside, as it is written. What is not needed is empty.
 */
#ifndef ADBC_STATEMENTS_H
#define ADBC_STATEMENTS_H

#include "common/sql.h"

void statement_create(buffer *s, const sql_table *t, const char *rows);
void statement_delete(buffer *s, const sql_table *t, const char *rows);
void statement_update(buffer *s, const sql_table *t, const char *rows);
void statement_insert(buffer *s, const sql_table *t, const char *rows);

/* What the mode writes with, of no row. */
void statement_try_delete(buffer *s, const sql_table *t, const char *rows);
void statement_try_update(buffer *s, const sql_table *t, const char *rows);
void statement_try_insert(buffer *s, const sql_table *t, const char *rows);

/* Each yields a row when something is wrong: two rows with one key; one without a part of it. */
void statement_find_equal(buffer *s, const sql_table *t, const char *rows);
void statement_find_keyless(buffer *s, const sql_table *t, const char *rows);

/* Yields a row when the table's column of texts takes different ones for one, by its collation. */
void statement_find_inexact(buffer *s, const sql_table *t, size_t column);

#endif
