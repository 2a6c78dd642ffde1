/* SPDX-License-Identifier: MIT
 *
 * A run: pieces of people are handed to workers, and what their blocks yield is put in
 * place.
 */
#include "exec/run.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "exec/judged.h"
#include "exec/judgements.h"
#include "exec/rankings.h"
#include "exec/runner.h"
#include "exec/tiles.h"

/* Of one person, and of one block; what is more would not fit in memory. */
enum { MOST_ROWS_BESIDE = 1 << 26 };

/* What has to be known of everyone before a pass begins. */
static bool work_between_passes(runner *r, carpel_error *err)
{
    const plan *p = r->bound->plan;
    if (!rankings_work_out(r->population, r->pass_index, r->run_values->vectors,
                           r->threads, err))
        return false;
    for (size_t i = 0; i < p->graph->node_count; i++) {
        const node *n = p->graph->nodes[i];
        if (n->kind != NODE_JUDGED || p->phases[i] != r->pass_index)
            continue;
        if (cancel_is_asked(r->bound->cancel))
            return cancel_fail(err);
        const vector *until = &r->run_values->vectors[n->operands[0]->id];
        if (!judge_series(r->population, n, *(const int64_t *)until->values, r->options,
                          err))
            return false;
    }
    return true;
}

bool runner_pass_up_to(runner *r, size_t pass, carpel_error *err)
{
    for (r->pass_index = 0; r->pass_index < pass; r->pass_index++) {
        if (!work_between_passes(r, err))
            return false;
        phase_clock_end_phase(&r->clock, PHASE_BETWEEN, r->pass_index + 1);
        population_begin_pass(r->population, r->pass_index);
        r->people_done = 0;
        parallel_run(r->threads, r->piece_count, work_on_piece, r);
        phase_clock_end_phase(&r->clock, PHASE_PASS, r->pass_index + 1);
        if (cancel_is_asked(r->bound->cancel))
            return cancel_fail(err);
        if (!bound_check_tests(r->bound, err))
            return false;
    }
    return pass == r->bound->plan->pass_count || work_between_passes(r, err);
}

/* Everything that does not differ between people, and room for what does. */
static void prepare(runner *r)
{
    const graph *g = r->bound->plan->graph;
    r->blocks = memory_alloc_zero_array(r->threads, sizeof(block *));
    r->run_values = block_new(r->bound, NULL, NULL);
    r->population = population_new(r->bound);
    block_evaluate_run(r->run_values);
    r->demand = demand_new(r->bound->plan, r->bound->store, r->run_values->vectors);
    r->depends = dependents_new(g);
}

bool runner_begin(runner *r, const plan *p, const store *s, const run_options *options,
                  carpel_error *err)
{
    phase_clock clock = {0};
    if (options->is_profiled)
        phase_clock_begin(&clock);
    bound *b = options->bound ? options->bound
                              : bind_plan(p, s, options->as_of, options->cancel, err);
    if (!b)
        return false;
    b->now = options->as_of;
    b->judged_at = options->judged_at ? *options->judged_at : options->as_of;
    b->functions = options->functions;
    b->most_rows_beside =
        options->most_rows_beside ? options->most_rows_beside : MOST_ROWS_BESIDE;
    b->people = options->people;
    b->imports = options->imports;
    run_result *result = memory_alloc_zero(sizeof *result);
    *r = (runner){.bound = b,
                  .result = result,
                  .options = options,
                  .clock = clock,
                  .threads =
                      options->threads ? options->threads : parallel_processor_count()};
    divide_people(r, options->block_people);
    result->memory = arena_new();
    result->as_of = options->as_of;
    result->bound = b;
    result->owns_bound = !options->bound;
    result->findings = memory_alloc_zero(sizeof *result->findings);
    shape_functions(r, b);
    result->people = judged_people(s, b->judged_at, result->memory);
    b->judged = result->people.judged;
    prepare(r);
    phase_clock_end_phase(&r->clock, PHASE_BIND, 0);
    return true;
}

void runner_end(runner *r)
{
    dependents_free(r->bound->plan->graph, r->depends);
    for (size_t w = 0; w < r->threads; w++)
        block_free(r->blocks[w]);
    block_free(r->run_values);
    population_free(r->population);
    demand_free(r->demand);
    memory_free(r->pieces);
    memory_free(r->blocks);
    memory_free(r->members);
    memory_free(r->scores);
    phase_clock_done(&r->clock);
}

static bool judge_everyone(runner *r, carpel_error *err)
{
    bool ok = runner_pass_up_to(r, r->bound->plan->pass_count, err);
    bound_settle_texts((bound *)r->bound);
    ok = ok && refuse_impure(r, err);
    leave_out_others(r);
    count_members(r->result);
    collect_troubles(r);
    if (ok && !r->options->judged_at) /* no judgement of a series */
        tiles_find_empty(r->population, r->members, r->result);
    if (ok && r->options->is_profiled)
        r->result->profile = profile_tell(r);
    return ok;
}

run_result *run_plan(const plan *p, const store *s, const run_options *options,
                     carpel_error *err)
{
    runner r;
    if (!runner_begin(&r, p, s, options, err))
        return NULL;
    shape_result(&r);
    run_result *result = r.result;
    bool ok = judge_everyone(&r, err);
    runner_end(&r);
    if (ok && p->accounts)
        ok = run_accounts(p, s, options, result, err);
    if (ok)
        ok = refuse_troubles(result, options, err);
    if (ok)
        return result;
    run_result_free(result);
    return NULL;
}

void run_result_free(run_result *r)
{
    if (!r)
        return;
    run_result_free(r->of_accounts);
    if (r->owns_bound)
        bound_free(r->bound);
    findings_done(r->findings);
    memory_free(r->findings);
    store_free(r->account_store);
    arena_free(r->memory);
    memory_free(r);
}
