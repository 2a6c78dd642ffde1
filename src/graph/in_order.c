/* SPDX-License-Identifier: MIT
 *
 * Each step's rows are those of a stored table behind a mask, in the sequence's window.
 */
#include "graph/in_order.h"

#include "graph/make.h"

/* The rows that can be one step. */
typedef struct step_rows {
    uint32_t table;
    const node *window, *mask; /* mask: or NULL */
} step_rows;

/* May each row of a step continue whichever row of the step before is the latest? */
static bool is_plain_step(const sequence_step *s)
{
    return !s->is_negated && !s->is_direct && !s->has_later && !s->has_earlier;
}

static bool is_plain(const sequence *s)
{
    for (size_t i = 0; i < s->step_count; i++)
        if (!is_plain_step(&s->steps[i]))
            return false;
    return s->step_count <= IN_ORDER_MOST_STEPS && !s->is_any_order &&
           s->key_count == 0 && !s->has_only && !s->has_fits;
}

/* The domain whose rows are those for which the condition on the sequence's rows holds;
 * RUN when it is more than being a member. */
static uint32_t domain_of_step(const domain *base, const node *condition)
{
    if (node_is_true(condition))
        return base->id;
    return condition->kind == NODE_IN_MEMBER ? base->members[condition->member] : RUN;
}

/* Through filters down to a stored table of events. */
static bool reach_table(graph *g, uint32_t id, step_rows *out)
{
    const domain *d = graph_domain(g, id);
    for (; d->kind == DOMAIN_FILTER; d = graph_domain(g, d->members[0])) {
        if (out->mask) /* a filter of a filter: its condition is on rows of the latter */
            return false;
        out->mask = d->inputs[0];
    }
    out->table = d->id;
    return d->kind == DOMAIN_EVENTS;
}

static bool find_step(graph *g, const domain *matches, size_t step, step_rows *out)
{
    const domain *base = graph_domain(g, matches->members[0]);
    uint32_t id = domain_of_step(base, matches->inputs[2 + step]);
    if (id == RUN || !reach_table(g, id, out))
        return false;
    out->window = make_window_like(g, matches->inputs[0], out->table);
    return out->window != NULL;
}

/* Does the fold ask for any match, at whatever time? */
static bool asks_for_any(const node *fold)
{
    const node *window = fold->operands[0];
    return fold->kind == NODE_ANY && !fold->fold.has_mask && !fold->fold.has_value &&
           window->kind == NODE_WINDOW && window->operand_count == 0 &&
           window->domain == PEOPLE;
}

const node *fold_in_order(graph *g, const node *fold)
{
    const domain *matches = graph_domain(g, fold->rows);
    const sequence *s = g->sequences[matches->index];
    const node *operands[2 * IN_ORDER_MOST_STEPS];
    node wanted = {.kind = NODE_IN_ORDER,
                   .type = fold->type,
                   .domain = PEOPLE,
                   .steps.sequence = matches->index,
                   .operands = operands};
    if (!asks_for_any(fold) || !is_plain(s) || matches->inputs[1]->kind != NODE_NOW)
        return NULL;
    const node *masks[IN_ORDER_MOST_STEPS];
    size_t mask_count = 0;
    for (size_t i = 0; i < s->step_count; i++) {
        step_rows rows = {0};
        if (!find_step(g, matches, i, &rows))
            return NULL;
        operands[i] = rows.window;
        if (rows.mask) {
            masks[mask_count++] = rows.mask;
            wanted.steps.masked |= UINT64_C(1) << i;
        }
    }
    for (size_t i = 0; i < mask_count; i++)
        operands[s->step_count + i] = masks[i];
    wanted.operand_count = s->step_count + mask_count;
    return graph_node(g, &wanted);
}
