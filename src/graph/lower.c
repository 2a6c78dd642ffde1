/* SPDX-License-Identifier: MIT
 *
 * Declarations to rules of the graph. A declaration is built once for each instant at
 * which it is asked (`as of`), and shared from then on.
 */
#include "graph/lower.h"

#include "base/memory.h"
#include "base/number.h"
#include "graph/lowering.h"

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

enum { BY_CALENDAR = 1 }; /* the part of a value whose days go by the calendar */

static value decl_value(lowering *b, const ast_decl *decl, const node *now, size_t part)
{
    context c = {.now = now, .by_calendar = part == BY_CALENDAR};
    value v = decl->value ? lower_value(b, decl->value, c)
                          : value_of(lower_plan_of_points(b, decl, c));
    if (v.node)
        graph_note_name(b->graph, v.node, decl->name.where, decl->name.text);
    return v;
}

value lower_decl_value(lowering *b, const ast_decl *decl, const node *now)
{
    return lower_built(b, decl, now, 0).value;
}

value lower_decl_by_calendar(lowering *b, const ast_decl *decl, const node *now)
{
    return lower_built(b, decl, now, BY_CALENDAR).value;
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

static const node *segment_holds(lowering *b, const ast_decl *decl, const node *real_now)
{
    if (decl->stay)
        return lower_judged(b, decl, lower_until(b, real_now));
    const node *now = judged_instant(b, decl, real_now);
    return make_and(
        b->graph,
        make_and(b->graph, lower_universe(b, decl, now), did_anything(b, decl, now)),
        lower_condition(b, decl->value, (context){.now = now}));
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

static size_t group_count(const ast_decl *decl)
{
    return decl->kind == DECL_SPLIT ? decl->arms.count : decl->groups.count;
}

static const node *lower_when(lowering *b, const ast_decl *decl, size_t index,
                              const node *now)
{
    const ast_group *group = decl->groups.items[index];
    return group->when ? lower_condition(b, group->when, (context){.now = now})
                       : make_bool(b->graph, true);
}

/* Does none of the first groups take the person? They are asked once, for all groups that
 * follow. */
static const node *none_of_first(lowering *b, const ast_decl *decl, size_t count,
                                 const node *real_now)
{
    if (count == 0)
        return make_bool(b->graph, true);
    return lower_built(b, decl, real_now, group_count(decl) + count).value.node;
}

static const node *none_holds(lowering *b, const ast_decl *decl, size_t count,
                              const node *real_now)
{
    const node *before = none_of_first(b, decl, count - 1, real_now);
    const node *last = lower_when(b, decl, count - 1, judged_instant(b, decl, real_now));
    return make_and(b->graph, before, make_not(b->graph, last));
}

/* A group holds when its condition does and no earlier one does. */
static const node *group_holds(lowering *b, const ast_decl *decl, size_t index,
                               const node *real_now)
{
    const node *now = judged_instant(b, decl, real_now);
    const node *parts[] = {lower_universe(b, decl, now), did_anything(b, decl, now),
                           lower_when(b, decl, index, now),
                           none_of_first(b, decl, index, real_now)};
    return make_many(b->graph, NODE_AND, (type){TYPE_BOOL, 0}, parts, 4);
}

/* An arm takes the people whose place lies between what the arms before it take and
 * that plus its own share. */
static const node *arm_holds(lowering *b, const ast_decl *decl, size_t index,
                             const node *now)
{
    graph *g = b->graph;
    type whole = {TYPE_DECIMAL, 0};
    const char *by = decl->by.text ? decl->by.text : decl->name.text;
    const node *point = graph_node(g, &(node){.kind = NODE_SPLIT_POINT,
                                              .type = whole,
                                              .domain = PEOPLE,
                                              .salt = slice_of(by)});
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
    return lower_built(b, decl, now, group).value.node;
}

static const node *member_holds(lowering *b, const task *t)
{
    switch (t->decl->kind) {
    case DECL_SPLIT: return arm_holds(b, t->decl, t->part, t->now);
    case DECL_SEGMENT: return segment_holds(b, t->decl, t->now);
    default: break;
    }
    size_t count = group_count(t->decl);
    return t->part < count ? group_holds(b, t->decl, t->part, t->now)
                           : none_holds(b, t->decl, t->part - count, t->now);
}

built lower_decl(lowering *b, const task *t)
{
    switch (t->decl->kind) {
    case DECL_EVENT: {
        vantage from = {t->now, (uint32_t)t->part, t->ending};
        return (built){.rows = lower_declared(b, t->decl, from)};
    }
    case DECL_LET:
    case DECL_SCORE: return (built){.value = decl_value(b, t->decl, t->now, t->part)};
    default: return (built){.value = value_of(member_holds(b, t))};
    }
}

/* ---- rules of the graph ------------------------------------------------- */

/* Whoever `ref` names; once for the run's now, or once for each of the instants. No event
 * behind the instant exists then. */
static void add_members(lowering *b, rule r, const ast_ref *ref)
{
    size_t count = b->instants ? b->instants->count : 1;
    for (size_t i = 0; i < count; i++) {
        const node *now = b->instants ? make_integer(b->graph, (type){TYPE_TIME, 0},
                                                     b->instants->items[i])
                                      : make_now(b->graph);
        b->horizon = b->instants ? now : NULL;
        r.node = lower_member(b, ref, now);
        graph_add_rule(b->graph, r);
    }
    b->horizon = NULL;
}

static void add_segment(lowering *b, const ast_decl *decl)
{
    ast_ref ref = {.decl = (ast_decl *)decl};
    add_members(b,
                (rule){.kind = RULE_SEGMENT,
                       .name = decl->name.text,
                       .path = decl->name.text,
                       .title = decl->title.text,
                       .where = decl->name.where},
                &ref);
}

static void add_groups(lowering *b, const ast_decl *decl)
{
    size_t set = graph_add_groups(b->graph, decl->name.text, decl->title.text);
    for (size_t i = 0; i < decl->groups.count; i++) {
        const ast_group *group = decl->groups.items[i];
        ast_ref ref = {.decl = (ast_decl *)decl, .group = i, .member = group->name};
        add_members(b,
                    (rule){.kind = RULE_GROUP,
                           .name = group->name.text,
                           .path = arena_format(b->graph->memory, "%s.%s",
                                                decl->name.text, group->name.text),
                           .title = group->title.text,
                           .groups = set,
                           .where = group->name.where},
                    &ref);
    }
}

static void add_split(lowering *b, const ast_decl *decl)
{
    size_t set = graph_add_groups(b->graph, decl->name.text, decl->title.text);
    for (size_t i = 0; i < decl->arms.count; i++) {
        const ast_arm *arm = decl->arms.items[i];
        ast_ref ref = {.decl = (ast_decl *)decl, .group = i, .member = arm->name};
        add_members(b,
                    (rule){.kind = RULE_GROUP,
                           .name = arm->name.text,
                           .path = arena_format(b->graph->memory, "%s.%s",
                                                decl->name.text, arm->name.text),
                           .groups = set,
                           .where = arm->name.where},
                    &ref);
    }
}

static void add_score(lowering *b, const ast_decl *decl)
{
    value v = lower_decl_value(b, decl, make_now(b->graph));
    graph_add_rule(b->graph, (rule){.kind = RULE_SCORE,
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
        graph_add_rule(people->graph, (rule){.kind = RULE_IMPORT,
                                             .name = name,
                                             .path = name,
                                             .node = accounts->imports[i]});
    }
}

static void add_traits(lowering *people)
{
    const rulebook *book = people->book;
    for (size_t i = 0; book->wanted_traits && i < book->schema->trait_count; i++) {
        const char *name = book->schema->traits[i].name;
        if (book->wanted_traits[i])
            graph_add_rule(
                people->graph,
                (rule){.kind = RULE_TRAIT,
                       .name = name,
                       .path = arena_format(people->graph->memory, "user.%s", name),
                       .node = lower_trait(people, i, make_now(people->graph))});
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

static void add_decls(lowering *people, lowering *accounts)
{
    const rulebook *book = people->book;
    for (size_t i = 0; i < book->decls.count; i++) {
        const ast_decl *decl = book->decls.items[i];
        if (book->selected && !book->selected[i])
            continue;
        if (decl->subject.text && !accounts->graph)
            accounts->graph = graph_new(book->schema, book->scripts);
        add_decl(decl->subject.text ? accounts : people, decl);
    }
}

void lowered_add(lowered_list *list, lowered condition)
{
    memory_grow((void **)&list->items, list->count, &list->capacity, sizeof *list->items);
    list->items[list->count++] = condition;
}

void lowered_done(lowered_list *list)
{
    memory_free(list->items);
    *list = (lowered_list){0};
}

/* What was begun is of no use. */
static void give_back(undertaking *whole)
{
    while (whole->first) {
        lowering *b = whole->first;
        graph_free(b->graph);
        lowering_done(b);
    }
}

static graph *lower_book(const rulebook *book, const lower_instants *instants,
                         lowered_list *conditions, diags *diags)
{
    arena *memory = arena_new(); /* all that is written before a way back is kept there */
    undertaking *whole = arena_alloc(memory, sizeof *whole);
    lowering *people = arena_alloc(memory, sizeof *people);
    lowering *accounts = arena_alloc(memory, sizeof *accounts);
    graph *volatile made = NULL;
    *people = (lowering){.book = book,
                         .graph = graph_new(book->schema, book->scripts),
                         .memory = memory,
                         .instants = instants,
                         .conditions = conditions};
    *accounts = (lowering){.book = book, .people = people, .memory = memory};
    whole->diags = diags;
    lowering_begin(people, whole);
    lowering_begin(accounts, whole);
    if (setjmp(whole->given_up) == 0) {
        add_decls(people, accounts);
        add_traits(people);
        made = people->graph;
        lowering_finish(people, accounts);
    } else {
        give_back(whole);
    }
    arena_free(memory);
    return made;
}

graph *graph_lower(const rulebook *book, lowered_list *conditions, diags *diags)
{
    return lower_book(book, NULL, conditions, diags);
}

graph *graph_lower_at(const rulebook *book, const lower_instants *instants)
{
    return lower_book(book, instants, NULL, NULL);
}
