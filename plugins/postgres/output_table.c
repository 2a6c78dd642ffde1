/* SPDX-License-Identifier: MIT
 *
 * The table that an output writes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/memory.h"
#include "postgres/output.h"

enum { LONGEST_NAME = 63 }; /* the server cuts longer ones */

/* ---- what is there ---------------------------------------------------------------- */

bool output_table_ask(postgres_output *o, const char *query, PGresult **out,
                      carpel_error *err)
{
    buffer name = {0};
    sql_add_table(&name, &o->table);
    const char *parameter = name.data;
    bool ok = server_run(&o->server, query, &parameter, 1, out, NULL, err);
    buffer_done(&name);
    return ok;
}

/* The columns of the table, with the number, the category and the modifier of their types, of a domain those
 * of what it is made of. */
static bool ask_columns(postgres_output *o, PGresult **out, carpel_error *err)
{
    return output_table_ask(
        o,
        "select attname, coalesce(nullif(typbasetype, 0), atttypid), "
        "typcategory, case typtype when 'd' then typtypmod else atttypmod "
        "end, format_type(atttypid, atttypmod) from "
        "pg_catalog.pg_attribute join pg_catalog.pg_type t on t.oid = "
        "atttypid where attrelid = to_regclass($1) and attnum > 0 and not "
        "attisdropped order by attnum",
        out, err);
}

static void choose_targets(postgres_output *o, const PGresult *found)
{
    for (size_t i = 0; i < o->table.column_count; i++) {
        o->targets[i] = (target){0};
        for (int at = 0; at < PQntuples(found); at++)
            if (strcmp(PQgetvalue(found, at, 0), o->table.columns[i].name) == 0)
                o->targets[i] =
                    target_of(PQgetvalue(found, at, 1), PQgetvalue(found, at, 2),
                              PQgetvalue(found, at, 3), PQgetvalue(found, at, 4));
        bool is_text = o->targets[i].kind == TARGET_TEXT;
        o->table.bytes[i] = is_text ? "::text collate \"C\"" : NULL;
    }
}

/* Columns that take different texts for one, by their type, their collation or that of a unique index. Servers
 * before 12 have no such collations, and do not know the column that tells. */
static const char inexact[] =
    "select attname, 'is of the type ' || format_type(atttypid, -1) from "
    "pg_catalog.pg_attribute join pg_catalog.pg_type t on t.oid = atttypid left join "
    "pg_catalog.pg_type b on b.oid = t.typbasetype where attrelid = to_regclass($1) and "
    "attnum > 0 and not attisdropped and 'citext' in (t.typname, b.typname) union all "
    "select attname, 'has the collation ' || collname from (select attrelid, attnum, "
    "attname, attcollation as id from pg_catalog.pg_attribute union all select indrelid, "
    "a.attnum, attname, c.id from pg_catalog.pg_index, unnest(indkey::int2[], "
    "indcollation::oid[]) as c (number, id), pg_catalog.pg_attribute a where "
    "indisunique and a.attrelid = indrelid and a.attnum = c.number) as used join "
    "pg_catalog.pg_collation l on l.oid = used.id where attrelid = to_regclass($1) and "
    "attnum > 0 and to_jsonb(l) ->> 'collisdeterministic' = 'false'";

static bool check_exact(postgres_output *o, carpel_error *err)
{
    PGresult *found;
    bool ok = true;
    if (!output_table_ask(o, inexact, &found, err))
        return false;
    for (int at = 0; at < PQntuples(found) && ok; at++)
        for (size_t i = 0; i < o->table.column_count && ok; i++)
            if (o->table.is_key[i] &&
                strcmp(PQgetvalue(found, at, 0), o->table.columns[i].name) == 0)
                ok = sql_fail_inexact(&o->table, o->table.columns[i].name,
                                      PQgetvalue(found, at, 1),
                                      "give it the type text and a collation such as "
                                      "\"C\", or name another table",
                                      err);
    PQclear(found);
    if (!ok)
        o->server.reach = CARPEL_NO_DATA;
    return ok;
}

