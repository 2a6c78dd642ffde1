/* SPDX-License-Identifier: MIT
 *
 * The output `postgres`: a table of a server, kept as the run says.
 *
 * write() begins a transaction and copies the rows into a temporary table; prepare() makes
 * the table what it is to be; commit() ends the transaction. Statements: common/sql.h.
 */
#include <carpel/plugin.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/delivery.h"
#include "common/memory.h"
#include "common/sql.h"
#include "postgres/server.h"
#include "postgres/targets.h"

enum {
    CHUNK_BYTES = 64 * 1024,
    LONGEST_NAME = 63, /* the server cuts longer ones */
};

typedef struct postgres_output_options {
    server_options server;
    const char *schema;
    sql_options table;
} postgres_output_options;

static const carpel_option options_table[] = {
    SERVER_OPTIONS(offsetof(postgres_output_options, server)),
    {.name = "schema",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(postgres_output_options, schema),
     .help =
         "The schema of the table; default: the first that has it in the search path."},
    SQL_OPTIONS(offsetof(postgres_output_options, table)),
    {0}};

typedef struct postgres_output {
    const carpel_host *host;
    const carpel_delivery *delivery;
    server server;
    sql_table table;
    const char *rows; /* the temporary table */
    target *targets;  /* for each column, what of the table takes it */
    bool is_there;    /* the table, before the run */
    buffer chunk;     /* rows on their way */
    bool has_failed;
    carpel_error error; /* of the first row that could not be sent */
} postgres_output;

/* ---- rows ------------------------------------------------------------------------- */

/* Give the chunk to the connection. The library keeps what the socket does not take. */
static bool send_chunk(postgres_output *o, carpel_error *err)
{
    for (;;) {
        int taken = PQputCopyData(o->server.connection,
                                  o->chunk.data ? o->chunk.data : "", (int)o->chunk.size);
        buffer_clear(&o->chunk);
        if (taken < 0)
            return server_fail(&o->server, NULL, err);
        if (taken > 0)
            break;
        if (!server_wait(&o->server, err))
            return false;
    }
    while (PQflush(o->server.connection) > 0)
        if (!server_wait(&o->server, err))
            return false;
    return true;
}

static void add_row(void *context, const delivered *row, size_t count)
{
    postgres_output *o = context;
    for (size_t i = 0; i < count && !o->has_failed; i++) {
        buffer_add_bytes(&o->chunk, "\t", i > 0);
        o->has_failed =
            !target_add(&o->targets[i], &row[i], o->table.name, &o->chunk, &o->error);
    }
    buffer_add_bytes(&o->chunk, "\n", 1);
    if (!o->has_failed && o->chunk.size > CHUNK_BYTES)
        o->has_failed = !send_chunk(o, &o->error);
}

static bool copy_rows(postgres_output *o, struct ArrowArrayStream *rows,
                      carpel_error *err)
{
    if (!delivery_read(o->host, o->delivery, rows, add_row, o, err))
        return false;
    if (o->has_failed) {
        *err = o->error;
        return false;
    }
    if (!send_chunk(o, err))
        return false;
    int taken;
    while ((taken = PQputCopyEnd(o->server.connection, NULL)) == 0)
        if (!server_wait(&o->server, err))
            return false;
    return (taken > 0 || server_fail(&o->server, NULL, err)) &&
           server_take(&o->server, NULL, NULL, err);
}

/* ---- the table aside -------------------------------------------------------------- */

static bool run(postgres_output *o, const buffer *statement, char state[6],
                carpel_error *err)
{
    return server_run(&o->server, statement->data, NULL, 0, NULL, state, err);
}

/* With the types of the table that is there, so that its server reads the texts. */
static void write_rows_table(const postgres_output *o, buffer *out)
{
    buffer_add(out, "create temporary table ");
    buffer_add(out, o->rows + strlen("pg_temp."));
    if (o->is_there) {
        buffer_add(out, " on commit drop as select ");
        sql_add_columns(out, &o->table, false);
        buffer_add(out, " from ");
        sql_add_table(out, &o->table);
        buffer_add(out, " with no data");
        return;
    }
    for (size_t i = 0; i < o->table.column_count; i++) {
        buffer_add(out, i == 0 ? " (" : ", ");
        sql_add_name(out, o->table.columns[i].name);
        buffer_add(out, " ");
        buffer_add(out, target_usual_type(&o->table.columns[i]));
    }
    buffer_add(out, ") on commit drop");
}

