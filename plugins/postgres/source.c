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
#include "common/stream.h"
#include "postgres/source.h"

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

void postgres_close(void *state)
{
    postgres_source *s = state;
    server_close(&s->server);
    found_columns_done(&s->fields);
    growing_done(&s->growing);
    copy_done(&s->copy);
    whole_free(s->whole);
    buffer_done(&s->group);
    free(s->copy.sent);
    free(s->place);
    free(s);
}

/* ---- opening ---------------------------------------------------------------------- */

/* One column of the answer for each candidate of a wanted column. */
static bool choose_forms(postgres_source *s, const asked_columns *asked,
                         carpel_error *err)
{
    for (size_t i = 0; i < s->request->column_count; i++) {
        const carpel_column *wanted = &s->request->columns[i];
        for (size_t *place = s->fields.places[i]; *place != NO_COLUMN; place++) {
            const char *reason;
            sent_column *c = asked_send(s, *place);
            if (!form_choose(&asked->types[*place], wanted, c, &reason))
                return carpel_fail(err, CARPEL_E_INPUT, "column \"%s\" of \"%s\": %s",
                                   asked->names[*place], s->place, reason);
            if (s->only_looks && !postgres_fits(s, &asked->types[*place],
                                                asked->names[*place], wanted, err))
                return false;
            *place = s->copy.sent_count - 1;
        }
    }
    return true;
}

/* The growing column is sent as one more, as the text that a cursor is. */
static bool add_growing_column(postgres_source *s, const asked_columns *asked,
                               carpel_error *err)
{
    if (!s->growing.column)
        return true;
    for (size_t i = 0; i < asked->count; i++) {
        if (strcmp(asked->names[i], s->growing.column) != 0)
            continue;
        asked_send(s, i)->form = FORM_TEXT;
        s->growing_place = s->copy.sent_count - 1;
        s->growing_limit =
            form_limit(asked->types[i].number, PQserverVersion(s->server.connection));
        return true;
    }
    return carpel_fail(err, CARPEL_E_INPUT,
                       "\"%s\" has no column \"%s\", which is said to be growing",
                       s->place, s->growing.column);
}

static bool find_fields(postgres_source *s, const asked_columns *asked, carpel_error *err)
{
    char where[300];
    snprintf(where, sizeof where, "\"%.290s\"", s->place);
    return found_columns_init(&s->fields, s->request, where, true, asked->names,
                              asked->count, err) &&
           choose_forms(s, asked, err) && add_growing_column(s, asked, err);
}

/* What a query names was found before, so all that the server can miss is an order. */
static void explain_order(const postgres_source *s, const char *state, carpel_error *err)
{
    static const char undefined_function[] = "42883";
    if (s->growing.column && strcmp(state, undefined_function) == 0)
        carpel_fail(
            err, CARPEL_E_INPUT,
            "the column \"%s\" cannot be the growing one: PostgreSQL has no order "
            "for values of its type",
            s->growing.column);
}

/* Ask for the rows; or, to look alone, for none. */
static bool begin_rows(postgres_source *s, carpel_error *err)
{
    char state[6] = "";
    asked_columns asked;
    buffer text = {0};
    bool ok = asked_describe(s, &asked, err) && find_fields(s, &asked, err);
    if (ok && s->only_looks)
        asked_write_look(s, &text);
    else if (ok)
        ok = asked_write_copy(s, &asked, 0, &text, err);
    if (ok && !server_run(&s->server, text.data, NULL, 0, NULL, state, err)) {
        explain_order(s, state, err);
        ok = false;
    }
    buffer_done(&text);
    asked_done(&asked);
    return ok;
}

bool postgres_open(postgres_source *s, carpel_error *err)
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
    s->copy.server = &s->server;
    return server_open(&s->server, &options->server, s->host, true, err);
}

static bool open_source(const carpel_host *host, const carpel_request *request,
                        struct ArrowArrayStream *out, carpel_error *err)
{
    postgres_source *s = common_alloc(1, sizeof *s);
    s->host = host;
    s->request = request;
    if (!postgres_open(s, err) || !begin_rows(s, err)) {
        postgres_close(s);
        return false;
    }
    row_stream_open(host, request,
                    (row_source){.state = s,
                                 .fill = postgres_fill,
                                 .take = postgres_take,
                                 .close = postgres_close},
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
    bool ok = postgres_open(s, err) && begin_rows(s, err);
    carpel_reach reach = ok ? CARPEL_REACHED : s->server.reach;
    postgres_close(s);
    return reach;
}

static const carpel_source source = {.struct_size = sizeof(carpel_source),
                                     .open = open_source,
                                     .resuming = &resuming,
                                     .check = check,
                                     .discover = postgres_discover};

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
