/* SPDX-License-Identifier: MIT
 *
 * The source `adbc`: the rows of a table or a query of any database that has a driver of Arrow's
 * database connectivity. A row's place is what was asked and the number of the row.
 */
#include <carpel/plugin.h>

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "adbc/cursor.h"
#include "adbc/place.h"
#include "adbc/source.h"
#include "common/memory.h"
#include "common/sql.h"
#include "common/stream.h"

static const carpel_option options_table[] = {
    SESSION_OPTIONS(offsetof(adbc_options, session)),
    {.name = "schema",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(adbc_options, schema),
     .help = "The schema of the table; default: the one that the database takes."},
    {.name = "table",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(adbc_options, table),
     .help = "The table or view to read, by its name alone."},
    {.name = "query",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(adbc_options, query),
     .help = "In the place of `table`: one statement that yields rows; {project} is the "
             "project's folder."},
    GROWING_OPTION(offsetof(adbc_options, growing)),
    {0}};

static bool tell_cursor(struct ArrowArrayStream *stream, char *out, size_t capacity,
                        carpel_error *err)
{
    const adbc_source *s = row_stream_state(stream);
    const adbc_options *options = s->request->options;
    char place[PLACE_SIZE];
    place_write(&options->session, place);
    size_t size = (size_t)snprintf(out, capacity, "@%s", place);
    return growing_tell(&s->growing, out + size, capacity - size, err);
}

static const carpel_resuming resuming = {
    .struct_size = sizeof resuming, .cursor = tell_cursor, .enabling_option = "growing"};

void adbc_close(void *state)
{
    adbc_source *s = state;
    for (size_t i = 0; i < s->batch_count; i++)
        if (s->batches[i].release)
            s->batches[i].release(&s->batches[i]);
    free(s->batches);
    if (s->schema.release)
        s->schema.release(&s->schema);
    if (s->stream.release)
        s->stream.release(&s->stream);
    session_close(&s->session);
    found_columns_done(&s->fields);
    growing_done(&s->growing);
    whole_free(s->whole);
    free(s->forms);
    free(s->place);
    free(s);
}

/* ---- what is asked ----------------------------------------------------------------- */

static void add_table(const adbc_options *options, buffer *out)
{
    if (options->schema) {
        sql_add_name(out, options->schema);
        buffer_add(out, ".");
    }
    sql_add_name(out, options->table);
}

/* The query without what it ends with, which would end inside of brackets. */
static void add_query(const adbc_source *s, const char *query, buffer *out)
{
    session_add_text(s->request->project_directory, query, true, out);
    while (out->size > 0 && strchr(" \t\r\n;", out->data[out->size - 1]))
        out->data[--out->size] = '\0';
}

/* Of a table only the columns that are wanted are asked for. */
static void add_columns(const adbc_source *s, const struct ArrowSchema *table,
                        buffer *out)
{
    const char *between = "";
    for (int64_t c = 0; c < table->n_children; c++) {
        const char *name = table->children[c]->name;
        if (!name)
            continue;
        bool is_wanted = s->growing.column && strcmp(name, s->growing.column) == 0;
        for (size_t i = 0; i < s->request->column_count && !is_wanted; i++) {
            is_wanted = strcmp(name, s->request->columns[i].from) == 0;
            for (size_t o = 0; o < columns_count_others(s->request, i); o++)
                is_wanted |= strcmp(name, s->request->columns[i].others[o]) == 0;
        }
        if (!is_wanted)
            continue;
        buffer_add(out, between);
        sql_add_name(out, name);
        between = ", ";
    }
    buffer_add(out, between[0] == '\0' ? "*" : "");
}

