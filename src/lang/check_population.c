/* SPDX-License-Identifier: MIT
 *
 * Types of what asks about other people: rankings, and the instants at which they may
 * be asked.
 */
#include "lang/checker.h"

#include <string.h>

#include "base/number.h"
#include "lang/walk.h"

/* The people of an account are judged at one instant, as others are; so are events that
 * others' values pick. */
static bool step_is_of_population(const ast_visitor *v, const ast_step *step)
{
    (void)v;
    for (size_t i = 0; i < step->events.count; i++) {
        const ast_event *event = step->events.items[i];
        bool is_user = !event->decl && !event->is_anything && !event->list &&
                       strcmp(event->name.text, "user") == 0;
        if (is_user || (event->decl && event->decl->meaning->of_population))
            return true;
    }
    return false;
}

/* What a step asks in a `where` is an expression of its own. */
static bool pass_over(const ast_visitor *v, const ast_expr *expr)
{
    (void)v;
    (void)expr;
    return false;
}

static const ast_visitor steps_of_population = {.expr = pass_over,
                                                .step = step_is_of_population};

bool expr_is_of_population(const ast_expr *expr)
{
    switch (expr->kind) {
    case EXPR_IN_RANKS:
    case EXPR_NTILE:
    case EXPR_PERCENTILE:
    case EXPR_RANK: return true;
    case EXPR_DID:
    case EXPR_DID_SOME:
    case EXPR_AGGREGATE:
    case EXPR_PER_UNIT:
    case EXPR_PICK: return visit_expr(&steps_of_population, expr);
    case EXPR_IN_NAMED: /* another person's membership; a list's are nobody's */
        return expr->ref.decl && expr->ref.decl->kind != DECL_LIST;
    case EXPR_MEMBER: return expr->ref.decl && expr->ref.decl->meaning->of_population;
    case EXPR_PATH:
        return expr->meaning->kind == MEANING_DECL &&
               expr->meaning->decl->meaning->of_population;
    default: return false;
    }
}

bool decl_is_of_population(const ast_decl *decl)
{
    const ast_decl *universe = decl->among.decl;
    return decl->stay || decl_any(decl, expr_is_of_population) ||
           visit_decl(&steps_of_population, decl) ||
           (universe && universe->meaning->of_population);
}

/* Does the value differ between people or events? */
static bool is_of_person(const ast_expr *expr)
{
    if (expr->meaning->kind == MEANING_LIST) /* one of its event's list? */
        return true;
    switch (expr->kind) {
    case EXPR_PATH:
        return expr->meaning->kind != MEANING_DECL ||
               expr->meaning->decl->meaning->is_of_person;
    case EXPR_CALL:
    case EXPR_DID:
    case EXPR_DID_SOME:
    case EXPR_AGGREGATE:
    case EXPR_PICK:
    case EXPR_LAST_CHANGE:
    case EXPR_MEMBER:
    case EXPR_IN_RANKS:
    case EXPR_NTILE:
    case EXPR_PERCENTILE:
    case EXPR_RANK: return true;
    default: return false;
    }
}

bool decl_is_of_person(const ast_decl *decl)
{
    return !decl->value || expr_find(decl->value, is_of_person);
}

bool check_same_instant(checker *c, const ast_expr *instant, bool of_population)
{
    if (!of_population || !expr_find(instant, is_of_person))
        return true;
    refuse_not_yet(c, instant->where,
                   "what depends on other people, or on a memory, \"as of\" an instant "
                   "that differs between people or events");
    hint(c, "Take an instant that is the same for all: as of 30 days ago.");
    return false;
}

static void check_amount(checker *c, const ast_amount *amount)
{
    int64_t one = number_power_of_ten(amount->number.scale);
    if (amount->divisor > 0)
        return;
    if (amount->number.value <= 0 || (!amount->is_count && amount->number.value > one))
        error(c, amount->place, E0117,
              "a ranking takes a share from 0%% to 100%%, or a number of people");
    else if (amount->is_count && amount->number.scale > 0)
        error(c, amount->place, E0117, "a number of people is a whole number");
}

type check_population(checker *c, ast_expr *expr)
{
    type t = check_expr(c, expr->left);
    if (expr->within_each)
        check_expr(c, expr->within_each);
    if (expr->among.decl)
        need_level(c, expr->among.decl->meaning->level, expr->among.where,
                   expr->among.name.text);
    if (expr->among.decl && expr->among.decl->kind == DECL_LIST)
        error(c, expr->among.where, E0121, "\"among\" needs a segment or a group");
    if (expr->kind == EXPR_IN_RANKS)
        check_amount(c, &expr->amount);
    if (expr->kind == EXPR_NTILE && (expr->number.value < 1 || expr->number.scale > 0))
        error(c, expr->where, E0117, "people are cut into a whole number of tiles");
    if (t.kind != TYPE_ERROR && (!type_is_ordered(t) || expr_is_calendar(expr->left))) {
        error(c, expr->left->where, E0108, "people cannot be ranked by %s",
              type_words(t));
        return NO_TYPE;
    }
    if (expr->kind == EXPR_IN_RANKS)
        return BOOLEAN;
    return expr->kind == EXPR_PERCENTILE ? NUMBER : WHOLE;
}
