/* SPDX-License-Identifier: MIT
 *
 * What an expression depends on. Of kinds exprs.def tells; of names, what they stand for.
 */
#include "lang/depends.h"

#include <string.h>

#include "lang/meaning.h"
#include "lang/walk.h"

asked expr_asks(const ast_expr *expr)
{
    static const asked asked_by[] = {
#define X(kind, binds, asks, words) ASKS_##asks,
#include "lang/exprs.def"
#undef X
    };
    return asked_by[expr->kind];
}

/* The declaration whose value it is, or NULL. */
static const meaning *named_value(const ast_expr *expr)
{
    bool is_name = expr->kind == EXPR_PATH && expr->meaning->kind == MEANING_DECL;
    return is_name ? expr->meaning->decl->meaning : NULL;
}

bool expr_varies(const ast_expr *expr)
{
    const meaning *value = named_value(expr);
    return value ? value->varies : expr_asks(expr) != ASKS_NOTHING;
}

/* ---- instants ---------------------------------------------------------------------- */

static bool is_of_instant(const ast_expr *expr)
{
    const ast_decl *decl = expr->ref.decl;
    const meaning *value = named_value(expr);
    switch (expr->kind) {
    case EXPR_PATH:
        return value ? value->varies
                     : expr->meaning->kind != MEANING_PROPERTY &&
                           expr->meaning->kind != MEANING_PSEUDO;
    case EXPR_IN_NAMED:
    case EXPR_MEMBER:
        return expr->meaning->kind != MEANING_LIST && !(decl && decl->kind == DECL_LIST);
    case EXPR_DID:
    case EXPR_AGGREGATE:
    case EXPR_PICK: return !pattern_list(expr->selection->pattern);
    default: return expr_asks(expr) != ASKS_NOTHING;
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

/* ---- traits that change ------------------------------------------------------------- */

static bool windows_are_fixed(const ast_list *windows)
{
    each (const ast_window, window, windows)
        if (!window_forms[window->kind].is_fixed || window->step)
            return false;
    return true;
}

bool expr_is_unsteady(const ast_expr *expr)
{
    const ast_decl *decl = expr->ref.decl;
    const meaning *value = named_value(expr);
    switch (expr->kind) {
    case EXPR_PATH:
        return value ? !value->is_steady : expr->meaning->kind != MEANING_TRAIT;
    case EXPR_IN_NAMED:
        return expr->meaning->kind == MEANING_LIST || (decl && decl->kind != DECL_LIST);
    case EXPR_MEMBER: return expr->right || (decl && !decl->meaning->is_steady);
    case EXPR_IN_WINDOW: return !windows_are_fixed(&expr->modifiers.windows);
    default: return expr_asks(expr) != ASKS_NOTHING;
    }
}

bool decl_is_steady(const ast_decl *decl)
{
    const ast_decl *universe = decl->among.decl;
    each (const ast_point, point, &decl->points)
        if (point->pattern)
            return false;
    return !decl->pattern && !decl->is_judged && !decl->stay &&
           !decl_any(decl, expr_is_unsteady) &&
           (!universe || universe->meaning->is_steady);
}

/* ---- other people -------------------------------------------------------------------- */

/* The people of an account are judged at one instant, as others are; so are events that
 * others' values pick. */
static bool step_is_of_population(const ast_visitor *v, const ast_step *step)
{
    (void)v;
    each (const ast_event, event, &step->events) {
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
    const ast_decl *decl = expr->ref.decl;
    const meaning *value = named_value(expr);
    switch (expr_asks(expr)) {
    case ASKS_PEOPLE: return true;
    case ASKS_EVENTS: return visit_expr(&steps_of_population, expr);
    case ASKS_NAME:
        if (expr->kind == EXPR_IN_NAMED) /* another's membership; a list's are nobody's */
            return decl && decl->kind != DECL_LIST;
        return value ? value->of_population : decl && decl->meaning->of_population;
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

/* One of its event's list differs as the event does. */
bool expr_is_of_person(const ast_expr *expr)
{
    const meaning *value = named_value(expr);
    switch (expr->kind) {
    case EXPR_PATH: return !value || value->is_of_person;
    case EXPR_CALL:
    case EXPR_LAST_CHANGE:
    case EXPR_MEMBER: return true;
    default:
        return expr_asks(expr) == ASKS_EVENTS || expr_asks(expr) == ASKS_PEOPLE ||
               expr->meaning->kind == MEANING_LIST;
    }
}

bool decl_is_of_person(const ast_decl *decl)
{
    return !decl->value || expr_find(decl->value, expr_is_of_person);
}
