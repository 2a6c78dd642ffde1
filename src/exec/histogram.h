/* SPDX-License-Identifier: MIT
 *
 * histogram -- many counts over one window that differ in the text they ask for:
 *
 *     count(view where (category = "shoes") in last 30 days) >
 *     count(view where (category = "hats") in last 30 days) and ...
 *
 * Each would be a mask over all rows and a count of its bits. Together they are one walk over
 * the rows of the window that counts by the code of the text; the masks are not made. A plan
 * finds such counts whichever rules they stand in.
 */
#ifndef EXEC_HISTOGRAM_H
#define EXEC_HISTOGRAM_H

#include "graph/graph.h"

typedef struct histogram {
    const node *window, *subject; /* the text of each row */
    const node **counts;
    slice *texts; /* what each count asks for; they differ */
    size_t count_count, capacity;
} histogram;

typedef struct histograms {
    histogram *items;
    size_t count;
    uint32_t
        *by_node; /* by node id: 1 + the number of the one that a count is in, or 0 */
} histograms;

/* The histograms of a graph, whose nodes they point to. */
histograms *histograms_find(const graph *g);
void histograms_free(histograms *h); /* accepts NULL */

/* The histogram that a node is a count of, or NULL. */
static inline const histogram *histogram_of(const histograms *h, const node *n)
{
    return h->by_node[n->id] ? &h->items[h->by_node[n->id] - 1] : NULL;
}

/* Work out all counts of a histogram for a block. */
struct block;
void histogram_evaluate(struct block *b, const histogram *h);

#endif
