/* SPDX-License-Identifier: MIT */
#include "graph/sequence.h"

#include "graph/graph.h"

size_t sequence_keys_of(const sequence *s, const sequence_rows *rows)
{
    bool is_event =
        rows->role == SEQUENCE_ANY_EVENT || rows->role == SEQUENCE_OTHER_EVENT;
    return is_event ? 0 : s->key_count;
}

sequence_inputs sequence_take_inputs(const sequence *s, size_t i,
                                     const struct node *const **next)
{
    sequence_inputs in = {.key_count = sequence_keys_of(s, &s->rows[i])};
    in.window = *(*next)++;
    if (s->rows[i].has_mask)
        in.mask = *(*next)++;
    in.keys = *next;
    *next += in.key_count;
    return in;
}

bool sequence_key_differs(const sequence *s, const struct node *const *inputs, size_t k)
{
    const node *first = NULL, *const *next = inputs + 1;
    bool differs = false;
    for (size_t i = 0; i < s->rows_count; i++) {
        sequence_inputs in = sequence_take_inputs(s, i, &next);
        if (k >= in.key_count ||
            (node_is_constant(in.keys[k]) && in.keys[k]->constant.is_missing))
            continue;
        if (!first)
            first = in.keys[k];
        text_origin a = first->origin, b = in.keys[k]->origin;
        differs |= a.kind != b.kind || a.table != b.table || a.column != b.column;
    }
    return differs;
}

bool sequence_has_step(const sequence *s, const sequence_rows *rows)
{
    return rows->role == SEQUENCE_ENDING ||
           (rows->role == SEQUENCE_STEP && !s->steps[rows->step].is_negated);
}

size_t sequence_steps_needed(const sequence *s)
{
    size_t count = 0;
    if (s->is_any_order)
        return s->least;
    for (size_t i = 0; i < s->step_count; i++)
        count += !s->steps[i].is_negated;
    return count;
}

size_t sequence_last_positive(const sequence *s)
{
    size_t last = s->step_count - 1;
    while (s->steps[last].is_negated)
        last--;
    return last;
}

static bool span_equals(calendar_span a, calendar_span b)
{
    return a.count == b.count && a.unit == b.unit;
}

static bool step_equals(const sequence_step *a, const sequence_step *b)
{
    return a->is_negated == b->is_negated && a->is_direct == b->is_direct &&
           a->has_within == b->has_within && a->has_later == b->has_later &&
           a->later_is_open == b->later_is_open && a->has_earlier == b->has_earlier &&
           a->earlier_is_open == b->earlier_is_open &&
           span_equals(a->within, b->within) && span_equals(a->later, b->later) &&
           span_equals(a->earlier, b->earlier);
}

static bool rows_equals(const sequence_rows *a, const sequence_rows *b)
{
    return a->role == b->role && a->step == b->step && a->has_mask == b->has_mask;
}

bool sequence_equals(const sequence *a, const sequence *b)
{
    bool is_equal = a->step_count == b->step_count && a->rows_count == b->rows_count &&
                    a->end_count == b->end_count && a->least == b->least &&
                    a->is_any_order == b->is_any_order && a->key_count == b->key_count &&
                    a->has_all_within == b->has_all_within &&
                    span_equals(a->all_within, b->all_within);
    for (size_t i = 0; is_equal && i < a->step_count; i++)
        is_equal = step_equals(&a->steps[i], &b->steps[i]);
    for (size_t i = 0; is_equal && i < a->rows_count; i++)
        is_equal = rows_equals(&a->rows[i], &b->rows[i]);
    return is_equal;
}
