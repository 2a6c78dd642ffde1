/* SPDX-License-Identifier: MIT
 *
 * A value that is compared with itself, or with so and so many times itself: the average of all
 * people, or another window, was meant.
 */
#include <ctype.h>

#include "lang/lints.h"

/* Are they the same words, whatever blanks stand between? */
static bool has_same_words(const ast_expr *a, const ast_expr *b)
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
    if (is_factor(left) || !has_same_words(left, right))
        return;
    warn(l, compare->where, W0202, "this compares \"%s\" with itself", words_of(l, left));
    hint(l, "Both sides are one value of one person. Another time has a window of its "
            "own; other people are asked with \"percentile\" and \"in top\".");
}
