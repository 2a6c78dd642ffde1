/* SPDX-License-Identifier: MIT
 *
 * batch_builder -- the columns of a batch that a source makes by itself (array_builder.h), side by side: rows are there
 * when each column has their values, and are forgotten together.
 *
 *     batch_builder b;
 *     if (batch_builder_begin(&b, host, rows, request, &mine->to, sizeof *mine)) ...  // else: not all columns are such
 *     batch_builder_reserve(&b, 1); ... values of row b.row_count ...; batch_builder_keep(&b, 1, line);
 *     batch_builder_open(&b, &array); batch_builder_take(&b, place, &array);
 *     batch_builder_done(&b);
 */
#ifndef COMMON_BATCH_BUILDER_H
#define COMMON_BATCH_BUILDER_H

#include "common/array_builder.h"

typedef struct batch_builder {
    array_builder **columns;
    size_t column_count, row_count;
    size_t room; /* rows that there is room for */
    uint64_t first_line;
} batch_builder;

/* Make the columns ready for batches of the schema of `rows`; false: one of them is a list, or of another format.
 * They are the source's: zeroed builders for all that is requested, `distance` bytes apart. To be released in any case. */
bool batch_builder_begin(batch_builder *b, const carpel_host *host,
                         const carpel_rows *rows, const carpel_request *request,
                         array_builder *first, size_t distance);
void batch_builder_done(batch_builder *b);

/* Room for so many more rows. */
void batch_builder_grow(batch_builder *b, size_t count);

static inline void batch_builder_reserve(batch_builder *b, size_t count)
{
    if (b->row_count + count > b->room)
        batch_builder_grow(b, count);
}

/* Each column has the values of `count` more rows, which stand one behind the other from this line on, and behind those
 * before. */
static inline void batch_builder_keep(batch_builder *b, size_t count, uint64_t line)
{
    if (b->row_count == 0)
        b->first_line = line;
    b->row_count += count;
}

/* Only the first so many columns have the values of `count` more rows: forget them. */
void batch_builder_drop(batch_builder *b, size_t column_count, size_t count);

/* Forget all rows but the first ones. */
void batch_builder_cut(batch_builder *b, size_t row_count);

/* Have columns more than a batch should, of texts? */
bool batch_builder_is_wide(const batch_builder *b);

/* Hand the rows out, whose file is `place`: first the array, of which the source may make columns by itself, then the
 * other columns. */
void batch_builder_open(const batch_builder *b, struct ArrowArray *out);
void batch_builder_take(batch_builder *b, const char *place, struct ArrowArray *out);

#endif
