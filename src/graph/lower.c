/* SPDX-License-Identifier: MIT
 *
 * Declarations to rules of the graph. A declaration is built once for each instant at
 * which it is asked (`as of`), and shared from then on.
 */
#include "graph/lower.h"

#include <xxhash.h>

#include "base/memory.h"
#include "base/number.h"
#include "graph/lowering.h"

/* A declaration (for groups: one of them) as it was built for an instant. */
typedef struct memo {
    const ast_decl *decl;
    const node *now, *horizon;
    size_t group;
    value value;
} memo;

/* The place of a memo in the table, or of the gap where it belongs. */
static memo *memo_slot(const lowering *b, const memo *wanted)
{
    uint64_t key[] = {(uint64_t)(uintptr_t)wanted->decl, (uint64_t)(uintptr_t)wanted->now,
                      (uint64_t)(uintptr_t)wanted->horizon, wanted->group};
    size_t slot = (size_t)XXH3_64bits(key, sizeof key);
    for (;; slot++) {
        memo *m = &b->memos[slot & (b->memo_slots - 1)];
        if (!m->decl || (m->decl == wanted->decl && m->now == wanted->now &&
                         m->horizon == wanted->horizon && m->group == wanted->group))
            return m;
    }
}

static bool memo_find(const lowering *b, const ast_decl *decl, const node *now,
                      size_t group, value *out)
{
    if (b->memo_slots == 0)
        return false;
    const memo *m = memo_slot(b, &(memo){decl, now, b->horizon, group, {0}});
    if (m->decl)
        *out = m->value;
    return m->decl != NULL;
}

static void memo_grow(lowering *b)
{
    memo *old = b->memos;
    size_t old_slots = b->memo_slots;
    b->memo_slots = old_slots ? old_slots * 2 : 256;
    b->memos = memory_alloc_zero_array(b->memo_slots, sizeof *b->memos);
    for (size_t i = 0; i < old_slots; i++)
        if (old[i].decl)
            *memo_slot(b, &old[i]) = old[i];
    memory_free(old);
}

static void memo_add(lowering *b, const ast_decl *decl, const node *now, size_t group,
                     value v)
{
    if (b->memo_count * 2 >= b->memo_slots)
        memo_grow(b);
    memo added = {decl, now, b->horizon, group, v};
    *memo_slot(b, &added) = added;
    b->memo_count++;
}

void lowering_done(lowering *b)
{
    memory_free(b->memos);
    memory_free(b->judged);
}

/* ---- scores ------------------------------------------------------------- */

static const node *points_number(lowering *b, ast_number n, unsigned scale)
{
    const node *number = make_integer(b->graph, (type){TYPE_DECIMAL, n.scale}, n.value);
    return make_rescale(b->graph, number, scale);
}

static const node *lower_point(lowering *b, const ast_point *point, type t, context c)
{
    const node *amount = points_number(b, point->amount, t.scale);
    if (point->when)
        return make_if(b->graph, lower_condition(b, point->when, c), amount,
                       make_integer(b->graph, t, 0));
    const node *times = lower_times(b, point->pattern, &point->windows, c);
    const node *points = make_binary(b->graph, NODE_MULTIPLY, t, times, amount);
    if (!point->has_cap)
        return points;
    return make_binary(b->graph, NODE_SMALLER, t, points,
                       points_number(b, point->cap, t.scale));
}

static const node *lower_plan_of_points(lowering *b, const ast_decl *decl, context c)
{
    type t = decl->meaning->type;
    const node *total = make_integer(b->graph, t, 0);
    for (size_t i = 0; i < decl->points.count; i++) {
        const ast_point *point = decl->points.items[i];
        total = make_binary(b->graph, point->is_minus ? NODE_SUBTRACT : NODE_ADD, t,
                            total, lower_point(b, point, t, c));
    }
    return total;
}

value lower_decl_value(lowering *b, const ast_decl *decl, const node *now)
{
    value v;
    if (memo_find(b, decl, now, 0, &v))
        return v;
    context c = {now, NULL};
    v = decl->value ? lower_value(b, decl->value, c)
                    : value_of(lower_plan_of_points(b, decl, c));
    memo_add(b, decl, now, 0, v);
    return v;
}

/* ---- segments and groups ------------------------------------------------ */

static const node *lower_universe(lowering *b, const ast_decl *decl, const node *now)
{
    return decl->among.decl ? lower_member(b, &decl->among, now)
                            : make_bool(b->graph, true);
}

/* Without a memory, a judgement of each month is the one of this month's first instant. */
static const node *judged_instant(lowering *b, const ast_decl *decl, const node *now)
{
    return decl->is_judged
               ? make_unit_start(b->graph, lower_until(b, now), decl->judged_unit, 0)
               : now;
}

