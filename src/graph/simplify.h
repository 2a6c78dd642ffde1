/* SPDX-License-Identifier: MIT
 *
 * simplify -- what can be known about a node before any data is read.
 */
#ifndef GRAPH_SIMPLIFY_H
#define GRAPH_SIMPLIFY_H

#include "graph/graph.h"

/* A simpler node that equals `wanted`, or NULL. May put the operands of `wanted` in
 * another order. `wanted` has its domain already. */
const node *simplify(graph *g, node *wanted);

#endif
