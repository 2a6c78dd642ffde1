/* SPDX-License-Identifier: MIT
 *
 * What differs between instants: memberships, values with `now` or a window in them, and
 * sessions, which are cut at now.
 */
#include "lang/instants.h"

#include "lang/meaning.h"
#include "lang/walk.h"

static bool is_of_instant(const ast_expr *expr)
{
    const ast_decl *decl = expr->ref.decl;
    switch (expr->kind) {
    case EXPR_PATH:
        if (expr->meaning->kind == MEANING_DECL)
            return expr->meaning->decl->meaning->varies;
        return expr->meaning->kind != MEANING_PROPERTY &&
               expr->meaning->kind != MEANING_PSEUDO;
    case EXPR_IN_NAMED:
    case EXPR_MEMBER:
        return expr->meaning->kind != MEANING_LIST && !(decl && decl->kind == DECL_LIST);
    case EXPR_DID:
    case EXPR_AGGREGATE:
    case EXPR_PICK: return !pattern_list(expr->selection->pattern);
    default: return !expr_is_plain(expr);
    }
}

bool expr_differs(const ast_expr *expr)
{
    return expr_find(expr, is_of_instant);
}

static bool event_differs(const ast_event *event, const schema *s)
{
    if (expr_differs(event->where))
        return true;
    if (event->decl)
        return event->decl->meaning->differs;
    return event->kind != SCHEMA_NONE &&
           s->kinds[event->kind].derivation == KIND_SESSIONS;
}

bool pattern_differs(const ast_pattern *pattern, const schema *s)
{
    if (pattern->is_sequence)
        return true;
    for (size_t i = 0; i < pattern->step->events.count; i++)
        if (event_differs(pattern->step->events.items[i], s))
            return true;
    return expr_differs(pattern->step->where);
}
