/* SPDX-License-Identifier: MIT
 *
 * subset -- counts that can never be more than others.
 *
 * What somebody did in the last 7 days they did in the last 30 days, too; purchases above
 * 100 are purchases.
 *
 *     graph_counts_part(any_in_last_7_days, any_in_last_30_days)     // true
 */
#ifndef GRAPH_SUBSET_H
#define GRAPH_SUBSET_H

#include "graph/graph.h"

/* Does `part` count only what `whole` counts, for everyone at every instant? Both are
 * counts, or sums of some (counts.h). What is not certain (a month has 28 to 31 days) is false. */
bool graph_counts_part(const node *part, const node *whole);

/* Does the fold `part` look only at rows that the fold `whole` looks at, too? */
bool graph_looks_at_part(const node *part, const node *whole);

/* Is the condition `all`, or one of those that it joins with `and`? */
bool graph_is_and_of(const node *all, const node *condition);

#endif
