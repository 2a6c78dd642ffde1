/* SPDX-License-Identifier: MIT
 *
 * How long a condition has lasted is known where nothing but a trait that changes can
 * change it (depends.h).
 */
#include "lang/checker.h"

#include "lang/walk.h"

static const char *reason(const ast_expr *expr)
{
    bool is_value = expr->kind == EXPR_PATH && expr->meaning->kind != MEANING_DECL;
    switch (expr_asks(expr)) {
    case ASKS_EVENTS: return "looks at events";
    case ASKS_PEOPLE: return "looks at other people";
    case ASKS_NAME:
        return is_value                      ? "is a property of an event"
               : expr->kind == EXPR_IN_NAMED ? "looks at other people"
                                             : "asks for more than traits";
    default:
        return expr->kind == EXPR_LASTING ? "says how long already"
                                          : "changes as time goes by";
    }
}

static void report_unsteady(checker *c, const ast_expr *part, const ast_duration *length)
{
    if (part->kind == EXPR_PATH && part->meaning->kind == MEANING_NONE)
        return; /* reported */
    error(c, part->where, E0117,
          "how long a condition has lasted is known of traits alone, and this %s",
          reason(part));
    if (part->kind == EXPR_DID)
        hint(c, "What people did has a window, as in: did not ... in last 7 days.");
    else if (part->kind == EXPR_MEMBER)
        hint(c, "Of a segment the two ends can be asked: %s and %s as of %s ago.",
             words_of(c, part), words_of(c, part), words_of(c, length));
    else
        hint(c, "Ask for traits, as in: user.x = \"...\" for at least 7 days.");
}

type check_lasting(checker *c, ast_expr *expr)
{
    check_condition(c, expr->left, "\"for\"");
    const ast_expr *part = expr_find(expr->left, expr_is_unsteady);
    if (part)
        report_unsteady(c, part, &expr->duration);
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
