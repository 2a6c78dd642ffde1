/* SPDX-License-Identifier: MIT
 *
 * local_times -- times without a zone, which the host knows and the plugin does not: they are written as texts, and
 * a builder of the host's reads them, many at a time.
 *
 *     local_times *l = local_times_new(host, columns, count);
 *     local_times_take(l, place, first_line, rows, values, arrays);
 *     local_times_free(l);
 */
#ifndef POSTGRES_LOCAL_TIMES_H
#define POSTGRES_LOCAL_TIMES_H

#include <carpel/plugin.h>

#include "common/array_builder.h"

typedef struct local_times local_times;

/* For these columns of type TIME, which are copied. */
local_times *local_times_new(const carpel_host *host, const carpel_column *columns,
                             size_t count);
void local_times_free(local_times *l);

/* Make the arrays of so many rows of microseconds since 1970, as a clock there shows them; column i has values[i],
 * which is empty then. All lie in the years 2 to 9998, so the host takes each. */
void local_times_take(local_times *l, const char *place, uint64_t first_line, size_t rows,
                      array_builder *const *values, struct ArrowArray *const *out);

#endif
