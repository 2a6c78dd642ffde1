/* SPDX-License-Identifier: MIT
 *
 * From windows to the distinct instants of each domain, once a run.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "exec/edges.h"

/* ---- windows between instants ------------------------------------------- */

/* The rows of a window that lies at the same instants for everybody: those at or after
 * `from`, and before `until` where it has one. */
typedef struct fixed_window {
    bool is_fixed, is_empty, has_until;
    int64_t from, until;
} fixed_window;

static bool is_known_for_all(const node *window)
{
    for (size_t i = 0; i < window->operand_count; i++)
        if (window->operands[i]->domain != RUN)
            return false;
    return true;
}

/* Behind an instant is at or after the next microsecond. */
static void fix_lower(fixed_window *w, int64_t instant, bool is_in)
{
    w->from = is_in || instant == INT64_MAX ? instant : instant + 1;
    w->is_empty |= !is_in && instant == INT64_MAX;
}

static void fix_upper(fixed_window *w, int64_t instant, bool is_in)
{
    w->has_until = !(is_in && instant == INT64_MAX);
    w->until = is_in && w->has_until ? instant + 1 : instant;
}

/* An end that is missing leaves the window empty. */
static fixed_window fix_window(const node *window, const vector *run_values)
{
    fixed_window out = {.is_fixed = is_known_for_all(window), .from = INT64_MIN};
    for (size_t i = 0; out.is_fixed && i < window->operand_count; i++) {
        const vector *v = &run_values[window->operands[i]->id];
        int64_t instant = *(const int64_t *)v->values;
        out.is_empty |= !vector_has(v, 0);
        if (i == 0 && window->window.has_lower)
            fix_lower(&out, instant, window->window.lower_in);
        else
            fix_upper(&out, instant, window->window.upper_in);
    }
    return out;
}

static fixed_window fix(const node *window, const vector *run_values);

static fixed_window fix_both(const node *window, const vector *run_values)
{
    const node *first = window->operands[0], *second = window->operands[1];
    fixed_window x = fix(first, run_values), y = fix(second, run_values);
    x.is_fixed &=
        y.is_fixed && first->domain == window->domain && second->domain == window->domain;
    x.is_empty |= y.is_empty;
    x.from = y.from > x.from ? y.from : x.from;
    if (y.has_until && (!x.has_until || y.until < x.until))
        x.until = y.until;
    x.has_until |= y.has_until;
    return x;
}

static fixed_window fix(const node *window, const vector *run_values)
{
    if (window->kind == NODE_WINDOW)
        return fix_window(window, run_values);
    if (window->kind == NODE_BOTH_WINDOWS)
        return fix_both(window, run_values);
    return (fixed_window){.is_fixed = false};
}

static bool has_instants(const fixed_window *w)
{
    return w->is_fixed && !w->is_empty && !(w->has_until && w->until <= w->from);
}

static int latest_first(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x < y) - (x > y);
}

static void sort_instants(edge_instants *instants)
{
    uint32_t count = 0;
    if (instants->count == 0)
        return;
    qsort(instants->latest_first, instants->count, sizeof *instants->latest_first,
          latest_first);
    for (uint32_t i = 0; i < instants->count; i++)
        if (i == 0 || instants->latest_first[i] != instants->latest_first[count - 1])
            instants->latest_first[count++] = instants->latest_first[i];
    instants->count = count;
}

/* Events of the data lie within what the store says; and with them what is made of them. */
static bool are_events(const graph *g, const store *s, const domain *d)
{
    if (d->kind == DOMAIN_EVENTS)
        return d->index < s->schema->kind_count;
    for (size_t m = 0; m < d->member_count; m++)
        if (!are_events(g, s, graph_domain(g, d->members[m])))
            return false;
    return d->member_count > 0;
}

static const event_table *stored_table(const store *s, const domain *d)
{
    if (d->kind == DOMAIN_TRAIT)
        return &s->traits[d->index];
    return d->kind == DOMAIN_EVENTS ? &s->kinds[d->index] : NULL;
}

