/* SPDX-License-Identifier: MIT
 *
 * Alternatives (`a or b`) are taken apart into their tables, and filtered tables into a
 * table and a mask. What cannot be taken apart stays a table that is made.
 */
#include "graph/lower_sequence_rows.h"

#include <string.h>

/* An array of `count` items with room for one more. */
static void *with_room(lowering *b, void *items, size_t count, size_t capacity,
                       size_t item_size)
{
    if (count < capacity)
        return items;
    void *wider = arena_alloc(b->memory, (capacity * 2 + 8) * item_size);
    if (count > 0)
        memcpy(wider, items, count * item_size);
    return wider;
}

static void add_input(sequence_lowering *l, const node *input)
{
    lowering *b = l->lowering;
    l->inputs.items = with_room(b, l->inputs.items, l->inputs.count, l->inputs.capacity,
                                sizeof *l->inputs.items);
    if (l->inputs.count == l->inputs.capacity)
        l->inputs.capacity = l->inputs.capacity * 2 + 8;
    l->inputs.items[l->inputs.count++] = input;
}

static bool lies_in_windows(const sequence_lowering *l, sequence_rows rows)
{
    return rows.role == SEQUENCE_ENDING ||
           (rows.role == SEQUENCE_STEP && !l->shape.steps[rows.step].is_negated);
}

/* `with same p`: the value of each row. */
static void add_keys(sequence_lowering *l, const row_set *rows)
{
    lowering *b = l->lowering;
    const ast_link *first = l->pattern->links.items[0];
    vantage plain = {l->from.now, l->from.beside, NULL};
    const row_set *step = lower_step(b, first->step, plain, true);
    for (size_t k = 0; k < l->pattern->same.count; k++) {
        const char *name = ((const ast_name *)l->pattern->same.items[k])->text;
        type t = row_property_type(b, step, name); /* the same in all steps */
        add_input(l, make_comparable(b->graph,
                                     make_spread(b->graph,
                                                 row_property_of_type(b, rows, name, t),
                                                 rows->domain)));
    }
}

static void add_member(sequence_lowering *l, const row_set *rows, sequence_rows shape)
{
    lowering *b = l->lowering;
    size_t count = l->shape.rows_count;
    l->rows = with_room(b, l->rows, count, l->capacity, sizeof *l->rows);
    l->members = with_room(b, l->members, count, l->capacity, sizeof *l->members);
    l->row_sets = with_room(b, l->row_sets, count, l->capacity, sizeof *l->row_sets);
    if (count == l->capacity)
        l->capacity = l->capacity * 2 + 8;
    l->rows[count] = shape;
    l->members[count] = rows->domain;
    l->row_sets[count] = rows;
    l->shape.rows = l->rows;
    l->shape.rows_count++;
}

/* The rows of one table. */
static void add_table(sequence_lowering *l, const row_set *masked, sequence_rows shape)
{
    lowering *b = l->lowering;
    row_set *rows = arena_alloc(b->memory, sizeof *rows);
    *rows = *masked;
    rows->mask = NULL;
    const node *window, *mask = NULL;
    if (lies_in_windows(l, shape))
        window = lower_windows(b, rows, l->windows, l->context, &mask);
    else
        window = lower_history(b, rows->domain, l->context.now);
    if (masked->mask)
        mask = mask ? make_and(b->graph, masked->mask, mask) : masked->mask;
    shape.has_mask = mask && !node_is_true(mask);
    add_member(l, rows, shape);
    add_input(l, window);
    if (shape.has_mask)
        add_input(l, make_spread(b->graph, mask, rows->domain));
    if (sequence_keys_of(&l->shape, &shape) > 0)
        add_keys(l, rows);
}

/* ---- taken apart --------------------------------------------------------- */

static bool is_end(const sequence_lowering *l, sequence_rows shape)
{
    if (l->shape.is_any_order)
        return shape.role == (l->from.ending ? SEQUENCE_ENDING : SEQUENCE_STEP);
    return shape.role == SEQUENCE_STEP && shape.step == sequence_last_positive(&l->shape);
}

/* The table that was filtered, behind the mask. */
static const row_set *unfiltered(lowering *b, const row_set *rows)
{
    row_set *base = arena_alloc(b->memory, sizeof *base);
    *base = *rows->members[0];
    base->mask = graph_domain(b->graph, rows->domain)->inputs[0];
    return base;
}

/* The matches of a declared event that ends them have its own number and gap. */
static void add_rows(sequence_lowering *l, const row_set *rows, sequence_rows shape)
{
    const domain *d = graph_domain(l->lowering->graph, rows->domain);
    bool has_own = rows->is_declared && is_end(l, shape);
    if (rows->mask || has_own || rows->member_count == 0)
        add_table(l, rows, shape);
    else if (d->kind == DOMAIN_UNION)
        for (size_t m = 0; m < rows->member_count; m++)
            add_rows(l, rows->members[m], shape);
    else
        add_table(l, d->kind == DOMAIN_FILTER ? unfiltered(l->lowering, rows) : rows,
                  shape);
}

/* ---- the steps ----------------------------------------------------------- */

