/* SPDX-License-Identifier: MIT
 *
 * whole -- rows of a driver taken over column by column, where the values of each column are those that
 * are wanted or become them by one plain step. All others are set cell by cell (cells.h); both make
 * batches of the same schema, and what comes out is the same.
 *
 *     whole *w = whole_new(host, rows, request, &fields, forms);   // NULL: not all columns are such
 *     whole_add(w, &batch, 0, batch.length, line)   // false: it has a value that is none, and nothing was added
 *     if (whole_is_full(w)) whole_take(w, place, &array);
 *     whole_free(w);
 */
#ifndef ADBC_WHOLE_H
#define ADBC_WHOLE_H

#include <carpel/plugin.h>

#include "adbc/forms.h"
#include "common/columns.h"

typedef struct whole whole;

/* For batches of the schema of `rows`. `forms` outlives it. */
whole *whole_new(const carpel_host *host, const carpel_rows *rows,
                 const carpel_request *request, const found_columns *fields,
                 const form *forms);
void whole_free(whole *w);

/* Rows [from, to) of a batch that holds (values_hold); the first has this line. */
bool whole_add(whole *w, const struct ArrowArray *batch, int64_t from, int64_t to,
               uint64_t line);

/* Forget all rows but the first ones. */
void whole_cut(whole *w, size_t count);

size_t whole_count(const whole *w);
bool whole_is_full(const whole *w);

/* Hand out the rows, whose file is `place`. */
void whole_take(whole *w, const char *place, struct ArrowArray *out);

#endif
