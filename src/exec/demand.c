/* SPDX-License-Identifier: MIT
 *
 * From windows to the domains below them: each reader of rows says how far back it
 * looks, and each derived domain hands that on to what it is made of.
 */
#include "exec/demand.h"

#include "base/memory.h"
#include "exec/block.h"
#include "exec/asked_edges.h"
#include "exec/chains.h"
#include "exec/distinct_families.h"
#include "exec/histogram_families.h"
#include "exec/reach.h"
#include "exec/unit_families.h"

#define DEMAND_NONE INT64_MAX /* nobody looks */

typedef struct inquiry {
    const graph *graph;
    const vector *run_values;
    demand *found;
} inquiry;

static void want(inquiry *q, uint32_t domain_id, int64_t since)
{
    if (since < q->found->since[domain_id])
        q->found->since[domain_id] = since;
}

/* Where a window begins: an end that is missing leaves it empty, and one that differs
 * between people may be any instant. */
static int64_t window_begin(const inquiry *q, const node *window)
{
    if (!window->window.has_lower || window->operands[0]->domain != RUN)
        return DEMAND_ALL;
    const vector *v = &q->run_values[window->operands[0]->id];
    return vector_has(v, 0) ? *(const int64_t *)v->values : DEMAND_NONE;
}

/* The earliest instant at which a row of the window can lie. */
static int64_t first_instant(const inquiry *q, const node *window)
{
    if (window->kind == NODE_WINDOW)
        return window_begin(q, window);
    if (window->kind == NODE_NEWEST)
        return first_instant(q, window->operands[0]);
    if (window->kind != NODE_BOTH_WINDOWS)
        return DEMAND_ALL;
    int64_t x = first_instant(q, window->operands[0]),
            y = first_instant(q, window->operands[1]);
    return x > y ? x : y;
}

/* Values of a row that depend on rows before it. */
static bool looks_back(node_kind kind)
{
    return kind == NODE_ROW_GAP || kind == NODE_ROW_NUMBER || kind == NODE_CHANGED;
}

/* Does the node ask of its rows whether there is one at all? */
static bool asks_for_any(const node *n)
{
    return n->kind == NODE_ANY && n->operand_count == 1 &&
           n->operands[0]->kind == NODE_WINDOW && n->operands[0]->operand_count == 0;
}

static void ask_node(inquiry *q, const node *n)
{
    q->found->all_matches[n->domain] = true;
    if (looks_back(n->kind))
        want(q, n->domain, DEMAND_ALL);
    if (node_is_window(n->kind))
        return;
    bool has_window = false;
    for (size_t i = 0; i < n->operand_count; i++)
        if (node_is_window(n->operands[i]->kind)) {
            want(q, n->operands[i]->rows, first_instant(q, n->operands[i]));
            q->found->all_matches[n->operands[i]->rows] |= !asks_for_any(n);
            has_window = true;
        }
    if (n->rows != RUN && !has_window)
        want(q, n->rows, DEMAND_ALL);
    q->found->all_matches[n->rows] |= !asks_for_any(n);
}

/* ---- sequences ---------------------------------------------------------- */

/* Where the rows of a sequence that may be a step begin. Rows in front of them forbid
 * nothing. */
static int64_t first_step(const inquiry *q, const domain *matches)
{
    const sequence *s = q->graph->sequences[matches->index];
    const node *const *next = matches->inputs + 1;
    int64_t first = DEMAND_NONE;
    for (size_t i = 0; i < s->rows_count; i++) {
        int64_t since = first_instant(q, sequence_take_inputs(s, i, &next).window);
        if (sequence_has_step(s, &s->rows[i]) && since < first)
            first = since;
    }
    return first;
}

/* ---- domains ------------------------------------------------------------ */

/* Whether a row begins a session is told by the rows of the gap in front of it. */
static int64_t before_gap(int64_t since, int64_t gap)
{
    return since < DEMAND_ALL + gap ? DEMAND_ALL : since - gap;
}

/* What a domain needs of those that it is made of. */
static void ask_members(inquiry *q, const domain *from)
{
    int64_t since = DEMAND_ALL;
    if (from->kind == DOMAIN_FILTER || from->kind == DOMAIN_UNION)
        since = q->found->since[from->id];
    else if (from->kind == DOMAIN_SESSIONS)
        since = before_gap(q->found->since[from->id], (int64_t)from->index);
    else if (from->kind == DOMAIN_SEQUENCE)
        since = first_step(q, from);
    for (size_t i = 0; i < from->member_count; i++) {
        want(q, from->members[i], since);
        q->found->all_matches[from->members[i]] = true;
    }
}

static void ask_domain(inquiry *q, const domain *d)
{
    demand *found = q->found;
    if (found->since[d->id] == DEMAND_NONE)
        found->since[d->id] = DEMAND_ALL; /* looked at in ways that no window tells */
    ask_members(q, d);
}

demand *demand_new(const plan *p, const store *s, const vector *run_values)
{
    const graph *g = p->graph;
    size_t count = g->domain_count;
    demand *found = memory_alloc_zero(sizeof *found);
    found->domain_count = count;
    found->since = memory_alloc_array(count + 1, sizeof *found->since);
    found->all_matches = memory_alloc_zero_array(count + 1, sizeof *found->all_matches);
    inquiry q = {g, run_values, found};
    for (size_t i = 0; i < count; i++)
        found->since[i] = DEMAND_NONE;
    for (size_t i = 0; i < g->node_count; i++)
        ask_node(&q, g->nodes[i]);
    for (size_t i = count; i-- > 0;) /* members have smaller numbers */
        ask_domain(&q, g->domains[i]);
    found->edges = edge_plan_new(g, s, run_values, found->since);
    found->chains = chain_plan_new(g, found->edges, found->all_matches);
    found->reach = reach_plan_new(p, found->edges, found->since, found->chains);
    found->units = unit_plan_new(p, found->edges);
    found->histograms = histogram_plan_new(p->histograms, found->edges);
    found->distincts = distinct_plan_new(g, found->edges);
    asked_edges_choose(found, g);
    return found;
}

void demand_free(demand *d)
{
    if (!d)
        return;
    distinct_plan_free(d->distincts);
    histogram_plan_free(d->histograms);
    unit_plan_free(d->units);
    chain_plan_free(d->chains);
    reach_plan_free(d->reach);
    edge_plan_free(d->edges);
    memory_free(d->all_matches);
    memory_free(d->since);
    memory_free(d);
}
