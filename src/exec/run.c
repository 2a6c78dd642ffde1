/* SPDX-License-Identifier: MIT
 *
 * A run: pieces of people are handed to workers, and what their blocks yield is put in
 * place.
 */
#include "exec/run.h"

#include <stdlib.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "exec/accounts.h"
#include "exec/judged.h"
#include "exec/judgements.h"
#include "exec/tiles.h"
#include "exec/troubles.h"

/* A block's columns should stay in the cache: about this many rows of all tables
 * together. */
enum { WANTED_ROWS = 32768, LEAST_PEOPLE = 64, MOST_PEOPLE = 4096 };

/* Of one person, and of one block; what is more would not fit in memory. */
enum { MOST_ROWS_BESIDE = 1 << 26 };

typedef struct runner {
    const bound *bound;
    population *population;
    size_t pass_index;
    run_result *result;
    const run_options *options;
    size_t block_people;
    block *run_values;
    demand *demand;
    bool **depends; /* by domain of rows beside others: which rules read it, or NULL */
    block **blocks; /* by worker */
    uint64_t **members; /* by rule: the result's bitmap, or NULL for scores */
    run_score **scores; /* by rule, or NULL */
    uint64_t people_done;
} runner;

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

/* A rule that needs no people at all, such as `when true`, is told in the first pass. */
static void put_results(runner *r, block *b)
{
    const plan *p = r->bound->plan;
    const graph *g = p->graph;
    for (size_t i = 0; i < g->node_count; i++)
        if (p->is_kept[i] && p->phases[i] == r->pass_index &&
            !plan_is_given(p, g->nodes[i], r->pass_index))
            population_keep(r->population, b, g->nodes[i]);
    for (size_t i = 0; i < g->rule_count; i++) {
        if (p->phases[g->rules[i].node->id] != r->pass_index)
            continue;
        if (r->depends)
            leave_out_overgrown(r, b, g->rules[i].node);
        if (r->members[i])
            put_condition(b, g->rules[i].node, r->members[i]);
        else
            put_score(b, g->rules[i].node, r->scores[i]);
    }
}

/* ---- work --------------------------------------------------------------- */

/* Judge these people; when that is too much at once, one half after the other. */
static void judge_people(runner *r, block *b, size_t first, size_t count)
{
    block_evaluate(b, &r->bound->plan->passes[r->pass_index], r->pass_index,
                   r->population, first, count);
    if (cancel_is_asked(r->bound->cancel))
        return; /* what the block holds is not all */
    if (block_settle(b)) {
        put_results(r, b);
        return;
    }
    judge_people(r, b, first, count / 2);
    judge_people(r, b, first + count / 2, count - count / 2);
}

/* Is there somebody who is judged, and has begun by now? Only then is the block asked
 * for. */
static bool is_asked_for(const runner *r, size_t first, size_t count)
{
    const int64_t *begins = r->options->begins;
    if (!judged_has_any(r->bound->judged, first, count))
        return false;
    if (begins == NULL || r->bound->plan->pass_count > 1)
        return true;
    for (size_t p = first; p < first + count; p++)
        if (begins[p] <= r->options->as_of)
            return true;
    return false;
}

static void work_on(void *context, size_t piece, size_t worker)
{
    runner *r = context;
    if (cancel_is_asked(r->bound->cancel))
        return;
    size_t first = piece * r->block_people;
    size_t count = r->bound->store->person_count - first;
    count = count < r->block_people ? count : r->block_people;
    if (!r->blocks[worker])
        r->blocks[worker] = block_new(r->bound, r->run_values->vectors, r->demand);
    if (is_asked_for(r, first, count))
        judge_people(r, r->blocks[worker], first, count);
    uint64_t done = __atomic_add_fetch(&r->people_done, count, __ATOMIC_RELAXED);
    if (r->options->progress)
        r->options->progress(r->options->progress_context, done);
}

/* Rows of all tables that the graph reads. */
static uint64_t rows_to_read(const bound *b)
{
    uint64_t rows = 0;
    const graph *g = b->plan->graph;
    for (size_t d = 0; d < g->domain_count; d++)
        if (g->domains[d]->kind == DOMAIN_EVENTS || g->domains[d]->kind == DOMAIN_TRAIT)
            rows += bound_table(b, g->domains[d])->row_count;
    return rows;
}

