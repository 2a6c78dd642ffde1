/* SPDX-License-Identifier: MIT
 *
 * Terms and factors stand in one list, however they are nested.
 */
#include "explain/asking.h"
#include "lang/meaning.h"

static bool is_sum(const ast_expr *e)
{
    return e->kind == EXPR_ADD || e->kind == EXPR_SUBTRACT;
}

static bool is_product(const ast_expr *e)
{
    return e->kind == EXPR_MULTIPLY || e->kind == EXPR_DIVIDE;
}

static void add_terms(const asking *a, const ast_expr *of, ast_expr *expr, ast_list *out)
{
    if ((is_sum(of) && is_sum(expr)) || (is_product(of) && is_product(expr))) {
        add_terms(a, of, expr->left, out);
        add_terms(a, of, expr->right, out);
    } else
        ast_list_add(a->memory, out, expr);
}

/* The name of a value, or of a score that is worked out of others. */
static bool is_value(const ast_expr *e)
{
    if (e->kind != EXPR_PATH || !e->meaning || e->meaning->kind != MEANING_DECL)
        return false;
    const ast_decl *decl = e->meaning->decl;
    return decl->kind == DECL_LET || (decl->kind == DECL_SCORE && decl->value);
}

static bool has_quotient(const ast_expr *e)
{
    return is_product(e) &&
           (e->kind == EXPR_DIVIDE || has_quotient(e->left) || has_quotient(e->right));
}

/* What the names stand for. */
static const ast_expr *behind_names(const ast_expr *expr)
{
    for (size_t depth = 0; is_value(expr) && depth < ASKING_MOST_DEPTH; depth++)
        expr = expr->meaning->decl->value;
    return expr;
}

bool asking_divides(const ast_expr *expr)
{
    return has_quotient(behind_names(expr));
}

/* Not yet open in this condition? Then it is from now on. */
static bool open_once(asking *a, ast_decl *decl)
{
    for (size_t i = 0; i < a->opened.count; i++)
        if (a->opened.items[i] == decl)
            return false;
    ast_list_add(a->memory, &a->opened, decl);
    return true;
}

const ast_expr *asking_choice(asking *a, const ast_expr *expr)
{
    if (behind_names(expr)->kind != EXPR_IF || a->depth >= ASKING_MOST_DEPTH)
        return NULL;
    for (; is_value(expr); expr = expr->meaning->decl->value)
        if (!open_once(a, expr->meaning->decl))
            return NULL;
    return expr;
}

ast_list asking_operands(asking *a, const ast_expr *expr)
{
    ast_list out = {0};
    if (is_sum(expr) || is_product(expr))
        add_terms(a, expr, (ast_expr *)expr, &out);
    else if (expr->kind == EXPR_NEGATE)
        ast_list_add(a->memory, &out, expr->left);
    else if (expr->kind == EXPR_CALL)
        return expr->list;
    else if (is_value(expr) && a->depth < ASKING_MOST_DEPTH &&
             open_once(a, expr->meaning->decl))
        return asking_operands(a, expr->meaning->decl->value);
    return out;
}
