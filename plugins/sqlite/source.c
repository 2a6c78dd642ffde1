/* SPDX-License-Identifier: MIT
 *
 * The source `sqlite`: the rows of a table or a query of a file of SQLite, which is opened
 * for reading only. A row's place is what was asked and the number of the row.
 */
#include <carpel/plugin.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/columns.h"
#include "common/files.h"
#include "common/growing.h"
#include "common/memory.h"
#include "common/names.h"
#include "common/sql.h"
#include "common/stream.h"
#include "sqlite/database.h"
#include "sqlite/fits.h"

enum { MOST_TABLES = 200 }; /* that a message names */
#define LOOK_SECONDS 0.5

typedef struct sqlite_options {
    const char *file, *table, *query, *growing;
    double wait;
} sqlite_options;

static const carpel_option options_table[] = {
    {.name = "file",
     .type = CARPEL_OPTION_PATH,
     .offset = offsetof(sqlite_options, file),
     .required = true,
     .help = "The file of the database; nothing is written to it."},
    {.name = "table",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(sqlite_options, table),
     .help = "The table or view to read, by its name alone."},
    {.name = "query",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(sqlite_options, query),
     .help = "In the place of `table`: one statement that yields rows."},
    GROWING_OPTION(offsetof(sqlite_options, growing)),
    {.name = "wait",
     .type = CARPEL_OPTION_NUMBER,
     .offset = offsetof(sqlite_options, wait),
     .default_text = "10",
     .maximum = 3600,
     .help = "How many seconds to wait for the lock of another program."},
    {0}};

typedef struct sqlite_source {
    const carpel_host *host;
    const carpel_request *request;
    database database;
    sqlite3_stmt *statement;
    found_columns fields;
    growing growing;
    int growing_field;
    bool has_row; /* the statement stands on one that was not added yet */
    uint64_t row;
    char *place;
} sqlite_source;

/* ---- cells ------------------------------------------------------------------------ */

/* A number of a time has to be told its unit, which the host does with digits. */
static bool is_moment(carpel_type type)
{
    return type == CARPEL_TIME || type == CARPEL_DATE || type == CARPEL_DURATION;
}

static void set_whole(const sqlite_source *s, carpel_rows *rows, size_t column,
                      sqlite3_int64 value)
{
    char digits[24];
    if (!is_moment(s->request->columns[column].type)) {
        s->host->row_set_int(rows, column, value);
        return;
    }
    int size = snprintf(digits, sizeof digits, "%lld", (long long)value);
    s->host->row_set_text(rows, column, digits, (size_t)size, false);
}

static void refuse_blob(const sqlite_source *s, carpel_rows *rows, size_t column)
{
    char reason[200];
    snprintf(reason, sizeof reason,
             "column \"%.100s\": it is a blob, not a text; in a query, cast(... as text)",
             s->request->columns[column].from);
    s->host->row_refuse(rows, reason);
}

static void set_cell(const sqlite_source *s, carpel_rows *rows, size_t column, int field)
{
    sqlite3_stmt *row = s->statement;
    switch (sqlite3_column_type(row, field)) {
    case SQLITE_INTEGER:
        set_whole(s, rows, column, sqlite3_column_int64(row, field));
        break;
    case SQLITE_FLOAT:
        s->host->row_set_number(rows, column, sqlite3_column_double(row, field));
        break;
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_column_text(row, field);
        s->host->row_set_text(rows, column, text ? text : "",
                              (size_t)sqlite3_column_bytes(row, field), true);
        break;
    }
    case SQLITE_BLOB: refuse_blob(s, rows, column); break;
    default: break; /* NULL: it stays missing */
    }
}

static bool is_present(void *context, size_t field)
{
    const sqlite_source *s = context;
    return sqlite3_column_type(s->statement, (int)field) != SQLITE_NULL;
}

static void add_row(sqlite_source *s, carpel_rows *rows)
{
    s->host->row_begin(rows, ++s->row);
    for (size_t i = 0; i < s->request->column_count; i++) {
        size_t field = found_columns_choose(&s->fields, i, is_present, s);
        if (field != NO_COLUMN)
            set_cell(s, rows, i, (int)field);
    }
    s->host->row_end(rows);
}

/* ---- going on --------------------------------------------------------------------- */

