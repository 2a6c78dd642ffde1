/* SPDX-License-Identifier: MIT
 *
 * Names of columns, case aside, as SQLite has them.
 */
#include "sqlite/obstacles.h"

#include <stdio.h>

static bool is_written(const sql_table *t, const char *name)
{
    for (size_t i = 0; i < t->column_count; i++)
        if (sqlite3_stricmp(t->columns[i].name, name) == 0)
            return true;
    return false;
}

/* The first column that the query yields of the table, of those that are written or of the others; "": there is none. */
static bool find_column(const database *d, const char *query, const sql_table *t,
                        bool of_written, char out[100], carpel_error *err)
{
    sqlite3_stmt *found;
    out[0] = '\0';
    if (!database_prepare(d, query, &found, err))
        return false;
    sqlite3_bind_text(found, 1, t->name, -1, SQLITE_STATIC);
    while (out[0] == '\0' && sqlite3_step(found) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(found, 0);
        if (is_written(t, name) == of_written)
            snprintf(out, 100, "%s", name);
    }
    return sqlite3_finalize(found) == SQLITE_OK || database_fail(d, err);
}

bool obstacles_check_generated(const database *d, const sql_table *t, carpel_error *err)
{
    char name[100];
    if (!find_column(d, "select name from pragma_table_xinfo(?, 'main') where hidden > 1",
                     t, true, name, err))
        return false;
    return name[0] == '\0' ||
           carpel_fail(err, CARPEL_E_INPUT,
                       "the column \"%s\" of the table \"%.200s\" is worked out of other "
                       "columns (generated), so nothing can be written there; leave it "
                       "out of \"columns\", or name another table",
                       name, t->name);
}

/* The key of a table of rows by number counts by itself. */
bool obstacles_check_required(const database *d, const sql_table *t, carpel_error *err)
{
    char name[100];
    bool adds_rows = t->mode != SQL_APPLY || t->change < t->column_count;
    if (!find_column(d,
                     "select name from pragma_table_info(?, 'main') where \"notnull\" "
                     "and dflt_value is null and not (pk = 1 and type like 'integer')",
                     t, false, name, err))
        return false;
    return name[0] == '\0' || !adds_rows ||
           carpel_fail(err, CARPEL_E_INPUT,
                       "the column \"%s\" of the table \"%.200s\" is NOT NULL and has no "
                       "default, and the output does not write it, so no row can be "
                       "added; give it a default, or write it with \"columns\"",
                       name, t->name);
}

bool obstacles_check_key(const database *d, const sql_table *t, carpel_error *err)
{
    for (size_t i = 0; i < t->column_count; i++) {
        const char *collation = NULL;
        char what[100];
        if (!t->is_key[i] ||
            sqlite3_table_column_metadata(d->handle, "main", t->name, t->columns[i].name,
                                          NULL, &collation, NULL, NULL,
                                          NULL) != SQLITE_OK ||
            !collation || sqlite3_stricmp(collation, "binary") == 0)
            continue;
        snprintf(what, sizeof what, "has the collation %s", collation);
        return sql_fail_inexact(t, t->columns[i].name, what,
                                "make the table with \"collate binary\" there, or name "
                                "another table",
                                err);
    }
    return true;
}

/* A parameter that the query does not have is passed over. */
static bool yields_row(const database *d, const char *query, const char *parameter,
                       bool *out, carpel_error *err)
{
    sqlite3_stmt *found;
    if (!database_prepare(d, query, &found, err))
        return false;
    sqlite3_bind_text(found, 1, parameter, -1, SQLITE_STATIC);
    *out = sqlite3_step(found) == SQLITE_ROW;
    return sqlite3_finalize(found) == SQLITE_OK || database_fail(d, err);
}

bool obstacles_look_back(const database *d, const sql_table *t, const char *rows,
                         carpel_error *err)
{
    bool has_triggers, is_unlike = false;
    if (!yields_row(d,
                    "select 1 from main.sqlite_master where type = 'trigger' and "
                    "tbl_name = ? collate nocase",
                    t->name, &has_triggers, err))
        return false;
    buffer query = {0};
    sql_add_find_unlike(&query, t, rows);
    bool ok = !has_triggers || yields_row(d, query.data, NULL, &is_unlike, err);
    buffer_done(&query);
    if (is_unlike)
        sql_warn_unlike(t, d->host);
    return ok;
}
