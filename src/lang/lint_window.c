/* SPDX-License-Identifier: MIT
 *
 * Windows that do not fit what they are compared with, "in previous" that stands alone, and units
 * of a window that are left out.
 */
#include "lang/lints.h"
#include "lang/reach.h"

/* ---- `count(x in last 30 days) < count(x in last 60 days)` ------------------------ */

const ast_window *window_up_to_now(const ast_expr *expr)
{
    const ast_list *windows = &expr->modifiers.windows;
    const ast_window *window =
        expr->kind == EXPR_AGGREGATE && windows->count == 1 ? windows->items[0] : NULL;
    return window && window->kind == WINDOW_IN_LAST ? window : NULL;
}

/* Does more time make it larger, so that the longer window says nothing of the time before? */
static bool grows(aggregate_kind kind)
{
    calendar_unit unit;
    return kind == AGGREGATE_COUNT || kind == AGGREGATE_SUM ||
           kind == AGGREGATE_DISTINCT || aggregate_has_unit(kind, &unit);
}

static bool are_same_around(const ast_expr *a, const ast_window *in_a, const ast_expr *b,
                            const ast_window *in_b)
{
    span before_a = a->where, before_b = b->where, after_a = a->where, after_b = b->where;
    before_a.end = in_a->place.begin;
    before_b.end = in_b->place.begin;
    after_a.begin = in_a->place.end;
    after_b.begin = in_b->place.end;
    return slice_equals(span_text(before_a), span_text(before_b)) &&
           slice_equals(span_text(after_a), span_text(after_b));
}

/* Of numbers of events the other comparisons are always the same, which the graph tells. */
void lint_overlap(const lint *l, const ast_expr *compare)
{
    const ast_expr *left = compare->left, *right = compare->right;
    const ast_window *of_left = window_up_to_now(left),
                     *of_right = window_up_to_now(right);
    if (!of_left || !of_right || left->aggregate != right->aggregate ||
        !grows(left->aggregate) || compare->compare == COMPARE_EQ ||
        compare->compare == COMPARE_NE ||
        !are_same_around(left, of_left, right, of_right))
        return;
    int64_t one = duration_length(&of_left->duration, false),
            other = duration_length(&of_right->duration, false);
    bool is_left_part = one < other;
    bool is_less = compare->compare == COMPARE_LT || compare->compare == COMPARE_GE;
    if (one == other || (is_less != is_left_part && left->aggregate != AGGREGATE_SUM))
        return;
    const ast_window *part = is_left_part ? of_left : of_right,
                     *whole = is_left_part ? of_right : of_left;
    warn(l, whole->place, W0231, "\"%s\" holds all of \"%s\"", words_in(l, whole->place),
         words_in(l, part->place));
    offer(l, whole->place, "For the time before that, write: %s.", "in previous %s",
          words_of(l, &part->duration));
}

/* ---- `did purchase in previous 30 days` ------------------------------------------- */

void lint_time_before(const lint *l, const ast_window *window)
{
    const ast_duration *length = &window->duration;
    const char *words = words_of(l, length);
    warn(l, window->place, W0236,
         "this is the time before the last %s, and not up to now", words);
    if (length->count.scale > 0) {
        offer(l, window->place, "Up to now is: %s.", "in last %s", words);
        return;
    }
    long long twice = 2 * (long long)length->count.value;
    const char *unit = calendar_unit_name(length->unit);
    offer_either(l, window->place, "Up to now is: %s. The time before that is also: %s.",
                 wording(l, "in last %s", words),
                 wording(l, "in last %lld %ss until %s ago", twice, unit, words));
}

/* ---- `avg(count(app_open) per week in last 12 full weeks)` ------------------------ */

void lint_empty_units(const lint *l, const ast_expr *per_unit)
{
    const ast_expr *counted = per_unit->left;
    const ast_list *windows = &per_unit->modifiers.windows;
    const ast_window *window = windows->count == 1 ? windows->items[0] : NULL;
    bool is_low =
        per_unit->aggregate == AGGREGATE_AVG || per_unit->aggregate == AGGREGATE_MIN;
    if (per_unit->counts_empty || !is_low || counted->kind != EXPR_AGGREGATE ||
        counted->aggregate != AGGREGATE_COUNT || !window ||
        window->kind != WINDOW_LAST_FULL)
        return;
    span before = window->place;
    before.end = before.begin;
    warn(l, per_unit->where, W0237, "a %s without any of it is left out, and not 0",
         calendar_unit_name(per_unit->unit));
    hint(l, "With these, write \"else 0\" before \"%s\".", words_in(l, window->place));
    fix(l, before, "else 0 ");
}
