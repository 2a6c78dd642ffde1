/* SPDX-License-Identifier: MIT
 *
 * Evaluation by need: operands before their readers, and nothing that no reader asks for.
 */
#include "exec/alone.h"

#include "base/bitmap.h"
#include "base/memory.h"
#include "exec/edges.h"
#include "exec/population.h"

/* A value of one person, where a vector can point at it. */
typedef struct slot {
    uint64_t value, present;
} slot;

/* What is known about the fold of no rows. */
typedef struct empty_fold {
    bool is_known;
    bool has_present;
    slot slot;
} empty_fold;

/* How a node is worked out. */
typedef enum evaluation_way {
    WAY_RUN,
    WAY_GIVEN,
    WAY_DECISION,
    WAY_COMPARISON,
    WAY_NOT,
    WAY_FOLD,
    WAY_KERNEL,
    WAY_WINDOW
} evaluation_way;

struct alone {
    block *block;
    const graph *graph;
    bool *is_done;  /* by node id: worked out for this person */
    uint32_t *done; /* the ids of these */
    size_t done_count;
    char *ways;        /* by node id: an evaluation_way */
    char *reach;       /* by domain id: a domain_reach, of this person */
    slot *slots;       /* by node id */
    empty_fold *empty; /* by node id */
};

static void work_out(alone *a, const node *n);

static inline void need(alone *a, const node *n)
{
    if (!a->is_done[n->id])
        work_out(a, n);
}

/* ---- which rows there are ----------------------------------------------- */

typedef enum domain_reach { REACH_UNKNOWN, REACH_ROWS, REACH_NONE } domain_reach;

static void find_reach(alone *a, uint32_t id);

/* Has the person no row of the domain that anybody looks at? */
static inline bool is_void(alone *a, uint32_t id)
{
    if (a->reach[id] == REACH_UNKNOWN)
        find_reach(a, id);
    return a->reach[id] == REACH_NONE;
}

static bool stored_is_void(const block *b, const domain *d)
{
    const event_table *table = bound_table(b->bound, d);
    uint64_t begin = table->offsets[b->first_person],
             end = table->offsets[b->first_person + 1];
    return begin == end || event_table_time(table, end - 1) < b->demand->since[d->id];
}

static bool members_are_void(alone *a, const domain *d)
{
    bool any_will_do = d->kind == DOMAIN_BESIDE; /* rows beside no rows, or none beside */
    for (size_t i = 0; i < d->member_count; i++)
        if (is_void(a, d->members[i]) == any_will_do)
            return any_will_do;
    return !any_will_do;
}

/* Too few steps of the sequence have rows. */
static bool matches_are_void(alone *a, const domain *d)
{
    const sequence *s = a->graph->sequences[d->index];
    uint32_t steps = 0;
    for (size_t i = 0; i < s->rows_count; i++)
        if (sequence_has_step(s, &s->rows[i]) && !is_void(a, d->members[i]))
            steps |= UINT32_C(1) << s->rows[i].step;
    return (size_t)__builtin_popcount(steps) < sequence_steps_needed(s);
}

static bool find_void(alone *a, const domain *d)
{
    switch (d->kind) {
    case DOMAIN_RUN:
    case DOMAIN_PEOPLE: return false;
    case DOMAIN_EVENTS:
    case DOMAIN_TRAIT: return stored_is_void(a->block, d);
    case DOMAIN_FILTER:
    case DOMAIN_SESSIONS:
    case DOMAIN_ITEMS: return is_void(a, d->members[0]);
    case DOMAIN_SEQUENCE: return matches_are_void(a, d);
    case DOMAIN_UNION:
    case DOMAIN_BESIDE: return members_are_void(a, d);
    }
    return false;
}

static void find_reach(alone *a, uint32_t id)
{
    a->reach[id] = find_void(a, graph_domain(a->graph, id)) ? REACH_NONE : REACH_ROWS;
}

static void need_rows(alone *a, uint32_t id)
{
    if (id <= PEOPLE || a->block->rows[id].is_ready)
        return;
    const domain *d = graph_domain(a->graph, id);
    for (size_t i = 0; i < d->member_count; i++)
        need_rows(a, d->members[i]);
    for (size_t i = 0; i < d->input_count; i++)
        need(a, d->inputs[i]);
    block_domain(a->block, id);
}

