/* SPDX-License-Identifier: MIT
 *
 * From the finished graph to a plan: patterns are compiled, nodes are given to passes,
 * last uses are found.
 */
#include "exec/plan.h"

#include <assert.h>
#include <string.h>

#include "base/memory.h"

static void compile_patterns(plan *p)
{
    char reason[256];
    size_t offset;
    for (size_t i = 0; i < p->graph->node_count; i++) {
        const node *n = p->graph->nodes[i];
        if (n->kind != NODE_TEXT_MATCHES)
            continue;
        p->patterns[i] =
            pattern_new(n->operands[1]->constant.text, reason, sizeof reason, &offset);
        assert(p->patterns[i]); /* the checker compiled it before */
    }
}

/* ---- phases ------------------------------------------------------------- */

/* Nodes that are worked out between two passes, for everyone at once. */
static bool is_between_passes(const node *n)
{
    return node_is_ranking(n->kind) || n->kind == NODE_JUDGED;
}

/* Which operands have to be known of all people before? */
static bool needs_everyone(const node *n, size_t operand)
{
    return node_is_ranking(n->kind) || (n->kind == NODE_MEMBER_OF && operand == 1);
}

enum { PHASE_UNKNOWN = UINT32_MAX };

/* `of_domains`: what was found before. */
static uint32_t phase_of_domain(const plan *p, uint32_t id, uint32_t *of_domains)
{
    const domain *d = graph_domain(p->graph, id);
    uint32_t phase = 0;
    if (of_domains[id] != PHASE_UNKNOWN)
        return of_domains[id];
    for (size_t i = 0; i < d->input_count; i++)
        if (p->phases[d->inputs[i]->id] > phase)
            phase = p->phases[d->inputs[i]->id];
    for (size_t i = 0; i < d->member_count; i++) {
        uint32_t member = phase_of_domain(p, d->members[i], of_domains);
        phase = member > phase ? member : phase;
    }
    return of_domains[id] = phase;
}

static uint32_t phase_of(const plan *p, const node *n, uint32_t *of_domains)
{
    uint32_t phase = phase_of_domain(p, n->domain, of_domains);
    uint32_t rows = phase_of_domain(p, n->rows, of_domains);
    phase = rows > phase ? rows : phase;
    for (size_t i = 0; i < n->operand_count; i++) {
        uint32_t operand = p->phases[n->operands[i]->id] + (needs_everyone(n, i) ? 1 : 0);
        phase = operand > phase ? operand : phase;
    }
    return phase;
}

/* Lists are made again in each pass that hands them to a script. */
static bool can_be_kept(const node *n)
{
    return n->domain == PEOPLE && !node_is_window(n->kind) && n->type.kind != TYPE_LIST;
}

/* A person's value that is read after its own pass, or by everyone, is kept. */
static void keep_for_later(plan *p, const node *reader, const node *read,
                           bool by_everyone)
{
    if (can_be_kept(read) && (by_everyone || p->phases[read->id] < p->phases[reader->id]))
        p->is_kept[read->id] = true;
}

static void find_phases(plan *p)
{
    const graph *g = p->graph;
    uint32_t *of_domains = memory_alloc_array(g->domain_count + 1, sizeof *of_domains);
    memset(of_domains, 0xFF, g->domain_count * sizeof *of_domains); /* PHASE_UNKNOWN */
    p->pass_count = 1;
    for (size_t i = 0; i < g->node_count; i++) {
        const node *n = g->nodes[i];
        p->phases[i] = phase_of(p, n, of_domains);
        if (p->phases[i] + 1 > p->pass_count)
            p->pass_count = p->phases[i] + 1;
        p->is_kept[i] = is_between_passes(n);
        for (size_t o = 0; o < n->operand_count; o++)
            keep_for_later(p, n, n->operands[o], needs_everyone(n, o));
    }
    /* What a domain is made of is read by the nodes of that domain. */
    for (size_t i = 0; i < g->node_count; i++) {
        const domain *domains[] = {graph_domain(g, g->nodes[i]->domain),
                                   graph_domain(g, g->nodes[i]->rows)};
        for (size_t d = 0; d < 2; d++)
            for (size_t k = 0; k < domains[d]->input_count; k++)
                keep_for_later(p, g->nodes[i], domains[d]->inputs[k], false);
    }
    memory_free(of_domains);
}

