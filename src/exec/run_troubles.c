/* SPDX-License-Identifier: MIT
 *
 * What went wrong in a run: gathered from the blocks of all workers, in an order that does
 * not depend on them.
 */
#include "exec/runner.h"
#include "exec/troubles.h"

static finding finding_at(const runner *r, run_trouble_kind kind, uint32_t id)
{
    return (finding){.kind = kind,
                     .graph = r->bound->plan->graph,
                     .id = id,
                     .subject = "",
                     .ids = r->bound->store->persons,
                     .judged_count = r->result->people.count,
                     .of_accounts = r->options->people != NULL};
}

static finding finding_of_node(const runner *r, const node *n, run_trouble_kind kind)
{
    finding f = finding_at(r, kind, n->id);
    f.rule = first_user(f.graph, n, RUN);
    f.subject = node_kind_name(n->kind);
    if (n->kind == NODE_SCRIPT)
        f.subject = script_set_function_name(r->bound->plan->scripts, n->script.function);
    if (n->kind == NODE_TEXT_MATCHES)
        f.subject = n->operands[1]->constant.text.data;
    return f;
}

static run_trouble_kind kind_of_trouble(const node *n)
{
    return n->kind == NODE_SCRIPT         ? TROUBLE_SCRIPT
           : n->kind == NODE_TEXT_MATCHES ? TROUBLE_PATTERN
                                          : TROUBLE_NUMBER;
}

static void find_at_node(const runner *r, const node *n, run_trouble_kind kind,
                         const trouble *t, findings *out)
{
    if (t->count == 0)
        return;
    finding f = finding_of_node(r, n, kind);
    f.trouble = *t;
    findings_add(out, &f, r->bound->store->person_count);
}

void find_in_block(const runner *r, const block *b, findings *out)
{
    const graph *g = r->bound->plan->graph;
    for (size_t i = 0; i < g->node_count; i++) {
        const node *n = g->nodes[i];
        find_at_node(r, n, kind_of_trouble(n), &b->troubles[i], out);
        find_at_node(r, n, TROUBLE_NOT_CALLED, &b->not_called[i], out);
    }
    for (uint32_t d = 0; d < g->domain_count; d++) {
        if (b->overgrown[d].count == 0)
            continue;
        finding f = finding_at(r, TROUBLE_ROWS, d);
        f.rule = first_user(g, NULL, d);
        f.trouble = b->overgrown[d];
        findings_add(out, &f, r->bound->store->person_count);
    }
}

void collect_troubles(runner *r)
{
    run_result *result = r->result;
    findings *all = result->findings;
    find_in_block(r, r->run_values, all);
    for (size_t w = 0; w < r->threads; w++)
        if (r->blocks[w])
            find_in_block(r, r->blocks[w], all);
    findings_sort(all);
    for (size_t i = 0; i < r->population->series.count; i++) {
        const finding *f = &r->population->series.items[i];
        findings_add(all, f, dictionary_count(f->ids));
    }
    result->troubles = findings_told(all, result->memory, &result->trouble_count);
}

bool refuse_impure(const runner *r, carpel_error *err)
{
    const graph *g = r->bound->plan->graph;
    findings all = {0};
    for (size_t i = 0; i < g->node_count && all.count == 0; i++)
        for (size_t w = 0; g->nodes[i]->kind == NODE_SCRIPT && w < r->threads; w++) {
            if (!r->blocks[w] || r->blocks[w]->impure[i].count == 0)
                continue;
            finding f = finding_of_node(r, g->nodes[i], TROUBLE_SCRIPT);
            f.trouble = r->blocks[w]->impure[i];
            findings_add(&all, &f, r->bound->store->person_count);
        }
    bool ok = all.count == 0 ||
              carpel_fail(err, CARPEL_E_INPUT, "%s",
                          finding_told(&all.items[0], r->result->memory).what);
    findings_done(&all);
    return ok;
}

bool refuse_troubles(const run_result *r, carpel_error *err)
{
    return r->trouble_count == 0 ||
           carpel_fail(err, CARPEL_E_INPUT, "%s", r->troubles[0].what);
}
