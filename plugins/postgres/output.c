/* SPDX-License-Identifier: MIT
 *
 * The output `postgres`: a table of a server, kept as the run says.
 *
 * write() begins a transaction and copies the rows into a temporary table; prepare() makes
 * the table what it is to be; commit() ends the transaction. Statements: common/sql.h.
 */
#include <stdlib.h>
#include <string.h>

#include "common/memory.h"
#include "postgres/output.h"

static const carpel_option options_table[] = {
    SERVER_OPTIONS(offsetof(postgres_output_options, server)),
    {.name = "schema",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(postgres_output_options, schema),
     .help =
         "The schema of the table; default: the first that has it in the search path."},
    SQL_OPTIONS(offsetof(postgres_output_options, table)),
    {0}};

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
    if (!output_table_begin(o, err))
        return false;
    bool is_taken = strcmp(o->table.name, "carpel_rows") == 0;
    o->rows = is_taken ? "pg_temp.carpel_rows_aside" : "pg_temp.carpel_rows";
    return server_open(&o->server, &options->server, o->host, false, err) &&
           output_table_look(o, err);
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

static bool simple(postgres_output *o, const char *statement, carpel_error *err)
{
    return server_run(&o->server, statement, NULL, 0, NULL, NULL, err);
}

static bool write_rows(void *instance, struct ArrowArrayStream *rows, carpel_error *err)
{
    postgres_output *o = instance;
    return simple(o, "begin", err) && output_table_claim(o, err) &&
           simple(o, "set local idle_in_transaction_session_timeout = 0", err) &&
           output_rows_take(o, rows, err);
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
    bool ok = output_table_run(o, &create, err) && output_table_run(o, &analyze, err) &&
              output_table_run(o, &delete, err) && output_table_run(o, &insert, err) &&
              output_table_run(o, &check, err) && output_look_back(o, err);
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

static const carpel_output output = {.struct_size = sizeof(carpel_output),
                                     .begin = begin,
                                     .write = write_rows,
                                     .prepare = prepare,
                                     .commit = commit,
                                     .abort = abort_output,
                                     .close = close_output,
                                     .check = output_check};

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