static const row_set *rows_of_step(sequence_lowering *l, const ast_step *step,
                                   bool is_ending)
{
    vantage from = {l->from.now, l->from.beside, is_ending ? l->from.ending : NULL};
    return lower_step(l->lowering, step, from, true);
}

static const ast_step *step_of(const sequence_lowering *l, size_t step)
{
    return ((const ast_link *)l->pattern->links.items[step])->step;
}

static void add_steps(sequence_lowering *l, sequence_role role, bool are_ends)
{
    for (size_t i = 0; i < l->shape.step_count; i++) {
        sequence_rows shape = {.role = role, .step = i};
        if (is_end(l, shape) == are_ends)
            add_rows(l, rows_of_step(l, step_of(l, i), are_ends), shape);
    }
}

/* What was taken must not come again before the last step. */
static void add_repeats(sequence_lowering *l)
{
    size_t last = sequence_last_positive(&l->shape);
    for (size_t i = 0; l->pattern->without_repeats.count > 0 && i < last; i++)
        if (!l->shape.steps[i].is_negated)
            add_rows(l, rows_of_step(l, step_of(l, i), false),
                     (sequence_rows){.role = SEQUENCE_REPEAT, .step = i});
}

/* ---- events between the steps -------------------------------------------- */

static void add_any_events(sequence_lowering *l)
{
    bool is_direct = false;
    for (size_t i = 0; i < l->shape.step_count; i++)
        is_direct |= l->shape.steps[i].is_direct;
    if (is_direct)
        add_rows(l, lower_anything(l->lowering, l->from.beside),
                 (sequence_rows){.role = SEQUENCE_ANY_EVENT});
}

/* May rows of the table lie between? Those of what `with only` names may. NULL: where its
 * tables cannot be told apart. */
static const node *allowed_of(lowering *b, const row_set *named, const row_set *table)
{
    const domain *d = graph_domain(b->graph, named->domain);
    const node *mask = named->mask ? named->mask : make_bool(b->graph, true);
    if (named->domain == table->domain)
        return mask;
    if (d->kind == DOMAIN_EVENTS || d->kind == DOMAIN_SESSIONS ||
        d->kind == DOMAIN_SEQUENCE) /* sessions and matches are no events */
        return make_bool(b->graph, false);
    if (named->mask)
        return NULL;
    if (d->kind == DOMAIN_FILTER)
        return allowed_of(b, unfiltered(b, named), table);
    const node *any = d->kind == DOMAIN_UNION ? make_bool(b->graph, false) : NULL;
    for (size_t m = 0; any && m < named->member_count; m++) {
        const node *one = allowed_of(b, named->members[m], table);
        any = one ? make_or(b->graph, any, one) : NULL;
    }
    return any;
}

/* Those events of a table that are not named; false when that cannot be told of it alone. */
static bool add_others_of(sequence_lowering *l, const row_set *named,
                          const row_set *table)
{
    lowering *b = l->lowering;
    const node *allowed = allowed_of(b, named, table);
    row_set others = *table;
    if (!allowed)
        return false;
    others.mask = make_not(b->graph, allowed);
    if (!node_is_false(others.mask))
        add_table(l, &others, (sequence_rows){.role = SEQUENCE_OTHER_EVENT});
    return true;
}

/* The same of all tables at once. */
static void add_others_of_all(sequence_lowering *l, const row_set *named,
                              const row_set *all)
{
    lowering *b = l->lowering;
    const row_set *members[2] = {all, rows_filtered(b, named)};
    row_set *others = arena_alloc(b->memory, sizeof *others);
    *others = *rows_united(b, members, 2);
    others->mask = make_and(b->graph, member_mask(b, others, members[0]),
                            make_not(b->graph, member_mask(b, others, members[1])));
    add_table(l, others, (sequence_rows){.role = SEQUENCE_OTHER_EVENT});
}

/* Those that are not what `with only` names. Steps have no other step between them that
 * is not among these. */
static void add_other_events(sequence_lowering *l)
{
    lowering *b = l->lowering;
    if (l->pattern->only.count == 0)
        return;
    const row_set *all = lower_anything(b, l->from.beside);
    const row_set *named = rows_of_step(l, l->pattern->only.items[0], false);
    bool is_union = graph_domain(b->graph, all->domain)->kind == DOMAIN_UNION;
    const row_set *const *tables = is_union ? all->members : &all;
    size_t count = is_union ? all->member_count : 1;
    for (size_t i = 0; i < count; i++)
        if (!add_others_of(l, named, tables[i])) { /* of none, then */
            add_others_of_all(l, named, all);
            return;
        }
}

void lower_sequence_rows(sequence_lowering *l)
{
    lowering *b = l->lowering;
    bool has_endings = l->shape.is_any_order && l->from.ending;
    add_input(l, make_spread(b->graph, l->context.now, l->from.beside));
    if (has_endings)
        add_steps(l, SEQUENCE_ENDING, true);
    else
        add_steps(l, SEQUENCE_STEP, true);
    l->shape.end_count = l->shape.rows_count;
    add_steps(l, SEQUENCE_STEP, false);
    add_repeats(l);
    add_any_events(l);
    add_other_events(l);
}
