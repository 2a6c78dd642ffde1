/* SPDX-License-Identifier: MIT
 *
 * Sequences: the rows of all steps are united, and the matches among them are rows of
 * their own, each standing for its last positive step.
 */
#include "graph/lowering.h"

static const type BOOLEAN = {TYPE_BOOL, 0};

static sequence_step lower_link(const ast_link *link)
{
    sequence_step step = {.is_negated = link->is_negated, .is_direct = link->is_direct};
    for (size_t i = 0; i < link->spacings.count; i++) {
        const ast_spacing *s = link->spacings.items[i];
        calendar_span length = lower_span(s->duration);
        bool is_lower = s->quantity == QUANTITY_AT_LEAST ||
                        s->quantity == QUANTITY_MORE_THAN ||
                        s->quantity == QUANTITY_EXACTLY;
        bool is_upper = s->quantity == QUANTITY_AT_MOST ||
                        s->quantity == QUANTITY_FEWER_THAN ||
                        s->quantity == QUANTITY_EXACTLY;
        if (s->is_within) {
            step.has_within = true;
            step.within = length;
            continue;
        }
        if (is_lower) {
            step.has_later = true;
            step.later = length;
            step.later_is_open = s->quantity == QUANTITY_MORE_THAN;
        }
        if (is_upper) {
            step.has_earlier = true;
            step.earlier = length;
            step.earlier_is_open = s->quantity == QUANTITY_FEWER_THAN;
        }
    }
    return step;
}

/* The tables of all steps, each exactly the rows that fit; `directly` needs everything. */
static const row_set *united_steps(lowering *b, const ast_pattern *pattern,
                                   vantage from, const row_set **steps)
{
    size_t count = pattern->links.count, member_count = 0;
    const row_set **members = arena_alloc_array(b->memory, count + 1, sizeof *members);
    bool needs_all = false;
    for (size_t i = 0; i < count; i++) {
        const ast_link *link = pattern->links.items[i];
        steps[i] = rows_filtered(b, lower_step(b, link->step, from, true));
        members[member_count++] = steps[i];
        needs_all |= link->is_direct;
    }
    if (needs_all)
        members[member_count++] = lower_anything(b, from.beside);
    return rows_united(b, members, member_count);
}

/* Which rows of the union are those of a step? */
static const node *step_mask(lowering *b, const row_set *all, const row_set *step)
{
    const domain *d = graph_domain(b->graph, all->domain);
    if (all->domain == step->domain)
        return make_bool(b->graph, true);
    for (size_t m = 0; m < d->member_count; m++)
        if (d->members[m] == step->domain)
            return make_leaf(b->graph, NODE_IN_MEMBER, all->domain, BOOLEAN, (int64_t)m);
    return make_bool(b->graph, false);
}

const row_set *lower_sequence(lowering *b, const ast_pattern *pattern,
                              const ast_list *windows, context c, uint32_t beside)
{
    size_t count = pattern->links.count, keys = pattern->same.count;
    const row_set **steps = arena_alloc_array(b->memory, count, sizeof *steps);
    const node **inputs = arena_alloc_array(b->memory, 2 + count + keys, sizeof *inputs);
    sequence_step *shape = arena_alloc_array(b->memory, count, sizeof *shape);
    vantage from = {c.now, beside_of_sequence(b, windows, c, beside)};
    const row_set *all = united_steps(b, pattern, from, steps);
    const node *mask = NULL;
    inputs[0] = lower_windows(b, all, windows, c, &mask);
    inputs[1] = make_spread(b->graph, c.now, from.beside);
    for (size_t i = 0; i < count; i++) {
        const ast_link *link = pattern->links.items[i];
        shape[i] = lower_link(link);
        inputs[2 + i] = step_mask(b, all, steps[i]);
        if (mask && !link->is_negated)
            inputs[2 + i] = make_and(b->graph, inputs[2 + i], mask);
        if (link->is_negated &&
            lower_until(b, c.now) != c.now) /* the others have a window */
            inputs[2 + i] =
                make_and(b->graph, inputs[2 + i], lower_happened(b, all, c.now));
    }
    for (size_t k = 0; k < keys; k++) {
        const ast_name *same = pattern->same.items[k];
        type t = row_property_type(b, steps[0], same->text); /* the same in all steps */
        inputs[2 + count + k] = make_spread(
            b->graph, row_property_of_type(b, all, same->text, t), all->domain);
    }
    sequence s = {.steps = shape,
                  .step_count = count,
                  .is_any_order = pattern->is_any_order,
                  .key_count = keys};
    if (pattern->all_within.count > 0) {
        s.has_all_within = true;
        s.all_within = lower_span(*(const ast_duration *)pattern->all_within.items[0]);
    }
    row_set *rows = arena_alloc(b->memory, sizeof *rows);
    rows->domain =
        graph_sequence_domain(b->graph, all->domain, &s, inputs, 2 + count + keys);
    rows->kind = SCHEMA_NONE;
    rows->members = arena_alloc(b->memory, sizeof *rows->members);
    rows->members[0] = all;
    rows->member_count = 1;
    for (size_t i = 0; i < count; i++)
        if (!shape[i].is_negated)
            rows->last_step = steps[i];
    return rows;
}