static bool make_rows_table(postgres_output *o, carpel_error *err)
{
    buffer text = {0};
    write_rows_table(o, &text);
    bool ok = run(o, &text, NULL, err);
    buffer_done(&text);
    return ok;
}

/* All rows are there: is their key one? */
static bool check_key(postgres_output *o, carpel_error *err)
{
    char state[6];
    buffer text = {0};
    if (o->table.mode == SQL_APPEND)
        return true;
    buffer_add(&text, "alter table ");
    buffer_add(&text, o->rows);
    buffer_add(&text, " add primary key (");
    sql_add_columns(&text, &o->table, true);
    buffer_add(&text, ")");
    bool ok = run(o, &text, state, err);
    if (!ok && strcmp(state, "23505") == 0)
        sql_fail_same_key(&o->table, err);
    if (!ok && strcmp(state, "23502") == 0)
        sql_fail_keyless(&o->table, err);
    buffer_done(&text);
    return ok;
}

static bool start_copy(postgres_output *o, carpel_error *err)
{
    buffer text = {0};
    buffer_add(&text, "copy ");
    buffer_add(&text, o->rows);
    buffer_add(&text, " from stdin");
    bool ok = run(o, &text, NULL, err);
    buffer_done(&text);
    return ok;
}

static bool simple(postgres_output *o, const char *statement, carpel_error *err)
{
    return server_run(&o->server, statement, NULL, 0, NULL, NULL, err);
}

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

static bool claim_table(postgres_output *o, carpel_error *err)
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

static bool write_rows(void *instance, struct ArrowArrayStream *rows, carpel_error *err)
{
    postgres_output *o = instance;
    return simple(o, "begin", err) && claim_table(o, err) &&
           simple(o, "set local idle_in_transaction_session_timeout = 0", err) &&
           make_rows_table(o, err) && start_copy(o, err) && copy_rows(o, rows, err) &&
           check_key(o, err);
}

/* ---- the table -------------------------------------------------------------------- */

/* Run a query about the table, whose name is its parameter. */
static bool ask_of_table(postgres_output *o, const char *query, PGresult **out,
                         carpel_error *err)
{
    buffer name = {0};
    sql_add_table(&name, &o->table);
    const char *parameter = name.data;
    bool ok = server_run(&o->server, query, &parameter, 1, out, NULL, err);
    buffer_done(&name);
    return ok;
}

/* The columns of the table, with the number and the modifier of their types. */
static bool ask_columns(postgres_output *o, PGresult **out, carpel_error *err)
{
    return ask_of_table(o,
                        "select attname, atttypid, atttypmod, format_type(atttypid, "
                        "atttypmod) from pg_catalog.pg_attribute where attrelid = "
                        "to_regclass($1) and attnum > 0 and not attisdropped "
                        "order by attnum",
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
                              PQgetvalue(found, at, 3));
    }
}

static bool look_at_table(postgres_output *o, carpel_error *err)
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
    return ok;
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

/* ---- the steps of an output ------------------------------------------------------- */

static void close_output(void *instance)
{
    postgres_output *o = instance;
    server_close(&o->server);
    sql_table_done(&o->table);
    buffer_done(&o->chunk);
    free(o->targets);
    free(o);
}

static bool begin_rows(postgres_output *o, carpel_error *err)
{
    const postgres_output_options *options = o->delivery->options;
    o->targets = common_alloc(o->delivery->column_count, sizeof *o->targets);
    if (!sql_table_init(&o->table, options->schema, &options->table, o->delivery, err) ||
        !check_names(o, err))
        return false;
    bool is_taken = strcmp(o->table.name, "carpel_rows") == 0;
    o->rows = is_taken ? "pg_temp.carpel_rows_aside" : "pg_temp.carpel_rows";
    return server_open(&o->server, &options->server, o->host, false, err) &&
           look_at_table(o, err);
}

