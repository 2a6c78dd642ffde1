/* SPDX-License-Identifier: MIT
 *
 * unit_families -- how many days (weeks, months ...) hold rows, for several windows at once.
 *
 *     days_with(app_open in last 7 days)   days_with(app_open in last 30 days)
 *
 * Counts over the same rows in windows that overlap are a family (families.h). Time is cut into
 * *cells* where a unit begins and where a window does or ends. A person's rows fall into a set
 * of cells and a set of units, a bit each; then each window takes its units from the second,
 * and looks at the first for those that it does not hold wholly:
 *
 *     units   |   0   |   1   |   2   |   3   |
 *     cells   | 0 | 1 | 2 | 3 |   4   |   5   |
 *     window      [.......................      cell 1, units 1 to 3
 *
 * A plan of families belongs to the demand of a run.
 */
#ifndef EXEC_UNIT_FAMILIES_H
#define EXEC_UNIT_FAMILIES_H

#include "exec/block.h"
#include "exec/edges.h"

enum { MOST_CELLS = 1024 };

/* A range of cells or units. */
typedef struct unit_range {
    uint32_t begin, end;
} unit_range;

/* What one window holds. */
typedef struct unit_window {
    const node *count;
    unit_range whole;    /* units */
    unit_range parts[2]; /* cells of one unit each, of which a part lies outside */
} unit_window;

typedef struct unit_family {
    unit_window *windows;
    size_t count;
    const node *earliest, *latest; /* whose windows begin first, and end last */
    int64_t *begins;               /* of cells; the last is the end of all */
    uint32_t *units;               /* by cell, from 0 */
    size_t cell_count, unit_count;
    double per_microsecond; /* how many cells there are on average */
} unit_family;

typedef struct unit_plan {
    unit_family *families;
    size_t family_count;
    uint32_t *by_node; /* 1 + the number of its family, or 0 */
} unit_plan;

unit_plan *unit_plan_new(const plan *p, const edge_plan *edges);
void unit_plan_free(unit_plan *p); /* accepts NULL */

/* The family of a node, or NULL. */
static inline const unit_family *unit_family_of(const unit_plan *p, const node *n)
{
    return p->by_node[n->id] ? &p->families[p->by_node[n->id] - 1] : NULL;
}

/* Work out all counts of a family for a block, when the operands of one are ready. */
void unit_family_evaluate(block *b, const unit_family *family, const node *ready);

#endif
