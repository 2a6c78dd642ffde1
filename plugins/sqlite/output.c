/* SPDX-License-Identifier: MIT
 *
 * The output `sqlite`: a table of a file of SQLite, kept as the run says.
 *
 * write() puts the rows into a temporary table, which no other program sees. prepare()
 * takes the file's lock, so that commit() has nothing to wait for, and makes the table what
 * it is to be; commit() ends the transaction. Statements: common/sql.h.
 */
#include <carpel/plugin.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/delivery.h"
#include "common/files.h"
#include "common/memory.h"
#include "common/names.h"
#include "common/sql.h"
#include "sqlite/columns.h"
#include "sqlite/database.h"
#include "sqlite/obstacles.h"

typedef struct sqlite_output_options {
    sql_options table;
    const char *file;
    double wait;
} sqlite_output_options;

static const carpel_option options_table[] = {
    {.name = "file",
     .type = CARPEL_OPTION_PATH,
     .offset = offsetof(sqlite_output_options, file),
     .required = true,
     .help = "The file of the database; it is made when it is missing."},
    SQL_OPTIONS(offsetof(sqlite_output_options, table)),
    {.name = "wait",
     .type = CARPEL_OPTION_NUMBER,
     .offset = offsetof(sqlite_output_options, wait),
     .default_text = "10",
     .maximum = 3600,
     .help = "How many seconds to wait for the lock of another program."},
    {0}};

typedef struct sqlite_output {
    const carpel_host *host;
    const carpel_delivery *delivery;
    database *database;
    sql_table table;
    column_kind *kinds; /* for each column, how its values are kept */
    char rows[40];      /* the temporary table */
    sqlite3_stmt *insert;
    bool has_failed;
    carpel_error error; /* of the first row that could not be added */
} sqlite_output;

/* ---- rows ------------------------------------------------------------------------- */

static void remember_failure(sqlite_output *o)
{
    o->has_failed = true;
    if (sqlite3_errcode(o->database->handle) == SQLITE_CONSTRAINT)
        sql_fail_same_key(&o->table, &o->error);
    else
        database_fail(o->database, &o->error);
}

static void bind_row(sqlite_output *o, const delivered *row, size_t count)
{
    for (size_t i = 0; i < count && !o->has_failed; i++) {
        if (row[i].is_missing && o->table.is_key[i])
            o->has_failed = !carpel_fail(
                &o->error, CARPEL_E_INPUT,
                "a row for the table \"%s\" has no \"%s\", which is of its key",
                o->table.name, row[i].column->name);
        else if (!column_bind(o->insert, (int)i + 1, o->kinds[i], &row[i]))
            o->has_failed = !column_fail(&o->error, o->table.name, o->kinds[i], &row[i]);
    }
}

static void add_row(void *context, const delivered *row, size_t count)
{
    sqlite_output *o = context;
    if (o->has_failed)
        return;
    bind_row(o, row, count);
    if (o->has_failed)
        return;
    if (sqlite3_step(o->insert) != SQLITE_DONE)
        remember_failure(o);
    sqlite3_reset(o->insert);
}

static bool write_rows(void *instance, struct ArrowArrayStream *rows, carpel_error *err)
{
    sqlite_output *o = instance;
    o->database->host = o->host;
    if (!database_run(o->database, "begin", err))
        return false;
    bool ok = delivery_read(o->host, o->delivery, rows, add_row, o, err);
    if (ok && o->has_failed) {
        *err = o->error;
        ok = false;
    }
    if (ok)
        return database_run(o->database, "commit", err);
    sqlite3_exec(o->database->handle, "rollback", NULL, NULL, NULL);
    return false;
}

/* ---- the table -------------------------------------------------------------------- */

static const char *type_of(const carpel_column *column)
{
    return column_kind_word(column_usual_kind(column->type));
}

/* The names of the table's columns, and their kinds in *kinds; none when there is no such
 * table. The caller frees both. */