static bool begin(const carpel_host *host, const carpel_delivery *delivery,
                  void **instance, carpel_error *err)
{
    postgres_output *o = common_alloc(1, sizeof *o);
    o->host = host;
    o->delivery = delivery;
    if (!begin_rows(o, err)) {
        close_output(o);
        return false;
    }
    *instance = o;
    return true;
}

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

static bool run_step(postgres_output *o, buffer *statement, carpel_error *err)
{
    char state[6];
    bool ok = statement->size == 0 || run(o, statement, state, err);
    if (!ok)
        explain(o, state, err);
    buffer_done(statement);
    return ok;
}

static bool prepare(void *instance, carpel_error *err)
{
    postgres_output *o = instance;
    buffer create = {0}, analyze = {0}, delete = {0}, insert = {0}, check = {0};
    if (!o->is_there)
        sql_add_create(&create, &o->table, target_usual_type);
    buffer_add(&analyze, "analyze ");
    buffer_add(&analyze, o->rows);
    sql_add_delete(&delete, &o->table, o->rows);
    sql_add_insert(&insert, &o->table, o->rows);
    buffer_add(&check, "set constraints all immediate");
    bool ok = run_step(o, &create, err) && run_step(o, &analyze, err) &&
              run_step(o, &delete, err) && run_step(o, &insert, err) &&
              run_step(o, &check, err);
    buffer_done(&create);
    buffer_done(&analyze);
    buffer_done(&delete);
    buffer_done(&insert);
    buffer_done(&check);
    return ok;
}

static bool commit(void *instance, carpel_error *err)
{
    postgres_output *o = instance;
    char state[6];
    if (server_run(&o->server, "commit", NULL, 0, NULL, state, err))
        return true;
    if (err->code == CARPEL_E_LATER)
        err->code =
            CARPEL_E_SYSTEM; /* there is no transaction any more to commit again */
    return state[0] == '\0' && sql_fail_unanswered(err);
}

/* The end of the connection is the end of its transaction. */
static void abort_output(void *instance)
{
    postgres_output *o = instance;
    server_close(&o->server);
}

/* The rights that a table has to be written with. */
static bool may_write(postgres_output *o, carpel_error *err)
{
    PGresult *found;
    if (!ask_of_table(o,
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
    bool ok = run_step(o, &delete, err) && run_step(o, &insert, err);
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

/* Has a table that is there the columns that it will be given, and may the user write it? */
static bool fits_table(postgres_output *o, const carpel_inquiry *inquiry,
                       carpel_error *err)
{
    const postgres_output_options *options = inquiry->options;
    carpel_delivery delivery;
    if (!delivery_foreseen(inquiry, &delivery))
        return true;
    o->delivery = &delivery;
    o->targets = common_alloc(delivery.column_count, sizeof *o->targets);
    bool ok =
        sql_table_init(&o->table, options->schema, &options->table, &delivery, err) &&
        check_names(o, err) && look_at_table(o, err) &&
        (!o->is_there || (may_write(o, err) && can_change(o, err)));
    sql_table_done(&o->table);
    free(o->targets);
    return ok;
}

static carpel_reach check(const carpel_host *host, const carpel_inquiry *inquiry,
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

static const carpel_output output = {.struct_size = sizeof(carpel_output),
                                     .begin = begin,
                                     .write = write_rows,
                                     .prepare = prepare,
                                     .commit = commit,
                                     .abort = abort_output,
                                     .close = close_output,
                                     .check = check};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_OUTPUT,
    .name = "postgres",
    .version = "1.0",
    .summary = "Results as a table of a server of PostgreSQL, kept up to date.",
    .manual =
        "outputs:\n"
        "  - plugin: postgres\n"
        "    host: db.example.org\n"
        "    database: crm\n"
        "    user: carpel\n"
        "    table: members\n"
        "\n"
        "The table changes in one transaction. mode:\n"
        "  replace  afterwards the table has the rows of the run and no others\n"
        "  upsert   rows with a known key are changed, others added, none removed\n"
        "  apply    of changes: who left is removed, the others are changed or added\n"
        "  append   rows that are not there yet are added\n",
    .options_size = sizeof(postgres_output_options),
    .options = options_table,
    .output = &output,
};
