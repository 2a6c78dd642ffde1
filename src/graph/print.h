/* SPDX-License-Identifier: MIT
 *
 * print -- the graph for people and programs (`carpel graph`).
 */
#ifndef GRAPH_PRINT_H
#define GRAPH_PRINT_H

#include "base/text.h"
#include "graph/graph.h"

/* One node a line, operands before users, then the rules and the nodes that they are. */
void graph_print_text(const graph *g, text *out);

/* For Graphviz. */
void graph_print_dot(const graph *g, text *out);

/* {"nodes": [{"id", "kind", "domain", "type", "operands", "detail"}], "rules":
 * [{"name", "node"}]} */
void graph_print_json(const graph *g, text *out);

#endif