static bool read_columns(const sqlite_output *o, char ***names, column_kind **kinds,
                         size_t *count, carpel_error *err)
{
    sqlite3_stmt *found;
    *count = 0;
    *names = NULL;
    *kinds = NULL;
    if (!database_prepare(o->database,
                          "select name, type from pragma_table_info(?, 'main')", &found,
                          err))
        return false;
    sqlite3_bind_text(found, 1, o->table.name, -1, SQLITE_STATIC);
    while (sqlite3_step(found) == SQLITE_ROW) {
        *names = common_resize(*names, (*count + 1) * sizeof **names);
        *kinds = common_resize(*kinds, (*count + 1) * sizeof **kinds);
        (*names)[*count] = common_copy((const char *)sqlite3_column_text(found, 0),
                                       (size_t)sqlite3_column_bytes(found, 0));
        (*kinds)[(*count)++] =
            column_kind_of((const char *)sqlite3_column_text(found, 1));
    }
    return sqlite3_finalize(found) == SQLITE_OK || database_fail(o->database, err);
}

/* How each column's values are kept: as the table does that is there, else as usual. */
static void choose_kinds(sqlite_output *o, char *const *names, const column_kind *kinds,
                         size_t count)
{
    for (size_t i = 0; i < o->table.column_count; i++) {
        o->table.bytes[i] = " collate binary";
        o->kinds[i] = column_usual_kind(o->table.columns[i].type);
        for (size_t at = 0; at < count; at++)
            if (strcmp(names[at], o->table.columns[i].name) == 0)
                o->kinds[i] = kinds[at];
    }
}

static void free_columns(char **names, column_kind *kinds, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
    free(kinds);
}

/* *is_there: before the run makes it. */
static bool look_at_table(sqlite_output *o, bool *is_there, carpel_error *err)
{
    char **names;
    column_kind *kinds;
    size_t count;
    bool ok = read_columns(o, &names, &kinds, &count, err) &&
              obstacles_check_generated(o->database, &o->table, err) &&
              (count == 0 || obstacles_check_key(o->database, &o->table, err)) &&
              (count == 0 ? sql_check_missing(&o->table, o->delivery, err)
                          : sql_check_columns(&o->table, (const char *const *)names,
                                              count, err));
    if (ok)
        choose_kinds(o, names, kinds, count);
    free_columns(names, kinds, count);
    *is_there = count > 0;
    return ok;
}

static bool make_rows_table(sqlite_output *o, carpel_error *err)
{
    buffer s = {0};
    snprintf(o->rows, sizeof o->rows, "temp.carpel_rows_%" PRIu64,
             o->database->next_rows++);
    buffer_add(&s, "create table ");
    buffer_add(&s, o->rows);
    for (size_t i = 0; i < o->table.column_count; i++) {
        buffer_add(&s, i == 0 ? " (" : ", ");
        sql_add_name(&s, o->table.columns[i].name);
        buffer_add(&s, " ");
        buffer_add(&s, column_kind_word(o->kinds[i]));
    }
    if (o->table.mode != SQL_APPEND) {
        buffer_add(&s, ", unique (");
        sql_add_columns(&s, &o->table, true);
        buffer_add(&s, ")");
    }
    buffer_add(&s, ")");
    bool ok = database_run(o->database, s.data, err);
    buffer_done(&s);
    return ok;
}

static bool prepare_insert(sqlite_output *o, carpel_error *err)
{
    buffer s = {0};
    buffer_add(&s, "insert into ");
    buffer_add(&s, o->rows);
    for (size_t i = 0; i < o->table.column_count; i++)
        buffer_add(&s, i == 0 ? " values (?" : ", ?");
    buffer_add(&s, ")");
    bool ok = database_prepare(o->database, s.data, &o->insert, err);
    buffer_done(&s);
    return ok;
}

/* ---- the steps of an output ------------------------------------------------------- */

static void close_output(void *instance)
{
    sqlite_output *o = instance;
    sqlite3_finalize(o->insert);
    if (o->database)
        database_leave(o->database);
    sql_table_done(&o->table);
    free(o->kinds);
    free(o);
}

static bool begin_rows(sqlite_output *o, const char *name, carpel_error *err)
{
    const sqlite_output_options *options = o->delivery->options;
    bool is_there;
    o->kinds = common_alloc(o->delivery->column_count, sizeof *o->kinds);
    return sql_table_init(&o->table, "main", &options->table, o->delivery, err) &&
           database_share(&o->database, options->file, name, o->host, options->wait,
                          err) &&
           look_at_table(o, &is_there, err) && make_rows_table(o, err) &&
           prepare_insert(o, err);
}

