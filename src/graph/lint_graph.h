/* SPDX-License-Identifier: MIT
 *
 * lint_graph -- warnings that need the meaning of conditions, not only their form: what
 * is never or always true, what an earlier group always takes, and rules that say the
 * same.
 */
#ifndef GRAPH_LINT_GRAPH_H
#define GRAPH_LINT_GRAPH_H

#include "graph/graph.h"
#include "lang/rulebook.h"
#include "report/diags.h"

/* A condition that was just built. True: it was reported. */
bool lint_condition(const ast_expr *expr, const node *holds, diags *diags);

/* All rules of the graph that was built of the book. */
void lint_graph(const graph *g, const rulebook *book, diags *diags);

#endif
