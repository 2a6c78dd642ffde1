/* SPDX-License-Identifier: MIT
 *
 * plan -- the graph made ready to run: what to work out once, what for each block of
 * people and in which pass, and when a value is no longer needed.
 *
 * Most rules need one pass over the people. A node that asks about others (a ranking,
 * another person's membership) needs the values of everyone first, so what it is made
 * of belongs to the pass before. A value that a later pass reads is *kept* for all
 * people:
 *
 *     pass 0: everything up to the rankings' operands | rankings | pass 1: what uses them | ...
 *
 * A plan is immutable and shared by all workers and runs. The graph, the zone and the
 * scripts outlive it.
 */
#ifndef EXEC_PLAN_H
#define EXEC_PLAN_H

#include "base/error.h"
#include "base/pattern.h"
#include "exec/histogram.h"
#include "graph/graph.h"
#include "script/script.h"
#include "value/calendar.h"

/* The nodes of one pass over the people. */
typedef struct pass {
    uint32_t *nodes; /* ids, operands before users; given ones among them */
    size_t node_count;
    uint32_t
        *last_use; /* by node id: the last node of the pass that reads it, or NODE_KEPT */
    bool *is_given;  /* by place in `nodes`: the value is there when the pass begins */
    bool *works_out; /* by node id */
    uint32_t *forgotten;     /* ids of what nobody reads any more */
    uint32_t *forgotten_end; /* by place in `nodes`: behind that node, up to here */
} pass;

/* How a judgement of a series is made. */
typedef struct plan_judgement {
    struct plan *conditions;
    struct plan *people; /* of accounts: what the conditions import; else NULL */
} plan_judgement;

typedef struct plan {
    const graph *graph;
    const zone *zone;
    weekday week_start;
    const script_set *scripts;
    pattern **patterns;     /* by node id: of a TEXT_MATCHES */
    uint32_t *phases;       /* by node id: the first pass in which it is known */
    uint32_t *first_passes; /* by node id: the first pass that works it out */
    bool *is_kept;          /* by node id: for all people, until the end of the run */
    pass *passes;
    size_t pass_count;
    struct plan *accounts;      /* of the rules for each account, or NULL */
    plan_judgement *judgements; /* by number */
    histograms *histograms;     /* counts that are worked out together */
    bool uses_scripts;
    bool makes_texts; /* scripts do, while the run goes on */
} plan;

#define NODE_KEPT UINT32_MAX

plan *plan_new(const graph *g, const zone *z, weekday week_start,
               const script_set *scripts);
void plan_free(plan *p);

/* Is the node's value there already when a pass begins? */
bool plan_is_given(const plan *p, const node *n, size_t pass);

/* What a node is worked out from in a block of people: an operand, or in its place what a
 * histogram reads. */
const node *plan_part(const plan *p, const node *n, size_t operand);

#endif
