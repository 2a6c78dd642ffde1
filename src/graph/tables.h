/* SPDX-License-Identifier: MIT
 *
 * tables -- the rows of filters and unions, seen in the tables that they come from.
 *
 * A filter and a union have no rows of their own: each of theirs is one of a table below.
 * What is known of a row there can be said of the row of the table:
 *
 *     rows      (purchase where (amount > 10) or refund) where (store = "a")
 *     tables    purchase, refund
 *     which     of purchase: amount > 10 and store = "a"
 *
 * A row that several members of a union share stands once in it, as that of the first of
 * them.
 */
#ifndef GRAPH_TABLES_H
#define GRAPH_TABLES_H

#include "graph/graph.h"

/* More tables below a union than this are not looked at one by one. */
#define TABLES_MOST 64

typedef struct table_list {
    uint32_t ids[TABLES_MOST];
    size_t count;
} table_list;

/* The tables that all rows of a domain come from, each once; false when there are too many,
 * or a row of one of them may be the same as one of another. */
bool tables_below(const graph *g, uint32_t domain_id, table_list *out);

/* A way down to one table. It ends without an answer (NULL) where there are too many steps,
 * or where a value depends on other rows than its own. */
typedef struct descent {
    graph *graph;
    uint32_t table; /* or any domain below */
    size_t steps_left;
} descent;

descent descent_to(graph *g, uint32_t table);

/* Is a row of the table one of the domain `from`? */
const node *descend_condition(descent *d, uint32_t from);

/* The value of `n`, a node of the domain `from` or of people, for a row of the table that
 * is one of `from`. */
const node *descend_value(descent *d, uint32_t from, const node *n);

#endif
