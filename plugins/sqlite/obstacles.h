/* SPDX-License-Identifier: MIT
 *
 * obstacles -- what of a table that is there no row of an output gets past, and of which SQLite tells only when rows
 * come, by saying that there is no such column, or not at all.
 */
#ifndef SQLITE_OBSTACLES_H
#define SQLITE_OBSTACLES_H

#include "common/sql.h"
#include "sqlite/database.h"

/* Fail when a column that is written is worked out of others. */
bool obstacles_check_generated(const database *d, const sql_table *t, carpel_error *err);

/* Fail when a column that is not written has to have a value, and has none by itself. */
bool obstacles_check_required(const database *d, const sql_table *t, carpel_error *err);

/* A column of the key tells all texts apart. */
bool obstacles_check_key(const database *d, const sql_table *t, carpel_error *err);

/* Warn when triggers made another table of it than the statements did that were run. `rows` is the table aside. */
bool obstacles_look_back(const database *d, const sql_table *t, const char *rows,
                         carpel_error *err);

#endif
