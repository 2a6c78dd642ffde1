/* SPDX-License-Identifier: MIT
 *
 * How long a condition has lasted is known where nothing but a trait that changes can
 * change it: such a condition is called steady here. Events, `now`, other people and
 * memories make it unsteady.
 */
#include "lang/checker.h"

#include "lang/walk.h"

static const ast_expr *find_unsteady(const ast_expr *expr);

static bool windows_are_fixed(const ast_list *windows)
{
    for (size_t i = 0; i < windows->count; i++) {
        const ast_window *window = windows->items[i];
        if (!window_forms[window->kind].is_fixed || window->step)
            return false;
    }
    return true;
}

/* Is it unsteady, whatever its parts are? */
static bool is_unsteady(const ast_expr *expr)
{
    const ast_decl *decl = expr->ref.decl;
    switch (expr->kind) {
    case EXPR_PATH:
        if (expr->meaning->kind == MEANING_DECL)
            return !expr->meaning->decl->meaning->is_steady;
        return expr->meaning->kind != MEANING_TRAIT;
    case EXPR_IN_NAMED:
        return expr->meaning->kind == MEANING_LIST || (decl && decl->kind != DECL_LIST);
    case EXPR_MEMBER: return expr->right || (decl && !decl->meaning->is_steady);
    case EXPR_IN_WINDOW: return !windows_are_fixed(&expr->modifiers.windows);
    default: return !expr_is_plain(expr);
    }
}

static const ast_expr *find_in_list(const ast_list *list)
{
    const ast_expr *found = NULL;
    for (size_t i = 0; !found && i < list->count; i++)
        found = find_unsteady(list->items[i]);
    return found;
}

/* The first part of it that is unsteady by itself, or NULL. */
static const ast_expr *find_unsteady(const ast_expr *expr)
{
    if (!expr || !expr->meaning)
        return NULL;
    if (is_unsteady(expr))
        return expr;
    const ast_expr *parts[] = {expr->condition, expr->left, expr->right};
    const ast_expr *found = find_in_list(&expr->list);
    for (size_t i = 0; !found && i < expr->modifiers.windows.count; i++) {
        const ast_window *window = expr->modifiers.windows.items[i];
        found = find_unsteady(window->from);
        found = found ? found : find_unsteady(window->to);
    }
    for (size_t i = 0; !found && i < sizeof parts / sizeof *parts; i++)
        found = find_unsteady(parts[i]);
    return found;
}

bool decl_is_steady(const ast_decl *decl)
{
    const ast_decl *universe = decl->among.decl;
    if (decl->pattern || decl->is_judged || decl->stay || find_unsteady(decl->value) ||
        (universe && !universe->meaning->is_steady))
        return false;
    for (size_t i = 0; i < decl->groups.count; i++)
        if (find_unsteady(((const ast_group *)decl->groups.items[i])->when))
            return false;
    for (size_t i = 0; i < decl->points.count; i++) {
        const ast_point *point = decl->points.items[i];
        if (point->pattern || find_unsteady(point->when))
            return false;
    }
    return true;
}

static const char *reason(const ast_expr *expr)
{
    switch (expr->kind) {
    case EXPR_DID:
    case EXPR_DID_SOME:
    case EXPR_AGGREGATE:
    case EXPR_PER_UNIT:
    case EXPR_PICK: return "looks at events";
    case EXPR_LASTING: return "says how long already";
    case EXPR_IN_NAMED:
    case EXPR_IN_RANKS:
    case EXPR_NTILE:
    case EXPR_PERCENTILE:
    case EXPR_RANK: return "looks at other people";
    case EXPR_MEMBER: return "asks for more than traits";
    case EXPR_PATH:
        return expr->meaning->kind == MEANING_DECL ? "asks for more than traits"
                                                   : "is a property of an event";
    default: return "changes as time goes by";
    }
}

static void report_unsteady(checker *c, const ast_expr *part)
{
    if (part->kind == EXPR_PATH && part->meaning->kind == MEANING_NONE)
        return; /* reported */
    diag_error(c->diags, part->where, E0117,
               "how long a condition has lasted is known of traits alone, and this %s",
               reason(part));
    if (part->kind == EXPR_DID)
        diag_hint(c->diags,
                  "What people did has a window, as in: did not ... in last 7 days.");
    else
        diag_hint(c->diags,
                  "Ask for traits, as in: user.x = \"...\" for at least 7 days.");
}

type check_lasting(checker *c, ast_expr *expr)
{
    check_condition(c, expr->left, "\"for\"");
    const ast_expr *part = find_unsteady(expr->left);
    if (part)
        report_unsteady(c, part);
    if (expr->duration.count.value <= 0)
        diag_error(c->diags, expr->duration.where, E0113,
                   "a condition lasts longer than no time");
    else
        check_length(c, &expr->duration);
    if (expr->quantity == QUANTITY_EXACTLY) {
        diag_error(c->diags, expr->duration.where, E0117,
                   "nothing lasts exactly so long, to the microsecond");
        diag_hint(c->diags,
                  "Write \"for at least\" and \"for at most\", joined by \"and\".");
    }
    return BOOLEAN;
}
