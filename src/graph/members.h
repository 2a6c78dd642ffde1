/* SPDX-License-Identifier: MIT
 *
 * members -- folds over derived tables as folds over what those are made of.
 *
 * A filtered table is its base behind a mask, and many folds over a union are the same
 * folds over each table below it, joined; then neither has to be made:
 *
 *     any(a or b)           = any(a) or any(b)
 *     count(a or b)         = count(a) + count(b)
 *     last time of (a or b) = the later of both, or that which there is
 *     fold over a filter    = fold over its base, where the condition holds
 */
#ifndef GRAPH_MEMBERS_H
#define GRAPH_MEMBERS_H

#include "graph/graph.h"

/* The same value as the fold `wanted`, of tables further down; NULL when it depends on
 * the rows of the derived table itself, such as their numbers or the gaps between them. */
const node *fold_by_members(graph *g, const node *wanted);

#endif