bool output_table_look(postgres_output *o, carpel_error *err)
{
    PGresult *found;
    if (!ask_columns(o, &found, err))
        return false;
    size_t count = (size_t)PQntuples(found);
    const char **names = common_alloc(count, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = PQgetvalue(found, (int)i, 0);
    o->is_there = count > 0;
    bool ok = count == 0 ? sql_check_missing(&o->table, o->delivery, err)
                         : sql_check_columns(&o->table, names, count, err);
    if (ok)
        choose_targets(o, found);
    free(names);
    PQclear(found);
    return ok && check_exact(o, err);
}

static bool check_names(const postgres_output *o, carpel_error *err)
{
    for (size_t i = 0; i <= o->table.column_count; i++) {
        const char *name =
            i < o->table.column_count ? o->table.columns[i].name : o->table.name;
        if (strlen(name) > LONGEST_NAME)
            return carpel_fail(
                err, CARPEL_E_INPUT,
                "PostgreSQL keeps %d bytes of a name, and \"%.100s\" has %zu",
                LONGEST_NAME, name, strlen(name));
    }
    return true;
}

bool output_table_begin(postgres_output *o, carpel_error *err)
{
    const postgres_output_options *options = o->delivery->options;
    o->targets = common_alloc(o->delivery->column_count, sizeof *o->targets);
    return sql_table_init(&o->table, options->schema, &options->table, o->delivery,
                          err) &&
           check_names(o, err);
}

/* ---- two outputs ------------------------------------------------------------------ */

/* Another output of this run is in the way when one of the two makes the table or replaces all rows: its
 * transaction ends behind ours, so nobody may wait for it. Runs of others wait for each other, and have
 * other names. */
static uint64_t hash(uint64_t before, const char *text)
{
    while (*text)
        before = (before ^ (unsigned char)*text++) * UINT64_C(1099511628211);
    return before;
}

/* Of one project, one process at a time writes outputs. */
static void name_run(const postgres_output *o, char out[20])
{
    char host[256] = "";
    char *folder = realpath(o->delivery->project_directory, NULL);
    gethostname(host, sizeof host - 1);
    uint64_t name = hash(hash(1, host), folder ? folder : "");
    snprintf(out, 20, "%016llx", (unsigned long long)name);
    free(folder);
}

static bool fail_claim(const postgres_output *o, carpel_error *err)
{
    return carpel_fail(
        err, CARPEL_E_INPUT,
        "another output of this run writes the table \"%.200s\" as well, which goes only "
        "when the table is there and both have \"mode: upsert\" or \"mode: append\"; "
        "give each a table of its own",
        o->table.name);
}

bool output_table_claim(postgres_output *o, carpel_error *err)
{
    buffer name = {0}, text = {0};
    char run[20];
    PGresult *answer;
    name_run(o, run);
    sql_add_table(&name, &o->table);
    buffer_add(&text, "select pg_try_advisory_xact_lock");
    bool is_alone = o->table.mode == SQL_REPLACE || !o->is_there;
    buffer_add(&text, is_alone ? "" : "_shared");
    buffer_add(&text, "(hashtext('carpel table'), hashtext($1 || coalesce("
                      "to_regclass($2)::oid::text, coalesce($3, current_schema()) || "
                      "'.' || $4)))");
    const char *const parameters[] = {run, name.data, o->table.schema, o->table.name};
    bool ok = server_run(&o->server, text.data, parameters, 4, &answer, NULL, err);
    if (ok) {
        ok = strcmp(PQgetvalue(answer, 0, 0), "t") == 0 || fail_claim(o, err);
        PQclear(answer);
    }
    buffer_done(&name);
    buffer_done(&text);
    return ok;
}

/* ---- statements ------------------------------------------------------------------- */

/* What the server says of a key that it does not know names no columns. */
static void explain(const postgres_output *o, const char *state, carpel_error *err)
{
    buffer keys = {0};
    sql_add_columns(&keys, &o->table, true);
    if (strcmp(state, "42P10") == 0)
        carpel_fail(
            err, CARPEL_E_INPUT,
            "the table \"%.100s\" needs a primary key or unique index of (%.200s), so "
            "that rows are told apart; or name other columns with \"key\"",
            o->table.name, keys.data);
    buffer_done(&keys);
}

bool output_table_run(postgres_output *o, buffer *statement, carpel_error *err)
{
    char state[6];
    bool ok = statement->size == 0 ||
              server_run(&o->server, statement->data, NULL, 0, NULL, state, err);
    if (!ok)
        explain(o, state, err);
    buffer_done(statement);
    return ok;
}