/* A value with its type before it: the text "12" and the number 12 are two places. */
static void write_value(sqlite3_stmt *row, int field, buffer *out)
{
    char number[40];
    switch (sqlite3_column_type(row, field)) {
    case SQLITE_INTEGER:
        snprintf(number, sizeof number, "i%lld",
                 (long long)sqlite3_column_int64(row, field));
        buffer_add(out, number);
        break;
    case SQLITE_FLOAT:
        snprintf(number, sizeof number, "r%.17g", sqlite3_column_double(row, field));
        buffer_add(out, number);
        break;
    default:
        buffer_add(out, "t");
        buffer_add(out, (const char *)sqlite3_column_text(row, field));
        break;
    }
}

static bool bind_cursor(sqlite3_stmt *statement, const char *cursor, carpel_error *err)
{
    switch (cursor[0]) {
    case 'i': sqlite3_bind_int64(statement, 1, strtoll(cursor + 1, NULL, 10)); break;
    case 'r': sqlite3_bind_double(statement, 1, strtod(cursor + 1, NULL)); break;
    case 't': sqlite3_bind_text(statement, 1, cursor + 1, -1, SQLITE_TRANSIENT); break;
    default:
        return carpel_fail(err, CARPEL_E_INPUT,
                           "the place \"%s\" is none that this plugin kept", cursor);
    }
    return true;
}

/* Does the row at hand stay for the next batch? */
static bool begins_batch(sqlite_source *s, const carpel_rows *rows)
{
    buffer value = {0};
    if (!s->growing.column)
        return s->host->rows_is_full(rows);
    write_value(s->statement, s->growing_field, &value);
    bool stays = s->host->rows_is_full(rows) &&
                 growing_is_new(&s->growing, value.data, value.size);
    if (!stays)
        growing_take(&s->growing, value.data, value.size);
    buffer_done(&value);
    return stays;
}

static bool tell_cursor(struct ArrowArrayStream *stream, char *out, size_t capacity,
                        carpel_error *err)
{
    const sqlite_source *s = row_stream_state(stream);
    return growing_tell(&s->growing, out, capacity, err);
}

static const carpel_resuming resuming = {
    .struct_size = sizeof resuming, .cursor = tell_cursor, .enabling_option = "growing"};

/* ---- the stream ------------------------------------------------------------------- */

static bool fill(void *state, carpel_rows *rows, bool *is_over, carpel_error *err)
{
    sqlite_source *s = state;
    if (s->row == 0)
        s->host->rows_begin_file(rows, s->place);
    for (;;) {
        if (!s->has_row) {
            int result = sqlite3_step(s->statement);
            *is_over = result == SQLITE_DONE;
            if (result != SQLITE_ROW)
                return *is_over || database_fail(&s->database, err);
        }
        s->has_row = begins_batch(s, rows);
        if (s->has_row)
            return true;
        add_row(s, rows);
    }
}

static void close_source(void *state)
{
    sqlite_source *s = state;
    sqlite3_finalize(s->statement);
    database_close(&s->database);
    found_columns_done(&s->fields);
    growing_done(&s->growing);
    free(s->place);
    free(s);
}

/* ---- opening ---------------------------------------------------------------------- */

/* There is no such table: name those that there are. */
static bool fail_table(const sqlite_source *s, const char *wanted, carpel_error *err)
{
    char *names[MOST_TABLES];
    size_t count = 0;
    sqlite3_stmt *tables;
    if (!database_prepare(
            &s->database,
            "select name from sqlite_schema where type in ('table', 'view') "
            "and name not like 'sqlite\\_%' escape '\\' order by name",
            &tables, err))
        return false;
    while (count < MOST_TABLES && sqlite3_step(tables) == SQLITE_ROW)
        names[count++] = common_copy((const char *)sqlite3_column_text(tables, 0),
                                     (size_t)sqlite3_column_bytes(tables, 0));
    names_fail(err, s->database.name, "table", wanted, (const char *const *)names, count);
    while (count > 0)
        free(names[--count]);
    sqlite3_finalize(tables);
    return false;
}

