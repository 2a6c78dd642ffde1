/* SPDX-License-Identifier: MIT
 *
 * The rows of a run, copied into a table aside.
 */
#include <string.h>

#include "common/delivery.h"
#include "postgres/output.h"

enum { CHUNK_BYTES = 64 * 1024 };

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

bool output_rows_take(postgres_output *o, struct ArrowArrayStream *rows,
                      carpel_error *err)
{
    return make_rows_table(o, err) && start_copy(o, err) && copy_rows(o, rows, err) &&
           check_key(o, err);
}
