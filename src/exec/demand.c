/* SPDX-License-Identifier: MIT
 *
 * From windows to the domains below them: each reader of rows says how far back it
 * looks, and each derived domain hands that on to what it is made of.
 */
#include "exec/demand.h"

#include "base/memory.h"
#include "exec/block.h"
#include "exec/edges.h"

#define DEMAND_NONE INT64_MAX /* nobody looks */

typedef struct inquiry {
    const graph *graph;
    const vector *run_values;
    demand *found;
    bool *is_alive, *is_read; /* by domain id; read: by others than sequences, too */
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

static void read_rows(inquiry *q, uint32_t domain_id, int64_t since)
{
    q->is_read[domain_id] = true;
    want(q, domain_id, since);
}

/* Values of a row that depend on rows before it. */
static bool looks_back(node_kind kind)
{
    return kind == NODE_ROW_GAP || kind == NODE_ROW_NUMBER || kind == NODE_CHANGED;
}

static void ask_node(inquiry *q, const node *n)
{
    if (looks_back(n->kind))
        want(q, n->domain, DEMAND_ALL);
    if (node_is_window(n->kind))
        return;
    bool has_window = false;
    for (size_t i = 0; i < n->operand_count; i++)
        if (node_is_window(n->operands[i]->kind)) {
            read_rows(q, n->operands[i]->rows, first_instant(q, n->operands[i]));
            has_window = true;
        }
    if (n->rows != RUN && !has_window)
        read_rows(q, n->rows, DEMAND_ALL);
}

/* ---- what sequences need ------------------------------------------------ */

/* The member that a row has to be of for the condition to hold, as a bit; 0: any. */
static uint64_t member_of_condition(const node *condition)
{
    uint64_t members = 0;
    if (condition->kind == NODE_IN_MEMBER && condition->member < 64)
        return UINT64_C(1) << condition->member;
    for (size_t i = 0; condition->kind == NODE_AND && i < condition->operand_count; i++)
        members |= member_of_condition(condition->operands[i]);
    return members;
}

/* Without a row for each positive step there is no match. (The one that comes last may have
 * rows of its own.) */
static void need_steps(inquiry *q, const domain *matches)
{
    const sequence *s = q->graph->sequences[matches->index];
    member_sets *needed = &q->found->needed[matches->members[0]];
    uint64_t set = 0;
    for (size_t i = 0; i < s->step_count; i++)
        if (!s->steps[i].is_negated && !s->has_endings)
            set |= member_of_condition(matches->inputs[2 + i]);
    memory_grow((void **)&needed->sets, needed->count, &needed->capacity,
                sizeof *needed->sets);
    needed->sets[needed->count++] = set;
}

/* ---- domains ------------------------------------------------------------ */

/* What a domain needs of those that it is made of. Rows in front of a sequence's window
 * are no step of it, and forbid nothing behind them. */
static void ask_members(inquiry *q, const domain *from)
{
    int64_t since = DEMAND_ALL;
    bool is_sequence = from->kind == DOMAIN_SEQUENCE;
    if (from->kind == DOMAIN_FILTER || from->kind == DOMAIN_UNION)
        since = q->found->since[from->id];
    else if (is_sequence)
        since = first_instant(q, from->inputs[0]);
    for (size_t i = 0; i < from->member_count; i++) {
        want(q, from->members[i], since);
        q->is_read[from->members[i]] |= !is_sequence;
    }
    if (is_sequence)
        need_steps(q, from);
}

/* Only what nodes stand on is alive: domains that nothing reaches refer to nodes that
 * are no more. */
static void mark_alive(inquiry *q, uint32_t id)
{
    const domain *d = graph_domain(q->graph, id);
    if (q->is_alive[id])
        return;
    q->is_alive[id] = true;
    for (size_t i = 0; i < d->member_count; i++)
        mark_alive(q, d->members[i]);
}

static void ask_domain(inquiry *q, const domain *d)
{
    demand *found = q->found;
    if (found->since[d->id] == DEMAND_NONE)
        found->since[d->id] = DEMAND_ALL; /* looked at in ways that no window tells */
    if (q->is_alive[d->id])
        ask_members(q, d);
    if (q->is_read[d->id])
        found->needed[d->id].count = 0;
}

demand *demand_new(const plan *p, const vector *run_values)
{
    const graph *g = p->graph;
    size_t count = g->domain_count;
    demand *found = memory_alloc_zero(sizeof *found);
    found->domain_count = count;
    found->since = memory_alloc_array(count + 1, sizeof *found->since);
    found->needed = memory_alloc_zero_array(count + 1, sizeof *found->needed);
    inquiry q = {g, run_values, found, NULL, NULL};
    q.is_alive = memory_alloc_zero_array(count + 1, sizeof *q.is_alive);
    q.is_read = memory_alloc_zero_array(count + 1, sizeof *q.is_read);
    for (size_t i = 0; i < count; i++)
        found->since[i] = DEMAND_NONE;
    for (size_t i = 0; i < g->node_count; i++) {
        mark_alive(&q, g->nodes[i]->domain);
        mark_alive(&q, g->nodes[i]->rows);
        ask_node(&q, g->nodes[i]);
    }
    for (size_t i = count; i-- > 0;) /* members have smaller numbers */
        ask_domain(&q, g->domains[i]);
    found->edges = edge_plan_new(g, run_values, found->since);
    memory_free(q.is_alive);
    memory_free(q.is_read);
    return found;
}

void demand_free(demand *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < d->domain_count; i++)
        memory_free(d->needed[i].sets);
    edge_plan_free(d->edges);
    memory_free(d->needed);
    memory_free(d->since);
    memory_free(d);
}
