/* SPDX-License-Identifier: MIT
 *
 * histogram_families -- the counts of histograms (histogram.h), for several windows at once.
 *
 * Windows over the same rows that overlap, and of which the same texts are counted, are a family
 * (families.h). The counts of 64 people lie in the nearest cache; they are those of the first
 * window, and then of each next one when the rows between the two have come in or gone out:
 *
 *     since 180 days ago   |-------------------------|
 *     since 179 days ago     |-----------------------|    two rows less
 *
 * What rules ask of counts is worked out while they lie there.
 *
 * A plan of families belongs to the demand of a run.
 */
#ifndef EXEC_HISTOGRAM_FAMILIES_H
#define EXEC_HISTOGRAM_FAMILIES_H

#include "exec/block.h"
#include "exec/edges.h"

typedef struct histogram_family {
    const histogram **members; /* by when their windows begin */
    size_t count;
    const node *latest; /* the window that ends last */
} histogram_family;

typedef struct histogram_plan {
    const histograms *histograms;
    const histogram **members; /* those of a family one behind the other */
    histogram_family *families;
    size_t family_count;
    uint32_t *by_histogram; /* the number of its family */
} histogram_plan;

histogram_plan *histogram_plan_new(const histograms *all, const edge_plan *edges);
void histogram_plan_free(histogram_plan *p); /* accepts NULL */

/* The family that a node belongs to, or NULL. */
static inline const histogram_family *histogram_family_of(const histogram_plan *p,
                                                          const node *n)
{
    uint32_t number = p->histograms->by_node[n->id];
    return number ? &p->families[p->by_histogram[number - 1]] : NULL;
}

/* Work out, for a block, what the pass wants of a family, when the parts of a node of it are
 * ready. */
void histogram_family_evaluate(block *b, const histogram_family *family);

#endif