/* Of the rows those behind the cursor, in the order of the column; to look alone, none. */
static bool add_condition(const adbc_source *s, buffer *out, carpel_error *err)
{
    if (s->only_looks) {
        buffer_add(out, " where 1 = 0");
        return true;
    }
    if (!s->growing.column)
        return true;
    buffer_add(out, " where ");
    sql_add_name(out, s->growing.column);
    if (!s->growing.last) {
        buffer_add(out, " is not null");
    } else {
        buffer_add(out, " > ");
        if (!cursor_add_literal(s->growing.last, out, err))
            return false;
    }
    buffer_add(out, " order by ");
    sql_add_name(out, s->growing.column);
    return true;
}

/* Is it a query that can stand within brackets, and not another statement that yields rows? */
static bool is_query(const char *text)
{
    text += strspn(text, " \t\r\n(");
    return strncasecmp(text, "select", 6) == 0 || strncasecmp(text, "with", 4) == 0;
}

static bool add_asked(const adbc_source *s, const char *query, buffer *out,
                      carpel_error *err)
{
    bool is_within = s->growing.column || (s->only_looks && is_query(query));
    buffer_add(out, is_within ? "select * from (" : "");
    add_query(s, query, out);
    buffer_add(out, is_within ? "\n) as carpel_rows" : "");
    return !is_within || add_condition(s, out, err);
}

static bool add_statement(adbc_source *s, buffer *out, carpel_error *err)
{
    const adbc_options *options = s->request->options;
    struct ArrowSchema table;
    bool is_told;
    if (options->query)
        return add_asked(s, options->query, out, err);
    if (!session_table_schema(&s->session, options->schema, options->table, &table,
                              &is_told, err))
        return false;
    buffer_add(out, "select ");
    if (is_told)
        add_columns(s, &table, out);
    else
        buffer_add(out, "*");
    if (table.release)
        table.release(&table);
    buffer_add(out, " from ");
    add_table(options, out);
    return add_condition(s, out, err);
}

/* ---- columns ----------------------------------------------------------------------- */

const char *adbc_field_name(const adbc_source *s, size_t field)
{
    const char *name = s->schema.children[field]->name;
    return name ? name : "";
}

/* For a check: do the values of a column fit as well? */
static bool check_fit(const adbc_source *s, size_t field, const carpel_column *wanted,
                      carpel_error *err)
{
    char word[FORM_WORD_SIZE], sql[FIT_WORD_SIZE];
    const stored_type stored =
        form_stored(&s->forms[field], s->schema.children[field], word);
    return !s->only_looks ||
           fit_check(s->host, &stored, wanted, adbc_field_name(s, field), s->place,
                     fit_sql_word(wanted, sql), err);
}

/* Every wanted column has a form that suits it. */
static bool check_forms(const adbc_source *s, carpel_error *err)
{
    for (size_t i = 0; i < s->request->column_count; i++)
        for (const size_t *place = s->fields.places[i]; *place != NO_COLUMN; place++) {
            const struct ArrowSchema *schema = s->schema.children[*place];
            const char *reason;
            if (!form_suits(&s->forms[*place], schema, &s->request->columns[i], &reason))
                return carpel_fail(err, CARPEL_E_INPUT,
                                   "column \"%s\" of \"%s\" (Arrow's \"%.20s\"): %s",
                                   adbc_field_name(s, *place), s->place,
                                   form_format(schema), reason);
            if (!check_fit(s, *place, &s->request->columns[i], err))
                return false;
        }
    return true;
}

static bool find_growing(adbc_source *s, carpel_error *err)
{
    for (s->growing_field = 0; s->growing_field < (size_t)s->schema.n_children;
         s->growing_field++)
        if (strcmp(adbc_field_name(s, s->growing_field), s->growing.column) == 0)
            return cursor_check(&s->forms[s->growing_field], s->growing.column, err);
    return carpel_fail(err, CARPEL_E_INPUT,
                       "\"%s\" has no column \"%s\", which is said to be growing",
                       s->place, s->growing.column);
}

