/* SPDX-License-Identifier: MIT
 *
 * A judge is a run that stops before its last pass, with a block of one person that
 * stands ready for whoever is asked about.
 */
#include "exec/judge.h"

#include "base/bitmap.h"
#include "base/memory.h"
#include "exec/alone.h"
#include "exec/judged.h"
#include "exec/runner.h"

struct judge {
    runner run;
    run_options options;
    const graph *graph;
    block *block; /* run.blocks[0] */
    alone *alone;
    const vector **values; /* by rule; NULL: the person is not judged, or left out */
    size_t person;
    findings findings;
    arena *told; /* owns the troubles; or NULL */
    const run_trouble *troubles;
    size_t trouble_count;
};

/* ---- what went wrong ---------------------------------------------------- */

static void forget_troubles(judge *j)
{
    findings_done(&j->findings);
    arena_free(j->told);
    j->told = NULL;
    j->troubles = NULL;
    j->trouble_count = 0;
}

static bool is_troubled(const block *b)
{
    const graph *g = b->bound->plan->graph;
    bool is = b->has_fresh;
    for (size_t i = 0; b->script && i < g->node_count && !is; i++)
        is = b->not_called[i].count > 0;
    for (size_t d = 0; d < g->domain_count && !is; d++)
        is = b->overgrown[d].count > 0;
    return is;
}

/* The block noted no person's number: all of it is about this one. */
static void name_person(judge *j)
{
    for (size_t i = 0; i < j->findings.count; i++)
        j->findings.items[i].trouble.person = j->person;
}

static void clear_block_troubles(block *b)
{
    const graph *g = b->bound->plan->graph;
    for (size_t i = 0; i < g->node_count; i++) {
        trouble_done(&b->troubles[i]);
        trouble_done(&b->not_called[i]);
    }
    for (size_t d = 0; d < g->domain_count; d++)
        trouble_done(&b->overgrown[d]);
}

static void tell_troubles(judge *j)
{
    block_settle(j->block);
    find_in_block(&j->run, j->block, &j->findings);
    findings_sort(&j->findings);
    name_person(j);
    j->told = arena_new();
    j->troubles = findings_told(&j->findings, j->told, &j->trouble_count);
    clear_block_troubles(j->block);
}

/* ---- a person ----------------------------------------------------------- */

/* Whoever has too many rows for a rule is not in it, and has no value. */
static void leave_out_overgrown(judge *j)
{
    for (size_t d = 0; d < j->graph->domain_count; d++)
        for (size_t i = 0; j->block->overgrown[d].count > 0 && i < j->graph->rule_count;
             i++)
            if (j->run.depends[d][j->graph->rules[i].node->id])
                j->values[i] = NULL;
}

static bool is_judged(const judge *j, size_t person)
{
    const bound *b = j->run.bound;
    return b->store->known_since[person] <= b->judged_at;
}

bool judge_person(judge *j, size_t person, carpel_error *err)
{
    if (j->told)
        forget_troubles(j);
    j->person = person;
    alone_begin(j->alone, person);
    bool judged = is_judged(j, person);
    for (size_t i = 0; i < j->graph->rule_count; i++)
        j->values[i] = judged ? alone_value(j->alone, j->graph->rules[i].node) : NULL;
    if (cancel_is_asked(j->options.cancel))
        return cancel_fail(err);
    if (!bound_check_tests(j->run.bound, err))
        return false;
    if (!is_troubled(j->block))
        return !j->block->script || refuse_impure(&j->run, err);
    if (j->run.depends)
        leave_out_overgrown(j);
    tell_troubles(j);
    return refuse_impure(&j->run, err) &&
           (!j->options.is_strict ||
            carpel_fail(err, CARPEL_E_INPUT, "%s", j->troubles[0].what));
}

bool judge_holds(const judge *j, size_t rule)
{
    return j->values[rule] && bitmap_get(j->values[rule]->values, 0);
}

const void *judge_value(const judge *j, size_t rule)
{
    const vector *v = j->values[rule];
    return v && vector_has(v, 0) ? v->values : NULL;
}

slice judge_text(const judge *j, size_t rule, uint32_t code)
{
    return bound_text(j->run.bound, j->graph->rules[rule].node->origin, code);
}

int64_t judge_instant(const judge *j)
{
    return j->options.as_of;
}

void judge_turn_to(judge *j, size_t person)
{
    j->person = person;
    alone_begin(j->alone, person);
}

const vector *judge_node(judge *j, const node *n)
{
    return alone_value(j->alone, n);
}

void judge_rows(judge *j, uint32_t domain)
{
    alone_rows(j->alone, domain);
}

block *judge_block(judge *j)
{
    return j->block;
}

const run_trouble *judge_troubles(const judge *j, size_t *count)
{
    *count = j->trouble_count;
    return j->troubles;
}

const run_trouble *judge_find_troubles(judge *j, size_t *count)
{
    if (is_troubled(j->block)) {
        if (j->told)
            forget_troubles(j);
        tell_troubles(j);
    }
    return judge_troubles(j, count);
}

/* ---- life cycle --------------------------------------------------------- */

/* The blocks of the passes over everyone make room for one of a single person. */
static void take_block(judge *j)
{
    runner *r = &j->run;
    for (size_t w = 0; w < r->threads; w++)
        block_free(r->blocks[w]);
    r->threads = 1;
    r->result->people.count = 1; /* whom a trouble without a person is about */
    j->block = r->blocks[0] =
        block_new_alone(r->bound, r->run_values->vectors, r->demand);
    j->block->population = r->population;
    j->alone = alone_new(j->block);
}

judge *judge_new(const plan *p, const store *s, const run_options *options,
                 carpel_error *err)
{
    judge *j = memory_alloc_zero(sizeof *j);
    j->options = *options;
    j->graph = p->graph;
    if (!runner_begin(&j->run, p, s, &j->options, err)) {
        memory_free(j);
        return NULL;
    }
    j->values = memory_alloc_zero_array(p->graph->rule_count + 1, sizeof *j->values);
    bool ok =
        runner_pass_up_to(&j->run, p->pass_count - 1, err) && refuse_impure(&j->run, err);
    bound_settle_texts((bound *)j->run.bound);
    if (ok) {
        take_block(j);
        return j;
    }
    judge_free(j);
    return NULL;
}

void judge_free(judge *j)
{
    if (!j)
        return;
    forget_troubles(j);
    alone_free(j->alone);
    runner_end(&j->run);
    run_result_free(j->run.result);
    memory_free(j->values);
    memory_free(j);
}
