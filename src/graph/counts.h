/* SPDX-License-Identifier: MIT
 *
 * counts -- how many rows there are, of one table or, as a sum of counts, of several.
 */
#ifndef GRAPH_COUNTS_H
#define GRAPH_COUNTS_H

#include "graph/graph.h"

/* A sum of more counts than this is a number like any other. */
#define COUNTS_MOST 64

typedef struct count_list {
    const node *items[COUNTS_MOST]; /* COUNT; ANY stands for itself alone */
    size_t count;
} count_list;

/* The counts that the node adds up; false when it is no such sum. */
bool counts_gather(const node *n, count_list *out);

/* Is it a count, or a sum of some? It is never missing and never below 0. */
bool node_is_count(const node *n);

#endif
