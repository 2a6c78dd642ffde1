/* SPDX-License-Identifier: MIT
 *
 * Two sides that do not fit each other: numbers of events that were meant as numbers of values, a
 * value and itself, quotients and percentages, windows of which one holds the other.
 */
#include "lang/lints.h"

#include <ctype.h>
#include <string.h>

#include "lang/reach.h"

/* ---- `count(purchase.category) >= 3` --------------------------------------------------- */

/* "at least one" asks whether there is any, and a large number is one of events. */
static bool asks_for_several(const ast_expr *compare)
{
    enum { FEW = 10 };
    const ast_expr *number = compare->right;
    if (number->kind != EXPR_NUMBER || number->number.scale > 0 ||
        number->number.value > FEW)
        return false;
    int64_t least = number->number.value + (compare->compare == COMPARE_GT);
    bool has_least = compare->compare == COMPARE_GE || compare->compare == COMPARE_GT ||
                     compare->compare == COMPARE_EQ;
    return has_least && least >= 2;
}

/* The property that is counted, when it holds texts; or NULL. */
static const char *counted_texts(const ast_expr *expr)
{
    if (expr->kind != EXPR_AGGREGATE || expr->aggregate != AGGREGATE_COUNT)
        return NULL;
    const meaning *m = expr->selection->meaning;
    const ast_name *name = selected_name(expr->selection);
    bool is_text = m && m->kind == MEANING_PROPERTY && m->type.kind == TYPE_STRING;
    return name && is_text ? name->text : NULL;
}

void lint_counted_texts(const lint *l, const ast_expr *compare)
{
    const char *name = counted_texts(compare->left);
    if (!name || !asks_for_several(compare))
        return;
    span function = compare->left->where;
    function.end = function.begin + (uint32_t)strlen("count");
    warn(l, compare->left->where, W0228,
         "this counts every event that has a \"%s\", also the same one again", name);
    hint(l, "For different ones write \"distinct\" instead of \"count\"; for events, "
            "count them where it is not missing.");
    fix(l, function, "distinct");
}

/* ---- `revenue > 2 * revenue` ------------------------------------------------------------ */

/* The average of all people, or another window, was meant. */
bool are_same_words(const ast_expr *a, const ast_expr *b)
{
    slice x = span_text(a->where), y = span_text(b->where);
    for (;;) {
        while (x.size > 0 && isspace((unsigned char)*x.data))
            x.data++, x.size--;
        while (y.size > 0 && isspace((unsigned char)*y.data))
            y.data++, y.size--;
        if (x.size == 0 || y.size == 0)
            return x.size == y.size;
        if (*x.data != *y.data)
            return false;
        x.data++, x.size--, y.data++, y.size--;
    }
}

static bool is_factor(const ast_expr *expr)
{
    return expr->kind == EXPR_NUMBER;
}

/* The `x` of `x`, `2 * x` and `x / 10`. */
static const ast_expr *without_factor(const ast_expr *expr)
{
    if (expr->kind == EXPR_MULTIPLY && is_factor(expr->left))
        return expr->right;
    bool has_factor = (expr->kind == EXPR_MULTIPLY || expr->kind == EXPR_DIVIDE) &&
                      is_factor(expr->right);
    return has_factor ? expr->left : expr;
}

void lint_itself(const lint *l, const ast_expr *compare)
{
    const ast_expr *left = without_factor(compare->left),
                   *right = without_factor(compare->right);
    if (is_factor(left) || !are_same_words(left, right))
        return;
    warn(l, compare->where, W0202, "this compares \"%s\" with itself", words_of(l, left));
    hint(l, "Both sides are one value of one person. Another time has a window of its "
            "own; other people are asked with \"percentile\" and \"in top\".");
}

/* ---- quotients -------------------------------------------------------------------------- */

