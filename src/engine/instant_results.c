/* SPDX-License-Identifier: MIT
 *
 * Rules are parted into those that are judged together and the rest; the results of both are put
 * together for each instant.
 */
#include "engine/instant_results.h"

#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "exec/bind.h"
#include "exec/judged.h"
#include "exec/troubles.h"
#include "graph/looks_at.h"
#include "graph/lower.h"
#include "value/value.h"

/* Instants are judged together as long as what is kept of people, and the graph, stay small. */
enum { MOST_BYTES = 128 << 20, MOST_NODES = 200000 };

/* What is known before any instant is judged. */
struct instant_results {
    instant_rules from;
    run_options options;
    /* By number of a declaration: how it is judged; neither: it says nothing of members. */
    bool *is_shared, *is_rest;
    bool has_shared, has_rest;
    rulebook shared, rest; /* the book with these as results */
    graph *rest_graph;
    plan *rest_plan;
    bound *rest_data;
};

typedef instant_results parting;

/* ---- which rules are judged together ---------------------------------------- */

/* How many rules of the graph a declaration is. */
static size_t rules_of(const ast_decl *decl)
{
    switch (decl->kind) {
    case DECL_SEGMENT:
    case DECL_SCORE: return 1;
    case DECL_GROUPS: return decl->groups.count;
    case DECL_SPLIT: return decl->arms.count;
    default: return 0;
    }
}

static bool has_members(const ast_decl *decl)
{
    return rules_of(decl) > 0 && decl->kind != DECL_SCORE;
}

/* What looks at whom the run judges, remembers, or calls a script. */
static bool is_of_one_run(const graph *g, const node *n)
{
    return n->kind == NODE_SCRIPT || n->kind == NODE_JUDGED ||
           n->kind == NODE_MEMBER_OF || graph_domain(g, n->domain)->kind == DOMAIN_BESIDE;
}

static bool depends_on_one_run(const graph *g, const node *n)
{
    bool *is_seen = memory_alloc_zero_array(g->domain_count + 1, sizeof *is_seen);
    bool *is_below = nodes_below(g, n, is_seen), found = false;
    for (size_t i = 0; i <= n->id && !found; i++)
        found = is_below[i] && is_of_one_run(g, g->nodes[i]);
    memory_free(is_seen);
    memory_free(is_below);
    return found;
}

static bool is_selected(const rulebook *book, size_t number)
{
    return !book->selected || book->selected[number];
}

/* The rules of people stand in the graph as their declarations do in the book. */
static void part_rules(parting *p)
{
    const rulebook *book = p->from.book;
    const graph *g = p->from.plan->graph;
    size_t next = 0;
    for (size_t i = 0; i < book->decls.count; i++) {
        const ast_decl *decl = book->decls.items[i];
        bool is_of_accounts = decl->subject.text != NULL, is_alone = is_of_accounts;
        if (!is_selected(book, i))
            continue;
        for (size_t k = 0; !is_of_accounts && k < rules_of(decl); k++)
            is_alone |= depends_on_one_run(g, g->rules[next++].node);
        p->is_shared[i] = has_members(decl) && !is_alone;
        p->is_rest[i] = has_members(decl) && is_alone;
        p->has_shared |= p->is_shared[i];
        p->has_rest |= p->is_rest[i];
    }
}

/* The book with other results, and no values of traits. */
static rulebook book_of(const rulebook *book, const bool *selected)
{
    rulebook copy = *book;
    copy.selected = selected;
    copy.wanted_traits = NULL;
    return copy;
}

static plan *plan_like(const plan *p, const graph *g)
{
    return plan_new(g, p->zone, p->week_start, p->scripts);
}

static bool bind_rest(parting *p, carpel_error *err)
{
    if (!p->has_rest)
        return true;
    p->rest_graph = graph_lower(&p->rest, NULL, NULL);
    p->rest_plan = plan_like(p->from.plan, p->rest_graph);
    p->rest_data = bind_plan(p->rest_plan, p->from.store, 0, p->options.cancel, err);
    return p->rest_data != NULL;
}

