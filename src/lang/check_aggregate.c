/* SPDX-License-Identifier: MIT
 *
 * `did`, the aggregates, `first` and `last`.
 */
#include "lang/checker.h"

#include <string.h>

#include "base/number.h"

typedef enum aggregate_takes { EVENTS, VALUE, EITHER } aggregate_takes;

static const struct {
    const char *spelling;
    aggregate_takes takes;
    const char *example;
} aggregates[] = {
#define X(name, spelling, takes, doc, example) {spelling, takes, example},
#include "lang/aggregates.def"
#undef X
};

typedef enum aggregate {
#define X(name, spelling, takes, doc, example) AGGREGATE_##name,
#include "lang/aggregates.def"
#undef X
    AGGREGATE_COUNT_OF
} aggregate;

type check_did(checker *c, ast_expr *expr)
{
    check_pattern(c, expr->selection->pattern);
    check_windows(c, &expr->modifiers.windows, expr->selection->pattern);
    if (expr->modifiers.times.count > 1) {
        const ast_times *second = expr->modifiers.times.items[1];
        diag_error(c->diags, second->place, E0117, "two numbers of times are given");
        diag_hint(c->diags, "Write two conditions, joined by \"and\".");
    }
    return (type){TYPE_BOOL, 0};
}

static int aggregate_find(const char *name)
{
    for (int i = 0; i < AGGREGATE_COUNT_OF; i++)
        if (strcmp(aggregates[i].spelling, name) == 0)
            return i;
    return -1;
}

/* What asks for the time of its rows has nothing to ask of items. */
static bool check_items_have(checker *c, const ast_expr *expr, bool asks_time)
{
    const ast_event *list = pattern_list(expr->selection->pattern);
    if (!list || !asks_time)
        return true;
    diag_error(c->diags, expr->selection->place, E0117,
               "the items of \"%s\" have no time of their own", list->list);
    diag_hint(c->diags,
              "Name a property of the items, as in \"count(%s where (...))\" or "
              "\"last %s.x\".",
              list->list, list->list);
    return false;
}

static bool check_takes(checker *c, const ast_expr *expr, int which)
{
    bool has_value = selects_value(expr->selection);
    if (aggregates[which].takes == EVENTS && !expr->selection->property.text &&
        pattern_list(expr->selection->pattern))
        has_value = false; /* share(tags where (...)) looks at the items */
    if (aggregates[which].takes == VALUE && !has_value &&
        expr->selection->meaning->scope->kind_count == 0)
        return false; /* of an event that is unknown, and reported */
    if (aggregates[which].takes == VALUE && !has_value) {
        diag_error(c->diags, expr->selection->place, E0117,
                   "\"%s\" needs a property of the event", aggregates[which].spelling);
        hint_property(c, expr, aggregates[which].example);
        return false;
    }
    if (aggregates[which].takes == EVENTS && has_value) {
        diag_error(c->diags, expr->selection->place, E0117,
                   "\"%s\" looks at whole events, not at a property",
                   aggregates[which].spelling);
        diag_hint(c->diags, "For example: %s", aggregates[which].example);
        return false;
    }
    return true;
}

static type wrong_value(checker *c, const ast_expr *expr, const char *needed, type t)
{
    diag_error(c->diags, expr->selection->place, E0108, "\"%s\" needs %s, and this is %s",
               expr->text.text, needed, type_words(c, t));
    if (t.kind == TYPE_STRING && expr->selection->property.text)
        diag_hint(c->diags,
                  "Texts can be counted: write \"count\", \"distinct\" or "
                  "\"most_common\", or declare \"%s\" as a number in carpel.yaml.",
                  expr->selection->property.text);
    return NO_TYPE;
}

static bool is_unit_aggregate(aggregate which)
{
    return which >= AGGREGATE_DAYS_WITH && which <= AGGREGATE_YEARS_IN_A_ROW;
}

/* The second value of `quantile`, which the others do not have. */
static bool check_second_value(checker *c, const ast_expr *expr, aggregate which)
{
    const ast_expr *second = expr->right;
    if (which != AGGREGATE_QUANTILE) {
        if (second)
            diag_error(c->diags, second->where, E0117, "\"%s\" takes no second value",
                       expr->text.text);
        return !second;
    }
    if (second && second->kind == EXPR_NUMBER && second->number.value >= 0 &&
        second->number.value <= number_power_of_ten(second->number.scale))
        return true;
    diag_error(c->diags, second ? second->where : expr->where, E0117,
               "\"quantile\" needs a share from 0%% to 100%% as its second value");
    diag_hint(c->diags, "For example: %s", aggregates[which].example);
    return false;
}

