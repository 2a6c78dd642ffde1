/* SPDX-License-Identifier: MIT
 *
 * What the options ask for, as statements.
 */
#include <stdio.h>
#include <string.h>

#include "common/memory.h"
#include "common/names.h"
#include "common/sql.h"
#include "postgres/source.h"

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

/* ---- its columns ------------------------------------------------------------------ */

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
    if (ok && PQnparams(*out) > 0)
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "\"query\" has a parameter such as $1, which nothing fills in");
    return ok;
}

/* "{23,25}": a number of each column's type. */
static void add_numbers(const PGresult *described, bool are_modifiers, buffer *out)
{
    char number[24];
    buffer_add(out, "{");
    for (int i = 0; i < PQnfields(described); i++) {
        long long value = are_modifiers ? (long long)PQfmod(described, i)
                                        : (long long)PQftype(described, i);
        snprintf(number, sizeof number, i == 0 ? "%lld" : ",%lld", value);
        buffer_add(out, number);
    }
    buffer_add(out, "}");
}

/* The names of their types, and of arrays the types of their items. */
static bool ask_types(postgres_source *s, asked_columns *a, carpel_error *err)
{
    buffer types = {0}, modifiers = {0};
    add_numbers(a->described, false, &types);
    add_numbers(a->described, true, &modifiers);
    const char *const parameters[] = {types.data, modifiers.data};
    bool ok = server_run(
        &s->server,
        "select coalesce(t.typelem, 0), format_type(c.type, c.modifier) from "
        "unnest($1::oid[], $2::int[]) with ordinality as c(type, modifier, at) left join "
        "pg_catalog.pg_type t on t.oid = c.type and t.typcategory = 'A' order by c.at",
        parameters, 2, &a->told, NULL, err);
    buffer_done(&types);
    buffer_done(&modifiers);
    return ok;
}

bool asked_describe(postgres_source *s, asked_columns *out, carpel_error *err)
{
    *out = (asked_columns){0};
    if (!describe(s, &out->described, err) || !ask_types(s, out, err))
        return false;
    out->count = (size_t)PQnfields(out->described);
    out->names = common_alloc(out->count, sizeof *out->names);
    out->types = common_alloc(out->count, sizeof *out->types);
    for (size_t i = 0; i < out->count; i++) {
        column_type *t = &out->types[i];
        out->names[i] = PQfname(out->described, (int)i);
        t->number = PQftype(out->described, (int)i);
        t->modifier = PQfmod(out->described, (int)i);
        t->item = (Oid)strtoul(PQgetvalue(out->told, (int)i, 0), NULL, 10);
        snprintf(t->name, sizeof t->name, "%s", PQgetvalue(out->told, (int)i, 1));
    }
    return true;
}

void asked_done(asked_columns *a)
{
    PQclear(a->described);
    PQclear(a->told);
    free(a->names);
    free(a->types);
}

sent_column *asked_send(postgres_source *s, size_t place)
{
    copy_rows *c = &s->copy;
    c->sent = common_resize(c->sent, (c->sent_count + 1) * sizeof *c->sent);
    sent_column *sent = &c->sent[c->sent_count++];
    *sent = (sent_column){.place = place};
    return sent;
}

/* ---- its rows --------------------------------------------------------------------- */

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

bool asked_write_copy(postgres_source *s, const asked_columns *asked, size_t limit,
                      buffer *out, carpel_error *err)
{
    char number[40];
    buffer_add(out, "copy (select ");
    for (size_t i = 0; i < s->copy.sent_count; i++) {
        buffer_add(out, i == 0 ? "rows." : ", rows.");
        sql_add_name(out, asked->names[s->copy.sent[i].place]);
        buffer_add(out, form_cast(&s->copy.sent[i]));
    }
    buffer_add(out, " from ");
    add_asked(s->request->options, out);
    if (!add_condition(s, out, err))
        return false;
    snprintf(number, sizeof number, limit > 0 ? " limit %zu" : "", limit);
    buffer_add(out, number);
    buffer_add(out, ") to stdout (format binary)");
    return true;
}

void asked_write_look(const postgres_source *s, buffer *out)
{
    buffer_add(out, "select from ");
    add_asked(s->request->options, out);
    if (s->growing.column) {
        buffer_add(out, " order by ");
        add_growing(s, out);
    }
    buffer_add(out, " limit 0");
}
