/* SPDX-License-Identifier: MIT
 *
 * moment -- instants that rules reckon from others, mostly from `now`, and their order.
 *
 *     moment_is_before(ten_days_ago, three_days_ago, true)     // true, for whatever now
 */
#ifndef GRAPH_MOMENT_H
#define GRAPH_MOMENT_H

#include "graph/graph.h"

/* At least `least` and at most `most` microseconds behind `origin`. */
typedef struct moment {
    const node *origin; /* NULL: 1970 by the local clock, in days */
    int64_t least, most;
} moment;

/* The moment that a node of a time says; false when its distance has no bounds. */
bool moment_of(const node *n, moment *out);

/* Is a certainly before b, at every instant? Unless `strictly`, they may also be equal. */
bool moment_is_before(const node *a, const node *b, bool strictly);

/* The same of two moments. */
bool moments_in_order(const moment *a, const moment *b, bool strictly);

#endif
