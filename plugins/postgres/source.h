/* SPDX-License-Identifier: MIT
 *
 * source -- what the source `postgres` is made of; for the files of this folder only.
 */
#ifndef POSTGRES_SOURCE_H
#define POSTGRES_SOURCE_H

#include <carpel/plugin.h>

#include "common/columns.h"
#include "common/growing.h"
#include "postgres/binary.h"
#include "postgres/server.h"
#include "postgres/whole.h"

typedef struct postgres_source {
    const carpel_host *host;
    const carpel_request *request;
    server server;
    found_columns fields; /* places in `sent` */
    sent_column *sent;
    size_t sent_count;
    bool only_looks;      /* nothing is read */
    growing growing;      /* its column is sent as a text, the last of a row */
    size_t growing_place; /* in `sent` */
    const char *growing_limit; /* binary_limit(): behind it nothing would come. NULL: none */
    whole *whole;         /* NULL: all rows go through the builder */
    bool goes_by_rows;    /* those of the batch at hand do */
    bool is_odd;          /* those of the next one will */
    char *message; /* of which some rows are not added yet; NULL: none is at hand */
    size_t message_size, at;
    char *place;
    uint64_t row, done_bytes;
    bool has_begun, has_ended; /* the form's own head and end were seen */
} postgres_source;

/* rows.c: add the rows that the server sends; row_source.fill and .take. */
bool postgres_fill(void *state, carpel_rows *rows, bool *is_over, carpel_error *err);
bool postgres_take(void *state, struct ArrowArray *out);

/* Forget the message at hand. */
void postgres_drop_message(postgres_source *s);

#endif
