/* SPDX-License-Identifier: MIT
 *
 * Sums that fade: `sum(purchase.amount) with half-life 30 days` is "the sum, as doubles in
 * the order of the events, of each value times 2^(-(now - time) / 30 days)", and that power
 * is worked out in the steps that src/base/half_life.h writes down.
 */
#include <math.h>

#include "reference/evaluator.h"

/* 2^63 / e^(y / 2^63): the first 19 terms of the series, from the last to the first. */
static int128 falling(int128 y)
{
    int128 one = (int128)1 << 63, w = one;
    for (int k = 18; k > 0; k--)
        w = one - y * w / one / k;
    return w;
}

double weight_of_age(int128 age, int128 half_life)
{
    int128 one = (int128)1 << 63, logarithm_of_two = (int128)6393154322601327829;
    if (age <= 0)
        return 1;
    if (age / half_life >= 1000)
        return 0;
    int128 part = age % half_life * one / half_life;
    double w = (double)falling(part * logarithm_of_two / one) / (double)one;
    for (int128 lives = age / half_life; lives > 0; lives--)
        w /= 2;
    return w;
}

/* The value of each event, 1 for a count. */
static double faded(reference *ref, const ast_expr *expr, scope s, const occurrence *o,
                    bool is_count)
{
    int64_t half_life = exact_microseconds(*expr->selection->half_life);
    double weight = weight_of_age((int128)s.now - o->time, half_life);
    value v = is_count ? value_exact(1, 0) : selected_value(ref, expr->selection, s, o);
    volatile double product = /* rounded here, not together with the sum */
        v.kind == DURATION ? (double)(int64_t)v.above * weight
                           : value_nearest(v) * weight;
    return product;
}

value fading_sum(reference *ref, const ast_expr *expr, scope s, occurrences found)
{
    bool is_count = expr->aggregate == AGGREGATE_COUNT;
    bool has_value =
        expr->selection->value || expr->selection->meaning->kind != MEANING_NONE;
    double sum = 0;
    for (size_t i = 0; i < found.count; i++) {
        const occurrence *o = &found.items[i];
        if (has_value && selected_value(ref, expr->selection, s, o).kind == MISSING)
            continue;
        sum += faded(ref, expr, s, o, is_count);
    }
    return expr->meaning->type.kind == TYPE_DURATION ? value_duration((int128)round(sum))
                                                     : value_double(sum);
}
