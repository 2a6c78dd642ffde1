/* SPDX-License-Identifier: MIT
 *
 * witness -- which rows of a person or account a value looks at: a reading of the graph.
 *
 * Below the node, each fold over the person's rows has a window, and a mask that picks some of
 * its rows; both are there when the value was worked out. Rows of derived tables are followed to
 * the rows of the data that they stand for.
 */
#ifndef EXPLAIN_WITNESS_H
#define EXPLAIN_WITNESS_H

#include "explain/reason.h"

/* One for each fold below the node, or for several that look at other tables in the same words; of each the
 * latest `most` rows. */
witnesses *witnesses_find(judge *j, const graph *g, const node *n, size_t most,
                          size_t *count, arena *memory);

/* Is as much known of the ends of both windows, and do they lie at the same instants? */
bool witnesses_have_same_ends(const witnesses *a, const witnesses *b);

#endif
