/* SPDX-License-Identifier: MIT
 *
 * Messages and the rows in them.
 */
#include "postgres/copy.h"

#include <string.h>

#include "postgres/binary.h"

enum { COUNT_BYTES = 2 }; /* of the number of values */

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

/* Where the values of a row lie, which begin at `at` of the data. Returns their end; SIZE_MAX: they are not all there. */
static inline size_t find_values(sent_column *sent, size_t count, const char *data,
                                 size_t size, size_t at)
{
    for (sent_column *v = sent; v < sent + count; v++) {
        if (size - at < 4)
            return SIZE_MAX;
        int32_t length = binary_int32(data + at);
        at += 4;
        if (length > 0 && size - at < (size_t)length)
            return SIZE_MAX;
        v->data = length < 0 ? NULL : data + at;
        v->size = length < 0 ? 0 : (size_t)length;
        at += v->size;
    }
    return at;
}

/* The row of the message that comes next, or the end of all rows. */
static bool find_row(copy_rows *c, carpel_error *err)
{
    size_t at = c->at;
    if (c->message_size - at < COUNT_BYTES)
        return copy_fail(err);
    int16_t count = binary_int16(c->message + at);
    at += COUNT_BYTES;
    c->has_ended = count == -1;
    c->has_row = !c->has_ended;
    if (c->has_ended) {
        drop_message(c);
        return true;
    }
    if (count != (int16_t)c->sent_count)
        return copy_fail(err);
    at = find_values(c->sent, c->sent_count, c->message, c->message_size, at);
    c->row_size = at - c->at;
    return at != SIZE_MAX || copy_fail(err);
}

void copy_keep(const copy_rows *c, buffer *rows)
{
    buffer_add_bytes(rows, c->message + c->at + COUNT_BYTES, c->row_size - COUNT_BYTES);
}

const char *copy_look(copy_rows *c, const char *row)
{
    c->has_row = false;
    return row + find_values(c->sent, c->sent_count, row, SIZE_MAX, 0);
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