instant_results *instant_results_new(const instant_rules *from,
                                     const run_options *options, carpel_error *err)
{
    size_t count = from->book->decls.count + 1;
    parting *p = memory_alloc_zero(sizeof *p);
    p->from = *from;
    p->options = *options;
    p->is_shared = memory_alloc_zero_array(count, sizeof *p->is_shared);
    p->is_rest = memory_alloc_zero_array(count, sizeof *p->is_rest);
    part_rules(p);
    p->shared = book_of(from->book, p->is_shared);
    p->rest = book_of(from->book, p->is_rest);
    if (bind_rest(p, err))
        return p;
    instant_results_free(p);
    return NULL;
}

void instant_results_free(instant_results *p)
{
    if (!p)
        return;
    bound_free(p->rest_data);
    plan_free(p->rest_plan);
    graph_free(p->rest_graph);
    memory_free(p->is_shared);
    memory_free(p->is_rest);
    memory_free(p);
}

/* ---- several instants together ------------------------------------------------ */

/* Rules at several instants: rule i at instant k is the rule i * count + k of the result. */
typedef struct together {
    graph *graph;
    plan *plan;
    run_result *result;
    const int64_t *instants;
    size_t count;
} together;

static void together_done(together *t)
{
    run_result_free(t->result);
    plan_free(t->plan);
    graph_free(t->graph);
    *t = (together){0};
}

/* How many instants are judged together at most. */
static size_t most_instants(const parting *p)
{
    const plan *one = p->from.plan;
    size_t people = p->from.store->person_count, nodes = one->graph->node_count;
    size_t bytes = (one->graph->rule_count + 1) * (people / 8 + 1);
    for (size_t i = 0; i < nodes; i++)
        if (one->is_kept[i])
            bytes += people * (sizeof(int64_t) + 1);
    size_t fitting = MOST_BYTES / bytes, few = MOST_NODES / (nodes + 1);
    fitting = fitting < few ? fitting : few;
    return fitting > 0 ? fitting : 1;
}

/* The first of what goes wrong is told by the run of one instant. */
static bool judge_together(const parting *p, together *t, carpel_error *err)
{
    run_options options = p->options;
    t->graph = graph_lower_at(&p->shared, &(lower_instants){t->instants, t->count});
    t->plan = plan_like(p->from.plan, t->graph);
    options.as_of = t->instants[t->count - 1];
    options.bound = NULL;
    options.is_strict = options.stops_at_script_error = false;
    t->result = run_plan(t->plan, p->from.store, &options, err);
    return t->result != NULL;
}

/* ---- the result of one instant ------------------------------------------------ */

/* Without rules of the rest: who is judged, and nothing said. */
static run_result *result_of_nothing(const parting *p, int64_t instant)
{
    run_result *r = memory_alloc_zero(sizeof *r);
    r->memory = arena_new();
    r->as_of = instant;
    r->people = judged_people(p->from.store, instant, r->memory);
    r->findings = memory_alloc_zero(sizeof *r->findings);
    return r;
}

static run_result *judge_rest(const parting *p, int64_t instant, carpel_error *err)
{
    run_options options = p->options;
    if (!p->has_rest)
        return result_of_nothing(p, instant);
    options.as_of = instant;
    options.bound = p->rest_data;
    return run_plan(p->rest_plan, p->from.store, &options, err);
}

/* Those of a rule who are known at the instant, in the memory of a result of then. */
static run_segment known_members(run_result *to, const run_segment *from)
{
    run_segment s = *from;
    size_t people = to->people.number_count;
    uint64_t *members =
        arena_alloc_array(to->memory, bitmap_words(people) + 2, sizeof *members);
    memcpy(members, from->members, bitmap_words(people) * sizeof *members);
    judged_mask(&to->people, members);
    s.path =
        arena_copy_string(to->memory, from->path); /* the graph's, which ends sooner */
    s.members = members;
    s.size = bitmap_count(members, 0, people);
    s.population = &to->people;
    return s;
}

/* Where the results of an instant are put together from. */
typedef struct joining {
    const parting *parting;
    const together *together;
    size_t at;                             /* of the instants together */
    const run_segment *rest, *rest_groups; /* the next of each */
    const run_groups *rest_sets;
    size_t shared, shared_groups, shared_sets;
    run_result *out;
} joining;

