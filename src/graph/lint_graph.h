/* SPDX-License-Identifier: MIT
 *
 * lint_graph -- warnings about rules that came out the same for everyone.
 */
#ifndef GRAPH_LINT_GRAPH_H
#define GRAPH_LINT_GRAPH_H

#include "graph/graph.h"
#include "report/diags.h"

void lint_graph(const graph *g, diags *diags);

#endif
