/* SPDX-License-Identifier: MIT
 *
 * What stands in the way of all rows of an output, and of which the server tells only when rows come.
 */
#include <stdio.h>
#include <string.h>

#include "postgres/output.h"

/* The key's names as texts of a statement: 'segment', 'person'. */
static bool add_key(postgres_output *o, buffer *out, carpel_error *err)
{
    const sql_table *t = &o->table;
    const char *between = "";
    for (size_t i = 0; i < t->column_count; i++) {
        if (!t->is_key[i])
            continue;
        PGconn *c = o->server.connection;
        const char *name = t->columns[i].name;
        char *literal = PQescapeLiteral(c, name, strlen(name));
        if (!literal)
            return server_fail(&o->server, NULL, err);
        buffer_add(out, between);
        buffer_add(out, literal);
        PQfreemem(literal);
        between = ", ";
    }
    return true;
}

static size_t key_size(const sql_table *t)
{
    size_t count = 0;
    for (size_t i = 0; i < t->column_count; i++)
        count += t->is_key[i];
    return count;
}

/* Deferrable indexes of just the columns of the key. One is enough to refuse all rows. */
static bool write_deferrable(postgres_output *o, buffer *out, carpel_error *err)
{
    char count[24];
    snprintf(count, sizeof count, "%zu", key_size(&o->table));
    buffer_add(out, "select c.relname from pg_catalog.pg_index i join "
                    "pg_catalog.pg_class c on c.oid = i.indexrelid join "
                    "pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = "
                    "any (i.indkey) where i.indrelid = to_regclass($1) and i.indisunique "
                    "and not i.indimmediate group by 1 having count(*) = ");
    buffer_add(out, count);
    buffer_add(out, " and bool_and(a.attname in (");
    bool ok = add_key(o, out, err);
    buffer_add(out, "))");
    return ok;
}

static bool check_key(postgres_output *o, carpel_error *err)
{
    buffer query = {0}, key = {0};
    PGresult *found = NULL;
    if (o->table.mode == SQL_APPEND)
        return true;
    sql_add_columns(&key, &o->table, true);
    bool ok =
        write_deferrable(o, &query, err) && output_table_ask(o, query.data, &found, err);
    if (ok && PQntuples(found) > 0)
        ok = carpel_fail(err, CARPEL_E_INPUT,
                         "the unique constraint \"%.100s\" of the table \"%.100s\" is "
                         "deferrable, and PostgreSQL tells no rows apart by such; make "
                         "one of (%.200s) that is not deferrable in its place",
                         PQgetvalue(found, 0, 0), o->table.name, key.data);
    PQclear(found);
    buffer_done(&query);
    buffer_done(&key);
    return ok;
}

static bool is_written(const sql_table *t, const char *name)
{
    for (size_t i = 0; i < t->column_count; i++)
        if (strcmp(t->columns[i].name, name) == 0)
            return true;
    return false;
}

/* Columns that have to have a value and none by themselves. A trigger before the row may give it one. */
static const char required[] =
    "select attname from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = "
    "atttypid where attrelid = to_regclass($1) and attnum > 0 and not attisdropped and "
    "(attnotnull or typnotnull) and not atthasdef and attidentity = '' and typdefault is "
    "null and not exists (select 1 from pg_catalog.pg_trigger where tgrelid = attrelid "
    "and tgtype & 7 = 7 and tgenabled <> 'D') order by attnum";

static bool check_required(postgres_output *o, carpel_error *err)
{
    PGresult *found;
    bool ok = true;
    if (o->table.mode == SQL_APPLY && o->table.change == o->table.column_count)
        return true; /* it adds no rows */
    if (!output_table_ask(o, required, &found, err))
        return false;
    for (int i = 0; i < PQntuples(found) && ok; i++)
        ok = is_written(&o->table, PQgetvalue(found, i, 0)) ||
             carpel_fail(err, CARPEL_E_INPUT,
                         "the column \"%.100s\" of the table \"%.200s\" is NOT NULL and "
                         "has no default, and the output does not write it, so no row "
                         "can be added; give it a default, or write it with \"columns\"",
                         PQgetvalue(found, i, 0), o->table.name);
    PQclear(found);
    return ok;
}

bool output_obstacles_check(postgres_output *o, carpel_error *err)
{
    bool ok = check_key(o, err) && check_required(o, err);
    if (!ok)
        o->server.reach = CARPEL_NO_DATA;
    return ok;
}

/* Partitions may have triggers of their own. */
static bool has_triggers(postgres_output *o, bool *out, carpel_error *err)
{
    PGresult *found;
    if (!output_table_ask(o,
                          "select 1 from pg_catalog.pg_class where oid = "
                          "to_regclass($1) and (relhastriggers or relhasrules or "
                          "relkind = 'p')",
                          &found, err))
        return false;
    *out = PQntuples(found) > 0;
    PQclear(found);
    return true;
}

bool output_look_back(postgres_output *o, carpel_error *err)
{
    bool may_differ;
    PGresult *found = NULL;
    if (!has_triggers(o, &may_differ, err))
        return false;
    buffer query = {0};
    sql_add_find_unlike(&query, &o->table, o->rows);
    bool ok =
        !may_differ || server_run(&o->server, query.data, NULL, 0, &found, NULL, err);
    buffer_done(&query);
    if (found && PQntuples(found) > 0)
        sql_warn_unlike(&o->table, o->host);
    PQclear(found);
    return ok;
}
