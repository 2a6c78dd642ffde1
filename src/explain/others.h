/* SPDX-License-Identifier: MIT
 *
 * others -- does an answer about one person need other people? A reading of the graph.
 */
#ifndef EXPLAIN_OTHERS_H
#define EXPLAIN_OTHERS_H

#include "graph/graph.h"

/* Rankings, members of other segments by their ids, and series of judgements that have these. */
bool graph_needs_others(const graph *g);

#endif