/* Rows that stand beside others are a person's rows squared. */
static bool takes_rows_beside(const graph *g)
{
    for (size_t d = 0; d < g->domain_count; d++)
        if (g->domains[d]->kind == DOMAIN_BESIDE)
            return true;
    return false;
}

static size_t choose_block_people(const bound *b, size_t wanted)
{
    size_t people = b->store->person_count;
    if (wanted > 0)
        return wanted;
    if (people == 0)
        return LEAST_PEOPLE;
    uint64_t each = rows_to_read(b) / people + 1;
    size_t fitting = (size_t)(WANTED_ROWS / each) / 64 * 64;
    if (takes_rows_beside(b->plan->graph)) {
        size_t few = WANTED_ROWS / each / each + 1;
        return few > MOST_PEOPLE ? MOST_PEOPLE : few;
    }
    if (fitting < LEAST_PEOPLE)
        return LEAST_PEOPLE;
    return fitting > MOST_PEOPLE ? MOST_PEOPLE : fitting;
}

/* ---- the result's shape ------------------------------------------------- */

static uint64_t *new_bitmap(arena *memory, size_t count)
{
    return arena_alloc_array(memory, bitmap_words(count) + 2, sizeof(uint64_t));
}

static void count_rules(const graph *g, run_result *result)
{
    for (size_t i = 0; i < g->rule_count; i++) {
        result->import_count += g->rules[i].kind == RULE_IMPORT;
        result->trait_count += g->rules[i].kind == RULE_TRAIT;
        result->segment_count += g->rules[i].kind == RULE_SEGMENT;
        result->group_member_count += g->rules[i].kind == RULE_GROUP;
        result->score_count += g->rules[i].kind == RULE_SCORE;
    }
}

static run_segment shape_segment(runner *r, size_t rule_index, const rule *from)
{
    r->members[rule_index] =
        new_bitmap(r->result->memory, r->result->people.number_count);
    return (run_segment){
        from->name,        from->path, from->title, 0, r->members[rule_index],
        &r->result->people};
}

static run_score shape_score(runner *r, const rule *from)
{
    size_t people = r->result->people.number_count;
    size_t bytes = from->node->type.kind == TYPE_BOOL
                       ? 0
                       : (people + 1) * type_value_size(from->node->type);
    void *values = bytes ? arena_alloc(r->result->memory, bytes)
                         : new_bitmap(r->result->memory, people);
    bool is_text = type_is_text(from->node->type);
    return (run_score){from->name,
                       from->title,
                       from->node->type,
                       values,
                       new_bitmap(r->result->memory, people),
                       &r->result->people,
                       is_text ? bound_dictionary(r->bound, from->node->origin) : NULL};
}

static void shape_groups(const graph *g, run_result *result)
{
    size_t member = 0;
    result->group_count = g->group_count;
    for (size_t i = 0; i < g->group_count; i++)
        result->groups[i] = (run_groups){g->groups[i].name, g->groups[i].title, 0, 0};
    for (size_t i = 0; i < g->rule_count; i++) {
        if (g->rules[i].kind != RULE_GROUP)
            continue;
        run_groups *set = &result->groups[g->rules[i].groups];
        if (set->count++ == 0)
            set->first = member;
        member++;
    }
}

static void shape_result(runner *r)
{
    const graph *g = r->bound->plan->graph;
    run_result *result = r->result;
    count_rules(g, result);
    result->segments = arena_alloc_array(result->memory, result->segment_count + 1,
                                         sizeof *result->segments);
    result->group_members = arena_alloc_array(
        result->memory, result->group_member_count + 1, sizeof *result->group_members);
    result->groups =
        arena_alloc_array(result->memory, g->group_count + 1, sizeof *result->groups);
    result->scores = arena_alloc_array(result->memory, result->score_count + 1,
                                       sizeof *result->scores);
    result->imports = arena_alloc_array(result->memory, result->import_count + 1,
                                        sizeof *result->imports);
    result->traits = arena_alloc_array(result->memory, result->trait_count + 1,
                                       sizeof *result->traits);
    size_t segments = 0, members = 0, scores = 0, imports = 0, traits = 0;
    for (size_t i = 0; i < g->rule_count; i++) {
        const rule *from = &g->rules[i];
        switch (from->kind) {
        case RULE_SEGMENT:
            result->segments[segments++] = shape_segment(r, i, from);
            break;
        case RULE_GROUP:
            result->group_members[members++] = shape_segment(r, i, from);
            break;
        case RULE_SCORE: r->scores[i] = &result->scores[scores++]; break;
        case RULE_IMPORT: r->scores[i] = &result->imports[imports++]; break;
        case RULE_TRAIT: r->scores[i] = &result->traits[traits++]; break;
        }
        if (r->scores[i])
            *r->scores[i] = shape_score(r, from);
    }
    shape_groups(g, result);
}

