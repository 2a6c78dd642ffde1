/* SPDX-License-Identifier: MIT
 *
 * The rows of a COPY in binary form: each is a message, whose values are found and then put into columns
 * whole, or through the host's builder.
 */
#include <string.h>

#include "postgres/source.h"

static bool fail_form(carpel_error *err)
{
    return carpel_fail(
        err, CARPEL_E_SYSTEM,
        "the server's answer is not of the form that PostgreSQL describes");
}

static bool is_present(void *context, size_t place)
{
    const postgres_source *s = context;
    return s->sent[place].data != NULL;
}

/* Where the values of a row lie. */
static bool find_values(postgres_source *s, const char *data, size_t size, size_t *at,
                        carpel_error *err)
{
    for (size_t i = 0; i < s->sent_count; i++) {
        sent_column *c = &s->sent[i];
        if (size - *at < 4)
            return fail_form(err);
        int32_t length = binary_int32(data + *at);
        *at += 4;
        if (length > 0 && size - *at < (size_t)length)
            return fail_form(err);
        c->data = length < 0 ? NULL : data + *at;
        c->size = length < 0 ? 0 : (size_t)length;
        *at += c->size;
    }
    return true;
}

static bool add_row(postgres_source *s, carpel_rows *rows, carpel_error *err)
{
    bool ok = true;
    s->host->row_begin(rows, ++s->row);
    for (size_t i = 0; i < s->request->column_count; i++) {
        size_t place = found_columns_choose(&s->fields, i, is_present, s);
        if (place == NO_COLUMN)
            continue;
        const sent_column *c = &s->sent[place];
        ok &= binary_set(s->host, rows, i, &s->request->columns[i], c->form, c->data,
                         c->size);
    }
    s->host->row_end(rows);
    return ok || fail_form(err);
}

/* The head: a signature of 11 bytes, flags, and something that may be skipped. */
static bool skip_head(postgres_source *s, carpel_error *err)
{
    static const char signature[] = "PGCOPY\n\377\r\n";
    const char *data = s->message;
    s->at = 0;
    s->done_bytes += s->message_size;
    if (s->has_begun)
        return true;
    if (s->message_size < 19 || memcmp(data, signature, sizeof signature) != 0 ||
        s->message_size - 19 < (uint32_t)binary_int32(data + 15))
        return fail_form(err);
    s->at = 19 + (uint32_t)binary_int32(data + 15);
    s->has_begun = true;
    return true;
}

void postgres_drop_message(postgres_source *s)
{
    PQfreemem(s->message);
    s->message = NULL;
}

/* Does the row at hand stay for the next batch? */
static bool begins_batch(postgres_source *s, const carpel_rows *rows)
{
    if (s->whole && !s->goes_by_rows)
        return whole_is_full(s->whole);
    bool is_full = s->host->rows_is_full(rows);
    if (!s->growing.column)
        return is_full;
    const sent_column *c = &s->sent[s->growing_place];
    const char *value = c->data ? c->data : "";
    if (is_full && growing_is_new(&s->growing, value, c->size))
        return true;
    growing_take(&s->growing, value, c->size);
    return false;
}

/* Add the row at hand to the columns. One that does not fit goes through the builder, and those behind it
 * as well, so that batches do not get small: in this batch when it is the first, else in the next one. */
static bool add_whole(postgres_source *s, bool *stays)
{
    bool fits = whole_add(s->whole, s->row + 1);
    s->row += fits;
    s->goes_by_rows = !fits && whole_count(s->whole) == 0;
    s->is_odd = *stays = !fits && !s->goes_by_rows;
    return fits || *stays;
}

/* Add the next row of the message, unless it stays there for the next batch. */
static bool take_row(postgres_source *s, carpel_rows *rows, bool *stays,
                     carpel_error *err)
{
    size_t at = s->at;
    if (s->message_size - at < 2)
        return fail_form(err);
    int16_t count = binary_int16(s->message + at);
    at += 2;
    s->has_ended = count == -1;
    if (!s->has_ended) {
        if (count != (int16_t)s->sent_count)
            return fail_form(err);
        if (!find_values(s, s->message, s->message_size, &at, err))
            return false;
        *stays = begins_batch(s, rows);
        bool is_added = *stays || (s->whole && !s->goes_by_rows && add_whole(s, stays));
        if (*stays)
            return true;
        if (!is_added && !add_row(s, rows, err))
            return false;
    }
    s->at = at;
    if (at == s->message_size || s->has_ended)
        postgres_drop_message(s);
    return true;
}

/* All has come only when both the rows and the server say so. */
static bool finish(postgres_source *s, carpel_error *err)
{
    return server_take(&s->server, NULL, NULL, err) && (s->has_ended || fail_form(err));
}

/* Have a message at hand, or wait a moment for one. */
static bool next_message(postgres_source *s, bool *is_over, carpel_error *err)
{
    int size = PQgetCopyData(s->server.connection, &s->message, true);
    *is_over = size == -1;
    if (*is_over)
        return finish(s, err);
    if (size == 0)
        return server_wait(&s->server, err);
    if (size < 0)
        return server_fail(&s->server, NULL, err);
    s->message_size = (size_t)size;
    return skip_head(s, err);
}

/* Rows of a column that is growing end a batch where a value does, which only the builder's do. */
static void begin(postgres_source *s, carpel_rows *rows)
{
    if (s->row == 0) {
        s->host->rows_begin_file(rows, s->place);
        if (!s->growing.column && !s->whole)
            s->whole = whole_new(s->host, rows, s->request, &s->fields, s->sent);
    }
    s->goes_by_rows = s->is_odd;
    s->is_odd = false;
}

bool postgres_fill(void *state, carpel_rows *rows, bool *is_over, carpel_error *err)
{
    postgres_source *s = state;
    bool stays = false;
    begin(s, rows);
    while (!stays && !*is_over)
        if (!(s->message ? take_row(s, rows, &stays, err)
                         : next_message(s, is_over, err)))
            return false;
    s->host->progress(s->host, s->done_bytes, 0);
    return true;
}

bool postgres_take(void *state, struct ArrowArray *out)
{
    postgres_source *s = state;
    bool has_rows = s->whole && whole_count(s->whole) > 0;
    if (has_rows)
        whole_take(s->whole, s->place, out);
    return has_rows;
}
