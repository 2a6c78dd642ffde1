/* SPDX-License-Identifier: MIT
 *
 * columns -- what a column of SQLite makes of values (its "affinity"), and which values it
 * keeps as they are.
 */
#ifndef SQLITE_COLUMNS_H
#define SQLITE_COLUMNS_H

#include <sqlite3.h>

#include "common/delivery.h"
#include "common/fit.h"

typedef enum column_kind {
    KIND_INTEGER,
    KIND_TEXT,
    KIND_PLAIN, /* whatever is put in */
    KIND_REAL,
    KIND_NUMERIC
} column_kind;

/* By the type that a table's column is declared with; NULL: none. */
column_kind column_kind_of(const char *declared);

/* What a column gets that is made for values of the type, and its word. */
column_kind column_usual_kind(carpel_type type);
const char *column_kind_word(column_kind kind);

/* Bind a value to a parameter, so that the column keeps it exactly. False: it cannot. The
 * value lives until the statement has run. */
bool column_bind(sqlite3_stmt *statement, int parameter, column_kind kind,
                 const delivered *value);

/* How many of the values of the column that is written it keeps. */
fit column_fit(column_kind kind, const carpel_column *column);

/* The message for that. */
bool column_fail(carpel_error *err, const char *table, column_kind kind,
                 const delivered *value);

#endif
