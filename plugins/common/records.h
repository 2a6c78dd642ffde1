/* SPDX-License-Identifier: MIT
 *
 * records -- the rows that records make: the values at the paths that the project wants. With a view, which is
 * set behind records_init, all fields of the records are told to that, and no rows are made.
 */
#ifndef COMMON_RECORDS_H
#define COMMON_RECORDS_H

#include <carpel/plugin.h>

#include "common/buffer.h"
#include "common/json.h"
#include "common/paths.h"

/* Of a column with several fields: which of them was there in which record. */
typedef struct record_rank {
    uint64_t record;
    unsigned rank;
} record_rank;

enum { KEPT_KEYS = 64 };

typedef struct records {
    const carpel_host *host;
    const carpel_request *request;
    path_node *paths;
    record_rank *ranks;    /* by column */
    bool *was_found;       /* by column: in any record */
    char *keys[KEPT_KEYS]; /* of the first record, for messages */
    size_t key_count;
    json json;
    carpel_rows *rows;          /* the caller's, set before a record is added */
    uint64_t count, read_count; /* all; those that were no refusals from the start */
    const carpel_view *view;    /* or NULL */
    bool is_enough;             /* the view wants no more */
    buffer path;                /* of what it is told */
} records;

void records_init(records *r, const carpel_host *host, const carpel_request *request);
void records_done(records *r);

/* Fails when lists of records are wanted; `whence` they cannot be read is for the message. */
bool records_check(const carpel_request *request, const char *whence, carpel_error *err);

/* Of a column with several fields: does this one count in the record at hand, and not one before it
 * that was there, too? */
bool records_counts(records *r, path_end end);

/* Set the cells of the row that is begun from an object of JSON, or refuse it. */
void records_fill(records *r, const char *data, size_t size);

/* Begin a row of the view; false: no more are wanted. It ends with view->row_end. */
bool records_begin_told(records *r);

/* Tell the view the fields of an object of JSON; false: that it cannot be read. */
bool records_tell(records *r, const char *data, size_t size);

/* Add a row of an object of JSON. */
void records_add(records *r, const char *data, size_t size);

/* Add a row that is refused for this reason. */
void records_refuse(records *r, const char *reason);

/* What the records of `from` had, those of `into`, of the same request, had, too. */
void records_note_found(records *into, records *from);

/* All is read: tell which wanted fields no record had. */
void records_warn(records *r);

#endif
