/* SPDX-License-Identifier: MIT
 *
 * Events of the rules to rows of tables. A condition on one kind is a mask over its rows;
 * alternatives become a union of filtered tables; a declared event is a table of its own.
 */
#include "graph/lowering.h"

#include <string.h>

static row_set *new_rows(lowering *b, uint32_t domain_id, size_t kind)
{
    row_set *rows = arena_alloc(b->memory, sizeof *rows);
    rows->answer = arena_alloc(b->memory, sizeof *rows->answer);
    rows->domain = domain_id;
    rows->kind = kind;
    return rows;
}

/* Sessions are cut at now, since later events do not exist. */
static const row_set *session_rows(lowering *b, size_t kind, vantage from)
{
    row_set *events = arena_alloc(b->memory, sizeof *events);
    *events = *lower_anything(b, from.beside);
    events->mask = lower_happened(b, events, from.now);
    const row_set *base = rows_filtered(b, events);
    row_set *rows = new_rows(
        b, graph_sessions_domain(b->graph, base->domain, b->book->schema->session_gap),
        kind);
    rows->is_declared = true;
    rows->members = arena_alloc(b->memory, sizeof *rows->members);
    rows->members[0] = base;
    rows->member_count = 1;
    return rows;
}

/* ---- the users of an account -------------------------------------------- */

/* A node of the run's domain, made anew in another graph, which has numbers of its own. */
static const node *transplanted(lowering *b, const graph *from, const node *n)
{
    graph *to = b->graph;
    node copy = *n;
    copy.operands =
        arena_alloc_array(b->memory, n->operand_count + 1, sizeof *n->operands);
    for (size_t i = 0; i < n->operand_count; i++)
        copy.operands[i] = transplanted(b, from, n->operands[i]);
    if (n->kind == NODE_NEXT_OCCASION || n->kind == NODE_IN_OCCASION)
        copy.occasion = graph_occasion(to, from->occasions[n->occasion]);
    if (n->kind == NODE_TEXT_IN_LIST)
        copy.list = graph_list(to, from->lists[n->list]);
    return graph_node(to, &copy);
}

static const row_set *user_rows(lowering *b, size_t kind, const node *now)
{
    row_set *rows = new_rows(b, graph_events_domain(b->graph, kind), kind);
    rows->is_declared = true;
    rows->now = b->people ? transplanted(b->people, b->graph, now) : now;
    return rows;
}

static const node *import_value(lowering *b, const row_set *users, const node *of_people)
{
    size_t number = graph_import(b->graph, of_people);
    return graph_node(b->graph, &(node){.kind = NODE_IMPORT,
                                        .type = of_people->type,
                                        .domain = users->domain,
                                        .origin = of_people->origin,
                                        .import = number});
}

bool rows_are_of_users(const lowering *b, const row_set *rows)
{
    return rows->kind != SCHEMA_NONE &&
           b->book->schema->kinds[rows->kind].derivation == KIND_USERS;
}

/* What a `where` asks of a user is asked of the person. */
static const node *user_condition(lowering *b, const row_set *users,
                                  const ast_expr *where)
{
    context c = {.now = users->now, .rows = users};
    return import_value(b, users, lower_condition(b->people, where, c));
}

const node *lower_user_property(lowering *b, const row_set *users, const char *name)
{
    size_t trait = schema_find_trait(b->book->schema, name);
    if (!b->people) /* asked inside such a `where` */
        return lower_trait(b, trait, users->now);
    return import_value(b, users, lower_trait(b->people, trait, users->now));
}

/* ---- tables ------------------------------------------------------------- */

static const row_set *kind_rows(lowering *b, size_t kind)
{
    row_set *rows = new_rows(b, graph_events_domain(b->graph, kind), kind);
    rows->is_declared = true;
    return rows;
}

const row_set *rows_filtered(lowering *b, const row_set *rows)
{
    if (!rows->mask)
        return rows;
    row_set *kept =
        new_rows(b,
                 graph_filter_domain(b->graph, rows->domain,
                                     make_spread(b->graph, rows->mask, rows->domain)),
                 SCHEMA_NONE);
    if (kept->domain == rows->domain)
        kept->kind = rows->kind;
    kept->members = arena_alloc(b->memory, sizeof *kept->members);
    row_set *base = arena_alloc(b->memory, sizeof *base);
    *base = *rows;
    base->mask = NULL;
    kept->members[0] = base;
    kept->member_count = 1;
    return kept->domain == rows->domain ? base : kept;
}

