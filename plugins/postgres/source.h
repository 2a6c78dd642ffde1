/* SPDX-License-Identifier: MIT
 *
 * source -- what the source `postgres` is made of; for the files of this folder only.
 */
#ifndef POSTGRES_SOURCE_H
#define POSTGRES_SOURCE_H

#include <carpel/plugin.h>

#include "common/buffer.h"
#include "common/columns.h"
#include "common/growing.h"
#include "postgres/copy.h"
#include "postgres/server.h"
#include "postgres/whole.h"

typedef struct postgres_source {
    const carpel_host *host;
    const carpel_request *request;
    server server;
    found_columns fields; /* places in `copy.sent` */
    copy_rows copy;
    char *place;
    uint64_t row;
    bool only_looks; /* nothing is read */

    /* A column that grows is sent as a text, the last of a row. */
    growing growing;
    size_t growing_place; /* in `copy.sent` */
    const char
        *growing_limit; /* form_limit(): behind it nothing would come. NULL: none */

    bool has_begun;
    whole *whole;      /* NULL: all rows go through the builder */
    bool goes_by_rows; /* those of the batch at hand do */
    bool is_odd;       /* those of the next one will */

    /* Rows of the last value of a growing column that stand in `whole`, from which row on, and whether they go
     * through the builder in the next batch. */
    buffer group;
    size_t group_begin, group_count;
    bool comes_again;
} postgres_source;

/* rows.c: add the rows that the server sends; row_source.fill and .take. */
bool postgres_fill(void *state, carpel_rows *rows, bool *is_over, carpel_error *err);
bool postgres_take(void *state, struct ArrowArray *out);

/* What the options ask for. */
typedef struct postgres_options {
    server_options server;
    const char *schema, *table, *query, *growing;
} postgres_options;

/* asked.c: the columns of what is asked for, and the statement that sends some of them. */
typedef struct asked_columns {
    const char **names;
    column_type *types;
    size_t count;
    PGresult *described, *told;
} asked_columns;

/* Released with asked_done in any case. */
bool asked_describe(postgres_source *s, asked_columns *out, carpel_error *err);
void asked_done(asked_columns *a);

/* `copy (select ...)` of the columns that are sent; with `growing` those rows that are behind the cursor;
 * limit 0: all. */
bool asked_write_copy(postgres_source *s, const asked_columns *asked, size_t limit,
                      buffer *out, carpel_error *err);

/* No row, but the rights that rows would need. */
void asked_write_look(const postgres_source *s, buffer *out);

/* Have one more column sent, as its place says. */
sent_column *asked_send(postgres_source *s, size_t place);

/* source.c: connect, so that `place` names what is read. */
bool postgres_open(postgres_source *s, carpel_error *err);
void postgres_close(void *state);

/* fits.c: tell of a column whose values cannot all be read as what is wanted; fail when none can. */
bool postgres_fits(const postgres_source *s, const column_type *type, const char *column,
                   const carpel_column *wanted, carpel_error *err);

/* tell.c: carpel_source.discover */
bool postgres_discover(const carpel_host *host, const carpel_inquiry *inquiry,
                       const carpel_view *view, carpel_error *err);

#endif
