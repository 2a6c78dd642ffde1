/* SPDX-License-Identifier: MIT
 *
 * simplifier -- what the simplifiers of all kinds share.
 *
 * simplify.c asks first whether a missing operand decides, or whether all operands are
 * constants; so simplify_<name>, which the row of a kind names, sees neither.
 */
#ifndef GRAPH_SIMPLIFIER_H
#define GRAPH_SIMPLIFIER_H

#include "graph/graph.h"

/* A simpler node that equals `wanted`, or NULL. May put the operands of `wanted` in
 * another order. */
typedef const node *simplifier(graph *g, node *wanted);

#define X(NAME, name, least, most, SHAPE, PAYLOAD, MISSING, motion, simplify, doc)       \
    simplifier simplify_##simplify;
#include "graph/nodes.def"
#undef X

/* A constant of an integral type with that value? */
bool node_is_integer(const node *n, int64_t value);

/* Put two operands whose order does not matter into one order. */
void node_order_operands(node *wanted);

typedef struct node_list {
    const node **items; /* to be freed */
    size_t count, capacity;
} node_list;

void node_list_add(node_list *list, const node *n);

/* By id, each once. */
void node_list_sort(node_list *list);
int node_compare_ids(const void *a, const void *b);

#endif
