/* SPDX-License-Identifier: MIT
 *
 * distinct_families -- how many different values there are, for several windows at once.
 *
 *     distinct(view_item.item_id in last 7 days)   distinct(view_item.item_id in last 30 days)
 *
 * Windows over the same values that end at one instant lie one within the other. Values are met
 * from the narrowest window outwards; how many there were so far is the count of each.
 *
 * A plan of families belongs to the demand of a run.
 */
#ifndef EXEC_DISTINCT_FAMILIES_H
#define EXEC_DISTINCT_FAMILIES_H

#include "exec/block.h"
#include "exec/edges.h"

typedef struct distinct_family {
    const node **counts; /* the widest window first */
    size_t count;
} distinct_family;

typedef struct distinct_plan {
    const node **counts; /* those of a family one behind the other */
    distinct_family *families;
    size_t family_count;
    uint32_t *by_node; /* 1 + the number of its family, or 0 */
} distinct_plan;

distinct_plan *distinct_plan_new(const graph *g, const edge_plan *edges);
void distinct_plan_free(distinct_plan *p); /* accepts NULL */

/* The family of a node, or NULL. */
static inline const distinct_family *distinct_family_of(const distinct_plan *p,
                                                        const node *n)
{
    return p->by_node[n->id] ? &p->families[p->by_node[n->id] - 1] : NULL;
}

/* Work out all counts of a family for a block, when the operands of one are ready. */
void distinct_family_evaluate(block *b, const distinct_family *family, const node *ready);

#endif