/* All rows of a stored table happened at one instant, as the traits that were set since ever. */
static const packed *only_time(const store *s, const domain *d)
{
    const event_table *table = stored_table(s, d);
    return table && table->time.bits == 0 ? &table->time : NULL;
}

static void find_span(const graph *g, const store *s, const domain *d, edge_instants *out)
{
    const packed *only = only_time(s, d);
    if (only) {
        out->first = out->last = only->base;
        return;
    }
    bool is_known = are_events(g, s, d);
    out->first = is_known ? s->first_time : INT64_MIN;
    out->last = is_known ? s->last_time : INT64_MAX;
}

static bool is_within(const edge_instants *instants, int64_t instant)
{
    return instant > instants->first && instant <= instants->last;
}

uint32_t edge_of(const edge_instants *instants, int64_t instant)
{
    if (!is_within(instants, instant))
        return instant <= instants->first ? EDGE_FIRST : EDGE_LAST;
    const int64_t *found = bsearch(&instant, instants->latest_first, instants->count,
                                   sizeof instant, latest_first);
    return (uint32_t)(found - instants->latest_first);
}

/* Of a window without an end. Who has no rows has the least of newest times, so it has to be a later
 * instant. */
static bool is_told_by_newest(const store *s, const domain *d, const edge_pair *pair)
{
    const event_table *table = stored_table(s, d);
    return pair->is_shared && pair->end == EDGE_LAST && pair->begin < EDGE_NONE &&
           table && table->offsets && s->newest && table->time.bits > 0 &&
           table->time.bits <= 32 && packed_steps_to(&table->time, pair->from) > 0;
}

static edge_pair pair_of(const edge_instants *instants, const fixed_window *w)
{
    edge_pair pair = {.is_shared = w->is_fixed,
                      .begin = EDGE_FIRST,
                      .end = EDGE_FIRST,
                      .from = INT64_MAX,
                      .until = INT64_MIN};
    if (!has_instants(w))
        return pair;
    pair.begin = edge_of(instants, w->from);
    pair.end = w->has_until ? edge_of(instants, w->until) : EDGE_LAST;
    pair.from = w->from;
    pair.until = w->has_until ? w->until : INT64_MAX;
    return pair;
}

static void note_instant(edge_instants *instants, size_t *capacity, int64_t instant)
{
    if (!is_within(instants, instant))
        return;
    memory_grow((void **)&instants->latest_first, instants->count, capacity,
                sizeof *instants->latest_first);
    instants->latest_first[instants->count++] = instant;
}

static void note_instants(edge_instants *instants, size_t *capacity,
                          const fixed_window *w)
{
    if (!has_instants(w))
        return;
    note_instant(instants, capacity, w->from);
    if (w->has_until)
        note_instant(instants, capacity, w->until);
}

/* The windows whose ends can be shared, by node id: those of the groups of their rows. */
static fixed_window *fix_all(const graph *g, const vector *run_values)
{
    fixed_window *fixed = memory_alloc_zero_array(g->node_count + 1, sizeof *fixed);
    for (size_t i = 0; i < g->node_count; i++) {
        const node *n = g->nodes[i];
        if (node_is_window(n->kind) && n->domain == graph_group_of(g, n->rows))
            fixed[i] = fix(n, run_values);
    }
    return fixed;
}

/* Filtered tables and unions begin at an instant, too. */
static void note_members(edge_instants *instants, size_t *capacities, const domain *d,
                         int64_t since)
{
    fixed_window w = {.is_fixed = true, .from = since};
    if (d->kind != DOMAIN_FILTER && d->kind != DOMAIN_UNION)
        return;
    for (size_t m = 0; m < d->member_count; m++)
        note_instants(&instants[d->members[m]], &capacities[d->members[m]], &w);
}