/* ---- folds of no rows --------------------------------------------------- */

static bool has_windows(const node *n)
{
    return n->operand_count > 0 && node_is_window(n->operands[0]->kind);
}

/* Does the window begin behind the person's newest row? Then no row is looked at. */
static bool begins_behind_all(const alone *a, const node *window)
{
    const block *b = a->block;
    const edge_pair *pair = &b->demand->edges->windows[window->id];
    const packed *newest = &b->bound->newest[window->rows];
    return pair->is_shared && newest->data &&
           packed_get(newest, b->first_person) < pair->from;
}

static bool is_empty(alone *a, const node *window)
{
    if (is_void(a, window->rows) || begins_behind_all(a, window))
        return true;
    need(a, window);
    const window_rows *rows = &a->block->windows[window->id];
    return rows->begin[0] >= rows->end[0];
}

/* Are all windows of the node without rows? Then it is worth nothing to work out the rest. */
static bool has_empty_windows(alone *a, const node *n)
{
    for (size_t i = 0; i < n->operand_count; i++)
        if (a->ways[n->operands[i]->id] == WAY_WINDOW && !is_empty(a, n->operands[i]))
            return false;
    return true;
}

/* A fold of no rows is the same for everybody when nothing but its rows differs. */
static bool can_keep_empty(const node *n)
{
    if (n->domain != PEOPLE || node_is_window(n->kind) || !has_windows(n))
        return false;
    for (size_t i = 0; i < n->operand_count; i++) {
        const node *o = n->operands[i];
        if (o->domain == PEOPLE && !node_is_window(o->kind))
            return false;
    }
    return true;
}

static void point_at_slot(vector *v, slot *s, bool has_present)
{
    *v = (vector){.values = &s->value, .present = has_present ? &s->present : NULL};
}

static void keep_empty(empty_fold *e, const node *n, const vector *v)
{
    size_t size = type_value_size(n->type);
    memcpy(&e->slot.value, v->values, size > 0 ? size : sizeof(uint64_t));
    e->has_present = v->present != NULL;
    if (v->present)
        e->slot.present = *v->present;
    e->is_known = true;
}

/* ---- nodes -------------------------------------------------------------- */

static void need_operands(alone *a, const node *n)
{
    size_t count = n->kind == NODE_MEMBER_OF ? 1 : n->operand_count; /* not everyone's */
    for (size_t i = 0; i < count; i++)
        need(a, n->operands[i]);
}

static void evaluate(alone *a, const node *n)
{
    need_rows(a, n->domain);
    need_rows(a, n->rows);
    need_operands(a, n);
    block_evaluate_node(a->block, n);
}

static void evaluate_fold(alone *a, const node *n)
{
    empty_fold *e = &a->empty[n->id];
    bool has_no_rows = has_empty_windows(a, n);
    if (has_no_rows && e->is_known) {
        point_at_slot(&a->block->vectors[n->id], &e->slot, e->has_present);
        return;
    }
    evaluate(a, n);
    if (has_no_rows)
        keep_empty(e, n, &a->block->vectors[n->id]);
}

/* ---- conditions about a person ------------------------------------------ */

static void put_condition(alone *a, const node *n, bool holds)
{
    slot *s = &a->slots[n->id];
    s->value = holds;
    point_at_slot(&a->block->vectors[n->id], s, false);
}

#define HOLDS(kind, x, y)                                                                \
    ((kind) == NODE_EQUAL ? (x) == (y) : (kind) == NODE_LESS ? (x) < (y) : (x) <= (y))

/* One comparison: the loops of a block are made for many. */
static void evaluate_comparison(alone *a, const node *n)
{
    const vector *x = alone_value(a, n->operands[0]), *y = alone_value(a, n->operands[1]);
    bool holds = vector_has(x, 0) && vector_has(y, 0);
    if (holds && n->operands[0]->type.kind == TYPE_NUMBER)
        holds = HOLDS(n->kind, *(const double *)x->values, *(const double *)y->values);
    else if (holds)
        holds = HOLDS(n->kind, *(const int64_t *)x->values, *(const int64_t *)y->values);
    put_condition(a, n, holds);
}

