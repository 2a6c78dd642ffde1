/* SPDX-License-Identifier: MIT
 *
 * Sums, differences, products and quotients. A quotient of exact numbers has the type
 * `number`; that it is exact when compared is the graph's business.
 */
#include "lang/checker.h"

#include "base/number.h"

static const char *const operator_words[] = {[EXPR_ADD] = "added to",
                                             [EXPR_SUBTRACT] = "taken from",
                                             [EXPR_MULTIPLY] = "multiplied with",
                                             [EXPR_DIVIDE] = "divided by"};

static type report_arithmetic(checker *c, const ast_expr *expr, type a, type b)
{
    bool reversed = expr->kind == EXPR_ADD || expr->kind == EXPR_SUBTRACT;
    error(c, expr->where, E0108, "%s cannot be %s %s", type_words(reversed ? b : a),
          operator_words[expr->kind], type_words(reversed ? a : b));
    if (expr->kind == EXPR_SUBTRACT && a.kind == TYPE_DATE && b.kind == TYPE_TIME)
        hint(c, "A time is taken from a time, such as now, and a date from a "
                "date, such as now.date.");
    else if (reversed && type_is_moment(a) && expr->right->kind == EXPR_NUMBER) {
        const char *number = words_of(c, expr->right);
        offer(c, expr->right->where, "Give the number a unit, such as %s.", "%s days",
              number);
    } else if (a.kind == TYPE_BOOL || b.kind == TYPE_BOOL) {
        const ast_expr *condition = a.kind == TYPE_BOOL ? expr->left : expr->right;
        diag_propose(c->diags, condition->where, "(if %s then 1 else 0)",
                     diag_words(c->diags, condition->where));
    }
    return NO_TYPE;
}

/* A date moves by whole days, weeks, months, quarters and years that are written down. */
static bool moves_dates(const ast_expr *expr)
{
    return expr->kind == EXPR_DURATION && expr->duration.unit >= UNIT_DAY &&
           expr->duration.count.scale == 0;
}

static type check_move(checker *c, ast_expr *expr, const ast_expr *moment,
                       const ast_expr *by)
{
    if (expr_type(moment).kind == TYPE_DATE && !moves_dates(by))
        return refuse(
            c, expr->where, E0108,
            "a date moves by whole days, weeks, months, quarters or years only");
    if (expr_is_calendar(by) && by->kind != EXPR_DURATION)
        return refuse(
            c, by->where, E0108,
            "months, quarters and years are written where a time moves by them");
    return expr_type(moment);
}

static type check_sum(checker *c, ast_expr *expr)
{
    type a = expr_type(expr->left), b = expr_type(expr->right);
    if (type_is_numeric(a) && type_is_numeric(b))
        return type_join(a, b);
    if (type_is_moment(a) && b.kind == TYPE_DURATION)
        return check_move(c, expr, expr->left, expr->right);
    if (expr->kind == EXPR_ADD && a.kind == TYPE_DURATION && type_is_moment(b))
        return check_move(c, expr, expr->right, expr->left);
    if (expr->kind == EXPR_SUBTRACT && type_is_moment(a) && a.kind == b.kind)
        return DURATION;
    if (a.kind == TYPE_DURATION && b.kind == TYPE_DURATION &&
        !expr_is_calendar(expr->left) && !expr_is_calendar(expr->right))
        return DURATION;
    return report_arithmetic(c, expr, a, b);
}

/* `2 * 1 month`, `x / 1 month`. */
static bool refuse_calendar(checker *c, const ast_expr *expr, const char *hint)
{
    if (!expr_is_calendar(expr->left) && !expr_is_calendar(expr->right))
        return false;
    error(c, expr->where, E0108,
          "months, quarters and years have no fixed length to calculate with");
    hint(c, "%s", hint);
    return true;
}

static type check_product(checker *c, ast_expr *expr)
{
    type a = expr_type(expr->left), b = expr_type(expr->right);
    if (refuse_calendar(c, expr, "Use days or weeks."))
        return NO_TYPE;
    if (a.kind == TYPE_DECIMAL && b.kind == TYPE_DECIMAL &&
        a.scale + b.scale <= DECIMAL_MAX_SCALE)
        return (type){TYPE_DECIMAL, a.scale + b.scale};
    if (type_is_numeric(a) && type_is_numeric(b))
        return NUMBER;
    if ((a.kind == TYPE_DURATION && type_is_numeric(b)) ||
        (type_is_numeric(a) && b.kind == TYPE_DURATION))
        return DURATION;
    return report_arithmetic(c, expr, a, b);
}

static type check_quotient(checker *c, ast_expr *expr)
{
    type a = expr_type(expr->left), b = expr_type(expr->right);
    if (refuse_calendar(c, expr, "Use days or weeks, as in \"/ 1 day\"."))
        return NO_TYPE;
    if (type_is_numeric(a) && type_is_numeric(b))
        return NUMBER;
    if (a.kind == TYPE_DURATION && b.kind == TYPE_DURATION)
        return NUMBER;
    if (a.kind == TYPE_DURATION && type_is_numeric(b))
        return DURATION;
    return report_arithmetic(c, expr, a, b);
}

type check_arithmetic(checker *c, ast_expr *expr)
{
    type a = check_expr(c, expr->left), b = check_expr(c, expr->right);
    if (is_error(a, b))
        return NO_TYPE;
    switch (expr->kind) {
    case EXPR_MULTIPLY: return check_product(c, expr);
    case EXPR_DIVIDE: return check_quotient(c, expr);
    default: return check_sum(c, expr);
    }
}

type check_negate(checker *c, ast_expr *expr)
{
    type t = check_expr(c, expr->left);
    if (t.kind == TYPE_ERROR || type_is_numeric(t) ||
        (t.kind == TYPE_DURATION && !expr_is_calendar(expr->left)))
        return t;
    return refuse(c, expr->where, E0108, "%s has no negative", type_words(t));
}
