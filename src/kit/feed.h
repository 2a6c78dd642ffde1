/* SPDX-License-Identifier: MIT
 *
 * feed -- rows that are made up, as the stream of batches that an output is handed.
 *
 * Row i of a table has always the same cells, however the rows are cut into batches. It is counted
 * what of the stream was not released.
 */
#ifndef KIT_FEED_H
#define KIT_FEED_H

#include "base/cancel.h"
#include "kit/trial.h"

typedef struct kit_table {
    const carpel_column *columns;
    size_t column_count;
} kit_table;

/* Memberships, as a run without further ado hands them over; and a column of each type, with missing
 * values, extremes, and texts that are hard to write. */
extern const kit_table kit_memberships, kit_every_type;

typedef struct kit_feed {
    size_t row_count, batch_rows;
    bool has_empty_batches; /* before each other one, and at the end */
    size_t cancel_before;   /* the batch, from 1; 0: none */
    size_t fail_before;

    /* Of the stream: */
    size_t unreleased, batches, rows;
    bool is_next_full;
    const carpel_column *columns;
    size_t column_count;
    cancel *stop;
} kit_feed;

/* Make the stream; the feed outlives it. */
void kit_feed_stream(kit_feed *feed, const carpel_column *columns, size_t count,
                     cancel *stop, struct ArrowArrayStream *out);

#endif
