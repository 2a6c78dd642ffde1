/* SPDX-License-Identifier: MIT
 *
 * The table aside is called r.
 */
#include "adbc/statements.h"

static void add_own(buffer *s, const sql_table *t, size_t column)
{
    sql_add_table(s, t);
    buffer_add(s, ".");
    sql_add_name(s, t->columns[column].name);
}

static void add_other(buffer *s, const sql_table *t, size_t column)
{
    buffer_add(s, "r.");
    sql_add_name(s, t->columns[column].name);
}

static void add_rows(buffer *s, const char *rows)
{
    buffer_add(s, rows);
    buffer_add(s, " as r");
}

/* The columns of the key are equal. */
static void add_match(buffer *s, const sql_table *t)
{
    const char *between = "";
    for (size_t i = 0; i < t->column_count; i++) {
        if (!t->is_key[i])
            continue;
        buffer_add(s, between);
        add_other(s, t, i);
        buffer_add(s, " = ");
        add_own(s, t, i);
        between = " and ";
    }
}

static bool are_all_left(const sql_table *t)
{
    return t->mode == SQL_APPLY && t->change == t->column_count;
}

/* Of changes: who left, or all others. */
static void add_change(buffer *s, const sql_table *t, bool have_left)
{
    if (t->mode != SQL_APPLY || t->change == t->column_count)
        return;
    buffer_add(s, " and ");
    add_other(s, t, t->change);
    buffer_add(s, have_left ? " = 'left'" : " <> 'left'");
}

void statement_create(buffer *s, const sql_table *t, const char *rows)
{
    buffer_add(s, "create table ");
    sql_add_table(s, t);
    buffer_add(s, " as select ");
    sql_add_columns(s, t, false);
    buffer_add(s, " from ");
    add_rows(s, rows);
    buffer_add(s, " where 1 = 0");
}

void statement_delete(buffer *s, const sql_table *t, const char *rows)
{
    if (t->mode != SQL_REPLACE && t->mode != SQL_APPLY)
        return;
    buffer_add(s, "delete from ");
    sql_add_table(s, t);
    buffer_add(s, t->mode == SQL_REPLACE ? " where not exists (select 1 from "
                                         : " where exists (select 1 from ");
    add_rows(s, rows);
    buffer_add(s, " where ");
    add_match(s, t);
    add_change(s, t, true);
    buffer_add(s, ")");
}

static bool has_values(const sql_table *t)
{
    for (size_t i = 0; i < t->column_count; i++)
        if (!t->is_key[i])
            return true;
    return false;
}

/* "a" = (select r."a" from rows as r where ...), ... */
static void add_settings(buffer *s, const sql_table *t, const char *rows)
{
    const char *between = "";
    for (size_t i = 0; i < t->column_count; i++) {
        if (t->is_key[i])
            continue;
        buffer_add(s, between);
        sql_add_name(s, t->columns[i].name);
        buffer_add(s, " = (select ");
        add_other(s, t, i);
        buffer_add(s, " from ");
        add_rows(s, rows);
        buffer_add(s, " where ");
        add_match(s, t);
        buffer_add(s, ")");
        between = ", ";
    }
}

void statement_update(buffer *s, const sql_table *t, const char *rows)
{
    if (t->mode == SQL_APPEND || are_all_left(t) || !has_values(t))
        return;
    buffer_add(s, "update ");
    sql_add_table(s, t);
    buffer_add(s, " set ");
    add_settings(s, t, rows);
    buffer_add(s, " where exists (select 1 from ");
    add_rows(s, rows);
    buffer_add(s, " where ");
    add_match(s, t);
    add_change(s, t, false);
    const char *between = " and (";
    for (size_t i = 0; i < t->column_count; i++) {
        if (t->is_key[i])
            continue;
        buffer_add(s, between);
        add_other(s, t, i);
        buffer_add(s, " is distinct from ");
        add_own(s, t, i);
        between = " or ";
    }
    buffer_add(s, "))");
}

static void add_selected(buffer *s, const sql_table *t)
{
    buffer_add(s, "select ");
    sql_add_columns(s, t, false);
    buffer_add(s, " from ");
}

/* Up to the name of the table that the rows come from. */
static void add_insert(buffer *s, const sql_table *t)
{
    buffer_add(s, "insert into ");
    sql_add_table(s, t);
    buffer_add(s, " (");
    sql_add_columns(s, t, false);
    buffer_add(s, ") ");
    add_selected(s, t);
}

void statement_insert(buffer *s, const sql_table *t, const char *rows)
{
    if (are_all_left(t))
        return;
    add_insert(s, t);
    add_rows(s, rows);
    if (t->mode == SQL_APPEND) {
        buffer_add(s, " except ");
        add_selected(s, t);
        sql_add_table(s, t);
        return;
    }
    buffer_add(s, " where not exists (select 1 from ");
    sql_add_table(s, t);
    buffer_add(s, " where ");
    add_match(s, t);
    buffer_add(s, ")");
    add_change(s, t, false);
}

void statement_find_inexact(buffer *s, const sql_table *t, size_t column)
{
    buffer_add(s, "select 1 from (select ");
    sql_add_name(s, t->columns[column].name);
    buffer_add(s, " as one from ");
    sql_add_table(s, t);
    buffer_add(s,
               " where 1 = 0 union all select 'a') as o where one = 'A' or one = 'a '");
}

void statement_try_delete(buffer *s, const sql_table *t, const char *rows)
{
    (void)rows;
    if (t->mode != SQL_REPLACE && t->mode != SQL_APPLY)
        return;
    buffer_add(s, "delete from ");
    sql_add_table(s, t);
    buffer_add(s, " where 1 = 0");
}

void statement_try_update(buffer *s, const sql_table *t, const char *rows)
{
    size_t i = 0;
    (void)rows;
    if (t->mode == SQL_APPEND || are_all_left(t) || !has_values(t))
        return;
    while (t->is_key[i])
        i++;
    buffer_add(s, "update ");
    sql_add_table(s, t);
    buffer_add(s, " set ");
    sql_add_name(s, t->columns[i].name);
    buffer_add(s, " = ");
    sql_add_name(s, t->columns[i].name);
    buffer_add(s, " where 1 = 0");
}

void statement_try_insert(buffer *s, const sql_table *t, const char *rows)
{
    (void)rows;
    if (are_all_left(t))
        return;
    add_insert(s, t);
    sql_add_table(s, t);
    buffer_add(s, " where 1 = 0");
}

void statement_find_equal(buffer *s, const sql_table *t, const char *rows)
{
    buffer_add(s, "select 1 as found from ");
    buffer_add(s, rows);
    buffer_add(s, " group by ");
    sql_add_columns(s, t, true);
    buffer_add(s, " having count(*) > 1");
}

void statement_find_keyless(buffer *s, const sql_table *t, const char *rows)
{
    const char *between = " where ";
    buffer_add(s, "select 1 as found from ");
    add_rows(s, rows);
    for (size_t i = 0; i < t->column_count; i++) {
        if (!t->is_key[i])
            continue;
        buffer_add(s, between);
        add_other(s, t, i);
        buffer_add(s, " is null");
        between = " or ";
    }
}
