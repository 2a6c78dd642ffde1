/* SPDX-License-Identifier: MIT
 *
 * From the finished graph to a plan: patterns are compiled, last uses are found.
 */
#include "exec/plan.h"

#include <assert.h>

#include "base/memory.h"

static void compile_patterns(plan *p)
{
    char reason[256];
    size_t offset;
    for (size_t i = 0; i < p->graph->node_count; i++) {
        const node *n = p->graph->nodes[i];
        if (n->kind != NODE_TEXT_MATCHES)
            continue;
        p->patterns[i] = pattern_new(n->operands[1]->text, reason, sizeof reason, &offset);
        assert(p->patterns[i]); /* the checker compiled it before */
    }
}

static void keep_masks(plan *p)
{
    for (size_t d = 0; d < p->graph->domain_count; d++) {
        const node *mask = p->graph->domains[d]->mask;
        if (mask && mask->id < p->graph->node_count && p->graph->nodes[mask->id] == mask)
            p->last_use[mask->id] = NODE_KEPT;
    }
}

static void find_last_uses(plan *p)
{
    const graph *g = p->graph;
    for (uint32_t i = 0; i < g->node_count; i++) {
        p->last_use[i] = i;
        for (size_t o = 0; o < g->nodes[i]->operand_count; o++)
            p->last_use[g->nodes[i]->operands[o]->id] = i;
    }
    for (uint32_t i = 0; i < g->node_count; i++)
        if (g->nodes[i]->domain == RUN)
            p->last_use[i] = NODE_KEPT;
    for (size_t r = 0; r < g->rule_count; r++)
        p->last_use[g->rules[r].node->id] = NODE_KEPT;
    keep_masks(p);
}

plan *plan_new(const graph *g, const zone *z, weekday week_start, const script_set *scripts)
{
    plan *p = memory_alloc_zero(sizeof *p);
    p->graph = g;
    p->zone = z;
    p->week_start = week_start;
    p->scripts = scripts;
    p->patterns = memory_alloc_zero_array(g->node_count + 1, sizeof(pattern *));
    p->last_use = memory_alloc_zero_array(g->node_count + 1, sizeof *p->last_use);
    for (size_t i = 0; i < g->node_count; i++)
        p->uses_scripts |= g->nodes[i]->kind == NODE_SCRIPT;
    compile_patterns(p);
    find_last_uses(p);
    return p;
}

void plan_free(plan *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->graph->node_count; i++)
        pattern_free(p->patterns[i]);
    memory_free(p->patterns);
    memory_free(p->last_use);
    memory_free(p);
}