static const node *did_anything(lowering *b, const ast_decl *decl, const node *now)
{
    if (!decl->is_judged)
        return make_bool(b->graph, true);
    const node *window = lower_history(b, lower_anything(b, PEOPLE)->domain, now);
    return make_fold(b->graph, NODE_ANY, (type){TYPE_BOOL, 0}, window, NULL, NULL);
}

static const node *lower_segment(lowering *b, const ast_decl *decl, const node *real_now)
{
    if (decl->stay)
        return lower_judged(b, decl, lower_until(b, real_now));
    const node *now = judged_instant(b, decl, real_now);
    return make_and(
        b->graph,
        make_and(b->graph, lower_universe(b, decl, now), did_anything(b, decl, now)),
        lower_condition(b, decl->value, (context){now, NULL}));
}

/* share / unit of 2^63, rounded up, so that a place p is below it when p / 2^63 is below. */
static int64_t split_bound(int128 share, int128 unit)
{
    int128 high =
        share * ((int128)1 << 32); /* 2^63 in two steps, so that 128 bits hold it */
    int128 whole = high / unit, rest = high % unit;
    int128 low = rest * ((int128)1 << 31);
    int128 bound = (whole << 31) + low / unit + (low % unit != 0);
    return bound > INT64_MAX ? INT64_MAX : (int64_t)bound;
}

/* A group holds when its condition does and no earlier one does. */
static const node *lower_group(lowering *b, const ast_decl *decl, size_t index,
                               const node *real_now)
{
    const node *now = judged_instant(b, decl, real_now);
    context c = {now, NULL};
    const ast_group *group = decl->groups.items[index];
    const node *holds =
        make_and(b->graph, lower_universe(b, decl, now), did_anything(b, decl, now));
    if (group->when)
        holds = make_and(b->graph, holds, lower_condition(b, group->when, c));
    for (size_t i = 0; i < index; i++) {
        const ast_group *earlier = decl->groups.items[i];
        holds = make_and(b->graph, holds,
                         make_not(b->graph, lower_condition(b, earlier->when, c)));
    }
    return holds;
}

/* An arm takes the people whose place lies between what the arms before it take and
 * that plus its own share. */
static const node *lower_arm(lowering *b, const ast_decl *decl, size_t index,
                             const node *now)
{
    graph *g = b->graph;
    type whole = {TYPE_DECIMAL, 0};
    const char *by = decl->by.text ? decl->by.text : decl->name.text;
    const node *point = graph_node(g, &(node){.kind = NODE_SPLIT_POINT,
                                              .type = whole,
                                              .domain = PEOPLE,
                                              .text = slice_of(by)});
    int128 before = 0, unit = (int128)number_power_of_ten(DECIMAL_MAX_SCALE);
    const ast_arm *arm = NULL;
    int128 share = 0;
    for (size_t i = 0; i <= index; i++) {
        arm = decl->arms.items[i];
        before += share;
        share = (int128)arm->share.value *
                number_power_of_ten(DECIMAL_MAX_SCALE - arm->share.scale);
    }
    const node *holds = lower_universe(b, decl, now);
    const node *from = make_integer(g, whole, split_bound(before, unit));
    holds = make_and(
        g, holds, make_binary(g, NODE_LESS_OR_EQUAL, (type){TYPE_BOOL, 0}, from, point));
    if (before + share >= unit)
        return holds;
    const node *to = make_integer(g, whole, split_bound(before + share, unit));
    return make_and(g, holds, make_binary(g, NODE_LESS, (type){TYPE_BOOL, 0}, point, to));
}

static size_t group_count(const ast_decl *decl)
{
    return decl->kind == DECL_SPLIT ? decl->arms.count : decl->groups.count;
}

static const node *lower_any_group(lowering *b, const ast_decl *decl, const node *now)
{
    const node *any = make_bool(b->graph, false);
    for (size_t i = 0; i < group_count(decl); i++) {
        ast_ref ref = {.decl = (ast_decl *)decl, .group = i, .member.text = ""};
        any = make_or(b->graph, any, lower_member(b, &ref, now));
    }
    return any;
}

const node *lower_member(lowering *b, const ast_ref *ref, const node *now)
{
    const ast_decl *decl = ref->decl;
    if (decl->kind != DECL_SEGMENT && !ref->member.text)
        return lower_any_group(b, decl, now);
    size_t group = decl->kind != DECL_SEGMENT ? ref->group : 0;
    value v;
    if (memo_find(b, decl, now, group, &v))
        return v.node;
    const node *holds = decl->kind == DECL_GROUPS  ? lower_group(b, decl, group, now)
                        : decl->kind == DECL_SPLIT ? lower_arm(b, decl, group, now)
                                                   : lower_segment(b, decl, now);
    memo_add(b, decl, now, group, value_of(holds));
    return holds;
}

