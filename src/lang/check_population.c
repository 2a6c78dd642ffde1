/* SPDX-License-Identifier: MIT
 *
 * Types of what asks about other people: rankings, and the instants at which they may
 * be asked.
 */
#include "lang/checker.h"

#include <string.h>

#include "base/number.h"
#include "lang/walk.h"

bool check_same_instant(checker *c, const ast_expr *instant, bool of_population)
{
    if (!of_population || !expr_find(instant, expr_is_of_person))
        return true;
    error(c, instant->where, E0112,
          "what depends on other people, or on a memory, \"as of\" an instant that "
          "differs between people or events has no meaning in this version of carpel");
    hint(c, "Take an instant that is the same for all: as of 30 days ago.");
    return false;
}

static void check_amount(checker *c, const ast_amount *amount)
{
    int64_t one = number_power_of_ten(amount->number.scale);
    if (amount->divisor > 0)
        return;
    if (amount->number.value <= 0 || (!amount->is_count && amount->number.value > one))
        error(c, amount->place, E0117,
              "a ranking takes a share from 0%% to 100%%, or a number of people");
    else if (amount->is_count && amount->number.scale > 0)
        error(c, amount->place, E0117, "a number of people is a whole number");
}

type check_population(checker *c, ast_expr *expr)
{
    type t = check_expr(c, expr->left);
    if (expr->within_each)
        check_expr(c, expr->within_each);
    check_among(c, &expr->among);
    if (expr->kind == EXPR_IN_RANKS)
        check_amount(c, &expr->amount);
    if (expr->kind == EXPR_NTILE && (expr->number.value < 1 || expr->number.scale > 0))
        error(c, expr->where, E0117, "people are cut into a whole number of tiles");
    if (t.kind != TYPE_ERROR && (!type_is_ordered(t) || expr_is_calendar(expr->left)))
        return refuse(c, expr->left->where, E0108, "people cannot be ranked by %s",
                      type_words(t));
    if (expr->kind == EXPR_IN_RANKS)
        return BOOLEAN;
    return expr->kind == EXPR_PERCENTILE ? NUMBER : WHOLE;
}
