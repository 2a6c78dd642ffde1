/* SPDX-License-Identifier: MIT
 *
 * plan -- the graph made ready to run: what to work out once, what for each block of
 * people, and when a value is no longer needed.
 *
 * A plan is immutable and shared by all workers and runs. The graph, the zone and the
 * scripts outlive it.
 */
#ifndef EXEC_PLAN_H
#define EXEC_PLAN_H

#include "base/error.h"
#include "base/pattern.h"
#include "graph/graph.h"
#include "script/script.h"
#include "store/calendar.h"

typedef struct plan {
    const graph *graph;
    const zone *zone;
    weekday week_start;
    const script_set *scripts;
    pattern **patterns;      /* by node id: of a TEXT_MATCHES */
    uint32_t *last_use;      /* by node id: the last node that reads it; its own id when
                                nothing does; NODE_KEPT to the end of the block */
    bool uses_scripts;
} plan;

#define NODE_KEPT UINT32_MAX

plan *plan_new(const graph *g, const zone *z, weekday week_start, const script_set *scripts);
void plan_free(plan *p);

#endif