/* A row that is several of the alternatives has the gap and the number that it has in the first
 * of them: those of a declared event are its own. */
static bool order_matters(const lowering *b, const row_set **members, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (members[i]->is_declared
                ? graph_domain(b->graph, members[i]->domain)->kind != DOMAIN_EVENTS
                : order_matters(b, members[i]->members, members[i]->member_count))
            return true;
    return false;
}

const row_set *rows_united(lowering *b, const row_set **members, size_t count)
{
    if (count == 1)
        return members[0];
    uint32_t *ids = arena_alloc_array(b->memory, count + 1, sizeof *ids);
    for (size_t i = 0; i < count; i++)
        ids[i] = members[i]->domain;
    row_set *rows = new_rows(
        b, graph_union_domain(b->graph, ids, count, order_matters(b, members, count)),
        SCHEMA_NONE);
    const domain *d = graph_domain(b->graph, rows->domain);
    if (rows->domain == members[0]->domain) /* the same again and again */
        return members[0];
    /* The union's members are distinct; keep the row sets in the same order. */
    rows->members = arena_alloc_array(b->memory, d->member_count, sizeof *rows->members);
    rows->member_count = d->member_count;
    for (size_t m = 0; m < d->member_count; m++)
        for (size_t i = 0; i < count; i++)
            if (members[i]->domain == d->members[m])
                rows->members[m] = members[i];
    return rows;
}

const node *member_mask(lowering *b, const row_set *all, const row_set *member)
{
    const domain *d = graph_domain(b->graph, all->domain);
    if (all->domain == member->domain)
        return make_bool(b->graph, true);
    for (size_t m = 0; m < d->member_count; m++)
        if (d->members[m] == member->domain)
            return make_in_member(b->graph, all->domain, m);
    return make_bool(b->graph, false);
}

static const row_set *everything(lowering *b)
{
    const schema *s = b->book->schema;
    const row_set **members =
        arena_alloc_array(b->memory, s->kind_count + 1, sizeof *members);
    size_t count = 0;
    for (size_t i = 0; i < s->kind_count; i++)
        if (s->kinds[i].derivation == KIND_FROM_DATA)
            members[count++] = kind_rows(b, i);
    if (count == 0) /* a project of traits only: an empty union */
        return new_rows(b, graph_union_domain(b->graph, NULL, 0, false), SCHEMA_NONE);
    return rows_united(b, members, count);
}

const row_set *lower_events(lowering *b, size_t kind, uint32_t beside)
{
    return rows_beside(b, kind_rows(b, kind), beside);
}

const row_set *lower_anything(lowering *b, uint32_t beside)
{
    return rows_beside(b, everything(b), beside);
}

static const row_set *masked(lowering *b, const row_set *rows, const ast_expr *where,
                             const node *now)
{
    if (!where)
        return rows;
    row_set *narrowed = arena_alloc(b->memory, sizeof *narrowed);
    *narrowed = *rows;
    const node *condition =
        rows_are_of_users(b, rows)
            ? user_condition(b, rows, where)
            : lower_condition(b, where, (context){.now = now, .rows = rows});
    narrowed->mask = rows->mask ? make_and(b->graph, rows->mask, condition) : condition;
    return narrowed;
}

const row_set *lower_declared(lowering *b, const ast_decl *decl, vantage from)
{
    row_set *rows = arena_alloc(b->memory, sizeof *rows);
    const ast_list no_windows = {0};
    if (decl->pattern->is_sequence)
        *rows = *lower_sequence(b, decl->pattern, &no_windows, (context){.now = from.now},
                                from);
    else
        *rows = *rows_filtered(b, lower_step(b, decl->pattern->step, from, true));
    rows->is_declared = true;
    return rows;
}

/* The same with all that is asked of an ending. */
static const row_set *ended(lowering *b, const row_set *rows, vantage from)
{
    for (const ending *e = from.ending; e; e = e->rest)
        rows = masked(b, rows, e->where, from.now);
    return rows;
}

