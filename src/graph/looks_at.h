/* SPDX-License-Identifier: MIT
 *
 * looks_at -- which rows a node looks at: a reading of the graph.
 *
 * The tables that anything below the node stands on, the columns of theirs that it reads,
 * and the windows through which it looks. `carpel graph --json` shows it for each rule.
 *
 *     looks_at l = looks_at_find(g, rule->node);
 *     for (size_t i = 0; i < l.window_count; i++) ... l.windows[i] ...
 *     looks_at_done(&l);
 */
#ifndef GRAPH_LOOKS_AT_H
#define GRAPH_LOOKS_AT_H

#include "graph/graph.h"

typedef struct looks_at {
    const domain **tables; /* EVENTS and TRAIT, in the order of their ids */
    size_t table_count;
    const node **columns; /* COLUMN, in the order of their ids */
    size_t column_count;
    const node **windows; /* of the shape WINDOW */
    size_t window_count;
} looks_at;

/* Of a node of a finished graph. */
/* By id: is it the node, or below it, also through the rows that are looked at? The caller frees it.
 * `is_seen`: by domain id, filled, too. */
bool *nodes_below(const graph *g, const node *n, bool *is_seen);

looks_at looks_at_find(const graph *g, const node *n);
void looks_at_done(looks_at *l);

#endif
