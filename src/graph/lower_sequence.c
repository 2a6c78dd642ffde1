/* SPDX-License-Identifier: MIT
 *
 * Sequences: how their steps follow each other. The matches are rows of their own, each
 * standing for the row that ends it.
 */
#include "graph/lower_sequence_rows.h"

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
                  .least = pattern->least > 0 ? pattern->least : count,
                  .is_any_order = pattern->is_any_order,
                  .key_count = pattern->same.count,
                  .has_all_within = pattern->all_within.count > 0};
    if (s.has_all_within)
        s.all_within = lower_span(*(const ast_duration *)pattern->all_within.items[0]);
    return s;
}

/* Each match has the properties of the row that ends it. */
static row_set *match_rows(lowering *b, const sequence_lowering *l, uint32_t domain_id)
{
    row_set *rows = arena_alloc(b->memory, sizeof *rows);
    rows->domain = domain_id;
    rows->kind = SCHEMA_NONE;
    rows->members = l->row_sets;
    rows->member_count = l->shape.end_count;
    return rows;
}

const row_set *lower_sequence(lowering *b, const ast_pattern *pattern,
                              const ast_list *windows, context c, vantage same)
{
    sequence_lowering l = {.lowering = b,
                           .pattern = pattern,
                           .windows = windows,
                           .context = c,
                           .shape = lower_shape(b, pattern)};
    l.from =
        (vantage){c.now, beside_of_sequence(b, windows, c, same.beside), same.ending};
    lower_sequence_rows(&l);
    return match_rows(b, &l,
                      graph_sequence_domain(b->graph, &l.shape, l.members, l.inputs.items,
                                            l.inputs.count));
}
