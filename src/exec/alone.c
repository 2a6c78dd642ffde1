/* SPDX-License-Identifier: MIT
 *
 * Evaluation by need: operands before their readers, and nothing that no reader asks for.
 */
#include "exec/alone.h"

#include "base/bitmap.h"
#include "base/memory.h"
#include "exec/edges.h"
#include "exec/population.h"
#include "exec/stored.h"

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
    WAY_PLAIN_FOLD, /* of rows whose number, or one of them, is all that is asked */
    WAY_KERNEL,
    WAY_WINDOW,
    WAY_SHARED_WINDOW /* between two instants that are the same for everybody */
} evaluation_way;

struct alone {
    block *block;
    const graph *graph;
    uint64_t turn;     /* how many people were begun */
    uint64_t *done_at; /* by node id: in which turn it was worked out; DONE_FOR_ALL */
    uint32_t *done;    /* the ids of those of this turn */
    size_t done_count;
    char *ways;        /* by node id: an evaluation_way */
    char *reach;       /* by domain id: a domain_reach, of this person */
    slot *slots;       /* by node id */
    empty_fold *empty; /* by node id */
};

#define DONE_FOR_ALL UINT64_MAX

static void work_out(alone *a, const node *n);

static inline void need(alone *a, const node *n)
{
    if (a->done_at[n->id] < a->turn)
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

static void make_rows(alone *a, uint32_t id);

static inline void need_rows(alone *a, uint32_t id)
{
    if (id > PEOPLE && !a->block->rows[id].is_ready)
        make_rows(a, id);
}

static void make_rows(alone *a, uint32_t id)
{
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
        if (a->ways[n->operands[i]->id] >= WAY_WINDOW && !is_empty(a, n->operands[i]))
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
    a->block->vectors[n->id] = (vector){0};
    need_rows(a, n->domain);
    need_rows(a, n->rows);
    need_operands(a, n);
    block_evaluate_node(a->block, n);
}

static void evaluate_window(alone *a, const node *n)
{
    a->block->windows[n->id] = (window_rows){0};
    evaluate(a, n);
}

static void borrow_window(alone *a, const node *n)
{
    window_rows *w = &a->block->windows[n->id];
    need_rows(a, n->rows);
    *w = (window_rows){.is_borrowed = true};
    edges_borrow(a->block, n, &w->begin, &w->end);
}

/* The value of a row, as 64 bits; false: it is missing. */
static bool value_of_row(const alone *a, const node *value, uint32_t row, uint64_t *out)
{
    if (value->kind == NODE_COLUMN)
        return stored_value_at(a->block, value, row, out);
    *out = (uint64_t)rows_time(&a->block->rows[value->domain], row);
    return true;
}

static void put_end_value(alone *a, const node *n, uint32_t row)
{
    slot *s = &a->slots[n->id];
    s->present = value_of_row(a, n->operands[1], row, &s->value);
    if (type_value_size(n->type) == sizeof(uint32_t)) {
        uint32_t code = (uint32_t)s->value;
        memcpy(&s->value, &code, sizeof code);
    }
    point_at_slot(&a->block->vectors[n->id], s, true);
}

/* Of a window that has rows, without the loops that are made for many people. */
static void put_plain_fold(alone *a, const node *n)
{
    const window_rows *w = &a->block->windows[n->operands[0]->id];
    uint32_t begin = w->begin[0], end = w->end[0];
    if (n->kind == NODE_FIRST || n->kind == NODE_LAST) {
        put_end_value(a, n, n->kind == NODE_FIRST ? begin : end - 1);
        return;
    }
    slot *s = &a->slots[n->id];
    s->value = n->kind == NODE_COUNT ? end - begin : 1;
    point_at_slot(&a->block->vectors[n->id], s, false);
}

static void evaluate_fold(alone *a, const node *n)
{
    empty_fold *e = &a->empty[n->id];
    bool has_no_rows = has_empty_windows(a, n);
    if (has_no_rows && e->is_known) {
        point_at_slot(&a->block->vectors[n->id], &e->slot, e->has_present);
    } else if (!has_no_rows && a->ways[n->id] == WAY_PLAIN_FOLD) {
        put_plain_fold(a, n);
    } else {
        evaluate(a, n);
        if (has_no_rows)
            keep_empty(e, n, &a->block->vectors[n->id]);
    }
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

/* When the row happened, or what stands in a stored table. */
static bool is_plain_value(const graph *g, const node *fold, const node *value)
{
    const domain *d = graph_domain(g, value->domain);
    if (value->domain != fold->operands[0]->rows)
        return false;
    if (value->kind == NODE_ROW_TIME)
        return true;
    return value->kind == NODE_COLUMN && d->kind >= DOMAIN_EVENTS &&
           d->kind <= DOMAIN_TRAIT && origin_equals(fold->origin, value->origin);
}

static bool is_plain_fold(const graph *g, const node *n)
{
    if (n->kind == NODE_COUNT || n->kind == NODE_ANY)
        return n->operand_count == 1;
    return (n->kind == NODE_FIRST || n->kind == NODE_LAST) && n->operand_count == 2 &&
           is_plain_value(g, n, n->operands[1]);
}

static evaluation_way way_of(const block *b, const node *n)
{
    const plan *p = b->bound->plan;
    if (n->domain == RUN)
        return WAY_RUN;
    if (plan_is_given(p, n, 0))
        return WAY_GIVEN;
    if (can_keep_empty(n))
        return is_plain_fold(p->graph, n) ? WAY_PLAIN_FOLD : WAY_FOLD;
    if (node_is_window(n->kind))
        return b->demand->edges->windows[n->id].is_shared ? WAY_SHARED_WINDOW
                                                          : WAY_WINDOW;
    return n->domain == PEOPLE ? way_of_condition(n->kind) : WAY_KERNEL;
}

static void work_out(alone *a, const node *n)
{
    block *b = a->block;
    a->done_at[n->id] = a->turn;
    switch ((evaluation_way)a->ways[n->id]) {
    case WAY_RUN: break;
    case WAY_GIVEN:
        b->vectors[n->id] = (vector){0};
        population_load(b->population, b, n);
        break;
    case WAY_DECISION: evaluate_decision(a, n); break;
    case WAY_COMPARISON: evaluate_comparison(a, n); break;
    case WAY_NOT: evaluate_not(a, n); break;
    case WAY_FOLD:
    case WAY_PLAIN_FOLD: evaluate_fold(a, n); break;
    case WAY_KERNEL: evaluate(a, n); break;
    case WAY_WINDOW: evaluate_window(a, n); break;
    case WAY_SHARED_WINDOW: borrow_window(a, n); break;
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
    for (size_t i = 0; gives_back && i < a->done_count; i++)
        block_forget_node(b, a->graph->nodes[a->done[i]]);
    a->done_count = 0;
    a->turn++;
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
    a->done_at = memory_alloc_zero_array(g->node_count + 1, sizeof *a->done_at);
    a->turn = 1;
    a->done = memory_alloc_array(g->node_count + 1, sizeof *a->done);
    a->ways = memory_alloc_zero(g->node_count + 1);
    a->reach = memory_alloc_zero(g->domain_count + 1);
    a->slots = memory_alloc_array(g->node_count + 1, sizeof *a->slots);
    a->empty = memory_alloc_zero_array(g->node_count + 1, sizeof *a->empty);
    for (size_t i = 0; i < g->node_count; i++)
        a->ways[i] = (char)way_of(b, g->nodes[i]);
    for (size_t i = 0; i < g->node_count; i++)
        a->done_at[i] = a->ways[i] == WAY_RUN ? DONE_FOR_ALL : 0;
    return a;
}

void alone_free(alone *a)
{
    if (!a)
        return;
    memory_free(a->done_at);
    memory_free(a->done);
    memory_free(a->ways);
    memory_free(a->reach);
    memory_free(a->slots);
    memory_free(a->empty);
    memory_free(a);
}