edge_plan *edge_plan_new(const graph *g, const store *s, const vector *run_values,
                         const int64_t *since)
{
    edge_plan *p = memory_alloc_zero(sizeof *p);
    p->domain_count = g->domain_count;
    p->windows = memory_alloc_zero_array(g->node_count + 1, sizeof *p->windows);
    p->instants = memory_alloc_zero_array(g->domain_count + 1, sizeof *p->instants);
    size_t *capacities = memory_alloc_zero_array(g->domain_count + 1, sizeof *capacities);
    fixed_window *fixed = fix_all(g, run_values);
    for (size_t i = 0; i < g->domain_count; i++)
        find_span(g, s, g->domains[i], &p->instants[i]);
    for (size_t i = 0; i < g->node_count; i++) {
        uint32_t rows = g->nodes[i]->rows;
        note_instants(&p->instants[rows], &capacities[rows], &fixed[i]);
    }
    for (size_t i = 0; i < g->domain_count; i++)
        note_members(p->instants, capacities, g->domains[i], since[i]);
    for (size_t i = 0; i < g->domain_count; i++)
        sort_instants(&p->instants[i]);
    for (size_t i = 0; i < g->node_count; i++) {
        uint32_t rows = g->nodes[i]->rows;
        p->windows[i] = pair_of(&p->instants[rows], &fixed[i]);
        p->windows[i].is_told_by_newest =
            is_told_by_newest(s, g->domains[rows], &p->windows[i]);
    }
    memory_free(fixed);
    memory_free(capacities);
    return p;
}

/* ---- those that are asked for -------------------------------------------- */

static uint32_t asked_edge(const edge_plan *p, uint32_t rows, uint32_t edge)
{
    if (edge >= EDGE_NONE)
        return edge;
    return edge_of(&p->asked[rows], p->instants[rows].latest_first[edge]);
}

static void note_asked(edge_plan *p, size_t *capacities, uint32_t rows, uint32_t edge)
{
    if (edge < EDGE_NONE)
        note_instant(&p->asked[rows], &capacities[rows],
                     p->instants[rows].latest_first[edge]);
}

void edge_plan_ask(edge_plan *p, const graph *g, const bool *is_asked,
                   const int64_t *since, const asked_instant *others, size_t other_count)
{
    size_t *capacities = memory_alloc_zero_array(g->domain_count + 1, sizeof *capacities);
    p->asked = memory_alloc_zero_array(g->domain_count + 1, sizeof *p->asked);
    for (size_t i = 0; i < g->domain_count; i++) {
        p->asked[i].first = p->instants[i].first;
        p->asked[i].last = p->instants[i].last;
    }
    for (size_t i = 0; i < g->node_count; i++) {
        edge_pair pair = p->windows[i];
        if (!is_asked[i] || !pair.is_shared)
            continue;
        note_asked(p, capacities, g->nodes[i]->rows, pair.begin);
        note_asked(p, capacities, g->nodes[i]->rows, pair.end);
    }
    for (size_t i = 0; i < other_count; i++)
        note_instant(&p->asked[others[i].domain], &capacities[others[i].domain],
                     others[i].instant);
    for (size_t i = 0; i < g->domain_count; i++)
        note_members(p->asked, capacities, g->domains[i], since[i]);
    for (size_t i = 0; i < g->domain_count; i++)
        sort_instants(&p->asked[i]);
    for (size_t i = 0; i < g->node_count; i++) {
        edge_pair *pair = &p->windows[i];
        bool leaves_out = pair->is_shared && !is_asked[i];
        uint32_t rows = g->nodes[i]->rows;
        pair->asked_begin = leaves_out ? EDGE_NONE : asked_edge(p, rows, pair->begin);
        pair->asked_end = leaves_out ? EDGE_NONE : asked_edge(p, rows, pair->end);
    }
    memory_free(capacities);
}

void edge_plan_free(edge_plan *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->domain_count; i++) {
        memory_free(p->instants[i].latest_first);
        if (p->asked)
            memory_free(p->asked[i].latest_first);
    }
    memory_free(p->asked);
    memory_free(p->instants);
    memory_free(p->windows);
    memory_free(p);
}
