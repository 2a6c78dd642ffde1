/* SPDX-License-Identifier: MIT
 *
 * Sequences: the rows of all steps are united, and the matches among them are rows of
 * their own, each standing for its last positive step.
 */
#include <string.h>

#include "graph/lowering.h"

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

static size_t last_positive(const ast_pattern *pattern)
{
    size_t last = pattern->links.count - 1;
    while (((const ast_link *)pattern->links.items[last])->is_negated)
        last--;
    return last;
}

/* The rows of each step, and of steps in any order those that it may have when it comes last:
 * behind the others, when these differ. */
static void lower_steps(lowering *b, const ast_pattern *pattern, vantage from,
                        const row_set **steps)
{
    size_t count = pattern->links.count, last = last_positive(pattern);
    vantage plain = {from.now, from.beside, NULL};
    for (size_t i = 0; i < count; i++) {
        const ast_step *step = ((const ast_link *)pattern->links.items[i])->step;
        bool is_end = i == last && !pattern->is_any_order;
        steps[i] = rows_filtered(b, lower_step(b, step, is_end ? from : plain, true));
        if (pattern->is_any_order && from.ending)
            steps[count + i] = rows_filtered(b, lower_step(b, step, from, true));
    }
}

/* The tables of all steps, each exactly the rows that fit; `directly` needs everything. */
static const row_set *united_steps(lowering *b, const ast_pattern *pattern, vantage from,
                                   const row_set *const *steps, size_t step_count)
{
    const row_set **members =
        arena_alloc_array(b->memory, step_count + 1, sizeof *members);
    bool needs_all = pattern->only.count > 0;
    memcpy(members, steps, step_count * sizeof *members);
    for (size_t i = 0; i < pattern->links.count; i++)
        needs_all |= ((const ast_link *)pattern->links.items[i])->is_direct;
    if (needs_all)
        members[step_count++] = lower_anything(b, from.beside);
    return rows_united(b, members, step_count);
}

/* The condition on the rows of the union for being a step, in the windows. */
static const node *step_condition(lowering *b, const row_set *all, const row_set *step,
                                  bool is_negated, const node *mask, context c)
{
    const node *is_one = member_mask(b, all, step);
    if (mask && !is_negated)
        is_one = make_and(b->graph, is_one, mask);
    if (is_negated && lower_until(b, c.now) != c.now) /* the others have a window */
        is_one = make_and(b->graph, is_one, lower_happened(b, all, c.now));
    return is_one;
}

/* `with same p`: the value of each row of the union. */
static const node *lower_key(lowering *b, const row_set *all, const row_set *step,
                             const ast_name *same)
{
    type t = row_property_type(b, step, same->text); /* the same in all steps */
    return make_comparable(
        b->graph,
        make_spread(b->graph, row_property_of_type(b, all, same->text, t), all->domain));
}

/* `strictly later`: more than 0 seconds, where no greater distance is asked for. */
static void make_strictly_later(sequence_step *shape, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        sequence_step *step = &shape[i];
        if (step->is_negated || (step->has_later && step->later.count > 0))
            continue;
        step->has_later = step->later_is_open = true;
        step->later = (calendar_span){0, UNIT_SECOND};
    }
}

static sequence lower_shape(lowering *b, const ast_pattern *pattern)
{
    size_t count = pattern->links.count;
    sequence_step *steps = arena_alloc_array(b->memory, count, sizeof *steps);
    for (size_t i = 0; i < count; i++)
        steps[i] = lower_link(pattern->links.items[i]);
    if (pattern->strictly_later.count > 0)
        make_strictly_later(steps, count);
    sequence s = {.steps = steps,
                  .step_count = count,
                  .is_any_order = pattern->is_any_order,
                  .has_only = pattern->only.count > 0,
                  .has_fits = pattern->without_repeats.count > 0,
                  .key_count = pattern->same.count,
                  .has_all_within = pattern->all_within.count > 0};
    if (s.has_all_within)
        s.all_within = lower_span(*(const ast_duration *)pattern->all_within.items[0]);
    return s;
}

static row_set *match_rows(lowering *b, const ast_pattern *pattern, const row_set *all,
                           const row_set *const *steps, uint32_t domain_id)
{
    row_set *rows = arena_alloc(b->memory, sizeof *rows);
    rows->domain = domain_id;
    rows->kind = SCHEMA_NONE;
    rows->members = arena_alloc(b->memory, sizeof *rows->members);
    rows->members[0] = all;
    rows->member_count = 1;
    if (!pattern->is_any_order) /* else it is whichever comes last */
        rows->last_step = steps[last_positive(pattern)];
    return rows;
}

const row_set *lower_sequence(lowering *b, const ast_pattern *pattern,
                              const ast_list *windows, context c, vantage same)
{
    sequence s = lower_shape(b, pattern);
    size_t count = s.step_count, next = 2;
    s.has_endings = s.is_any_order && same.ending;
    size_t step_count = s.has_endings ? 2 * count : count, rows_count = step_count;
    const row_set **steps = arena_alloc_array(b->memory, step_count + 1, sizeof *steps);
    const node **inputs = arena_alloc_array(
        b->memory, 2 + step_count + 1 + count + s.key_count, sizeof *inputs);
    vantage from = {c.now, beside_of_sequence(b, windows, c, same.beside), same.ending};
    lower_steps(b, pattern, from, steps);
    if (s.has_only)
        steps[rows_count++] =
            rows_filtered(b, lower_step(b, pattern->only.items[0],
                                        (vantage){from.now, from.beside, NULL}, true));
    const row_set *all = united_steps(b, pattern, from, steps, rows_count);
    const node *mask = NULL;
    inputs[0] = lower_windows(b, all, windows, c, &mask);
    inputs[1] = make_spread(b->graph, c.now, from.beside);
    for (size_t i = 0; i < step_count; i++)
        inputs[next++] =
            step_condition(b, all, steps[i], s.steps[i % count].is_negated, mask, c);
    if (s.has_only)
        inputs[next++] = member_mask(b, all, steps[step_count]);
    for (size_t i = 0; s.has_fits && i < count; i++)
        inputs[next++] = member_mask(b, all, steps[i]);
    for (size_t k = 0; k < s.key_count; k++)
        inputs[next++] = lower_key(b, all, steps[0], pattern->same.items[k]);
    return match_rows(b, pattern, all, steps,
                      graph_sequence_domain(b->graph, all->domain, &s, inputs, next));
}
