/* SPDX-License-Identifier: MIT
 *
 * Messages and the rows in them.
 */
#include "postgres/copy.h"

#include <string.h>

#include "postgres/binary.h"

bool copy_fail(carpel_error *err)
{
    return carpel_fail(
        err, CARPEL_E_SYSTEM,
        "the server's answer is not of the form that PostgreSQL describes");
}

/* The head: a signature of 11 bytes, flags, and something that may be skipped. */
static bool skip_head(copy_rows *c, carpel_error *err)
{
    static const char signature[] = "PGCOPY\n\377\r\n";
    const char *data = c->message;
    c->at = 0;
    c->done_bytes += c->message_size;
    if (c->has_begun)
        return true;
    if (c->message_size < 19 || memcmp(data, signature, sizeof signature) != 0 ||
        c->message_size - 19 < (uint32_t)binary_int32(data + 15))
        return copy_fail(err);
    c->at = 19 + (uint32_t)binary_int32(data + 15);
    c->has_begun = true;
    return true;
}

static void drop_message(copy_rows *c)
{
    PQfreemem(c->message);
    c->message = NULL;
}

void copy_done(copy_rows *c)
{
    drop_message(c);
    c->has_row = false;
}

/* All has come only when both the rows and the server say so. */
static bool finish(copy_rows *c, carpel_error *err)
{
    return server_take(c->server, NULL, NULL, err) && (c->has_ended || copy_fail(err));
}

/* Have a message at hand, or wait a moment for one. */
static bool next_message(copy_rows *c, bool *is_over, carpel_error *err)
{
    int size = PQgetCopyData(c->server->connection, &c->message, true);
    *is_over = size == -1;
    if (*is_over)
        return finish(c, err);
    if (size == 0)
        return server_wait(c->server, err);
    if (size < 0)
        return server_fail(c->server, NULL, err);
    c->message_size = (size_t)size;
    return skip_head(c, err);
}

/* Where the values of a row lie. */
static bool find_values(copy_rows *c, size_t *at, carpel_error *err)
{
    for (size_t i = 0; i < c->sent_count; i++) {
        sent_column *v = &c->sent[i];
        if (c->message_size - *at < 4)
            return copy_fail(err);
        int32_t length = binary_int32(c->message + *at);
        *at += 4;
        if (length > 0 && c->message_size - *at < (size_t)length)
            return copy_fail(err);
        v->data = length < 0 ? NULL : c->message + *at;
        v->size = length < 0 ? 0 : (size_t)length;
        *at += v->size;
    }
    return true;
}

/* The row of the message that comes next, or the end of all rows. */
static bool find_row(copy_rows *c, carpel_error *err)
{
    size_t at = c->at;
    if (c->message_size - at < 2)
        return copy_fail(err);
    int16_t count = binary_int16(c->message + at);
    at += 2;
    c->has_ended = count == -1;
    c->has_row = !c->has_ended;
    if (c->has_ended) {
        drop_message(c);
        return true;
    }
    if (count != (int16_t)c->sent_count)
        return copy_fail(err);
    bool ok = find_values(c, &at, err);
    c->row_size = at - c->at;
    return ok;
}

bool copy_have(copy_rows *c, bool *is_over, carpel_error *err)
{
    *is_over = false;
    while (!c->has_row && !*is_over)
        if (!(c->message ? find_row(c, err) : next_message(c, is_over, err)))
            return false;
    return true;
}

void copy_pass(copy_rows *c)
{
    c->at += c->row_size;
    c->has_row = false;
    if (c->at == c->message_size)
        drop_message(c);
}
