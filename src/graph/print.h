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

/* In a few words: "#17 count over purchase"; "(page_view or view_item)". */
void graph_describe_node(const graph *g, const node *n, text *out);
void graph_describe_domain(const graph *g, uint32_t id, text *out);

/* For Graphviz. */
void graph_print_dot(const graph *g, text *out);

/* {"nodes": [{"id", "kind", "domain", "type", "operands", "detail"}], "rules":
 * [{"name", "node"}]} */
void graph_print_json(const graph *g, text *out);

#endif