static bool begin(const carpel_host *host, const carpel_delivery *delivery,
                  void **instance, carpel_error *err)
{
    const sqlite_output_options *options = delivery->options;
    sqlite_output *o = common_alloc(1, sizeof *o);
    o->host = host;
    o->delivery = delivery;
    if (!begin_rows(o, files_name_below(delivery->project_directory, options->file),
                    err)) {
        close_output(o);
        return false;
    }
    *instance = o;
    return true;
}

/* The database's own words for a key that it does not know help nobody. */
static bool explain_key(const sqlite_output *o, carpel_error *err)
{
    buffer keys = {0};
    if (!strstr(err->message, "ON CONFLICT clause does not match"))
        return false;
    sql_add_columns(&keys, &o->table, true);
    carpel_fail(
        err, CARPEL_E_INPUT,
        "the table \"%.100s\" needs a primary key or unique index of (%.200s), so "
        "that rows are told apart; or name other columns with \"key\"",
        o->table.name, keys.data);
    buffer_done(&keys);
    return false;
}

static bool make_table(sqlite_output *o, carpel_error *err)
{
    buffer s = {0};
    bool is_there;
    sql_add_create(&s, &o->table, type_of);
    bool ok = database_run(o->database, s.data, err) && look_at_table(o, &is_there, err);
    buffer_done(&s);
    return ok;
}

typedef bool run_statements(const database *d, const char *text, carpel_error *err);

/* `run`: database_run() or, for what can be told before, database_foresee(). */
static bool change_table(const sqlite_output *o, run_statements *run, carpel_error *err)
{
    buffer s = {0};
    sql_add_delete(&s, &o->table, o->rows);
    buffer_add(&s, ";\n");
    sql_add_insert(&s, &o->table, o->rows);
    bool ok = run(o->database, s.data, err) || explain_key(o, err);
    buffer_done(&s);
    return ok;
}

/* Does another output of the run write the table, so that one would take away what the
 * other brings? */
static bool is_contested(const sqlite_output *o)
{
    const database *d = o->database;
    for (size_t i = 0; i < d->written_count; i++)
        if (sqlite3_stricmp(d->written[i].name, o->table.name) == 0 &&
            (d->written[i].is_replaced || o->table.mode == SQL_REPLACE))
            return true;
    return false;
}

static void note_written(sqlite_output *o)
{
    database *d = o->database;
    d->written = common_resize(d->written, (d->written_count + 1) * sizeof *d->written);
    d->written[d->written_count++] =
        (written_table){o->table.name, o->table.mode == SQL_REPLACE};
}

/* Two that bring the same rows are not in each other's way. */
static bool share_table(sqlite_output *o, carpel_error *err)
{
    int before = sqlite3_total_changes(o->database->handle);
    if (!change_table(o, database_run, err))
        return false;
    if (is_contested(o) && sqlite3_total_changes(o->database->handle) != before)
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "another output has other rows for the table \"%s\", and one of "
            "them replaces all that it has",
            o->table.name);
    note_written(o);
    return true;
}

static bool prepare(void *instance, carpel_error *err)
{
    sqlite_output *o = instance;
    o->database->host = o->host;
    if (!o->database->is_writing && !database_begin(o->database, err))
        return false;
    return make_table(o, err) && share_table(o, err) &&
           obstacles_look_back(o->database, &o->table, o->rows, err);
}

/* Of all outputs into the file, by the first of them. */
static bool commit(void *instance, carpel_error *err)
{
    sqlite_output *o = instance;
    o->database->host = o->host;
    return database_commit(o->database, err);
}

static void abort_output(void *instance)
{
    sqlite_output *o = instance;
    if (o->database->is_writing)
        sqlite3_exec(o->database->handle, "rollback", NULL, NULL, NULL);
    o->database->is_writing = false;
    o->database->written_count = 0;
}

