/* SPDX-License-Identifier: MIT
 *
 * whole -- rows that are put into columns as they come, without the host's row builder, where each value is
 * what is wanted or becomes it by one plain step. All others go through the builder (cells.h); both make
 * batches of the same schema, and what comes out is the same.
 *
 *     whole *w = whole_new(host, rows, request, &fields, sent);   // NULL: not all columns are such
 *     whole_add(w, line)               // false: a value is none that is wanted, and nothing was added
 *     if (whole_is_full(w)) whole_take(w, place, &array);
 *     whole_free(w);
 */
#ifndef POSTGRES_WHOLE_H
#define POSTGRES_WHOLE_H

#include <carpel/plugin.h>

#include "common/columns.h"
#include "postgres/forms.h"

typedef struct whole whole;

/* For batches of the schema of `rows`. `sent` outlives it; it has the values of the row at hand. */
whole *whole_new(const carpel_host *host, const carpel_rows *rows,
                 const carpel_request *request, const found_columns *fields,
                 const sent_column *sent);
void whole_free(whole *w);

/* Add the row at hand, which has this line and stands behind the one before. */
bool whole_add(whole *w, uint64_t line);

/* Forget all rows but the first ones. */
void whole_cut(whole *w, size_t count);

size_t whole_count(const whole *w);
bool whole_is_full(const whole *w);

/* Hand out the rows, whose file is `place`. */
void whole_take(whole *w, const char *place, struct ArrowArray *out);

#endif
