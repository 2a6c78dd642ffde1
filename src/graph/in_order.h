/* SPDX-License-Identifier: MIT
 *
 * in_order -- "is there any match" of a plain sequence, asked of the tables of its steps.
 *
 *     did (a then b where (x > 1) then c within 1 day) all within 7 days since 30 days ago
 *
 * needs no union of a, b and c, and no matches as rows: one walk over the rows of each
 * step in the window says whether there is one.
 */
#ifndef GRAPH_IN_ORDER_H
#define GRAPH_IN_ORDER_H

#include "graph/graph.h"

/* More steps than this, and the matches are made. */
#define IN_ORDER_MOST_STEPS 8

/* Over the matches of a sequence, the fold `any` as a node IN_ORDER, whose operands are
 * the window of each step's rows and, where node.flags has bit `1 << step`, behind all of
 * these the mask of that step. NULL when the sequence asks for more than an order:
 * forbidden or direct steps, equal properties, least distances, any order. */
const node *fold_in_order(graph *g, const node *fold);

#endif