static bool find_fields(adbc_source *s, carpel_error *err)
{
    char where[300];
    size_t count = (size_t)s->schema.n_children;
    s->session.reach = CARPEL_NO_DATA;
    const char **names = common_alloc(count, sizeof *names);
    s->forms = common_alloc(count, sizeof *s->forms);
    for (size_t i = 0; i < count; i++) {
        names[i] = adbc_field_name(s, i);
        s->forms[i] = form_of(s->schema.children[i]);
    }
    snprintf(where, sizeof where, "\"%.290s\"", s->place);
    bool ok = found_columns_init(&s->fields, s->request, where, true, names, count, err);
    free(names);
    return ok && check_forms(s, err) && (!s->growing.column || find_growing(s, err));
}

/* ---- opening ----------------------------------------------------------------------- */

static bool take_options(adbc_source *s, carpel_error *err)
{
    const adbc_options *options = s->request->options;
    buffer place = {0};
    const char *last = s->request->cursor;
    if (last && !place_take(&options->session, last, &last, err))
        return false;
    growing_begin(&s->growing, options->growing, last && last[0] ? last : NULL);
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
        buffer_add_one_line(&place, s->growing.last + 1, 40);
    }
    s->place = place.data;
    return true;
}

/* Whatever the statement changes is taken back at the end, where there are transactions. */
static bool begin_rows(adbc_source *s, carpel_error *err)
{
    const adbc_options *options = s->request->options;
    buffer statement = {0};
    bool can_take_back;
    bool ok = session_open(&s->session, &options->session, s->host,
                           s->request->project_directory, false, err) &&
              session_begin(&s->session, &can_take_back, err) &&
              add_statement(s, &statement, err) &&
              session_query(&s->session, statement.data, &s->stream, err) &&
              session_schema(&s->session, &s->stream, &s->schema, err);
    buffer_done(&statement);
    return ok;
}

bool adbc_open(adbc_source *s, carpel_error *err)
{
    return take_options(s, err) && begin_rows(s, err) && find_fields(s, err);
}

static bool open_source(const carpel_host *host, const carpel_request *request,
                        struct ArrowArrayStream *out, carpel_error *err)
{
    adbc_source *s = common_alloc(1, sizeof *s);
    s->host = host;
    s->request = request;
    if (!adbc_open(s, err)) {
        adbc_close(s);
        return false;
    }
    row_stream_open(
        host, request,
        (row_source){
            .state = s, .fill = adbc_fill, .close = adbc_close, .take = adbc_take},
        out);
    return true;
}

/* Is what would be read there? */
static carpel_reach check(const carpel_host *host, const carpel_inquiry *inquiry,
                          carpel_error *err)
{
    const carpel_request request = columns_ask_told(inquiry);
    adbc_source *s = common_alloc(1, sizeof *s);
    *s = (adbc_source){.host = host,
                       .request = &request,
                       .session = {.reach = CARPEL_NO_DATA},
                       .only_looks = true};
    carpel_reach reach = adbc_open(s, err) ? CARPEL_REACHED : s->session.reach;
    adbc_close(s);
    return reach;
}

static const carpel_source source = {.struct_size = sizeof(carpel_source),
                                     .open = open_source,
                                     .resuming = &resuming,
                                     .check = check,
                                     .discover = adbc_discover};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "adbc",
    .version = "1.0",
    .summary = "Rows of any database that has a driver of Arrow's ADBC.",
    .manual =
        "sources:\n"
        "  - plugin: adbc\n"
        "    driver: drivers/libduckdb.so\n"
        "    query: select * from read_parquet('{project}/orders/*.parquet')\n"
        "    person: customer\n"
        "    time: placed\n"
        "    event: purchase\n"
        "\n"
        "A driver is a shared object for one sort of database: DuckDB's library, and "
        "those for\n"
        "Snowflake, BigQuery, Flight SQL, PostgreSQL, SQLite. What it wants to know "
        "stands "
        "in `uri`\n"
        "and `options`. It runs with all your rights. Names of tables and columns are "
        "put "
        "in double\n"
        "quotes; with `query` any one statement that yields rows is read.\n",
    .options_size = sizeof(adbc_options),
    .options = options_table,
    .source = &source,
};