/* ---- rules of the graph ------------------------------------------------- */

/* Everyone is judged, so what is known for the whole run stands beside each person. */
static void add_rule(lowering *b, rule r)
{
    graph_add_rule(b->graph, r);
}

static void add_segment(lowering *b, const ast_decl *decl)
{
    ast_ref ref = {.decl = (ast_decl *)decl};
    add_rule(b, (rule){.kind = RULE_SEGMENT,
                       .name = decl->name.text,
                       .path = decl->name.text,
                       .title = decl->title.text,
                       .where = decl->name.where,
                       .node = lower_member(b, &ref, make_now(b->graph))});
}

static void add_groups(lowering *b, const ast_decl *decl)
{
    size_t set = graph_add_groups(b->graph, decl->name.text, decl->title.text);
    for (size_t i = 0; i < decl->groups.count; i++) {
        const ast_group *group = decl->groups.items[i];
        ast_ref ref = {.decl = (ast_decl *)decl, .group = i, .member = group->name};
        add_rule(b, (rule){.kind = RULE_GROUP,
                           .name = group->name.text,
                           .path = arena_format(b->graph->memory, "%s.%s",
                                                decl->name.text, group->name.text),
                           .title = group->title.text,
                           .groups = set,
                           .where = group->name.where,
                           .node = lower_member(b, &ref, make_now(b->graph))});
    }
}

static void add_split(lowering *b, const ast_decl *decl)
{
    size_t set = graph_add_groups(b->graph, decl->name.text, decl->title.text);
    for (size_t i = 0; i < decl->arms.count; i++) {
        const ast_arm *arm = decl->arms.items[i];
        ast_ref ref = {.decl = (ast_decl *)decl, .group = i, .member = arm->name};
        add_rule(b, (rule){.kind = RULE_GROUP,
                           .name = arm->name.text,
                           .path = arena_format(b->graph->memory, "%s.%s",
                                                decl->name.text, arm->name.text),
                           .groups = set,
                           .where = arm->name.where,
                           .node = lower_member(b, &ref, make_now(b->graph))});
    }
}

static void add_score(lowering *b, const ast_decl *decl)
{
    value v = lower_decl_value(b, decl, make_now(b->graph));
    add_rule(b, (rule){.kind = RULE_SCORE,
                       .name = decl->name.text,
                       .path = decl->name.text,
                       .title = decl->title.text,
                       .where = decl->name.where,
                       .node = value_single(b, v)});
}

static void add_decl(lowering *b, const ast_decl *decl)
{
    switch (decl->kind) {
    case DECL_SEGMENT: add_segment(b, decl); break;
    case DECL_GROUPS: add_groups(b, decl); break;
    case DECL_SPLIT: add_split(b, decl); break;
    case DECL_SCORE: add_score(b, decl); break;
    default: break;
    }
}

void lower_imports(lowering *people, const graph *accounts)
{
    for (size_t i = 0; i < accounts->import_count; i++) {
        const char *name = arena_format(people->graph->memory, "import %zu", i);
        add_rule(people, (rule){.kind = RULE_IMPORT,
                                .name = name,
                                .path = name,
                                .node = accounts->imports[i]});
    }
}

void lowering_finish(lowering *people, lowering *accounts)
{
    if (accounts->graph) {
        lower_imports(people, accounts->graph);
        graph_finish(accounts->graph);
    }
    people->graph->accounts = accounts->graph;
    graph_finish(people->graph);
    lowering_done(people);
    lowering_done(accounts);
}

graph *graph_lower_and_lint(const rulebook *book, diags *diags)
{
    lowering people = {.book = book,
                       .graph = graph_new(book->schema, book->scripts),
                       .memory = arena_new(),
                       .lints = diags};
    lowering accounts = {.book = book, .people = &people, .memory = people.memory};
    for (size_t i = 0; i < book->decls.count; i++) {
        const ast_decl *decl = book->decls.items[i];
        if (decl->subject.text && !accounts.graph)
            accounts.graph = graph_new(book->schema, book->scripts);
        add_decl(decl->subject.text ? &accounts : &people, decl);
    }
    lowering_finish(&people, &accounts);
    arena_free(people.memory);
    return people.graph;
}

graph *graph_lower(const rulebook *book)
{
    return graph_lower_and_lint(book, NULL);
}