/* The only event of a plain count or sum of a property; or NULL. */
static const ast_event *only_event(const ast_expr *expr, aggregate_kind kind)
{
    if (expr->kind != EXPR_AGGREGATE || expr->aggregate != kind)
        return NULL;
    const ast_selection *what = expr->selection;
    const ast_modifiers *how = &expr->modifiers;
    bool is_plain = !what->value && !what->half_life && what->names.count <= 2 &&
                    how->times.count + how->periods.count + how->rows.count == 0;
    const ast_event *event = is_plain ? pattern_event(what->pattern) : NULL;
    return event && !what->pattern->step->where ? event : NULL;
}

static bool are_same_events(const ast_event *a, const ast_event *b)
{
    return a->name.text && b->name.text ? strcmp(a->name.text, b->name.text) == 0
                                        : a->name.text == b->name.text;
}

/* Is the first name behind both events the same, or none? */
static bool select_same(const ast_expr *quotient)
{
    const ast_name *a = selected_name(quotient->left->selection),
                   *b = selected_name(quotient->right->selection);
    return a && b ? strcmp(a->text, b->text) == 0 : a == b;
}

static bool have_same_windows(const ast_expr *a, const ast_expr *b)
{
    const ast_list *x = &a->modifiers.windows, *y = &b->modifiers.windows;
    if (x->count != y->count)
        return false;
    for (size_t i = 0; i < x->count; i++) {
        const ast_window *one = x->items[i], *other = y->items[i];
        if (!slice_equals(span_text(one->place), span_text(other->place)))
            return false;
    }
    return true;
}

/* `count(purchase where (...)) / count(purchase)`, or the same of sums. */
static bool divides_part(const ast_expr *quotient, aggregate_kind kind)
{
    const ast_event *part = only_event(quotient->left, kind);
    const ast_event *whole = part ? only_event(quotient->right, kind) : NULL;
    return whole && are_same_events(part, whole) && part->where && !whole->where &&
           have_same_windows(quotient->left, quotient->right) && select_same(quotient);
}

bool is_share_of_count(const ast_expr *expr)
{
    return expr->kind == EXPR_DIVIDE && divides_part(expr, AGGREGATE_COUNT);
}

/* `sum(refund.amount) / sum(purchase.amount)`: two events, and one thing of both. */
static bool divides_other_event(const ast_expr *quotient)
{
    const ast_event *upper = only_event(quotient->left, AGGREGATE_SUM);
    const ast_event *lower = upper ? only_event(quotient->right, AGGREGATE_SUM) : NULL;
    return lower && !are_same_events(upper, lower) && select_same(quotient);
}

/* Ten times as much of something as of another event is rare; 10% of it is what one asks
 * for. What is a part of the whole is never twice the whole. */
void lint_quotient(const lint *l, const ast_expr *value, const ast_expr *literal)
{
    const ast_number *n = &literal->number;
    value = behind_let(value);
    if (value->kind != EXPR_DIVIDE || n->scale > 0 || n->is_percent || n->value > 100)
        return;
    bool is_part = n->value >= 2 && divides_part(value, AGGREGATE_SUM);
    if (!is_part && !(n->value >= 10 && divides_other_event(value)))
        return;
    int64_t number = n->value;
    warn(l, literal->where, W0207, "this is a quotient, and %lld is %lld00%%",
         (long long)number, (long long)number);
    offer(l, literal->where, "Did you mean %s?", "%lld%%", (long long)number);
}

/* The sum of one time over the number of another: the average was meant. */
void lint_average(const lint *l, const ast_expr *quotient)
{
    const ast_expr *left = quotient->left, *right = quotient->right;
    const ast_event *summed = only_event(left, AGGREGATE_SUM);
    const ast_event *counted = summed ? only_event(right, AGGREGATE_COUNT) : NULL;
    if (!counted || !are_same_events(summed, counted) || counted->where ||
        summed->where || right->selection->names.count > 0 ||
        have_same_windows(left, right))
        return;
    warn(l, quotient->where, W0231, "the sum and the number are of different times");
    offer(l, quotient->where, "The average is: %s.", "avg%s",
          words_of(l, left) + strlen("sum"));
}

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
