/* SPDX-License-Identifier: MIT
 *
 * The source `postgres`: the rows of a table or a query, which the server sends in binary
 * form as it finds them (COPY). Only the columns that are wanted travel, and nothing can
 * be written. A row's place is what was asked and the number of the row.
 */
#include <carpel/plugin.h>

#include <stdio.h>
#include <string.h>

#include "common/memory.h"
#include "common/names.h"
#include "common/sql.h"
#include "common/stream.h"
#include "postgres/source.h"

typedef struct postgres_options {
    server_options server;
    const char *schema, *table, *query, *growing;
} postgres_options;

static const carpel_option options_table[] = {
    SERVER_OPTIONS(offsetof(postgres_options, server)),
    {.name = "schema",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(postgres_options, schema),
     .help =
         "The schema of the table; default: the first that has it in the search path."},
    {.name = "table",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(postgres_options, table),
     .help = "The table or view to read, by its name alone."},
    {.name = "query",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(postgres_options, query),
     .help = "In the place of `table`: one statement that yields rows."},
    GROWING_OPTION(offsetof(postgres_options, growing)),
    {0}};

static bool tell_cursor(struct ArrowArrayStream *stream, char *out, size_t capacity,
                        carpel_error *err)
{
    const postgres_source *s = row_stream_state(stream);
    return growing_tell(&s->growing, out, capacity, err);
}

static const carpel_resuming resuming = {
    .struct_size = sizeof resuming, .cursor = tell_cursor, .enabling_option = "growing"};

static void close_source(void *state)
{
    postgres_source *s = state;
    server_close(&s->server);
    found_columns_done(&s->fields);
    growing_done(&s->growing);
    postgres_drop_message(s);
    whole_free(s->whole);
    free(s->sent);
    free(s->place);
    free(s);
}

/* ---- what is asked ---------------------------------------------------------------- */

/* The table, or the query in brackets. What a query ends with would end inside of them. */
static void add_asked(const postgres_options *options, buffer *out)
{
    if (options->query) {
        size_t size = strlen(options->query);
        while (size > 0 && strchr(" \t\r\n;", options->query[size - 1]))
            size--;
        buffer_add(out, "(");
        buffer_add_bytes(out, options->query, size);
        buffer_add(out, "\n) as rows");
        return;
    }
    if (options->schema) {
        sql_add_name(out, options->schema);
        buffer_add(out, ".");
    }
    sql_add_name(out, options->table);
    buffer_add(out, " as rows");
}

static const char *field_name(const PGresult *shape, size_t place)
{
    return PQfname(shape, (int)place);
}

/* One column of the answer for each candidate of a wanted column. */
static bool choose_forms(postgres_source *s, const PGresult *shape, carpel_error *err)
{
    for (size_t i = 0; i < s->request->column_count; i++) {
        const carpel_column *wanted = &s->request->columns[i];
        for (size_t *place = s->fields.places[i]; *place != NO_COLUMN; place++) {
            const char *reason;
            s->sent = common_resize(s->sent, (s->sent_count + 1) * sizeof *s->sent);
            sent_column *c = &s->sent[s->sent_count];
            *c = (sent_column){.place = *place};
            if (!binary_choose(PQftype(shape, (int)*place), wanted, &c->form, &reason))
                return carpel_fail(err, CARPEL_E_INPUT, "column \"%s\" of \"%s\": %s",
                                   field_name(shape, *place), s->place, reason);
            *place = s->sent_count++;
        }
    }
    return true;
}

static void add_growing(const postgres_source *s, buffer *out)
{
    buffer_add(out, "rows.");
    sql_add_name(out, s->growing.column);
}

/* Of the rows those behind the cursor, in the order of the column; not one behind which no other
 * would ever be. */
static bool add_condition(postgres_source *s, buffer *out, carpel_error *err)
{
    if (!s->growing.column)
        return true;
    buffer_add(out, " where ");
    add_growing(s, out);
    if (s->growing.last) {
        char *last = PQescapeLiteral(s->server.connection, s->growing.last,
                                     strlen(s->growing.last));
        if (!last)
            return server_fail(&s->server, NULL, err);
        buffer_add(out, " > ");
        buffer_add(out, last);
        PQfreemem(last);
    } else {
        buffer_add(out, " is not null");
    }
    if (s->growing_limit) {
        buffer_add(out, " and ");
        add_growing(s, out);
        buffer_add(out, " < '");
        buffer_add(out, s->growing_limit);
        buffer_add(out, "'");
    }
    buffer_add(out, " order by ");
    add_growing(s, out);
    return true;
}

