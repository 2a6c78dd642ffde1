/* SPDX-License-Identifier: MIT
 *
 * A value of a person compared with all people's, as in `revenue > 2 * avg(revenue)`: an aggregate
 * looks at the events of one person, and among people there are places.
 */
#include <string.h>

#include "lang/resolver.h"

/* A name of the rules; or `user.age` where there are no accounts whose users it could be. */
static bool is_value_of_person(const resolver *r, const ast_event *event)
{
    const ast_decl *decl = rulebook_find(r->book, event->name.text);
    bool is_value = decl && (decl->kind == DECL_LET || decl->kind == DECL_SCORE);
    return is_value || (!decl && strcmp(event->name.text, "user") == 0);
}

/* The aggregate that looks at the event, or NULL. */
static const ast_expr *aggregate_of(const ast_expr *expr, const ast_event *event)
{
    if (expr->kind == EXPR_MULTIPLY || expr->kind == EXPR_DIVIDE ||
        expr->kind == EXPR_ADD || expr->kind == EXPR_SUBTRACT) {
        const ast_expr *left = aggregate_of(expr->left, event);
        return left ? left : aggregate_of(expr->right, event);
    }
    bool is_it =
        expr->kind == EXPR_AGGREGATE && pattern_event(expr->selection->pattern) == event;
    return is_it ? expr : NULL;
}

/* What the comparison says of the person's place, or NULL. */
static const char *place_asked(const ast_expr *compare, aggregate_kind aggregate)
{
    switch (aggregate) {
    case AGGREGATE_MEDIAN:
        return compare->compare == COMPARE_GT   ? "percentile(%s) >= 50"
               : compare->compare == COMPARE_GE ? "%s in top 50%%"
               : compare->compare == COMPARE_LE ? "%s in bottom 50%%"
                                                : NULL;
    case AGGREGATE_MAX:
        return compare->compare == COMPARE_EQ || compare->compare == COMPARE_GE
                   ? "%s in top 1"
                   : NULL;
    case AGGREGATE_MIN:
        return compare->compare == COMPARE_EQ || compare->compare == COMPARE_LE
                   ? "%s in bottom 1"
                   : NULL;
    default: return NULL;
    }
}

/* What to write instead, of the same value on both sides; or NULL. */
static const char *place_instead(resolver *r, const ast_expr *aggregate,
                                 const char *value)
{
    const ast_expr *compare = r->comparison;
    bool is_same =
        aggregate == compare->right && slice_is(span_text(compare->left->where), value);
    const char *form = is_same ? place_asked(compare, aggregate->aggregate) : NULL;
    return form ? wording(r, form, value) : NULL;
}

bool report_compared_people(resolver *r, const ast_event *event)
{
    const ast_expr *aggregate =
        r->comparison && r->comparison->right && is_value_of_person(r, event)
            ? aggregate_of(r->comparison->right, event)
            : NULL;
    if (!aggregate)
        return false;
    const char *value = words_in(r, aggregate->selection->place);
    const char *place = place_instead(r, aggregate, value);
    error(r, event->name.where, E0104,
          "\"%s\" looks at the events of one person, and \"%s\" is one "
          "value of each person",
          aggregates[aggregate->aggregate].spelling, value);
    if (place)
        propose(r, r->comparison->where, "%s", place);
    else
        hint(r,
             "Among people there are places: %s in top 20%%, or percentile(%s) >= 50 "
             "for the upper half. An average of people is a number that you write.",
             value, value);
    return true;
}
