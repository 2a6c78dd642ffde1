/* SPDX-License-Identifier: MIT
 *
 * origins -- where in the rules a node comes from.
 *
 * Equal nodes are one node, so a node has an origin for each place that asked for it. They
 * are noted while rules are lowered and tell nothing of what the node is: sharing does not
 * depend on them. Whoever lowers an expression stands at it meanwhile:
 *
 *     origin before = graph_stand_at(g, (origin){.where = expr->where});
 *     ... graph_node(g, ...) ...
 *     graph_stand_at(g, before);
 */
#ifndef GRAPH_ORIGINS_H
#define GRAPH_ORIGINS_H

#include "report/source.h"

struct graph;
struct node;

typedef struct origin {
    span where;                /* without a file: nowhere in the rules */
    const char *name;          /* of the `let` whose value the node is, or NULL */
    const struct origin *next; /* of a node: another place; the latest comes first */
} origin;

/* Nodes that are asked for from now on come from there. Returns where it stood before. */
origin graph_stand_at(struct graph *g, origin place);

/* The node comes from where the graph stands, too. The places live in the graph's memory. */
void graph_note_origin(struct graph *g, struct node *n);

/* The node is the value of a declaration. */
void graph_note_name(struct graph *g, const struct node *n, span where, const char *name);

#endif
