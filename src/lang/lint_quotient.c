/* SPDX-License-Identifier: MIT
 *
 * Quotients that are shares, compared with a percentage without its sign: 25 for 25%.
 */
#include "lang/lints.h"

#include <string.h>

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