/* Calls are counted where the outermost run does. */
static void shape_functions(runner *r, bound *b)
{
    const script_set *scripts = b->plan->scripts;
    if (b->functions != NULL || scripts == NULL)
        return;
    size_t count = script_set_function_count(scripts);
    b->functions = arena_alloc_array(r->result->memory, count + 1, sizeof *b->functions);
    for (size_t i = 0; i < count; i++)
        b->functions[i].name = script_set_function_name(scripts, i);
    r->result->functions = b->functions;
    r->result->function_count = count;
}

/* Of whom is not judged nothing is said. */
static void leave_out_others(runner *r)
{
    const run_population *people = &r->result->people;
    for (size_t i = 0; i < r->bound->plan->graph->rule_count; i++) {
        const run_score *score = r->scores[i];
        if (r->members[i])
            judged_mask(people, r->members[i]);
        if (score)
            judged_mask(people, (uint64_t *)score->present);
        if (score && score->type.kind == TYPE_BOOL)
            judged_mask(people, (uint64_t *)score->values);
    }
}

static void count_members(run_result *result)
{
    size_t people = result->people.number_count;
    for (size_t i = 0; i < result->segment_count; i++)
        result->segments[i].size = bitmap_count(result->segments[i].members, 0, people);
    for (size_t i = 0; i < result->group_member_count; i++)
        result->group_members[i].size =
            bitmap_count(result->group_members[i].members, 0, people);
}

/* ---- troubles ----------------------------------------------------------- */

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
        f.subject = script_set_function_name(r->bound->plan->scripts, (size_t)n->integer);
    if (n->kind == NODE_TEXT_MATCHES)
        f.subject = n->operands[1]->text.data;
    return f;
}

static run_trouble_kind kind_of_trouble(const node *n)
{
    return n->kind == NODE_SCRIPT         ? TROUBLE_SCRIPT
           : n->kind == NODE_TEXT_MATCHES ? TROUBLE_PATTERN
                                          : TROUBLE_NUMBER;
}

static void find_at_node(runner *r, const node *n, run_trouble_kind kind,
                         const trouble *t)
{
    if (t->count == 0)
        return;
    finding f = finding_of_node(r, n, kind);
    f.trouble = *t;
    findings_add(r->result->findings, &f, r->bound->store->person_count);
}

static void find_in_block(runner *r, const block *b)
{
    const graph *g = r->bound->plan->graph;
    for (size_t i = 0; i < g->node_count; i++) {
        find_at_node(r, g->nodes[i], kind_of_trouble(g->nodes[i]), &b->troubles[i]);
        find_at_node(r, g->nodes[i], TROUBLE_NOT_CALLED, &b->not_called[i]);
    }
    for (uint32_t d = 0; d < g->domain_count; d++) {
        if (b->overgrown[d].count == 0)
            continue;
        finding f = finding_at(r, TROUBLE_ROWS, d);
        f.rule = first_user(g, NULL, d);
        f.trouble = b->overgrown[d];
        findings_add(r->result->findings, &f, r->bound->store->person_count);
    }
}