static bool write_copy(postgres_source *s, const PGresult *shape, buffer *out,
                       carpel_error *err)
{
    buffer_add(out, "copy (select ");
    for (size_t i = 0; i < s->sent_count; i++) {
        buffer_add(out, i == 0 ? "rows." : ", rows.");
        sql_add_name(out, field_name(shape, s->sent[i].place));
        buffer_add(out, binary_cast(s->sent[i].form));
    }
    buffer_add(out, " from ");
    add_asked(s->request->options, out);
    if (!add_condition(s, out, err))
        return false;
    buffer_add(out, ") to stdout (format binary)");
    return true;
}

/* The growing column is sent as one more, as the text that a cursor is. */
static bool add_growing_column(postgres_source *s, const PGresult *shape,
                               carpel_error *err)
{
    if (!s->growing.column)
        return true;
    for (size_t i = 0; i < (size_t)PQnfields(shape); i++) {
        if (strcmp(field_name(shape, i), s->growing.column) != 0)
            continue;
        s->sent = common_resize(s->sent, (s->sent_count + 1) * sizeof *s->sent);
        s->sent[s->sent_count] = (sent_column){.place = i, .form = FORM_TEXT};
        s->growing_place = s->sent_count++;
        s->growing_limit =
            binary_limit(PQftype(shape, (int)i), PQserverVersion(s->server.connection));
        return true;
    }
    return carpel_fail(err, CARPEL_E_INPUT,
                       "\"%s\" has no column \"%s\", which is said to be growing",
                       s->place, s->growing.column);
}

