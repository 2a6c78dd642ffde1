/* SPDX-License-Identifier: MIT
 *
 * `time since T` inside a `where`. The words are those of a length (`time since last
 * purchase > 3 days`), but alone, where a condition stands, they are the time of the event
 * and its window.
 */
#include "lang/build.h"

static bool is_span_of_time(const ast_expr *expr)
{
    return expr->kind == EXPR_TIME_SINCE || expr->kind == EXPR_TIME_UNTIL;
}

/* The place of `time since T` in `time since T + 3 days`, or NULL. */
static ast_expr **leading_span(ast_expr **place)
{
    while ((*place)->kind == EXPR_ADD || (*place)->kind == EXPR_SUBTRACT)
        place = &(*place)->left;
    return is_span_of_time(*place) ? place : NULL;
}

static ast_expr *property_time(parser *p, span where)
{
    where.end = where.begin + (uint32_t)sizeof "time" - 1;
    ast_name name = {.text = "time", .where = where};
    return build_expr(
        p, (ast_expr){.kind = EXPR_PATH, .where = where, .names = build_names(p, name)});
}

/* `time` with the window that the words are, in front of those that follow. */
static ast_expr *as_window(parser *p, ast_expr *expr, const ast_list *others)
{
    ast_expr **place = leading_span(&expr);
    span where = (*place)->where;
    bool is_since = (*place)->kind == EXPR_TIME_SINCE;
    *place = (*place)->left;
    ast_window window = {.kind = is_since ? WINDOW_SINCE : WINDOW_UNTIL,
                         .place = span_join(where, expr->where),
                         .from = expr};
    ast_list windows = build_list(p, build_node(p, &window, sizeof window));
    build_list_join(p, &windows, others);
    ast_expr *time = property_time(p, where);
    return build_expr(p, (ast_expr){.kind = EXPR_IN_WINDOW,
                                    .where = window.place,
                                    .left = time,
                                    .modifiers.windows = windows});
}

static void settle_list(parser *p, ast_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        list->items[i] = build_where(p, list->items[i]);
}

ast_expr *build_where(parser *p, ast_expr *condition)
{
    const ast_list none = {0};
    switch (condition->kind) {
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_SOME_OF: settle_list(p, &condition->list); return condition;
    case EXPR_NOT: condition->left = build_where(p, condition->left); return condition;
    case EXPR_IF:
        condition->condition = build_where(p, condition->condition);
        condition->left = build_where(p, condition->left);
        condition->right = build_where(p, condition->right);
        return condition;
    case EXPR_IN_WINDOW:
        if (condition->is_negated || !leading_span(&condition->left))
            return condition;
        return as_window(p, condition->left, &condition->modifiers.windows);
    default: return leading_span(&condition) ? as_window(p, condition, &none) : condition;
    }
}
