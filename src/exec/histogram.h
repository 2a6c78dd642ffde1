/* SPDX-License-Identifier: MIT
 *
 * histogram -- many counts over one window that differ in the text they ask for:
 *
 *     count(view where (category = "shoes") in last 30 days) >
 *     count(view where (category = "hats") in last 30 days) and ...
 *
 * Each would be a mask over all rows and a count of its bits. Together they are one walk over
 * the rows of the window that counts by the code of the text; the masks are not made. What is
 * asked of the counts can be whether one is less than another: then none needs to be written down.
 * A plan finds such counts whichever rules they stand in; histogram_families.h works them out.
 */
#ifndef EXEC_HISTOGRAM_H
#define EXEC_HISTOGRAM_H

#include "graph/graph.h"

/* Two counts of a histogram, compared: x < y, or x <= y. */
typedef struct histogram_order {
    const node *comparison;
    uint32_t x, y; /* their places among the counts */
} histogram_order;

typedef struct histogram {
    const node *window, *subject; /* the text of each row */
    const node **counts;
    slice *texts; /* what each count asks for; they differ, and are in order */
    size_t alike; /* the first that asks for the same texts of the same rows */
    size_t count_count, capacity;
    histogram_order *orders;
    size_t order_count, order_capacity;
} histogram;

typedef struct histograms {
    histogram *items;
    size_t count;
    uint32_t *
        by_node; /* by node id: 1 + the number of the one that a count, or a comparison of
                     two, is in, or 0 */
} histograms;

/* The histograms of a graph, whose nodes they point to. */
histograms *histograms_find(const graph *g);
void histograms_free(histograms *h); /* accepts NULL */

/* The histogram that a node is a count of, or compares counts of, or NULL. */
static inline const histogram *histogram_of(const histograms *h, const node *n)
{
    return h->by_node[n->id] ? &h->items[h->by_node[n->id] - 1] : NULL;
}

/* What a node of a histogram is worked out from in place of an operand. */
const node *histogram_part(const histogram *h, const node *n, size_t operand);

#endif