/* Where a `where` of events, some of which may be matches, is asked. */
typedef struct asked {
    vantage inside;        /* from where the events are looked at */
    const ast_expr *where; /* what is left to ask of their rows; NULL: nothing */
} asked;

/* It is asked of the last step of each match. But one that asks which of the matches it is
 * needs them as they are without it, and so does all that is asked of these. */
static asked ask(lowering *b, const ast_expr *where, bool is_counted, bool has_matches,
                 vantage from)
{
    if (!where)
        return (asked){from, NULL};
    if (!has_matches || is_counted)
        return (asked){{from.now, from.beside, NULL}, where};
    ending *inner = arena_alloc(b->memory, sizeof *inner);
    *inner = (ending){where, from.ending};
    return (asked){{from.now, from.beside, inner}, NULL};
}

static const row_set *answered(lowering *b, const row_set *rows, const asked *a,
                               vantage from)
{
    return a->where ? ended(b, masked(b, rows, a->where, from.now), from) : rows;
}

/* Without what its `where` asks. */
static const row_set *named_rows(lowering *b, const ast_event *event, vantage from)
{
    if (event->decl && event->decl->meaning->has_matches)
        return lower_built_event(b, event->decl, from);
    vantage plain = {from.now, from.beside, NULL};
    const row_set *rows;
    if (event->decl)
        rows = lower_built_event(b, event->decl, plain);
    else if (event->is_anything)
        rows = lower_anything(b, from.beside);
    else if (b->book->schema->kinds[event->kind].derivation == KIND_SESSIONS)
        rows = session_rows(b, event->kind, plain);
    else if (b->book->schema->kinds[event->kind].derivation == KIND_USERS)
        rows = user_rows(b, event->kind, from.now);
    else
        rows = lower_events(b, event->kind, from.beside);
    return ended(b, rows, from);
}

static const row_set *event_rows(lowering *b, const ast_event *event, vantage from,
                                 bool with_conditions)
{
    bool has_matches = event->decl && event->decl->meaning->has_matches;
    const ast_expr *where = with_conditions ? event->where : NULL;
    asked a = ask(b, where, event->is_counted, has_matches, from);
    return answered(b, named_rows(b, event, a.inside), &a, from);
}

static bool step_has_matches(const ast_step *step)
{
    for (size_t i = 0; i < step->events.count; i++) {
        const ast_event *event = step->events.items[i];
        if (event->decl && event->decl->meaning->has_matches)
            return true;
    }
    return false;
}

const row_set *lower_step(lowering *b, const ast_step *step, vantage from,
                          bool with_conditions)
{
    const ast_list *events = &step->events;
    if (events->count == 1)
        return event_rows(b, events->items[0], from, with_conditions);
    const ast_expr *where = with_conditions ? step->where : NULL;
    asked a = ask(b, where, step->is_counted, step_has_matches(step), from);
    const row_set **members =
        arena_alloc_array(b->memory, events->count, sizeof *members);
    for (size_t i = 0; i < events->count; i++)
        members[i] =
            rows_filtered(b, event_rows(b, events->items[i], a.inside, with_conditions));
    return answered(b, rows_united(b, members, events->count), &a, from);
}

static const node *both_masks(lowering *b, const node *x, const node *y)
{
    if (!x || !y)
        return x ? x : y;
    return make_and(b->graph, x, y);
}

selected lower_selected(lowering *b, const ast_selection *what, const ast_list *windows,
                        context c, bool with_conditions)
{
    selected s = {0};
    const ast_pattern *pattern = what->pattern;
    const ast_event *list = pattern_list(pattern);
    if (list)
        return lower_items(b, list, c, with_conditions);
    if (pattern->is_sequence) { /* the windows bound its steps */
        s.rows = lower_sequence(b, pattern, windows, c, (vantage){c.now, PEOPLE, NULL});
        s.window = make_window(b->graph, s.rows->domain, NULL, false, NULL, false);
        return s;
    }
    vantage from = {c.now, beside_of_selection(b, what, windows, c), NULL};
    s.rows = lower_step(b, pattern->step, from, with_conditions);
    s.window = lower_windows(b, s.rows, windows, c, &s.mask);
    s.mask = both_masks(b, s.rows->mask, s.mask);
    return s;
}
