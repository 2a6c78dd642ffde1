/* SPDX-License-Identifier: MIT
 *
 * lint_graph -- warnings that need the meaning of conditions, not only their form: what
 * is never or always true, what an earlier group always takes, and rules that say the
 * same.
 */
#ifndef GRAPH_LINT_GRAPH_H
#define GRAPH_LINT_GRAPH_H

#include "graph/graph.h"
#include "graph/lower.h"
#include "lang/rulebook.h"
#include "report/diags.h"

/* All conditions and rules of the graph that was built of the book. */
void lint_graph(const graph *g, const lowered_list *conditions, const rulebook *book,
                diags *diags);

#endif