bool plan_is_given(const plan *p, const node *n, size_t pass_index)
{
    if (is_between_passes(n))
        return true;
    return p->is_kept[n->id] && p->phases[n->id] < pass_index;
}

/* ---- passes ------------------------------------------------------------- */

const node *plan_part(const plan *p, const node *n, size_t operand)
{
    const histogram *h = histogram_of(p->histograms, n);
    return h ? histogram_part(h, n, operand) : n->operands[operand];
}

/* A node's parts, but for those that are given. */
static void want_parts(const plan *p, size_t pass_index, const node *n, bool *is_seen,
                       bool *is_wanted)
{
    if (n->domain == RUN || plan_is_given(p, n, pass_index))
        return;
    graph_mark_domain(p->graph, n->domain, is_seen, is_wanted);
    graph_mark_domain(p->graph, n->rows, is_seen, is_wanted);
    for (size_t i = 0; i < n->operand_count; i++)
        if (!(n->kind == NODE_MEMBER_OF &&
              i == 1)) /* read of everyone, not of the block */
            is_wanted[plan_part(p, n, i)->id] = true;
}

/* What is wanted and all that it is made of, down to what is given; without what is
 * known for the whole run. Parts have smaller numbers. */
static void want_all_parts(const plan *p, size_t pass_index, bool *is_wanted)
{
    const graph *g = p->graph;
    bool *is_seen = memory_alloc_zero_array(g->domain_count + 1, sizeof *is_seen);
    for (size_t i = g->node_count; i-- > 0;) {
        if (is_wanted[i])
            want_parts(p, pass_index, g->nodes[i], is_seen, is_wanted);
        is_wanted[i] = is_wanted[i] && g->nodes[i]->domain != RUN;
    }
    memory_free(is_seen);
}

static void keep_inputs(const plan *p, pass *out, const bool *is_wanted, bool *is_seen,
                        uint32_t id)
{
    const domain *d = graph_domain(p->graph, id);
    if (is_seen[id])
        return;
    is_seen[id] = true;
    for (size_t i = 0; i < d->input_count; i++)
        if (is_wanted[d->inputs[i]->id])
            out->last_use[d->inputs[i]->id] = NODE_KEPT;
    for (size_t i = 0; i < d->member_count; i++)
        keep_inputs(p, out, is_wanted, is_seen, d->members[i]);
}

/* Values go back after their last reader; what rules, domains and later passes read
 * stays. */
static void find_last_uses(const plan *p, size_t pass_index, const bool *is_wanted,
                           pass *out)
{
    const graph *g = p->graph;
    for (size_t i = 0; i < out->node_count; i++) {
        const node *n = g->nodes[out->nodes[i]];
        out->last_use[n->id] = n->id;
        if (!plan_is_given(p, n, pass_index))
            for (size_t o = 0; o < n->operand_count; o++)
                out->last_use[plan_part(p, n, o)->id] = n->id;
    }
    bool *is_seen = memory_alloc_zero_array(g->domain_count + 1, sizeof *is_seen);
    for (size_t i = 0; i < out->node_count; i++) {
        const node *n = g->nodes[out->nodes[i]];
        if (p->is_kept[n->id])
            out->last_use[n->id] = NODE_KEPT;
        keep_inputs(p, out, is_wanted, is_seen, n->domain);
        keep_inputs(p, out, is_wanted, is_seen, n->rows);
    }
    memory_free(is_seen);
    for (size_t r = 0; r < g->rule_count; r++)
        out->last_use[g->rules[r].node->id] = NODE_KEPT;
}

/* What can go when a node is worked out: operands that it is the last to read. */
static void find_forgotten(const plan *p, size_t pass_index, pass *out)
{
    size_t capacity = 0, count = 0;
    out->is_given = memory_alloc_zero_array(out->node_count + 1, sizeof *out->is_given);
    out->forgotten_end =
        memory_alloc_zero_array(out->node_count + 1, sizeof *out->forgotten_end);
    out->works_out =
        memory_alloc_zero_array(p->graph->node_count + 1, sizeof *out->works_out);
    for (size_t i = 0; i < out->node_count; i++) {
        const node *n = p->graph->nodes[out->nodes[i]];
        out->is_given[i] = plan_is_given(p, n, pass_index);
        out->works_out[n->id] = !out->is_given[i];
        for (size_t o = 0; !out->is_given[i] && o < n->operand_count; o++) {
            const node *part = plan_part(p, n, o);
            if (out->last_use[part->id] != n->id || part->domain == RUN)
                continue;
            memory_grow((void **)&out->forgotten, count, &capacity,
                        sizeof *out->forgotten);
            out->forgotten[count++] = part->id;
        }
        out->forgotten_end[i] = (uint32_t)count;
    }
}

