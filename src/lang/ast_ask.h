/* SPDX-License-Identifier: MIT
 *
 * ast_ask -- what a part of the tree is, asked in words.
 */
#ifndef LANG_AST_ASK_H
#define LANG_AST_ASK_H

#include "lang/ast.h"

static inline const ast_name *name_at(const ast_list *names, size_t index)
{
    return (const ast_name *)names->items[index];
}

static inline ast_expr *expr_at(const ast_list *list, size_t index)
{
    return (ast_expr *)list->items[index];
}

/* `purchase.amount` of a selection: the first name behind the event; or NULL. */
static inline const ast_name *selected_name(const ast_selection *selection)
{
    return selection->names.count > 0 ? name_at(&selection->names, 0) : NULL;
}

/* `revenue`: the name, when that is all of the expression; else NULL. */
static inline const char *expr_word(const ast_expr *expr)
{
    return expr->kind == EXPR_PATH && expr->names.count == 1
               ? name_at(&expr->names, 0)->text
               : NULL;
}

/* `purchase.amount`: two names. */
static inline bool expr_is_pair(const ast_expr *expr)
{
    return expr->kind == EXPR_PATH && expr->names.count == 2;
}

/* Is it written out, a constant? */
static inline bool expr_is_literal(const ast_expr *expr)
{
    return expr->kind <= EXPR_DURATION;
}

/* Does it compare with = or !=? */
static inline bool asks_equality(const ast_expr *expr)
{
    return expr->kind == EXPR_COMPARE && expr->compare <= COMPARE_NE;
}

/* Does it look into a text: matches, contains, starts with, ends with? */
static inline bool asks_text(const ast_expr *expr)
{
    return expr->kind >= EXPR_MATCHES && expr->kind <= EXPR_ENDS_WITH;
}

/* The only event of a pattern that is no sequence; or NULL. */
static inline ast_event *pattern_event(const ast_pattern *pattern)
{
    return !pattern->is_sequence && pattern->step->events.count == 1
               ? (ast_event *)pattern->step->events.items[0]
               : NULL;
}

#endif