/* A file that is missing is made, when its folder is there. */
static carpel_reach check_missing(const char *path, carpel_error *err)
{
    buffer folder = {0};
    const char *slash = strrchr(path, '/');
    buffer_add_bytes(&folder, path, slash ? (size_t)(slash - path) + 1 : 0);
    buffer_add(&folder, ".");
    bool ok = access(folder.data, W_OK) == 0;
    carpel_reach reach = ok                ? CARPEL_REACHED
                         : errno == EACCES ? CARPEL_DENIED
                                           : CARPEL_NO_DATA;
    if (!ok)
        carpel_fail(err, CARPEL_E_SYSTEM, "cannot make \"%s\": %s", path,
                    strerror(errno));
    buffer_done(&folder);
    return reach;
}

/* Do its columns keep the values that come? */
static bool keeps_values(const sqlite_output *o, carpel_error *err)
{
    bool ok = true;
    for (size_t i = 0; i < o->table.column_count && ok; i++) {
        const carpel_column *column = &o->table.columns[i];
        ok = fit_check_output(o->host, column_fit(o->kinds[i], column),
                              column_kind_word(o->kinds[i]), column, o->table.name,
                              column_kind_word(column_usual_kind(column->type)), err);
    }
    return ok;
}

/* A table that is not there could be made, by its names. */
static bool could_make(const sqlite_output *o, carpel_error *err)
{
    buffer s = {0};
    sql_add_create(&s, &o->table, type_of);
    bool ok = database_foresee(o->database, s.data, err);
    buffer_done(&s);
    return ok;
}

/* A table that is there has the columns that it will be given, and can be changed so. The
 * rows that the statements name are kept aside, not in the file. */
static bool fits_there(sqlite_output *o, carpel_error *err)
{
    bool is_there;
    if (!look_at_table(o, &is_there, err))
        return false;
    return is_there ? make_rows_table(o, err) && change_table(o, database_foresee, err) &&
                          obstacles_check_required(o->database, &o->table, err) &&
                          keeps_values(o, err)
                    : could_make(o, err);
}

static bool fits_table(database *d, const carpel_inquiry *inquiry, carpel_error *err)
{
    const sqlite_output_options *options = inquiry->options;
    carpel_delivery delivery;
    if (!delivery_foreseen(inquiry, &delivery))
        return true;
    sqlite_output o = {.host = d->host, .database = d, .delivery = &delivery};
    o.kinds = common_alloc(delivery.column_count, sizeof *o.kinds);
    bool ok = sql_table_init(&o.table, "main", &options->table, &delivery, err) &&
              fits_there(&o, err);
    sql_table_done(&o.table);
    free(o.kinds);
    return ok;
}

static carpel_reach check(const carpel_host *host, const carpel_inquiry *inquiry,
                          carpel_error *err)
{
    const sqlite_output_options *options = inquiry->options;
    database d;
    bool is_missing = access(options->file, F_OK) != 0;
    if (is_missing) {
        carpel_reach reach = check_missing(options->file, err);
        if (reach != CARPEL_REACHED)
            return reach;
    } else if (access(options->file, W_OK) != 0) {
        carpel_fail(err, CARPEL_E_SYSTEM, "cannot write \"%s\": %s", options->file,
                    strerror(errno));
        return CARPEL_DENIED;
    }
    const char *name = files_name_below(inquiry->project_directory, options->file);
    const char *path = is_missing ? ":memory:" : options->file; /* no tables yet */
    if (!database_open(&d, path, name, host, options->wait, err))
        return database_reach(err);
    bool ok = fits_table(&d, inquiry, err);
    database_close(&d);
    return ok ? CARPEL_REACHED : database_reach(err);
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
    .name = "sqlite",
    .version = "1.0",
    .summary = "Results as a table of a file of SQLite, kept up to date.",
    .manual =
        "outputs:\n"
        "  - plugin: sqlite\n"
        "    file: crm.db\n"
        "    table: members\n"
        "\n"
        "All outputs of a run into one file appear in one transaction. mode:\n"
        "  replace  afterwards the table has the rows of the run and no others\n"
        "  upsert   rows with a known key are changed, others added, none removed\n"
        "  apply    of changes: who left is removed, the others are changed or added\n"
        "  append   rows that are not there yet are added\n"
        "Decimals of more than 15 digits are kept in a column of type TEXT only.\n",
    .options_size = sizeof(sqlite_output_options),
    .options = options_table,
    .output = &output,
};
