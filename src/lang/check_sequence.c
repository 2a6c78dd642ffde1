/* SPDX-License-Identifier: MIT
 *
 * Sequences of events: their steps, how they follow each other, what they share.
 */
#include "lang/checker.h"
#include "report/lookalike.h"

#include "base/number.h"

void check_length(checker *c, const ast_duration *d)
{
    int64_t exact = 0;
    bool fits =
        calendar_span_microseconds((calendar_span){d->count.value, d->unit}, &exact);
    int64_t power = number_power_of_ten(d->count.scale);
    if (d->unit >= UNIT_MONTH && d->count.scale > 0) {
        error(c, d->where, E0103, "a month, quarter or year cannot be split");
        hint_split_unit(c, d);
    } else if (d->unit < UNIT_MONTH && !fits)
        error(c, d->where, E0103, "this duration is too long");
    else if (d->count.scale > 0 && exact % (power * MICROSECONDS_PER_SECOND) != 0) {
        error(c, d->where, E0103, "windows, distances and half-lives are whole seconds");
        hint(c, "Round it, or write it in the next smaller unit.");
    }
}

/* A step may have one bound of each kind: `within`, one that it comes later than, and one
 * that it comes earlier than. */
enum { BOUND_WITHIN = 1, BOUND_LATER = 2, BOUND_EARLIER = 4 };

static unsigned bounds_of(const ast_spacing *s)
{
    if (s->is_within)
        return BOUND_WITHIN;
    switch (s->quantity) {
    case QUANTITY_AT_LEAST:
    case QUANTITY_MORE_THAN: return BOUND_LATER;
    case QUANTITY_EXACTLY: return BOUND_LATER | BOUND_EARLIER;
    default: return BOUND_EARLIER;
    }
}

static void check_spacings(checker *c, const ast_link *link)
{
    unsigned seen = 0;
    each (const ast_spacing, s, &link->spacings) {
        check_length(c, &s->duration);
        if (seen & bounds_of(s))
            error(c, s->duration.where, E0127, "this bound is given twice");
        seen |= bounds_of(s);
        if (link->is_negated && !s->is_within) {
            error(c, s->duration.where, E0127,
                  "\"no\" takes \"within\" alone: how long it is to stay away");
        }
    }
}

/* `with same p`: every step has p, with one type. */
static void check_same(checker *c, const ast_pattern *pattern, const ast_name *same)
{
    type first = NO_TYPE;
    each (const ast_link, link, &pattern->links) {
        const event_scope *scope =
            scope_of_step(link->step, c->book->schema, c->book->memory);
        typed_property found = scope_property(scope, same->text);
        if (scope->kind_count == 0)
            continue; /* reported already */
        if (!found.first) {
            error(c, same->where, E0105, "%s has no property named \"%s\"",
                  scope_title(scope, c->book->memory), same->text);
            const char *similar = scope_similar_property(scope, same->text);
            if (similar)
                hint_similar(c->diags, same->where, same->text, similar);
            return;
        }
        if (found.second ||
            (first.kind != TYPE_ERROR && !type_equals(first, found.type))) {
            error(c, same->where, E0108, "\"%s\" is not of one type in all steps",
                  same->text);
            return;
        }
        first = found.type;
    }
}

static void check_once(checker *c, const ast_pattern *pattern, const ast_list *places)
{
    if (places->count == 0)
        return;
    if (pattern->is_any_order) {
        error(c, *(const span *)places->items[0], E0127,
              "steps in any order have no turn");
        hint(c, "Write the steps in their order: (a then b).");
    } else if (places->count > 1) {
        error(c, *(const span *)places->items[1], E0127, "this bound is given twice");
    }
}

/* What may lie between the steps, and how they follow each other. */
static void check_strictness(checker *c, const ast_pattern *pattern)
{
    ast_list places = {0};
    each (ast_step, only, &pattern->only) {
        check_step(c, only);
        check_row_step(c, only);
        ast_list_add(c->book->memory, &places, &only->place);
    }
    check_once(c, pattern, &places);
    check_once(c, pattern, &pattern->without_repeats);
    check_once(c, pattern, &pattern->strictly_later);
}

static void check_sequence(checker *c, ast_pattern *pattern)
{
    enum { MAX_STEPS = 32, MAX_STEPS_ANY_ORDER = 8 };
    size_t most = pattern->is_any_order ? MAX_STEPS_ANY_ORDER : MAX_STEPS;
    each (const ast_link, link, &pattern->links) {
        const ast_event *event = link->step->events.items[0];
        if (event->list)
            refuse_list(c, event, "a step of a sequence");
        check_step(c, link->step);
        check_users_alone(c, link->step, false);
        check_spacings(c, link);
    }
    if (pattern->links.count > most)
        error(c, pattern->place, E0127, "a sequence has at most %zu steps", most);
    if (pattern->all_within.count > 1)
        error(c, ((const ast_duration *)pattern->all_within.items[1])->where, E0127,
              "this bound is given twice");
    for (size_t i = 0; i < pattern->all_within.count; i++)
        check_length(c, pattern->all_within.items[i]);
    for (size_t i = 0; i < pattern->same.count; i++)
        check_same(c, pattern, pattern->same.items[i]);
    check_strictness(c, pattern);
}

void check_pattern(checker *c, ast_pattern *pattern)
{
    if (!pattern->is_sequence) {
        check_step(c, pattern->step);
        check_users_alone(c, pattern->step, true);
        return;
    }
    check_sequence(c, pattern);
}

void check_event(checker *c, ast_pattern *pattern)
{
    check_pattern(c, pattern);
    if (!pattern->is_sequence && pattern->step->events.count == 1)
        check_users_alone(c, pattern->step, false);
}
