/* SPDX-License-Identifier: MIT
 *
 * columns -- rows of an output on their way to a driver, as batches of Arrow that are the
 * plugin's own: drivers read them from threads of theirs.
 *
 *     out_batch_begin(&b, delivery->columns, count);
 *     out_batch_add(&b, row);                          // for each row
 *     out_batch_take(&b, &stream);                     // with all rows so far; b is empty again
 *     out_batch_done(&b);
 */
#ifndef ADBC_COLUMNS_H
#define ADBC_COLUMNS_H

#include "common/buffer.h"
#include "common/delivery.h"

typedef struct out_column {
    buffer present, values, bytes;
    size_t missing_count;
} out_column;

typedef struct out_batch {
    const carpel_column *wanted;
    out_column *columns;
    size_t column_count, row_count;
} out_batch;

void out_batch_begin(out_batch *b, const carpel_column *columns, size_t count);
void out_batch_done(out_batch *b);
void out_batch_add(out_batch *b, const delivered *row);

/* Is it time to take the rows? */
bool out_batch_is_full(const out_batch *b);

/* A stream of the one batch, which keeps nothing of `b` but its columns' names. */
void out_batch_take(out_batch *b, struct ArrowArrayStream *out);

#endif
