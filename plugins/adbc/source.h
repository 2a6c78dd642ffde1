/* SPDX-License-Identifier: MIT
 *
 * source -- what the source `adbc` is made of; for the files of this folder only.
 */
#ifndef ADBC_SOURCE_H
#define ADBC_SOURCE_H

#include <carpel/plugin.h>

#include "adbc/forms.h"
#include "adbc/session.h"
#include "adbc/whole.h"
#include "common/columns.h"
#include "common/growing.h"

typedef struct adbc_options {
    session_options session;
    const char *schema, *table, *query, *growing;
} adbc_options;

/* A row among those of the driver's batches. */
typedef struct row_place {
    size_t batch;
    int64_t at;
    uint64_t row; /* how many rows are before it */
} row_place;

typedef struct adbc_source {
    const carpel_host *host;
    const carpel_request *request;
    session session;
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    form *forms; /* of the schema's columns */
    found_columns fields;
    growing growing;
    size_t growing_field;
    char *place;
    bool only_looks; /* no rows are taken, but what they are is told */

    struct ArrowArray *batches; /* the last one is new, others may be needed again */
    size_t batch_count, batch_room;
    row_place here; /* the next row */
    uint64_t done_bytes;

    bool has_begun;
    whole *whole;     /* NULL: all rows go through the builder */
    size_t odd_count; /* batches, the first ones, that go through it */

    /* Where the rows of the last value of a growing column begin, and in which row of `whole`. */
    row_place group;
    size_t group_begin;
} adbc_source;

/* source.c: connect and ask, so that batches can be had. */
bool adbc_open(adbc_source *s, carpel_error *err);
void adbc_close(void *state);
const char *adbc_field_name(const adbc_source *s, size_t field);

/* rows.c: row_source.fill and .take. */
bool adbc_fill(void *state, carpel_rows *rows, bool *is_over, carpel_error *err);
bool adbc_take(void *state, struct ArrowArray *out);

/* The batch with the next row, and the one behind it. */
struct ArrowArray *adbc_batch(const adbc_source *s);
bool adbc_next_batch(adbc_source *s, bool *is_over, carpel_error *err);

/* tell.c: carpel_source.discover */
bool adbc_discover(const carpel_host *host, const carpel_inquiry *inquiry,
                   const carpel_view *view, carpel_error *err);

#endif