static bool check_repetition(checker *c, const ast_expr *expr, aggregate which)
{
    const ast_list *times = &expr->modifiers.times;
    if (times->count == 0 || (times->count == 1 && is_unit_aggregate(which)))
        return true;
    diag_error(c->diags, ((const ast_times *)times->items[times->count - 1])->place,
               E0117, "\"%s\" does not ask how many times", expr->text.text);
    diag_hint(c->diags, "Compare its value instead: \"%s(...) >= 3\".", expr->text.text);
    return false;
}

static type aggregate_type(checker *c, const ast_expr *expr, aggregate which, type value)
{
    bool is_duration = value.kind == TYPE_DURATION;
    switch (which) {
    case AGGREGATE_SUM:
        return type_is_numeric(value) || is_duration
                   ? value
                   : wrong_value(c, expr, "numbers or durations", value);
    case AGGREGATE_AVG:
        if (type_is_numeric(value))
            return (type){TYPE_NUMBER, 0};
        return is_duration ? value : wrong_value(c, expr, "numbers or durations", value);
    case AGGREGATE_MIN:
    case AGGREGATE_MAX:
        return type_is_ordered(value)
                   ? value
                   : wrong_value(c, expr, "numbers, times, dates or durations", value);
    case AGGREGATE_MEDIAN:
    case AGGREGATE_QUANTILE:
        if (value.kind == TYPE_DECIMAL)
            return (type){TYPE_NUMBER, 0};
        return type_is_numeric(value) || is_duration
                   ? value
                   : wrong_value(c, expr, "numbers or durations", value);
    case AGGREGATE_STDDEV:
        if (type_is_numeric(value))
            return (type){TYPE_NUMBER, 0};
        return is_duration ? value : wrong_value(c, expr, "numbers or durations", value);
    case AGGREGATE_MOST_COMMON:
    case AGGREGATE_FIRST:
    case AGGREGATE_LAST: return value;
    case AGGREGATE_SHARE: return (type){TYPE_NUMBER, 0};
    default: return WHOLE;
    }
}

static bool pattern_has_where(const ast_pattern *pattern)
{
    if (pattern->is_sequence)
        return false;
    for (size_t i = 0; i < pattern->step->events.count; i++)
        if (((const ast_event *)pattern->step->events.items[i])->where)
            return true;
    return pattern->step->where != NULL;
}

static void check_share(checker *c, const ast_expr *expr)
{
    const ast_pattern *pattern = expr->selection->pattern;
    if (pattern_has_where(pattern))
        return;
    diag_error(c->diags, expr->where, E0117,
               "\"share\" needs a \"where\": the share of what?");
    diag_hint(c->diags, "For example: share(purchase where (discount > 0))");
}

type check_aggregate(checker *c, ast_expr *expr)
{
    type value = check_selection(c, expr->selection);
    check_windows(c, &expr->modifiers.windows, expr->selection->pattern);
    if (expr->right)
        check_expr(c, expr->right);
    int which = aggregate_find(expr->text.text);
    if (which < 0)
        return NO_TYPE; /* the grammar knows no other word here */
    if (!check_repetition(c, expr, (aggregate)which) ||
        !check_second_value(c, expr, (aggregate)which))
        return NO_TYPE;
    if (!check_items_have(c, expr, is_unit_aggregate((aggregate)which)))
        return NO_TYPE;
    if (which == AGGREGATE_SHARE)
        check_share(c, expr);
    if (!check_takes(c, expr, which) || value.kind == TYPE_ERROR)
        return NO_TYPE;
    return aggregate_type(c, expr, (aggregate)which, value);
}

type check_pick(checker *c, ast_expr *expr)
{
    type value = check_selection(c, expr->selection);
    check_windows(c, &expr->modifiers.windows, expr->selection->pattern);
    if (!check_items_have(c, expr, !selects_value(expr->selection)))
        return NO_TYPE;
    return value;
}