static bool find_fields(postgres_source *s, const PGresult *shape, carpel_error *err)
{
    char where[300];
    size_t count = (size_t)PQnfields(shape);
    const char **names = common_alloc(count, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = field_name(shape, i);
    snprintf(where, sizeof where, "\"%.290s\"", s->place);
    bool ok = found_columns_init(&s->fields, s->request, where, true, names, count, err);
    free(names);
    return ok && choose_forms(s, shape, err);
}

/* There is no such table: name those that there are. */
static bool fail_table(postgres_source *s, const postgres_options *options,
                       carpel_error *err)
{
    PGresult *found;
    carpel_error other;
    char where[120];
    const char *schema = options->schema;
    if (!server_run(&s->server,
                    "select distinct table_name from information_schema.tables where "
                    "table_schema = coalesce($1, table_schema) and (table_schema = $1 or "
                    "table_schema = any (current_schemas(false))) order by 1 limit 200",
                    &schema, 1, &found, NULL, &other))
        return false;
    size_t count = (size_t)PQntuples(found);
    const char **names = common_alloc(count, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = PQgetvalue(found, (int)i, 0);
    if (schema)
        snprintf(where, sizeof where, "the schema \"%.100s\"", schema);
    names_fail(err, schema ? where : "the database", "table", options->table, names,
               count);
    free(names);
    PQclear(found);
    return false;
}

/* What columns there would be. Of a statement that is none, or two, the server says so. */
static bool describe(postgres_source *s, PGresult **out, carpel_error *err)
{
    const postgres_options *options = s->request->options;
    char state[6] = "";
    buffer text = {0};
    buffer_add(&text, "select * from ");
    add_asked(options, &text);
    PGconn *c = s->server.connection;
    bool ok = (PQsendPrepare(c, "", text.data, 0, NULL) ||
               server_fail(&s->server, NULL, err)) &&
              server_take(&s->server, NULL, state, err) &&
              (PQsendDescribePrepared(c, "") || server_fail(&s->server, NULL, err)) &&
              server_take(&s->server, out, state, err);
    buffer_done(&text);
    if (!ok && options->table && strcmp(state, "42P01") == 0)
        fail_table(s, options, err);
    if (ok && PQnparams(*out) > 0) {
        PQclear(*out);
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "\"query\" has a parameter such as $1, which nothing fills in");
    }
    return ok;
}

/* No row, but the rights that rows would need. */
static bool write_look(const postgres_source *s, buffer *out)
{
    buffer_add(out, "select from ");
    add_asked(s->request->options, out);
    buffer_add(out, " limit 0");
    return true;
}

static bool begin_copy(postgres_source *s, carpel_error *err)
{
    PGresult *shape;
    buffer text = {0};
    if (!describe(s, &shape, err))
        return false;
    bool ok = find_fields(s, shape, err) && add_growing_column(s, shape, err) &&
              (s->only_looks ? write_look(s, &text) : write_copy(s, shape, &text, err)) &&
              server_run(&s->server, text.data, NULL, 0, NULL, NULL, err);
    buffer_done(&text);
    PQclear(shape);
    return ok;
}

/* ---- opening ---------------------------------------------------------------------- */

static bool open_rows(postgres_source *s, carpel_error *err)
{
    const postgres_options *options = s->request->options;
    buffer place = {0};
    growing_begin(&s->growing, options->growing, s->request->cursor);
    if (!options->table == !options->query)
        return carpel_fail(err, CARPEL_E_INPUT,
                           "say what to read: either \"table\" or \"query\"");
    if (options->schema && options->table) {
        buffer_add(&place, options->schema);
        buffer_add(&place, ".");
    }
    buffer_add_one_line(&place, options->table ? options->table : options->query, 100);
    if (s->growing.last) {
        buffer_add(&place, " after ");
        buffer_add_one_line(&place, s->growing.last, 40);
    }
    s->place = place.data;
    return server_open(&s->server, &options->server, s->host, true, err) &&
           begin_copy(s, err);
}

static bool open_source(const carpel_host *host, const carpel_request *request,
                        struct ArrowArrayStream *out, carpel_error *err)
{
    postgres_source *s = common_alloc(1, sizeof *s);
    s->host = host;
    s->request = request;
    if (!open_rows(s, err)) {
        close_source(s);
        return false;
    }
    row_stream_open(host, request,
                    (row_source){.state = s,
                                 .fill = postgres_fill,
                                 .take = postgres_take,
                                 .close = close_source},
                    out);
    return true;
}

/* Is what would be read there? */
static carpel_reach check(const carpel_host *host, const carpel_inquiry *inquiry,
                          carpel_error *err)
{
    const carpel_request request = columns_ask_told(inquiry);
    postgres_source *s = common_alloc(1, sizeof *s);
    *s = (postgres_source){.host = host,
                           .request = &request,
                           .server = {.reach = CARPEL_NO_DATA},
                           .only_looks = true};
    bool ok = open_rows(s, err);
    carpel_reach reach = ok ? CARPEL_REACHED : s->server.reach;
    close_source(s);
    return reach;
}

/* ---- telling what there is --------------------------------------------------------- */

enum { TOLD_ROWS = 50000, NUMBER_OF_BYTEA = 17 };

/* Numbers of texts, as in pg_type.dat: text, bpchar, varchar. */
static bool is_of_texts(Oid type)
{
    return type == 25 || type == 1042 || type == 1043;
}

static void tell_answer(const PGresult *answer, const carpel_view *view)
{
    int rows = PQntuples(answer), fields = PQnfields(answer);
    for (int i = 0; i < fields; i++)
        view->field(view->context, PQfname(answer, i));
    for (int row = 0; row < rows; row++) {
        if (!view->row_begin(view->context, (uint64_t)row + 1))
            return;
        for (int i = 0; i < fields; i++)
            if (!PQgetisnull(answer, row, i) && PQftype(answer, i) != NUMBER_OF_BYTEA)
                view->row_field(
                    view->context, PQfname(answer, i), PQgetvalue(answer, row, i),
                    (size_t)PQgetlength(answer, row, i), is_of_texts(PQftype(answer, i)));
        view->row_end(view->context);
    }
}

static bool tell_rows(postgres_source *s, const carpel_view *view, carpel_error *err)
{
    PGresult *answer;
    buffer text = {0};
    char limit[40];
    snprintf(limit, sizeof limit, " limit %d", TOLD_ROWS);
    buffer_add(&text, "select * from ");
    add_asked(s->request->options, &text);
    buffer_add(&text, limit);
    bool ok = server_run(&s->server, text.data, NULL, 0, &answer, NULL, err);
    buffer_done(&text);
    if (!ok)
        return false;
    tell_answer(answer, view);
    PQclear(answer);
    return true;
}

static bool discover(const carpel_host *host, const carpel_inquiry *inquiry,
                     const carpel_view *view, carpel_error *err)
{
    const carpel_request request = columns_ask_none(inquiry);
    postgres_source *s = common_alloc(1, sizeof *s);
    *s = (postgres_source){.host = host, .request = &request, .only_looks = true};
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
    .name = "postgres",
    .version = "1.0",
    .summary = "Rows of a table or a query of a server of PostgreSQL.",
    .manual =
        "sources:\n"
        "  - plugin: postgres\n"
        "    host: db.example.org\n"
        "    database: shop\n"
        "    user: reader\n"
        "    table: orders\n"
        "    person: customer\n"
        "    time: placed\n"
        "    event: purchase\n"
        "\n"
        "With `query: select ... from ... join ...` any one statement that yields rows "
        "is "
        "read;\n"
        "nothing can be written. The password comes from the environment (`password:\n"
        "${PGPASSWORD}`) or ~/.pgpass. A timestamp without time zone is read in the "
        "source's\n"
        "`zone`, as a text would be.\n",
    .options_size = sizeof(postgres_options),
    .options = options_table,
    .source = &source,
};
