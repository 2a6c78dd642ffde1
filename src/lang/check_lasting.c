/* SPDX-License-Identifier: MIT
 *
 * How long a condition has lasted is known where nothing but a trait that changes can
 * change it: such a condition is called steady here. Events, `now`, other people and
 * memories make it unsteady.
 */
#include "lang/checker.h"

#include "lang/walk.h"

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

bool decl_is_steady(const ast_decl *decl)
{
    const ast_decl *universe = decl->among.decl;
    for (size_t i = 0; i < decl->points.count; i++)
        if (((const ast_point *)decl->points.items[i])->pattern)
            return false;
    return !decl->pattern && !decl->is_judged && !decl->stay &&
           !decl_any(decl, is_unsteady) && (!universe || universe->meaning->is_steady);
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
    error(c, part->where, E0117,
          "how long a condition has lasted is known of traits alone, and this %s",
          reason(part));
    if (part->kind == EXPR_DID)
        hint(c, "What people did has a window, as in: did not ... in last 7 days.");
    else if (part->kind == EXPR_MEMBER)
        hint(c, "Of a segment the two ends can be asked: %s and %s as of 7 days ago.",
             words_of(c, part), words_of(c, part));
    else
        hint(c, "Ask for traits, as in: user.x = \"...\" for at least 7 days.");
}

type check_lasting(checker *c, ast_expr *expr)
{
    check_condition(c, expr->left, "\"for\"");
    const ast_expr *part = expr_find(expr->left, is_unsteady);
    if (part)
        report_unsteady(c, part);
    if (expr->duration.count.value <= 0)
        error(c, expr->duration.where, E0113, "a condition lasts longer than no time");
    else
        check_length(c, &expr->duration);
    if (expr->quantity == QUANTITY_EXACTLY) {
        error(c, expr->duration.where, E0117,
              "nothing lasts exactly so long, to the microsecond");
        hint(c, "Write \"for at least\" and \"for at most\", joined by \"and\".");
    }
    return BOOLEAN;
}
