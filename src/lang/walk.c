/* SPDX-License-Identifier: MIT
 *
 * What stands right below each node, in the order of the text as far as lists go.
 */
#include "lang/walk.h"

static bool to_expr(const ast_visitor *v, const ast_expr *expr)
{
    return expr && v->expr(v, expr);
}

static bool to_step(const ast_visitor *v, const ast_step *step)
{
    if (!step)
        return false;
    return v->step ? v->step(v, step) : visit_step(v, step);
}

static bool to_pattern(const ast_visitor *v, const ast_pattern *pattern)
{
    if (!pattern)
        return false;
    return v->pattern ? v->pattern(v, pattern) : visit_pattern(v, pattern);
}

static bool to_exprs(const ast_visitor *v, const ast_list *exprs)
{
    for (size_t i = 0; i < exprs->count; i++)
        if (to_expr(v, exprs->items[i]))
            return true;
    return false;
}

static bool to_windows(const ast_visitor *v, const ast_list *windows)
{
    for (size_t i = 0; i < windows->count; i++)
        if (v->window ? v->window(v, windows->items[i])
                      : visit_window(v, windows->items[i]))
            return true;
    return false;
}

static bool to_rows(const ast_visitor *v, const ast_list *rows)
{
    each (const ast_row, row, rows)
        if (to_step(v, row->among))
            return true;
    return false;
}

static bool to_groups(const ast_visitor *v, const ast_list *groups)
{
    each (const ast_group, group, groups)
        if (to_expr(v, group->when))
            return true;
    return false;
}

static bool to_points(const ast_visitor *v, const ast_list *points)
{
    each (const ast_point, point, points)
        if (to_expr(v, point->when) || to_pattern(v, point->pattern) ||
            to_windows(v, &point->windows))
            return true;
    return false;
}

bool visit_step(const ast_visitor *v, const ast_step *step)
{
    each (const ast_event, event, &step->events)
        if (to_expr(v, event->where))
            return true;
    return to_expr(v, step->where);
}

bool visit_pattern(const ast_visitor *v, const ast_pattern *pattern)
{
    if (!pattern->is_sequence)
        return to_step(v, pattern->step);
    each (const ast_link, link, &pattern->links)
        if (to_step(v, link->step))
            return true;
    for (size_t i = 0; i < pattern->only.count; i++)
        if (to_step(v, pattern->only.items[i]))
            return true;
    return false;
}

bool visit_window(const ast_visitor *v, const ast_window *window)
{
    return to_expr(v, window->from) || to_expr(v, window->to) || to_step(v, window->step);
}

bool visit_expr(const ast_visitor *v, const ast_expr *expr)
{
    const ast_selection *selection = expr->selection;
    return to_expr(v, expr->condition) || to_expr(v, expr->left) ||
           to_expr(v, expr->right) || to_expr(v, expr->within_each) ||
           to_exprs(v, &expr->list) ||
           (selection &&
            (to_pattern(v, selection->pattern) || to_expr(v, selection->value))) ||
           to_windows(v, &expr->modifiers.windows) || to_rows(v, &expr->modifiers.rows);
}

bool visit_decl(const ast_visitor *v, const ast_decl *decl)
{
    return to_expr(v, decl->value) || to_expr(v, decl->stay) ||
           to_pattern(v, decl->pattern) || to_exprs(v, &decl->values) ||
           to_groups(v, &decl->groups) || to_points(v, &decl->points);
}

/* ---- searching ------------------------------------------------------------ */

typedef struct search {
    ast_visitor visitor;
    bool (*test)(const ast_expr *expr);
    const ast_expr **found;
} search;

static bool search_expr(const ast_visitor *v, const ast_expr *expr)
{
    if (!expr->meaning) /* what resolve gave up on was reported */
        return false;
    const search *s = (const search *)v;
    if (!s->test(expr))
        return visit_expr(v, expr);
    *s->found = expr;
    return true;
}

const ast_expr *expr_find(const ast_expr *expr, bool (*test)(const ast_expr *expr))
{
    const ast_expr *found = NULL;
    search s = {{.expr = search_expr}, test, &found};
    to_expr(&s.visitor, expr);
    return found;
}

bool decl_any(const ast_decl *decl, bool (*test)(const ast_expr *expr))
{
    const ast_expr *found;
    search s = {{.expr = search_expr}, test, &found};
    return visit_decl(&s.visitor, decl);
}
