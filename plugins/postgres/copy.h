/* SPDX-License-Identifier: MIT
 *
 * copy -- the rows that a server sends in answer to `copy ... to stdout (format binary)`.
 *
 *     copy_rows c = {.server = &server, .sent = columns, .sent_count = count};
 *     while (copy_have(&c, &is_over, &err) && !is_over) { ... c.sent[i].data ...; copy_pass(&c); }
 *     copy_done(&c);
 */
#ifndef POSTGRES_COPY_H
#define POSTGRES_COPY_H

#include "common/buffer.h"
#include "postgres/forms.h"
#include "postgres/server.h"

typedef struct copy_rows {
    server *server;
    sent_column *sent; /* the values of the row at hand */
    size_t sent_count;
    char *message; /* of which some rows are not passed yet; NULL: none is at hand */
    size_t message_size, at, row_size;
    bool has_row;              /* the row at hand was found */
    bool has_begun, has_ended; /* the form's own head and end were seen */
    uint64_t done_bytes;
} copy_rows;

/* Have a row at hand, that of before unless it was passed. */
bool copy_have(copy_rows *c, bool *is_over, carpel_error *err);
void copy_pass(copy_rows *c);

/* Have the row at hand kept behind others, and take its values from where it was kept; then copy_have finds again the one
 * that was at hand. copy_look returns the row behind it. */
void copy_keep(const copy_rows *c, buffer *rows);
const char *copy_look(copy_rows *c, const char *row);

/* Forget the message at hand. */
void copy_done(copy_rows *c);

/* Fail since the bytes are not as PostgreSQL describes them. */
bool copy_fail(carpel_error *err);

#endif
