/* SPDX-License-Identifier: MIT
 *
 * Would a run write its table? Nothing is written to find out.
 */
#include <stdlib.h>

#include "postgres/output.h"

/* The rights that a table has to be written with. */
static bool may_write(postgres_output *o, carpel_error *err)
{
    PGresult *found;
    if (!output_table_ask(o,
                          "select right_name from unnest(array['SELECT', 'INSERT', "
                          "'UPDATE', 'DELETE']) as right_name where not "
                          "has_table_privilege(to_regclass($1), right_name)",
                          &found, err))
        return false;
    bool may = PQntuples(found) == 0;
    if (!may) {
        carpel_fail(err, CARPEL_E_INPUT,
                    "the user has not the right to %s on the table \"%.200s\"",
                    PQgetvalue(found, 0, 0), o->table.name);
        o->server.reach = CARPEL_DENIED;
    }
    PQclear(found);
    return may;
}

/* Fail as the run's statements would, for what names and keys tell: they are planned, and
 * not run. The table itself stands for the one aside, which has the same columns. */
static bool can_change(postgres_output *o, carpel_error *err)
{
    buffer name = {0}, delete = {0}, insert = {0};
    sql_add_table(&name, &o->table);
    if (o->table.mode == SQL_REPLACE || o->table.mode == SQL_APPLY)
        buffer_add(&delete, "explain ");
    sql_add_delete(&delete, &o->table, name.data);
    buffer_add(&insert, "explain ");
    sql_add_insert(&insert, &o->table, name.data);
    bool ok = output_table_run(o, &delete, err) && output_table_run(o, &insert, err);
    buffer_done(&name);
    buffer_done(&delete);
    buffer_done(&insert);
    return ok;
}

/* Is there a schema in which the table is, or would be made? */
static bool has_schema(server *s, const char *schema, carpel_error *err)
{
    PGresult *found;
    if (!server_run(s,
                    "select coalesce($1, current_schema()) from pg_catalog.pg_namespace "
                    "where nspname = coalesce($1, current_schema())",
                    &schema, 1, &found, NULL, err))
        return false;
    bool is_there = PQntuples(found) > 0;
    PQclear(found);
    if (!is_there)
        s->reach = CARPEL_NO_DATA;
    return is_there ||
           carpel_fail(err, CARPEL_E_INPUT, "the database has no schema \"%s\"",
                       schema ? schema : "public");
}

/* Do its columns keep the values that come? */
static bool keeps_values(postgres_output *o, carpel_error *err)
{
    for (size_t i = 0; i < o->table.column_count; i++) {
        const carpel_column *column = &o->table.columns[i];
        const target *t = &o->targets[i];
        if (!fit_check_output(o->host, target_fit(t, column), t->type, column,
                              o->table.name, target_usual_type(column), err)) {
            o->server.reach = CARPEL_NO_DATA;
            return false;
        }
    }
    return true;
}

/* Has a table that is there the columns that it will be given, and may the user write it? */
static bool fits_table(postgres_output *o, const carpel_inquiry *inquiry,
                       carpel_error *err)
{
    carpel_delivery delivery;
    if (!delivery_foreseen(inquiry, &delivery))
        return true;
    o->delivery = &delivery;
    bool ok = output_table_begin(o, err) && output_table_look(o, err) &&
              (!o->is_there || (may_write(o, err) && can_change(o, err) &&
                                output_obstacles_check(o, err) && keeps_values(o, err)));
    sql_table_done(&o->table);
    free(o->targets);
    return ok;
}

carpel_reach output_check(const carpel_host *host, const carpel_inquiry *inquiry,
                          carpel_error *err)
{
    const postgres_output_options *options = inquiry->options;
    postgres_output o = {.host = host};
    if (!server_open(&o.server, &options->server, host, true, err))
        return o.server.reach;
    bool ok = has_schema(&o.server, options->schema, err) && fits_table(&o, inquiry, err);
    carpel_reach reach = ok ? CARPEL_REACHED : o.server.reach;
    server_close(&o.server);
    return reach;
}