static void make_pass(plan *p, size_t index)
{
    const graph *g = p->graph;
    pass *out = &p->passes[index];
    bool *is_wanted = memory_alloc_zero_array(g->node_count + 1, sizeof *is_wanted);
    for (size_t i = 0; i < g->node_count; i++)
        if (p->is_kept[i] && p->phases[i] == index && !is_between_passes(g->nodes[i]))
            is_wanted[i] = true;
    for (size_t r = 0; r < g->rule_count; r++)
        if (p->phases[g->rules[r].node->id] == index)
            is_wanted[g->rules[r].node->id] = true;
    want_all_parts(p, index, is_wanted);
    out->nodes = memory_alloc_zero_array(g->node_count + 1, sizeof *out->nodes);
    out->last_use = memory_alloc_zero_array(g->node_count + 1, sizeof *out->last_use);
    for (size_t i = 0; i < g->node_count; i++)
        if (is_wanted[i]) {
            out->nodes[out->node_count++] = (uint32_t)i;
            if (!plan_is_given(p, g->nodes[i], index) && index < p->first_passes[i])
                p->first_passes[i] = (uint32_t)index;
        }
    find_last_uses(p, index, is_wanted, out);
    find_forgotten(p, index, out);
    memory_free(is_wanted);
}

plan *plan_new(const graph *g, const zone *z, weekday week_start,
               const script_set *scripts)
{
    plan *p = memory_alloc_zero(sizeof *p);
    p->graph = g;
    p->zone = z;
    p->week_start = week_start;
    p->scripts = scripts;
    p->patterns = memory_alloc_zero_array(g->node_count + 1, sizeof(pattern *));
    p->phases = memory_alloc_zero_array(g->node_count + 1, sizeof *p->phases);
    p->is_kept = memory_alloc_zero_array(g->node_count + 1, sizeof *p->is_kept);
    p->first_passes = memory_alloc_zero_array(g->node_count + 1, sizeof *p->first_passes);
    for (size_t i = 0; i < g->node_count; i++)
        p->first_passes[i] = g->nodes[i]->domain == RUN ? 0 : NODE_KEPT;
    for (size_t i = 0; i < g->node_count; i++) {
        bool is_script = g->nodes[i]->kind == NODE_SCRIPT;
        p->uses_scripts |= is_script;
        p->makes_texts |= is_script && g->nodes[i]->type.kind == TYPE_STRING;
    }
    compile_patterns(p);
    p->histograms = histograms_find(g);
    find_phases(p);
    p->passes = memory_alloc_zero_array(p->pass_count, sizeof *p->passes);
    for (size_t i = 0; i < p->pass_count; i++)
        make_pass(p, i);
    if (g->accounts)
        p->accounts = plan_new(g->accounts, z, week_start, scripts);
    p->judgements =
        memory_alloc_zero_array(g->judgement_count + 1, sizeof *p->judgements);
    for (size_t i = 0; i < g->judgement_count; i++) {
        const judgement *j = &g->judgements[i];
        p->judgements[i].conditions = plan_new(j->rules, z, week_start, scripts);
        if (j->people)
            p->judgements[i].people = plan_new(j->people, z, week_start, scripts);
    }
    return p;
}

void plan_free(plan *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->graph->node_count; i++)
        pattern_free(p->patterns[i]);
    for (size_t i = 0; i < p->pass_count; i++) {
        memory_free(p->passes[i].nodes);
        memory_free(p->passes[i].last_use);
        memory_free(p->passes[i].is_given);
        memory_free(p->passes[i].works_out);
        memory_free(p->passes[i].forgotten);
        memory_free(p->passes[i].forgotten_end);
    }
    for (size_t i = 0; i < p->graph->judgement_count; i++) {
        plan_free(p->judgements[i].conditions);
        plan_free(p->judgements[i].people);
    }
    plan_free(p->accounts);
    histograms_free(p->histograms);
    memory_free(p->judgements);
    memory_free(p->passes);
    memory_free(p->patterns);
    memory_free(p->phases);
    memory_free(p->first_passes);
    memory_free(p->is_kept);
    memory_free(p);
}