static void evaluate_not(alone *a, const node *n)
{
    put_condition(a, n, !bitmap_get(alone_value(a, n->operands[0])->values, 0));
}

/* The first operand that decides is the last that is asked. */
static void evaluate_decision(alone *a, const node *n)
{
    bool decisive = n->kind == NODE_OR, result = !decisive;
    for (size_t i = 0; i < n->operand_count && result != decisive; i++)
        result = bitmap_get(alone_value(a, n->operands[i])->values, 0);
    put_condition(a, n, result);
}

/* ---- ways ---------------------------------------------------------------- */

static evaluation_way way_of_condition(node_kind kind)
{
    if (kind == NODE_AND || kind == NODE_OR)
        return WAY_DECISION;
    if (kind == NODE_EQUAL || kind == NODE_LESS || kind == NODE_LESS_OR_EQUAL)
        return WAY_COMPARISON;
    return kind == NODE_NOT ? WAY_NOT : WAY_KERNEL;
}

static evaluation_way way_of(const plan *p, const node *n)
{
    if (n->domain == RUN)
        return WAY_RUN;
    if (plan_is_given(p, n, 0))
        return WAY_GIVEN;
    if (can_keep_empty(n))
        return WAY_FOLD;
    if (node_is_window(n->kind))
        return WAY_WINDOW;
    return n->domain == PEOPLE ? way_of_condition(n->kind) : WAY_KERNEL;
}

static void work_out(alone *a, const node *n)
{
    block *b = a->block;
    a->is_done[n->id] = true;
    b->vectors[n->id] = (vector){0};
    switch ((evaluation_way)a->ways[n->id]) {
    case WAY_RUN: break;
    case WAY_GIVEN: population_load(b->population, b, n); break;
    case WAY_DECISION: evaluate_decision(a, n); break;
    case WAY_COMPARISON: evaluate_comparison(a, n); break;
    case WAY_NOT: evaluate_not(a, n); break;
    case WAY_FOLD: evaluate_fold(a, n); break;
    case WAY_KERNEL: evaluate(a, n); break;
    case WAY_WINDOW:
        b->windows[n->id] = (window_rows){0};
        evaluate(a, n);
        break;
    }
    a->done[a->done_count++] = n->id;
}

const vector *alone_value(alone *a, const node *n)
{
    need(a, n);
    return &a->block->vectors[n->id];
}

void alone_rows(alone *a, uint32_t domain)
{
    need_rows(a, domain);
}

/* ---- people ------------------------------------------------------------- */

void alone_begin(alone *a, size_t person)
{
    block *b = a->block;
    bool gives_back = scratch_has_large(b->scratch);
    for (size_t i = 0; i < a->done_count; i++) {
        if (gives_back)
            block_forget_node(b, a->graph->nodes[a->done[i]]);
        a->is_done[a->done[i]] = false;
    }
    a->done_count = 0;
    block_forget_rows(b);
    memset(a->reach, REACH_UNKNOWN, a->graph->domain_count);
    scratch_pass(b->scratch);
    b->first_person = person;
}

alone *alone_new(block *b)
{
    const graph *g = b->bound->plan->graph;
    alone *a = memory_alloc_zero(sizeof *a);
    a->block = b;
    a->graph = g;
    a->is_done = memory_alloc_zero_array(g->node_count + 1, sizeof *a->is_done);
    a->done = memory_alloc_array(g->node_count + 1, sizeof *a->done);
    a->ways = memory_alloc_zero(g->node_count + 1);
    a->reach = memory_alloc_zero(g->domain_count + 1);
    a->slots = memory_alloc_array(g->node_count + 1, sizeof *a->slots);
    a->empty = memory_alloc_zero_array(g->node_count + 1, sizeof *a->empty);
    for (size_t i = 0; i < g->node_count; i++)
        a->ways[i] = (char)way_of(b->bound->plan, g->nodes[i]);
    for (size_t i = 0; i < g->node_count; i++)
        a->is_done[i] = a->ways[i] == WAY_RUN;
    return a;
}

void alone_free(alone *a)
{
    if (!a)
        return;
    memory_free(a->is_done);
    memory_free(a->done);
    memory_free(a->ways);
    memory_free(a->reach);
    memory_free(a->slots);
    memory_free(a->empty);
    memory_free(a);
}
