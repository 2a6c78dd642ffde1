/* SPDX-License-Identifier: MIT
 *
 * What went wrong in a run: gathered from the blocks of all workers, in an order that does
 * not depend on them.
 */
#include "base/bitmap.h"
#include "base/memory.h"
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

bool refuse_troubles(const run_result *r, const run_options *options, carpel_error *err)
{
    for (size_t i = 0; i < r->trouble_count; i++) {
        const run_trouble *t = &r->troubles[i];
        bool is_of_script = t->kind == TROUBLE_SCRIPT || t->kind == TROUBLE_NOT_CALLED;
        if (options->is_strict)
            return carpel_fail(err, CARPEL_E_INPUT, "%s", t->what);
        if (options->stops_at_script_error && is_of_script)
            return carpel_fail(err, CARPEL_E_INPUT, "%s; on_script_error is \"stop\"",
                               t->what);
    }
    return true;
}

/* ---- behind a score ----------------------------------------------------- */

static const graph *graph_of(const run_result *r)
{
    return r->bound->plan->graph;
}

/* The rule of this kind that has so many of its kind before it. */
static const rule *rule_of_kind(const graph *g, rule_kind kind, size_t before)
{
    for (size_t i = 0; i < g->rule_count; i++)
        if (g->rules[i].kind == kind && before-- == 0)
            return &g->rules[i];
    return NULL;
}

/* Is a node made of what the finding is about? */
static bool is_made_of(const graph *g, const node *n, const finding *f)
{
    bool is_of_rows = f->kind == TROUBLE_ROWS && !f->series;
    const node *of = f->series ? f->series : is_of_rows ? NULL : g->nodes[f->id];
    bool *marks = memory_alloc_zero_array(g->node_count + 1, sizeof *marks);
    mark_users(g, of, is_of_rows ? f->id : RUN, marks);
    bool is = marks[n->id];
    memory_free(marks);
    return is;
}

/* What befalls the people of an account is told of the account, too. */
static bool concerns(const run_result *r, const finding *f, size_t subject)
{
    return subject == NOBODY || f->ids != r->people.ids || !f->trouble.people ||
           bitmap_get(f->trouble.people, subject);
}

static const run_trouble *behind_node(const run_result *r, const node *n, size_t subject)
{
    for (size_t i = 0; i < r->findings->count; i++) {
        const finding *f = &r->findings->items[i];
        if (concerns(r, f, subject) && is_made_of(graph_of(r), n, f))
            return &r->troubles[i];
    }
    return NULL;
}

/* Of the people's values that a node of the accounts' graph is made of. */
static const run_trouble *behind_imports(const run_result *r, const node *n)
{
    const graph *g = graph_of(r->of_accounts);
    const run_trouble *found = NULL;
    bool *marks = memory_alloc_zero_array(g->node_count + 1, sizeof *marks);
    for (size_t i = 0; i < g->node_count && !found; i++) {
        const node *import = g->nodes[i];
        if (import->kind != NODE_IMPORT)
            continue;
        mark_users(g, import, RUN, marks);
        if (marks[n->id])
            found = behind_node(
                r, rule_of_kind(graph_of(r), RULE_IMPORT, import->import)->node, NOBODY);
    }
    memory_free(marks);
    return found;
}

const run_trouble *run_trouble_behind(const run_result *r, size_t score, size_t subject)
{
    size_t of_accounts = r->of_accounts ? r->of_accounts->score_count : 0;
    size_t of_people = r->score_count - of_accounts;
    if (r->trouble_count == 0)
        return NULL;
    if (score < of_people)
        return behind_node(r, rule_of_kind(graph_of(r), RULE_SCORE, score)->node,
                           subject);
    const graph *g = graph_of(r->of_accounts);
    const node *n = rule_of_kind(g, RULE_SCORE, score - of_people)->node;
    const run_trouble *own = behind_node(r->of_accounts, n, subject);
    return own ? own : behind_imports(r, n);
}