static bool has_table(const sqlite_source *s, const char *name, bool *out,
                      carpel_error *err)
{
    sqlite3_stmt *found;
    if (!database_prepare(&s->database, "select 1 from pragma_table_info(?)", &found,
                          err))
        return false;
    sqlite3_bind_text(found, 1, name, -1, SQLITE_STATIC);
    *out = sqlite3_step(found) == SQLITE_ROW;
    sqlite3_finalize(found);
    return true;
}

static bool prepare_table(sqlite_source *s, const char *table, carpel_error *err)
{
    bool is_there;
    buffer text = {0};
    if (!has_table(s, table, &is_there, err))
        return false;
    if (!is_there)
        return fail_table(s, table, err);
    buffer_add(&text, "select * from ");
    sql_add_name(&text, table);
    bool ok = database_prepare(&s->database, text.data, &s->statement, err);
    buffer_done(&text);
    return ok;
}

/* Of the rows that `asked` yields those behind the cursor, in the order of the column. */
static bool prepare_growing(sqlite_source *s, const char *asked, carpel_error *err)
{
    buffer text = {0};
    const char *column = s->growing.column;
    buffer_add(&text, "select * from (");
    buffer_add_bytes(&text, asked, strcspn(asked, ";"));
    buffer_add(&text, "\n) where ");
    sql_add_name(&text, column);
    buffer_add(&text, s->growing.last ? " > ?" : " is not null");
    buffer_add(&text, " order by ");
    sql_add_name(&text, column);
    sqlite3_finalize(s->statement);
    bool ok = database_prepare(&s->database, text.data, &s->statement, err) &&
              (!s->growing.last || bind_cursor(s->statement, s->growing.last, err));
    buffer_done(&text);
    return ok;
}

static bool prepare_query(sqlite_source *s, const char *query, carpel_error *err)
{
    if (!database_prepare(&s->database, query, &s->statement, err))
        return false;
    if (!s->statement || sqlite3_column_count(s->statement) == 0 ||
        !sqlite3_stmt_readonly(s->statement))
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "\"query\" has to be one statement that yields rows and writes "
            "nothing, such as \"select ...\"");
    if (sqlite3_bind_parameter_count(s->statement) > 0)
        return carpel_fail(err, CARPEL_E_INPUT,
                           "\"query\" has a parameter \"%s\", which nothing fills in",
                           sqlite3_bind_parameter_name(s->statement, 1)
                               ? sqlite3_bind_parameter_name(s->statement, 1)
                               : "?");
    return true;
}