static void join_segment(joining *j, bool is_shared)
{
    run_result *out = j->out;
    const run_result *all = j->together->result;
    out->segments[out->segment_count++] =
        is_shared
            ? known_members(out, &all->segments[j->shared++ * j->together->count + j->at])
            : *j->rest++;
}

static void join_set(joining *j, bool is_shared, size_t count)
{
    run_result *out = j->out;
    const run_result *all = j->together->result;
    run_groups set = is_shared ? all->groups[j->shared_sets++] : *j->rest_sets++;
    set.first = out->group_member_count;
    set.count = count;
    out->groups[out->group_count++] = set;
    for (size_t i = 0; i < count; i++)
        out->group_members[out->group_member_count++] =
            is_shared
                ? known_members(
                      out, &all->group_members[j->shared_groups++ * j->together->count +
                                               j->at])
                : *j->rest_groups++;
}

/* The declarations about people, or those about accounts. */
static void join_decls(joining *j, bool of_accounts)
{
    const rulebook *book = j->parting->from.book;
    for (size_t i = 0; i < book->decls.count; i++) {
        const ast_decl *decl = book->decls.items[i];
        bool is_shared = j->parting->is_shared[i];
        if ((!is_shared && !j->parting->is_rest[i]) ||
            (decl->subject.text != NULL) != of_accounts)
            continue;
        if (decl->kind == DECL_SEGMENT)
            join_segment(j, is_shared);
        else
            join_set(j, is_shared, rules_of(decl));
    }
}

/* Put those that were judged together into the result of the rest. */
static void join(const parting *p, const together *t, size_t at, run_result *rest)
{
    const run_result *all = t->result;
    size_t segments = rest->segment_count, members = rest->group_member_count,
           sets = rest->group_count;
    joining j = {p, t, at,  rest->segments, rest->group_members, rest->groups, 0,
                 0, 0, rest};
    if (all) {
        segments += all->segment_count / t->count;
        members += all->group_member_count / t->count;
        sets += all->group_count;
    }
    rest->segments =
        arena_alloc_array(rest->memory, segments + 1, sizeof *rest->segments);
    rest->group_members =
        arena_alloc_array(rest->memory, members + 1, sizeof *rest->group_members);
    rest->groups = arena_alloc_array(rest->memory, sets + 1, sizeof *rest->groups);
    rest->segment_count = rest->group_member_count = rest->group_count = 0;
    join_decls(&j, false);
    join_decls(&j, true);
}

/* ---- all of them ---------------------------------------------------------------- */

/* As a run says it, rule by rule. */
static bool tell_each(const parting *p, const int64_t *instants, size_t count,
                      size_t first, instant_taker *take, void *context, carpel_error *err)
{
    run_options options = p->options;
    bool ok = true;
    options.bound = bind_plan(p->from.plan, p->from.store, 0, options.cancel, err);
    if (!options.bound)
        return false;
    for (size_t i = 0; ok && i < count; i++) {
        options.as_of = instants[i];
        run_result *r = run_plan(p->from.plan, p->from.store, &options, err);
        ok = r != NULL;
        if (ok)
            take(context, first + i, r);
    }
    bound_free(options.bound);
    return ok;
}

static bool tell_together(const parting *p, together *t, size_t first,
                          instant_taker *take, void *context, carpel_error *err)
{
    if (p->has_shared && !judge_together(p, t, err))
        return false;
    bool may_stop = p->options.is_strict || p->options.stops_at_script_error;
    if (t->result && may_stop && t->result->trouble_count > 0)
        return tell_each(p, t->instants, t->count, first, take, context, err);
    for (size_t i = 0; i < t->count; i++) {
        run_result *r = judge_rest(p, t->instants[i], err);
        if (!r)
            return false;
        join(p, t, i, r);
        take(context, first + i, r);
    }
    return true;
}

bool instant_results_tell(instant_results *p, const int64_t *instants, size_t count,
                          instant_taker *take, void *context, carpel_error *err)
{
    bool ok = true;
    size_t most = most_instants(p);
    for (size_t first = 0, many; ok && first < count; first += many) {
        many = count - first < most ? count - first : most;
        together t = {.instants = &instants[first], .count = many};
        ok = tell_together(p, &t, first, take, context, err);
        together_done(&t);
    }
    return ok;
}
