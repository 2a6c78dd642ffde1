/* SPDX-License-Identifier: MIT
 *
 * Depth-first search through expressions, patterns and windows.
 */
#include "lang/walk.h"

typedef bool (*expr_test)(const ast_expr *expr);

static bool in_expr(expr_test test, const ast_expr *expr);

static bool in_step(expr_test test, const ast_step *step)
{
    for (size_t i = 0; i < step->events.count; i++)
        if (in_expr(test, ((const ast_event *)step->events.items[i])->where))
            return true;
    return in_expr(test, step->where);
}

static bool in_pattern(expr_test test, const ast_pattern *pattern)
{
    if (!pattern->is_sequence)
        return in_step(test, pattern->step);
    for (size_t i = 0; i < pattern->links.count; i++)
        if (in_step(test, ((const ast_link *)pattern->links.items[i])->step))
            return true;
    return false;
}

static bool in_window(expr_test test, const ast_window *window)
{
    return in_expr(test, window->from) || in_expr(test, window->to) ||
           (window->step && in_step(test, window->step));
}

static bool in_windows(expr_test test, const ast_list *windows)
{
    for (size_t i = 0; i < windows->count; i++)
        if (in_window(test, windows->items[i]))
            return true;
    return false;
}

static bool in_rows(expr_test test, const ast_list *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        const ast_row *row = rows->items[i];
        if (row->among && in_step(test, row->among))
            return true;
    }
    return false;
}

static bool in_list(expr_test test, const ast_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (in_expr(test, list->items[i]))
            return true;
    return false;
}

static bool in_selection(expr_test test, const ast_selection *selection)
{
    return in_pattern(test, selection->pattern) || in_expr(test, selection->value);
}

static bool in_expr(expr_test test, const ast_expr *expr)
{
    if (!expr || !expr->meaning) /* what resolve gave up on was reported */
        return false;
    return test(expr) || in_expr(test, expr->condition) || in_expr(test, expr->left) ||
           in_expr(test, expr->right) || in_expr(test, expr->within_each) ||
           in_list(test, &expr->list) ||
           (expr->selection && in_selection(test, expr->selection)) ||
           in_windows(test, &expr->modifiers.windows) ||
           in_rows(test, &expr->modifiers.rows);
}

bool expr_any(const ast_expr *expr, bool (*test)(const ast_expr *expr))
{
    return in_expr(test, expr);
}

static bool in_groups(expr_test test, const ast_decl *decl)
{
    for (size_t i = 0; i < decl->groups.count; i++)
        if (in_expr(test, ((const ast_group *)decl->groups.items[i])->when))
            return true;
    return false;
}

static bool in_points(expr_test test, const ast_decl *decl)
{
    for (size_t i = 0; i < decl->points.count; i++) {
        const ast_point *point = decl->points.items[i];
        if (in_expr(test, point->when) || in_windows(test, &point->windows) ||
            (point->pattern && in_pattern(test, point->pattern)))
            return true;
    }
    return false;
}

bool decl_any(const ast_decl *decl, bool (*test)(const ast_expr *expr))
{
    return in_expr(test, decl->value) || in_expr(test, decl->stay) ||
           in_groups(test, decl) || in_points(test, decl) ||
           (decl->pattern && in_pattern(test, decl->pattern));
}

bool expr_is_plain(const ast_expr *expr)
{
    switch (expr->kind) {
    case EXPR_NUMBER:
    case EXPR_STRING:
    case EXPR_DATE:
    case EXPR_TIME:
    case EXPR_BOOL:
    case EXPR_DURATION:
    case EXPR_CALL:
    case EXPR_NEGATE:
    case EXPR_ADD:
    case EXPR_SUBTRACT:
    case EXPR_MULTIPLY:
    case EXPR_DIVIDE:
    case EXPR_COMPARE:
    case EXPR_MATCHES:
    case EXPR_CONTAINS:
    case EXPR_STARTS_WITH:
    case EXPR_ENDS_WITH:
    case EXPR_IS_MISSING:
    case EXPR_IN_VALUES:
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_NOT:
    case EXPR_SOME_OF:
    case EXPR_IF: return true;
    default: return false;
    }
}
