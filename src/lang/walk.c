/* SPDX-License-Identifier: MIT
 *
 * Depth-first search through expressions, patterns and windows.
 */
#include "lang/walk.h"

typedef struct search {
    bool (*test)(const ast_expr *expr);
    bool into_events;
} search;

static bool in_expr(const search *s, const ast_expr *expr);

static bool in_step(const search *s, const ast_step *step)
{
    for (size_t i = 0; i < step->events.count; i++)
        if (in_expr(s, ((const ast_event *)step->events.items[i])->where))
            return true;
    return in_expr(s, step->where);
}

static bool in_pattern(const search *s, const ast_pattern *pattern)
{
    if (!s->into_events)
        return false;
    if (!pattern->is_sequence)
        return in_step(s, pattern->step);
    for (size_t i = 0; i < pattern->links.count; i++)
        if (in_step(s, ((const ast_link *)pattern->links.items[i])->step))
            return true;
    return false;
}

static bool in_window(const search *s, const ast_window *window)
{
    return in_expr(s, window->from) || in_expr(s, window->to) ||
           (window->step && s->into_events && in_step(s, window->step));
}

static bool in_windows(const search *s, const ast_list *windows)
{
    for (size_t i = 0; i < windows->count; i++)
        if (in_window(s, windows->items[i]))
            return true;
    return false;
}

static bool in_list(const search *s, const ast_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (in_expr(s, list->items[i]))
            return true;
    return false;
}

static bool in_selection(const search *s, const ast_selection *selection)
{
    return in_pattern(s, selection->pattern) ||
           (s->into_events && in_expr(s, selection->value));
}

static bool in_expr(const search *s, const ast_expr *expr)
{
    if (!expr || !expr->meaning) /* what resolve gave up on was reported */
        return false;
    return s->test(expr) || in_expr(s, expr->condition) || in_expr(s, expr->left) ||
           in_expr(s, expr->right) || in_expr(s, expr->within_each) ||
           in_list(s, &expr->list) ||
           (expr->selection && in_selection(s, expr->selection)) ||
           in_windows(s, &expr->modifiers.windows) ||
           (expr->window && in_window(s, expr->window));
}

bool expr_any(const ast_expr *expr, bool (*test)(const ast_expr *expr), bool into_events)
{
    search s = {test, into_events};
    return in_expr(&s, expr);
}

static bool in_groups(const search *s, const ast_decl *decl)
{
    for (size_t i = 0; i < decl->groups.count; i++)
        if (in_expr(s, ((const ast_group *)decl->groups.items[i])->when))
            return true;
    return false;
}

static bool in_points(const search *s, const ast_decl *decl)
{
    for (size_t i = 0; i < decl->points.count; i++) {
        const ast_point *point = decl->points.items[i];
        if (in_expr(s, point->when) || in_windows(s, &point->windows) ||
            (point->pattern && in_pattern(s, point->pattern)))
            return true;
    }
    return false;
}

bool decl_any(const ast_decl *decl, bool (*test)(const ast_expr *expr))
{
    search s = {test, true};
    return in_expr(&s, decl->value) || in_expr(&s, decl->stay) || in_groups(&s, decl) ||
           in_points(&s, decl) || (decl->pattern && in_pattern(&s, decl->pattern));
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
    case EXPR_IF: return true;
    default: return false;
    }
}
