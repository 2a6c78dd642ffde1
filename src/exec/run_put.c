/* SPDX-License-Identifier: MIT
 *
 * From a block to the result: bits and values go to the numbers of their people, and what
 * later passes read is kept.
 */
#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "exec/runner.h"

/* ---- who has too many rows ---------------------------------------------- */

bool takes_rows_beside(const graph *g)
{
    for (size_t d = 0; d < g->domain_count; d++)
        if (g->domains[d]->kind == DOMAIN_BESIDE)
            return true;
    return false;
}

bool **dependents_new(const graph *g)
{
    if (!takes_rows_beside(g))
        return NULL;
    bool **depends = memory_alloc_zero_array(g->domain_count + 1, sizeof *depends);
    for (uint32_t d = 0; d < g->domain_count; d++) {
        if (g->domains[d]->kind != DOMAIN_BESIDE)
            continue;
        depends[d] = memory_alloc_zero_array(g->node_count + 1, sizeof **depends);
        mark_users(g, NULL, d, depends[d]);
    }
    return depends;
}

void dependents_free(const graph *g, bool **depends)
{
    for (size_t d = 0; depends && d < g->domain_count; d++)
        memory_free(depends[d]);
    memory_free(depends);
}

/* ---- results ------------------------------------------------------------ */

static void put_condition(block *b, const node *n, uint64_t *members)
{
    uint64_t *spare;
    const uint64_t *bits = condition_bits(b, &b->vectors[n->id], b->people_count, &spare);
    bits_put(members, b->first_person, bits, b->people_count);
    scratch_give(b->scratch, spare);
}

static void put_score(block *b, const node *n, run_score *score)
{
    const vector *v = &b->vectors[n->id];
    size_t size = type_value_size(n->type);
    uint64_t *spare;
    vector present = {.values = v->present, .is_uniform = v->is_uniform};
    uint64_t all = 1;
    if (!v->present)
        present = (vector){.values = &all, .is_uniform = true};
    bits_put((uint64_t *)score->present, b->first_person,
             condition_bits(b, &present, b->people_count, &spare), b->people_count);
    scratch_give(b->scratch, spare);
    if (n->type.kind == TYPE_BOOL) {
        put_condition(b, n, (uint64_t *)score->values);
        return;
    }
    char *to = (char *)score->values + b->first_person * size;
    if (!v->is_uniform)
        memcpy(to, v->values, b->people_count * size);
    else
        for (size_t i = 0; i < b->people_count; i++)
            memcpy(to + i * size, v->values, size);
}

/* Who has too many rows for a rule is not in it, and has no value. */
static void leave_out_overgrown(const runner *r, block *b, const node *n)
{
    vector *v = &b->vectors[n->id];
    const graph *g = r->bound->plan->graph;
    for (size_t d = 0; d < g->domain_count; d++) {
        const trouble *t = &b->overgrown[d];
        if (t->count == 0 || !r->depends[d][n->id] || v->is_uniform)
            continue;
        for (size_t i = 0; i < b->people_count; i++) {
            if (!bitmap_get(t->people, b->first_person + i))
                continue;
            if (n->type.kind == TYPE_BOOL)
                bitmap_unset(v->values, i);
            if (!v->present)
                vector_take_present(b, v, b->people_count);
            bitmap_unset(v->present, i);
        }
    }
}

/* The members of each rule are an array of their own, of which a block writes some lines of the
 * cache: those of rules to come are asked for ahead. */
static void fetch_members(const runner *r, const block *b, size_t rule)
{
    enum { AHEAD = 8, LINE_BITS = 512 };
    size_t ahead = rule + AHEAD;
    if (ahead >= r->bound->plan->graph->rule_count || !r->members[ahead])
        return;
    const uint64_t *members = r->members[ahead] + b->first_person / 64;
    for (size_t i = 0; i <= b->people_count; i += LINE_BITS)
        __builtin_prefetch(members + i / 64, 1);
}

/* A rule that needs no people at all, such as `when true`, is told in the first pass. */
void put_results(runner *r, block *b)
{
    const plan *p = r->bound->plan;
    const graph *g = p->graph;
    for (size_t i = 0; i < g->node_count; i++)
        if (p->is_kept[i] && p->phases[i] == r->pass_index &&
            !plan_is_given(p, g->nodes[i], r->pass_index))
            population_keep(r->population, b, g->nodes[i]);
    for (size_t i = 0; r->members && i < g->rule_count; i++) {
        if (p->phases[g->rules[i].node->id] != r->pass_index)
            continue;
        fetch_members(r, b, i);
        if (r->depends)
            leave_out_overgrown(r, b, g->rules[i].node);
        if (r->members[i])
            put_condition(b, g->rules[i].node, r->members[i]);
        else
            put_score(b, g->rules[i].node, r->scores[i]);
    }
}