static bool find_fields(sqlite_source *s, carpel_error *err)
{
    char where[300];
    size_t count = (size_t)sqlite3_column_count(s->statement);
    const char **names = common_alloc(count, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = sqlite3_column_name(s->statement, (int)i);
    snprintf(where, sizeof where, "\"%.290s\"", s->place);
    for (size_t i = 0; i < count && s->growing.column; i++)
        if (strcmp(names[i], s->growing.column) == 0)
            s->growing_field = (int)i;
    bool ok = found_columns_init(&s->fields, s->request, where, false, names, count, err);
    free(names);
    return ok;
}

static bool has_growing(const sqlite_source *s)
{
    int field = 0, count = sqlite3_column_count(s->statement);
    while (field < count &&
           strcmp(sqlite3_column_name(s->statement, field), s->growing.column) != 0)
        field++;
    return field < count;
}

static bool go_on(sqlite_source *s, carpel_error *err)
{
    buffer asked = {0};
    if (!has_growing(s))
        return carpel_fail(err, CARPEL_E_INPUT,
                           "\"%s\" has no column \"%s\", which is said to be growing",
                           s->place, s->growing.column);
    buffer_add(&asked, sqlite3_sql(s->statement));
    bool ok = prepare_growing(s, asked.data, err);
    buffer_done(&asked);
    return ok;
}

static bool open_rows(sqlite_source *s, carpel_error *err)
{
    const sqlite_options *options = s->request->options;
    const char *name = files_short_name(s->request, options->file);
    const char *asked = options->table ? options->table : options->query;
    buffer place = {0};
    growing_begin(&s->growing, options->growing, s->request->cursor);
    if (!options->table == !options->query)
        return carpel_fail(err, CARPEL_E_INPUT,
                           "say what to read of \"%s\": either \"table\" or \"query\"",
                           name);
    buffer_add(&place, name);
    buffer_add(&place, ": ");
    buffer_add_one_line(&place, asked, 100);
    if (s->growing.last) {
        buffer_add(&place, " after ");
        buffer_add_one_line(&place, s->growing.last + 1, 40);
    }
    s->place = place.data;
    return database_open(&s->database, options->file, name, s->host, options->wait,
                         err) &&
           (options->table ? prepare_table(s, asked, err)
                           : prepare_query(s, asked, err)) &&
           (!options->growing || go_on(s, err)) && find_fields(s, err);
}

static bool open_source(const carpel_host *host, const carpel_request *request,
                        struct ArrowArrayStream *out, carpel_error *err)
{
    sqlite_source *s = common_alloc(1, sizeof *s);
    s->host = host;
    s->request = request;
    if (!open_rows(s, err)) {
        close_source(s);
        return false;
    }
    row_stream_open(host, request,
                    (row_source){.state = s, .fill = fill, .close = close_source}, out);
    return true;
}

/* Is what would be read there? */
static carpel_reach check(const carpel_host *host, const carpel_inquiry *inquiry,
                          carpel_error *err)
{
    const carpel_request request = columns_ask_told(inquiry);
    const sqlite_options *options = inquiry->options;
    sqlite_source *s = common_alloc(1, sizeof *s);
    *s = (sqlite_source){.host = host, .request = &request};
    bool ok = open_rows(s, err);
    database_hurry(&s->database, LOOK_SECONDS); /* at rows, for what they show */
    ok = ok && fits_check(host, &request, &s->fields, s->statement, s->place, err);
    carpel_reach reach = ok                                 ? CARPEL_REACHED
                         : access(options->file, F_OK) != 0 ? CARPEL_NO_DATA
                         : access(options->file, R_OK) != 0 ? CARPEL_DENIED
                                                            : database_reach(err);
    close_source(s);
    return reach;
}

/* ---- telling what there is --------------------------------------------------------- */

static void tell_row(const sqlite_source *s, const carpel_view *view)
{
    sqlite3_stmt *row = s->statement;
    for (int i = 0; i < sqlite3_column_count(row); i++) {
        int type = sqlite3_column_type(row, i);
        const char *text = (const char *)sqlite3_column_text(row, i);
        if (type != SQLITE_NULL && type != SQLITE_BLOB && text)
            view->row_field(view->context, sqlite3_column_name(row, i), text,
                            (size_t)sqlite3_column_bytes(row, i), type == SQLITE_TEXT);
    }
}

static bool tell_rows(sqlite_source *s, const carpel_view *view, carpel_error *err)
{
    int result;
    for (int i = 0; i < sqlite3_column_count(s->statement); i++)
        view->field(view->context, sqlite3_column_name(s->statement, i));
    while ((result = sqlite3_step(s->statement)) == SQLITE_ROW) {
        if (!view->row_begin(view->context, ++s->row))
            return true;
        tell_row(s, view);
        view->row_end(view->context);
    }
    return result == SQLITE_DONE || database_fail(&s->database, err);
}

static bool discover(const carpel_host *host, const carpel_inquiry *inquiry,
                     const carpel_view *view, carpel_error *err)
{
    const carpel_request request = columns_ask_none(inquiry);
    sqlite_source *s = common_alloc(1, sizeof *s);
    *s = (sqlite_source){.host = host, .request = &request};
    bool ok = open_rows(s, err) && tell_rows(s, view, err);
    close_source(s);
    return ok;
}

static const carpel_source source = {.struct_size = sizeof(carpel_source),
                                     .open = open_source,
                                     .resuming = &resuming,
                                     .check = check,
                                     .discover = discover};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "sqlite",
    .version = "1.0",
    .summary = "Rows of a table or a query of a file of SQLite.",
    .manual =
        "sources:\n"
        "  - plugin: sqlite\n"
        "    file: shop.db\n"
        "    table: orders\n"
        "    person: customer\n"
        "    time: {from: placed, format: unix}\n"
        "    event: purchase\n"
        "\n"
        "The file is opened for reading only. A number of a time, date or duration needs "
        "a "
        "`format`;\n"
        "blobs are refused. With `query: select ... from ... join ...` any one statement "
        "that yields\n"
        "rows is read.\n",
    .options_size = sizeof(sqlite_options),
    .options = options_table,
    .source = &source,
};
