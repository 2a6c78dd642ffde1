/* SPDX-License-Identifier: MIT
 *
 * What people did, and did not: whom else the words take in.
 */
#include "lang/lints.h"

static bool asks_for_absence(const ast_expr *expr)
{
    if (expr->is_negated || expr->modifiers.times.count == 0)
        return expr->is_negated;
    const ast_times *times = expr->modifiers.times.items[0];
    return times->quantity == QUANTITY_AT_MOST ||
           times->quantity == QUANTITY_FEWER_THAN ||
           (times->quantity == QUANTITY_EXACTLY && times->count == 0);
}

/* Does another of the parts name the event, or a segment, which may? */
static bool is_named_beside(const ast_list *parts, const ast_expr *expr,
                            const ast_event *event)
{
    each (const ast_expr, other, parts) {
        bool is_said =
            other->kind == EXPR_MEMBER ||
            slice_contains(span_text(other->where), slice_of(event->name.text));
        if (!holds_expr(other, expr) && is_said)
            return true;
    }
    return false;
}

/* `did not purchase since last email_open`, of who never opened one. */
void lint_without_anchor(const lint *l, const ast_expr *did)
{
    for (size_t i = 0; asks_for_absence(did) && i < did->modifiers.windows.count; i++) {
        const ast_window *window = did->modifiers.windows.items[i];
        bool is_end = window_forms[window->kind].shape == SHAPE_END;
        const ast_expr *anchor = is_end ? window->from : NULL;
        const ast_event *event = anchor && anchor->kind == EXPR_PICK
                                     ? pattern_event(anchor->selection->pattern)
                                     : NULL;
        if (!event || event->is_anything || l->decl->among.decl ||
            is_named_beside(l->chain, did, event) ||
            is_named_beside(l->either, did, event))
            continue;
        warn(l, window->place, W0210, "this is also true for people without \"%s\"",
             words_of(l, anchor));
        hint(l, "If they are not meant, write: did %s and %s.", event->name.text,
             words_of(l, did));
        fix(l, did->where, "(did %s and %s)", event->name.text, words_of(l, did));
    }
}

/* ---- windows that are open --------------------------------------------------------- */

static bool opens_later(const ast_window *window)
{
    bool is_behind = window->kind == WINDOW_WITHIN_AFTER ||
                     window->kind == WINDOW_WITHIN_OF ||
                     window->kind == WINDOW_UNIT_AFTER;
    return is_behind && window->from;
}

/* "7 days" of `within 7 days after x`; a week after x is over at most two weeks later. */
static const char *time_to_be_over(const lint *l, const ast_window *window)
{
    return window->kind == WINDOW_UNIT_AFTER
               ? wording(l, "2 %ss", calendar_unit_name(window->unit))
               : words_of(l, &window->duration);
}

/* `did not x within 7 days after user.signed_up`: true on the first day already. */
void lint_open_window(const lint *l, const ast_expr *expr)
{
    for (size_t i = 0; asks_for_absence(expr) && i < expr->modifiers.windows.count; i++) {
        const ast_window *window = expr->modifiers.windows.items[i];
        if (!opens_later(window) || is_asked_elsewhere(l, expr, window->from))
            continue;
        warn(l, window->place, W0205,
             "this window may still be open, so it is too early to say \"did not\"");
        hint(l, "Ask that it is over too, for example: %s before %s ago and ...",
             words_of(l, window->from), time_to_be_over(l, window));
    }
}

/* "did login in last 30 days" of `did login in last 30 days at most 3 times`. */
static const char *without_times(const lint *l, const ast_expr *did,
                                 const ast_times *times)
{
    span before = did->where, behind = did->where;
    before.end = times->place.begin;
    behind.begin = times->place.end;
    slice first = slice_trim(span_text(before), " \t\r\n"),
          second = slice_trim(span_text(behind), " \t\r\n");
    return wording(l, "%.*s%s%.*s", (int)first.size, first.data,
                   second.size > 0 ? " " : "", (int)second.size, second.data);
}

/* `did login at most 3 times`: never is at most 3 times, too. */
void lint_at_most(const lint *l, const ast_expr *expr)
{
    const ast_modifiers *how = &expr->modifiers;
    bool may_be_none = how->times.count == 1 && how->periods.count == 0 &&
                       how->rows.count == 0 && !l->is_denied && !expr->is_negated &&
                       asks_for_absence(expr);
    const ast_times *times = may_be_none ? expr->modifiers.times.items[0] : NULL;
    int64_t fewest = times && times->quantity == QUANTITY_FEWER_THAN ? 2 : 1;
    if (!times || times->count < fewest || has_guard(l, expr))
        return;
    const char *how_often = words_in(l, times->place), *whole = words_of(l, expr);
    warn(l, times->place, W0224, "\"%s\" is also true for people who never did it",
         how_often);
    const char *ever = without_times(l, expr, times);
    hint(l,
         "If they are not meant, add: and %s. If they are, compare the number: "
         "count(...) %s %lld.",
         ever,
         times->quantity == QUANTITY_FEWER_THAN ? "<" : "<=", (long long)times->count);
    fix(l, expr->where, "(%s and %s)", whole, ever);
}

/* ---- the first of them, again ------------------------------------------------------- */

static bool opens_with_anchor(const ast_window *window)
{
    return window->kind == WINDOW_WITHIN_AFTER || window->kind == WINDOW_WITHIN_OF ||
           window->kind == WINDOW_SINCE || window->kind == WINDOW_AT_OR_AFTER;
}

static bool is_same_event(const ast_event *a, const ast_event *b)
{
    bool is_alike = a->where && b->where ? slice_equals(span_text(a->where->where),
                                                        span_text(b->where->where))
                                         : !a->where && !b->where;
    return is_alike && !a->is_anything && !b->is_anything &&
           strcmp(a->name.text, b->name.text) == 0;
}

/* The event whose first one a window begins with, if it is what a `did` asks for. */
static const ast_event *own_first(const ast_expr *did)
{
    const ast_modifiers *how = &did->modifiers;
    const ast_window *window = how->windows.count == 1 ? how->windows.items[0] : NULL;
    const ast_expr *anchor = window && opens_with_anchor(window) ? window->from : NULL;
    if (how->times.count + how->periods.count + how->rows.count > 0 || !anchor ||
        anchor->kind != EXPR_PICK || anchor->is_last ||
        anchor->modifiers.windows.count > 0)
        return NULL;
    const ast_event *event = pattern_event(did->selection->pattern),
                    *first = pattern_event(anchor->selection->pattern);
    return event && first && is_same_event(event, first) ? event : NULL;
}

/* `did purchase within 30 days after first purchase`, of whoever ever bought. */
void lint_own_first(const lint *l, const ast_expr *did)
{
    const ast_event *event = own_first(did);
    if (!event)
        return;
    span rest = did->where;
    rest.begin = event->name.where.begin;
    warn(l, did->where, W0202, "the first \"%s\" is itself in this window",
         event->name.text);
    offer(l, did->where,
          did->is_negated ? "For none but that, write: %s."
                          : "For another one, write: %s.",
          "did %s %s", words_in(l, rest),
          did->is_negated ? "exactly once" : "at least twice");
}
