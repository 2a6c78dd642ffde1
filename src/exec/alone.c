/* SPDX-License-Identifier: MIT
 *
 * Evaluation by need: operands before their readers, and nothing that no reader asks for.
 *
 * Of each node, a step holds what one person needs of it, in one line of the processor's
 * cache: the graph is not asked again for each person.
 */
#include "exec/alone.h"

#include "base/arena.h"
#include "base/bitmap.h"
#include "base/memory.h"
#include "exec/alone_way.h"
#include "exec/edges.h"
#include "exec/population.h"
#include "exec/stored.h"

typedef struct step step;

struct step {
    uint64_t done_at; /* in which turn it was worked out; DONE_FOR_ALL */
    void (*work)(alone *a, step *s);
    const node *node;
    uint32_t id, rows; /* of the node */
    uint32_t operand_count, window_count;
    bool compares_doubles;
    union {
        struct {
            step **operands; /* as many as the node has; of MEMBER_OF the first, for it
                                does not ask for everyone's */
            step **windows;  /* those of them that are windows */
        };
        struct {                  /* of a shared window */
            const packed *newest; /* when people's newest rows happened; or NULL */
            int64_t from;         /* it begins here */
        };
    };
};

_Static_assert(sizeof(step) <= 64, "a step is in one line of the cache");

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

/* What is asked of a domain to know whether a person has rows of it. */
typedef struct domain_rows {
    const domain *domain;
    const event_table *table; /* of a stored one */
    int64_t since;            /* nobody looks at rows before */
} domain_rows;

struct alone {
    block *block;
    const graph *graph;
    uint64_t turn;  /* how many people were begun */
    step *steps;    /* by node id */
    uint32_t *done; /* the ids of those of this turn */
    size_t done_count;
    domain_rows *rows; /* by domain id */
    char *reach;       /* by domain id: a domain_reach, of this person */
    slot *slots;       /* by node id */
    empty_fold *empty; /* by node id */
    arena *memory;     /* of the steps' operands */
};

#define DONE_FOR_ALL UINT64_MAX