/* In an order that does not depend on which worker came across what. */
static int compare_findings(const void *a, const void *b)
{
    const finding *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static void collect_troubles(runner *r, size_t threads)
{
    run_result *result = r->result;
    findings *all = result->findings;
    find_in_block(r, r->run_values);
    for (size_t w = 0; w < threads; w++)
        if (r->blocks[w])
            find_in_block(r, r->blocks[w]);
    if (all->count > 1)
        qsort(all->items, all->count, sizeof *all->items, compare_findings);
    for (size_t i = 0; i < r->population->series.count; i++) {
        const finding *f = &r->population->series.items[i];
        findings_add(all, f, dictionary_count(f->ids));
    }
    result->troubles =
        arena_alloc_array(result->memory, all->count + 1, sizeof *result->troubles);
    for (size_t i = 0; i < all->count; i++)
        result->troubles[result->trouble_count++] =
            finding_told(&all->items[i], result->memory);
}

/* Fail when a function changed what outlives its calls: the first function, and the first
 * person for whom it did. */
static bool refuse_impure(const runner *r, size_t threads, carpel_error *err)
{
    const graph *g = r->bound->plan->graph;
    findings all = {0};
    for (size_t i = 0; i < g->node_count && all.count == 0; i++)
        for (size_t w = 0; g->nodes[i]->kind == NODE_SCRIPT && w < threads; w++) {
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

/* The first trouble, as an error. */
static bool refuse_troubles(const run_result *r, carpel_error *err)
{
    return r->trouble_count == 0 ||
           carpel_fail(err, CARPEL_E_INPUT, "%s", r->troubles[0].what);
}

/* ---- all ---------------------------------------------------------------- */

/* What has to be known of everyone before a pass begins. */
static bool work_between_passes(runner *r, carpel_error *err)
{
    const plan *p = r->bound->plan;
    for (size_t i = 0; i < p->graph->node_count; i++) {
        const node *n = p->graph->nodes[i];
        if (p->phases[i] != r->pass_index)
            continue;
        if (cancel_is_asked(r->bound->cancel))
            return cancel_fail(err);
        if (node_is_ranking(n->kind))
            population_rank(r->population, n, r->run_values->vectors);
        if (n->kind != NODE_JUDGED)
            continue;
        const vector *until = &r->run_values->vectors[n->operands[0]->id];
        if (!judge_series(r->population, n, *(const int64_t *)until->values, r->options,
                          err))
            return false;
    }
    return true;
}

/* Which rules read rows that stand beside others, by their domains; NULL: none do. */
static bool **find_dependents(const graph *g)
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

static void free_dependents(const graph *g, bool **depends)
{
    for (size_t d = 0; depends && d < g->domain_count; d++)
        memory_free(depends[d]);
    memory_free(depends);
}

static bool run_passes(runner *r, size_t threads, carpel_error *err)
{
    size_t people = r->bound->store->person_count;
    size_t pieces = (people + r->block_people - 1) / r->block_people;
    for (r->pass_index = 0; r->pass_index < r->bound->plan->pass_count; r->pass_index++) {
        if (!work_between_passes(r, err))
            return false;
        r->people_done = 0;
        parallel_run(threads, pieces, work_on, r);
        if (cancel_is_asked(r->bound->cancel))
            return cancel_fail(err);
    }
    return true;
}

static bool run_pieces(runner *r, size_t threads, carpel_error *err)
{
    r->blocks = memory_alloc_zero_array(threads, sizeof(block *));
    r->run_values = block_new(r->bound, NULL, NULL);
    r->population = population_new(r->bound);
    block_evaluate_run(r->run_values);
    r->demand = demand_new(r->bound->plan, r->run_values->vectors);
    r->depends = find_dependents(r->bound->plan->graph);
    bool ok = run_passes(r, threads, err);
    free_dependents(r->bound->plan->graph, r->depends);
    bound_settle_texts((bound *)r->bound);
    ok = ok && refuse_impure(r, threads, err);
    leave_out_others(r);
    count_members(r->result);
    collect_troubles(r, threads);
    if (ok && !r->options->judged_at) /* no judgement of a series */
        tiles_find_empty(r->population, r->members, r->result);
    for (size_t w = 0; w < threads; w++)
        block_free(r->blocks[w]);
    block_free(r->run_values);
    population_free(r->population);
    memory_free(r->blocks);
    demand_free(r->demand);
    return ok;
}

/* ---- accounts ----------------------------------------------------------- */

/* An array with room for the items of another behind its own. */
static void *extended(arena *memory, const void *first, size_t first_count,
                      const void *second, size_t second_count, size_t size)
{
    char *all = arena_alloc_array(memory, first_count + second_count + 1, size);
    if (first_count > 0)
        memcpy(all, first, first_count * size);
    if (second_count > 0)
        memcpy(all + first_count * size, second, second_count * size);
    return all;
}

/* Put the accounts' results behind the people's. */
static void append_accounts(run_result *to, const run_result *from)
{
    to->segments = extended(to->memory, to->segments, to->segment_count, from->segments,
                            from->segment_count, sizeof *to->segments);
    to->group_members = extended(to->memory, to->group_members, to->group_member_count,
                                 from->group_members, from->group_member_count,
                                 sizeof *to->group_members);
    to->groups = extended(to->memory, to->groups, to->group_count, from->groups,
                          from->group_count, sizeof *to->groups);
    to->scores = extended(to->memory, to->scores, to->score_count, from->scores,
                          from->score_count, sizeof *to->scores);
    to->empty_tiles =
        extended(to->memory, to->empty_tiles, to->empty_tile_count, from->empty_tiles,
                 from->empty_tile_count, sizeof *to->empty_tiles);
    to->troubles = extended(to->memory, to->troubles, to->trouble_count, from->troubles,
                            from->trouble_count, sizeof *to->troubles);
    for (size_t i = 0; i < from->segment_count; i++)
        to->segments[to->segment_count + i].population = &to->accounts;
    for (size_t i = 0; i < from->group_member_count; i++)
        to->group_members[to->group_member_count + i].population = &to->accounts;
    for (size_t i = 0; i < from->score_count; i++)
        to->scores[to->score_count + i].population = &to->accounts;
    for (size_t i = 0; i < from->group_count; i++)
        to->groups[to->group_count + i].first += to->group_member_count;
    to->segment_count += from->segment_count;
    to->group_member_count += from->group_member_count;
    to->group_count += from->group_count;
    to->score_count += from->score_count;
    to->trouble_count += from->trouble_count;
    to->empty_tile_count += from->empty_tile_count;
}

static bool run_accounts(const plan *p, const store *s, const run_options *options,
                         run_result *result, carpel_error *err)
{
    run_options inner = {.as_of = options->as_of,
                         .functions = result->bound->functions,
                         .threads = options->threads,
                         .block_people = options->block_people,
                         .people = s,
                         .cancel = options->cancel,
                         .imports = result->imports};
    result->account_store = accounts_store(s, options->as_of);
    result->of_accounts = run_plan(p->accounts, result->account_store, &inner, err);
    if (!result->of_accounts)
        return false;
    uint32_t *order = arena_alloc_array(
        result->memory, result->account_store->person_count + 1, sizeof *order);
    dictionary_sort(result->account_store->persons, order);
    result->accounts = result->of_accounts->people;
    result->accounts.one = "account";
    result->accounts.many = "accounts";
    judged_put_in_order(&result->accounts, order, result->memory);
    append_accounts(result, result->of_accounts);
    return true;
}

run_result *run_plan(const plan *p, const store *s, const run_options *options,
                     carpel_error *err)
{
    bound *b = options->bound ? options->bound
                              : bind_plan(p, s, options->as_of, options->cancel, err);
    if (!b)
        return NULL;
    b->now = options->as_of;
    b->judged_at = options->judged_at ? *options->judged_at : options->as_of;
    b->functions = options->functions;
    b->most_rows_beside =
        options->most_rows_beside ? options->most_rows_beside : MOST_ROWS_BESIDE;
    b->people = options->people;
    b->imports = options->imports;
    size_t threads = options->threads ? options->threads : parallel_processor_count();
    run_result *result = memory_alloc_zero(sizeof *result);
    runner r = {.bound = b,
                .result = result,
                .options = options,
                .block_people = choose_block_people(b, options->block_people)};
    r.members = memory_alloc_zero_array(p->graph->rule_count + 1, sizeof *r.members);
    r.scores = memory_alloc_zero_array(p->graph->rule_count + 1, sizeof *r.scores);
    result->memory = arena_new();
    result->as_of = options->as_of;
    result->bound = b;
    result->owns_bound = !options->bound;
    result->findings = memory_alloc_zero(sizeof *result->findings);
    shape_functions(&r, b);
    result->people = judged_people(s, b->judged_at, result->memory);
    b->judged = result->people.judged;
    shape_result(&r);
    bool ok = run_pieces(&r, threads, err);
    memory_free(r.members);
    memory_free(r.scores);
    if (ok && p->accounts)
        ok = run_accounts(p, s, options, result, err);
    if (ok && options->is_strict)
        ok = refuse_troubles(result, err);
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
