/* SPDX-License-Identifier: MIT
 *
 * From windows to the domains below them: each reader of rows says how far back it
 * looks, and each derived domain hands that on to what it is made of.
 */
#include "exec/demand.h"

#include "base/bitmap.h"
#include "base/memory.h"

#define DEMAND_NONE INT64_MAX /* nobody looks */

typedef struct demand {
    const graph *graph;
    const vector *run_values;
    int64_t *since; /* by domain id */
} demand;

static void want(demand *d, uint32_t domain_id, int64_t since)
{
    if (since < d->since[domain_id])
        d->since[domain_id] = since;
}

/* Where a window begins: an end that is missing leaves it empty, and one that differs
 * between people may be any instant. */
static int64_t window_begin(const demand *d, const node *window)
{
    if (!(window->flags & WINDOW_HAS_LOWER) || window->operands[0]->domain != RUN)
        return DEMAND_ALL;
    const vector *v = &d->run_values[window->operands[0]->id];
    return vector_has(v, 0) ? *(const int64_t *)v->values : DEMAND_NONE;
}

/* The earliest instant at which a row of the window can lie. */
static int64_t first_instant(const demand *d, const node *window)
{
    if (window->kind == NODE_WINDOW)
        return window_begin(d, window);
    if (window->kind == NODE_NEWEST)
        return first_instant(d, window->operands[0]);
    if (window->kind != NODE_BOTH_WINDOWS)
        return DEMAND_ALL;
    int64_t x = first_instant(d, window->operands[0]),
            y = first_instant(d, window->operands[1]);
    return x > y ? x : y;
}

/* Values of a row that depend on rows before it. */
static bool looks_back(node_kind kind)
{
    return kind == NODE_ROW_GAP || kind == NODE_ROW_NUMBER || kind == NODE_CHANGED;
}

static void ask_node(demand *d, const node *n)
{
    if (looks_back(n->kind))
        want(d, n->domain, DEMAND_ALL);
    if (n->rows == RUN || node_is_window(n->kind))
        return;
    bool has_window = n->operand_count > 0 && node_is_window(n->operands[0]->kind);
    want(d, n->rows, has_window ? first_instant(d, n->operands[0]) : DEMAND_ALL);
}

/* What a domain needs of those that it is made of. Rows in front of a sequence's window
 * are no step of it, and forbid nothing behind them. */
static void ask_members(demand *d, const domain *from)
{
    int64_t since = DEMAND_ALL;
    if (from->kind == DOMAIN_FILTER || from->kind == DOMAIN_UNION)
        since = d->since[from->id];
    else if (from->kind == DOMAIN_SEQUENCE)
        since = first_instant(d, from->inputs[0]);
    for (size_t i = 0; i < from->member_count; i++)
        want(d, from->members[i], since);
}

/* Only what nodes stand on is alive: domains that nothing reaches refer to nodes that
 * are no more. */
static void mark_alive(const graph *g, uint32_t id, bool *is_alive)
{
    const domain *d = graph_domain(g, id);
    if (is_alive[id])
        return;
    is_alive[id] = true;
    for (size_t i = 0; i < d->member_count; i++)
        mark_alive(g, d->members[i], is_alive);
}

int64_t *demand_new(const plan *p, const vector *run_values)
{
    const graph *g = p->graph;
    demand d = {.graph = g, .run_values = run_values};
    bool *is_alive = memory_alloc_zero_array(g->domain_count + 1, sizeof *is_alive);
    d.since = memory_alloc_array(g->domain_count + 1, sizeof *d.since);
    for (size_t i = 0; i < g->domain_count; i++)
        d.since[i] = DEMAND_NONE;
    for (size_t i = 0; i < g->node_count; i++) {
        mark_alive(g, g->nodes[i]->domain, is_alive);
        mark_alive(g, g->nodes[i]->rows, is_alive);
        ask_node(&d, g->nodes[i]);
    }
    for (size_t i = g->domain_count; i-- > 0;) { /* members have smaller numbers */
        if (d.since[i] == DEMAND_NONE)
            d.since[i] = DEMAND_ALL; /* looked at in ways that no window tells */
        if (is_alive[i])
            ask_members(&d, g->domains[i]);
    }
    memory_free(is_alive);
    return d.since;
}