static inline void need(alone *a, step *s)
{
    if (s->done_at >= a->turn)
        return;
    s->done_at = a->turn;
    s->work(a, s);
    a->done[a->done_count++] = s->id;
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

static bool stored_is_void(const domain_rows *of, size_t person)
{
    uint64_t begin = of->table->offsets[person], end = of->table->offsets[person + 1];
    return begin == end || event_table_time(of->table, end - 1) < of->since;
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

static bool find_void(alone *a, const domain_rows *of)
{
    const domain *d = of->domain;
    switch (d->kind) {
    case DOMAIN_RUN:
    case DOMAIN_PEOPLE: return false;
    case DOMAIN_EVENTS:
    case DOMAIN_TRAIT: return stored_is_void(of, a->block->first_person);
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
    a->reach[id] = find_void(a, &a->rows[id]) ? REACH_NONE : REACH_ROWS;
}

static void make_rows(alone *a, uint32_t id);

static inline void need_rows(alone *a, uint32_t id)
{
    if (id > PEOPLE && !a->block->rows[id].is_ready)
        make_rows(a, id);
}

static void make_rows(alone *a, uint32_t id)
{
    const domain *d = a->rows[id].domain;
    for (size_t i = 0; i < d->member_count; i++)
        need_rows(a, d->members[i]);
    for (size_t i = 0; i < d->input_count; i++)
        need(a, &a->steps[d->inputs[i]->id]);
    block_domain(a->block, id);
}

/* ---- nodes, by the kernels of a block ------------------------------------ */

static void work_kernel(alone *a, step *s)
{
    const node *n = s->node;
    a->block->vectors[n->id] = (vector){0};
    need_rows(a, n->domain);
    need_rows(a, n->rows);
    for (size_t i = 0; i < s->operand_count; i++)
        need(a, s->operands[i]);
    block_evaluate_node(a->block, n);
}

static void work_given(alone *a, step *s)
{
    a->block->vectors[s->id] = (vector){0};
    population_load(a->block->population, a->block, s->node);
}

static void work_window(alone *a, step *s)
{
    a->block->windows[s->id] = (window_rows){0};
    work_kernel(a, s);
}

static void work_shared_window(alone *a, step *s)
{
    window_rows *w = &a->block->windows[s->id];
    need_rows(a, s->rows);
    *w = (window_rows){.is_borrowed = true};
    edges_borrow(a->block, s->node, &w->begin, &w->end);
}

/* ---- folds --------------------------------------------------------------- */

/* Does the window begin behind the person's newest row? Then no row is looked at. */
static inline bool begins_behind_all(const alone *a, const step *window)
{
    return window->newest &&
           packed_get(window->newest, a->block->first_person) < window->from;
}

static bool is_empty(alone *a, step *window)
{
    if (is_void(a, window->rows))
        return true;
    if (window->work == work_shared_window && begins_behind_all(a, window))
        return true;
    need(a, window);
    const window_rows *rows = &a->block->windows[window->id];
    return rows->begin[0] >= rows->end[0];
}

/* Are all windows of the node without rows? Then it is worth nothing to work out the rest. */
static bool has_empty_windows(alone *a, const step *s)
{
    for (size_t i = 0; i < s->window_count; i++)
        if (!is_empty(a, s->windows[i]))
            return false;
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

static void put_empty(alone *a, step *s)
{
    empty_fold *e = &a->empty[s->id];
    if (e->is_known) {
        point_at_slot(&a->block->vectors[s->id], &e->slot, e->has_present);
        return;
    }
    work_kernel(a, s);
    keep_empty(e, s->node, &a->block->vectors[s->id]);
}

static void work_fold(alone *a, step *s)
{
    if (has_empty_windows(a, s))
        put_empty(a, s);
    else
        work_kernel(a, s);
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

/* Without the loops that are made for many people. */
static void work_plain_fold(alone *a, step *s)
{
    const node *n = s->node;
    if (has_empty_windows(a, s)) {
        put_empty(a, s);
        return;
    }
    const window_rows *w = &a->block->windows[s->windows[0]->id];
    uint32_t begin = w->begin[0], end = w->end[0];
    if (n->kind == NODE_FIRST || n->kind == NODE_LAST) {
        put_end_value(a, n, n->kind == NODE_FIRST ? begin : end - 1);
        return;
    }
    slot *to = &a->slots[n->id];
    to->value = n->kind == NODE_COUNT ? end - begin : 1;
    point_at_slot(&a->block->vectors[n->id], to, false);
}

/* ---- conditions about a person ------------------------------------------ */

static inline const vector *operand_value(alone *a, const step *s, size_t i)
{
    need(a, s->operands[i]);
    return &a->block->vectors[s->operands[i]->id];
}

static void put_condition(alone *a, const step *s, bool holds)
{
    slot *to = &a->slots[s->id];
    to->value = holds;
    point_at_slot(&a->block->vectors[s->id], to, false);
}

#define HOLDS(kind, x, y)                                                                \
    ((kind) == NODE_EQUAL ? (x) == (y) : (kind) == NODE_LESS ? (x) < (y) : (x) <= (y))

/* One comparison: the loops of a block are made for many. */
static void work_comparison(alone *a, step *s)
{
    node_kind kind = s->node->kind;
    const vector *x = operand_value(a, s, 0), *y = operand_value(a, s, 1);
    bool holds = vector_has(x, 0) && vector_has(y, 0);
    if (holds && s->compares_doubles)
        holds = HOLDS(kind, *(const double *)x->values, *(const double *)y->values);
    else if (holds)
        holds = HOLDS(kind, *(const int64_t *)x->values, *(const int64_t *)y->values);
    put_condition(a, s, holds);
}

static void work_not(alone *a, step *s)
{
    put_condition(a, s, !bitmap_get(operand_value(a, s, 0)->values, 0));
}

/* The first operand that decides is the last that is asked. */
static void work_decision(alone *a, step *s)
{
    bool decisive = s->node->kind == NODE_OR, result = !decisive;
    for (size_t i = 0; i < s->operand_count && result != decisive; i++)
        result = bitmap_get(operand_value(a, s, i)->values, 0);
    put_condition(a, s, result);
}

const vector *alone_value(alone *a, const node *n)
{
    need(a, &a->steps[n->id]);
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

/* ---- life cycle ---------------------------------------------------------- */

static void (*const works[])(alone *a, step *s) = {
    [WAY_GIVEN] = work_given,
    [WAY_DECISION] = work_decision,
    [WAY_COMPARISON] = work_comparison,
    [WAY_NOT] = work_not,
    [WAY_FOLD] = work_fold,
    [WAY_PLAIN_FOLD] = work_plain_fold,
    [WAY_KERNEL] = work_kernel,
    [WAY_WINDOW] = work_window,
    [WAY_SHARED_WINDOW] = work_shared_window,
};

static void list_operands(alone *a, step *s)
{
    const node *n = s->node;
    s->operand_count = n->kind == NODE_MEMBER_OF ? 1 : (uint32_t)n->operand_count;
    s->operands = arena_alloc_array(a->memory, n->operand_count + 1, sizeof *s->operands);
    s->windows = arena_alloc_array(a->memory, n->operand_count + 1, sizeof *s->windows);
    for (size_t i = 0; i < n->operand_count; i++) {
        const node *o = n->operands[i];
        s->operands[i] = &a->steps[o->id];
        if (node_is_window(o->kind))
            s->windows[s->window_count++] = s->operands[i];
    }
}

static void note_begin(alone *a, step *window)
{
    const block *b = a->block;
    const packed *newest = &b->bound->newest[window->rows];
    window->from = b->demand->edges->windows[window->id].from;
    window->newest = newest->data ? newest : NULL;
}

static void prepare_step(alone *a, const node *n)
{
    step *s = &a->steps[n->id];
    evaluation_way way = way_of(a->block, n);
    *s = (step){.done_at = way == WAY_RUN ? DONE_FOR_ALL : 0,
                .work = works[way],
                .node = n,
                .id = n->id,
                .rows = n->rows};
    if (way == WAY_SHARED_WINDOW)
        note_begin(a, s);
    else
        list_operands(a, s);
    s->compares_doubles =
        way == WAY_COMPARISON && n->operands[0]->type.kind == TYPE_NUMBER;
}

static void prepare_rows(alone *a, uint32_t id)
{
    const block *b = a->block;
    const domain *d = graph_domain(a->graph, id);
    bool is_stored = d->kind == DOMAIN_EVENTS || d->kind == DOMAIN_TRAIT;
    a->rows[id] = (domain_rows){.domain = d,
                                .table = is_stored ? bound_table(b->bound, d) : NULL,
                                .since = b->demand->since[id]};
}

alone *alone_new(block *b)
{
    const graph *g = b->bound->plan->graph;
    alone *a = memory_alloc_zero(sizeof *a);
    a->block = b;
    a->graph = g;
    a->turn = 1;
    a->memory = arena_new();
    a->steps = memory_alloc_zero_array(g->node_count + 1, sizeof *a->steps);
    a->done = memory_alloc_array(g->node_count + 1, sizeof *a->done);
    a->rows = memory_alloc_zero_array(g->domain_count + 1, sizeof *a->rows);
    a->reach = memory_alloc_zero(g->domain_count + 1);
    a->slots = memory_alloc_array(g->node_count + 1, sizeof *a->slots);
    a->empty = memory_alloc_zero_array(g->node_count + 1, sizeof *a->empty);
    for (size_t i = 0; i < g->node_count; i++)
        prepare_step(a, g->nodes[i]);
    for (uint32_t id = 0; id < g->domain_count; id++)
        prepare_rows(a, id);
    return a;
}

void alone_free(alone *a)
{
    if (!a)
        return;
    arena_free(a->memory);
    memory_free(a->steps);
    memory_free(a->done);
    memory_free(a->rows);
    memory_free(a->reach);
    memory_free(a->slots);
    memory_free(a->empty);
    memory_free(a);
}
