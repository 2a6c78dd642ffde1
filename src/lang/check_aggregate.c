/* SPDX-License-Identifier: MIT
 *
 * `did`, the aggregates, `first` and `last`.
 */
#include "lang/checker.h"

#include "base/number.h"

enum { MOST_PERIODS = 100 }; /* each is judged by itself */

/* `in at least 3 of last 4 weeks`. */
static void check_periods(checker *c, const ast_expr *expr)
{
    const ast_list *all = &expr->modifiers.periods;
    const ast_periods *periods = all->count > 0 ? all->items[all->count - 1] : NULL;
    if (!periods)
        return;
    const char *words = words_in(c, periods->place);
    if (all->count > 1) {
        error(c, periods->place, E0117, "two numbers of periods are given");
        hint(c, "Write two conditions, joined by \"and\".");
    } else if (periods->count < 1 || periods->count > MOST_PERIODS) {
        error(c, periods->place, E0113, "from 1 to %d periods can be looked at",
              MOST_PERIODS);
        hint(c, "Days of the calendar are counted by days_with(... in last 365 full "
                "days), weeks by weeks_with.");
    } else if (pattern_list(expr->selection->pattern)) {
        error(c, periods->place, E0113,
              "items of a list have no time of their own, so no period has them");
    } else if (expr->is_negated) {
        error(c, periods->place, E0117,
              "\"did not\" can be read in two ways with these periods");
        hint(c,
             "Periods without: did ... exactly 0 times %s. Too few periods with: not "
             "(did ... %s).",
             words, words);
    }
}

type check_did(checker *c, ast_expr *expr)
{
    check_pattern(c, expr->selection->pattern);
    if (expr->modifiers.periods.count > 0 && !expr->selection->pattern->is_sequence)
        check_users_alone(c, expr->selection->pattern->step, false);
    check_periods(c, expr);
    check_windows(c, &expr->modifiers.windows, expr->selection->pattern);
    if (expr->modifiers.times.count > 1) {
        const ast_times *second = expr->modifiers.times.items[1];
        error(c, second->place, E0117, "two numbers of times are given");
        hint(c, "Write two conditions, joined by \"and\".");
    }
    check_row(c, expr);
    return BOOLEAN;
}

/* Without a bound each kind is asked by itself, so there may be as many as in a sequence. */
static void check_each(checker *c, const ast_pattern *pattern)
{
    enum { MAX_ITEMS = 32 };
    each (const ast_link, link, &pattern->links) {
        const ast_event *event = link->step->events.items[0];
        if (event->list)
            refuse_list(c, event, "one of several");
        check_step(c, link->step);
        check_users_alone(c, link->step, false);
    }
    if (pattern->links.count > MAX_ITEMS)
        error(c, pattern->place, E0127, "at most %d kinds of events stand here",
              MAX_ITEMS);
}

type check_did_some(checker *c, ast_expr *expr)
{
    ast_pattern *pattern = expr->selection->pattern;
    const ast_list *times = &expr->modifiers.times, *periods = &expr->modifiers.periods;
    if (pattern->all_within.count + pattern->same.count > 0)
        check_pattern(c, pattern);
    else
        check_each(c, pattern);
    check_windows(c, &expr->modifiers.windows, pattern);
    if (times->count + periods->count > 0) {
        span place = times->count > 0 ? ((const ast_times *)times->items[0])->place
                                      : ((const ast_periods *)periods->items[0])->place;
        error(c, place, E0117, "how many of these are asked for, not how often");
        hint(c, "Write a condition for each: at least 2 of (did ..., did ...).");
    }
    return BOOLEAN;
}

/* What asks for the time of its rows has nothing to ask of items. */
static bool check_items_have(checker *c, const ast_expr *expr, bool asks_time)
{
    const ast_event *list = pattern_list(expr->selection->pattern);
    if (!list || !asks_time)
        return true;
    error(c, expr->selection->place, E0117,
          "the items of \"%s\" have no time of their own", list->list);
    hint(c,
         "Name a property of the items, as in \"count(%s where (...))\" or "
         "\"last %s.x\".",
         list->list, list->list);
    return false;
}

/* An event that is unknown was reported. */
static bool check_has_value(checker *c, const ast_expr *expr, const aggregate_row *row)
{
    if (selects_value(expr->selection))
        return true;
    if (expr->selection->meaning->scope->kind_count == 0)
        return false;
    error(c, expr->selection->place, E0117, "\"%s\" needs a property of the event",
          row->spelling);
    hint_property(c, expr, row->example);
    return false;
}

/* Items may be looked at by the name of their list: share(tags where (...)). */
static bool check_has_no_value(checker *c, const ast_expr *expr, const aggregate_row *row)
{
    const ast_selection *selection = expr->selection;
    bool is_list = selection->names.count == 0 && pattern_list(selection->pattern);
    if (!selects_value(selection) || is_list)
        return true;
    error(c, selection->place, E0117, "\"%s\" looks at whole events, not at a property",
          row->spelling);
    hint(c, "For example: %s", row->example);
    return false;
}

static bool check_takes(checker *c, const ast_expr *expr, const aggregate_row *row)
{
    switch (row->takes) {
    case TAKES_EVENTS: return check_has_no_value(c, expr, row);
    case TAKES_EITHER: return true;
    default: return check_has_value(c, expr, row);
    }
}

static void report_values(checker *c, const ast_expr *expr, const char *wanted, type t)
{
    error(c, expr->selection->place, E0108, "\"%s\" needs %s, and this is %s",
          aggregates[expr->aggregate].spelling, wanted, type_words(t));
    if (t.kind == TYPE_STRING && selected_name(expr->selection))
        hint(c,
             "Texts can be counted: write \"count\", \"distinct\" or "
             "\"most_common\", or declare \"%s\" as a number in carpel.yaml.",
             selected_name(expr->selection)->text);
}

/* `count(purchase, category = "toys")`, `sum(purchase.amount, 30 days)`. */
static void report_second_value(checker *c, const ast_expr *expr,
                                const aggregate_row *row)
{
    const ast_expr *second = expr->right;
    const char *words = words_of(c, second);
    span place = {expr->where.file, expr->selection->place.end, second->where.end};
    error(c, second->where, E0117, "\"%s\" takes no second value", row->spelling);
    if (second->kind == EXPR_DURATION) {
        offer(c, place, "A window stands behind the events:%s.", " in last %s", words);
    }
}

/* The second value: a share, or none. */
static bool check_second_value(checker *c, const ast_expr *expr, const aggregate_row *row)
{
    const ast_expr *second = expr->right;
    if (row->with != WITH_SHARE) {
        if (second)
            report_second_value(c, expr, row);
        return !second;
    }
    if (second && second->kind == EXPR_NUMBER && second->number.value >= 0 &&
        second->number.value <= number_power_of_ten(second->number.scale))
        return true;
    error(c, second ? second->where : expr->where, E0117,
          "\"%s\" needs a share from 0%% to 100%% as its second value", row->spelling);
    hint(c, "For example: %s", row->example);
    return false;
}

static bool check_repetition(checker *c, const ast_expr *expr, const aggregate_row *row)
{
    const ast_list *times = &expr->modifiers.times, *periods = &expr->modifiers.periods;
    if (periods->count > 0) {
        error(c, ((const ast_periods *)periods->items[0])->place, E0117,
              "\"%s\" does not ask in how many periods", row->spelling);
        hint(c, "It goes with \"did\": did x at least 3 times in at least 3 of "
                "last 4 weeks.");
        return false;
    }
    if (expr->modifiers.rows.count > 0) {
        refuse_row(c, expr);
        return false;
    }
    if (times->count == 0 || (times->count == 1 && row->with >= WITH_DAYS))
        return true;
    error(c, ((const ast_times *)times->items[times->count - 1])->place, E0117,
          "\"%s\" does not ask how many times", row->spelling);
    hint(c, "Compare its value instead: \"%s(...) >= 3\".", row->spelling);
    return false;
}

static bool pattern_has_where(const ast_pattern *pattern)
{
    if (pattern->is_sequence)
        return false;
    each (const ast_event, event, &pattern->step->events)
        if (event->where)
            return true;
    return pattern->step->where;
}

static void check_condition_of(checker *c, const ast_expr *expr, const aggregate_row *row)
{
    if (row->with != WITH_WHERE || pattern_has_where(expr->selection->pattern))
        return;
    error(c, expr->where, E0117, "\"%s\" needs a \"where\": the %s of what?",
          row->spelling, row->spelling);
    hint(c, "For example: %s", row->example);
}

/* What stands in the brackets, but for the type of the values. */
static bool check_brackets(checker *c, const ast_expr *expr, const aggregate_row *row)
{
    if (!check_repetition(c, expr, row) || !check_second_value(c, expr, row) ||
        !check_items_have(c, expr, row->with >= WITH_DAYS))
        return false;
    check_condition_of(c, expr, row);
    return check_takes(c, expr, row);
}

/* Only what is added up can fade, and at a pace that does not differ between months. */
static bool check_half_life(checker *c, const ast_expr *expr)
{
    const ast_duration *half_life = expr->selection->half_life;
    if (expr->aggregate != AGGREGATE_SUM && expr->aggregate != AGGREGATE_COUNT) {
        error(c, half_life->where, E0117, "\"%s\" takes no half-life",
              aggregates[expr->aggregate].spelling);
        hint(c, "Write: sum(purchase.amount) with half-life 30 days, or: "
                "count(purchase) with half-life 30 days.");
        return false;
    }
    if (half_life->unit >= UNIT_MONTH) {
        error(c, half_life->where, E0103,
              "months, quarters and years have no fixed length for a half-life");
        hint(c, "Write it in days or weeks.");
        return false;
    }
    if (half_life->count.value == 0) {
        error(c, half_life->where, E0103, "with a half-life of no length nothing counts");
        hint(c, "Write a number above 0.");
        return false;
    }
    check_length(c, half_life);
    return true;
}

/* What fades has a time: events have, and no users or items. */
static type check_fading(checker *c, const ast_expr *expr, type t)
{
    const ast_pattern *pattern = expr->selection->pattern;
    const ast_event *list = pattern_list(pattern);
    if (!check_half_life(c, expr))
        return NO_TYPE;
    if (list) {
        error(c, expr->selection->half_life->where, E0117,
              "the items of \"%s\" have no time of their own, so they have no "
              "half-life",
              list->list);
        hint(c, "Put it behind the sum over the events that hold the list, "
                "as in \"sum(purchase.(sum(items.price))) with half-life 30 "
                "days\".");
        return NO_TYPE;
    }
    if (!pattern->is_sequence)
        check_users_alone(c, pattern->step, false);
    return t.kind == TYPE_DURATION || t.kind == TYPE_ERROR ? t : NUMBER;
}

bool expr_is_list(const ast_expr *expr)
{
    return expr->kind == EXPR_AGGREGATE && expr->aggregate == AGGREGATE_LIST;
}

static type check_values(checker *c, ast_expr *expr)
{
    type value = check_selection(c, expr->selection);
    check_windows(c, &expr->modifiers.windows, expr->selection->pattern);
    if (expr->right)
        check_expr(c, expr->right);
    if (!check_brackets(c, expr, &aggregates[expr->aggregate]) ||
        value.kind == TYPE_ERROR)
        return NO_TYPE;
    const char *wanted = aggregate_wants(expr->aggregate, value);
    if (wanted)
        report_values(c, expr, wanted, value);
    expr->meaning->item = value;
    type t = wanted ? NO_TYPE : aggregate_type(expr->aggregate, value);
    return expr->selection->half_life ? check_fading(c, expr, t) : t;
}

void check_list_of_values(checker *c, ast_expr *expr)
{
    expr->meaning->type = check_values(c, expr);
}

/* Where one value is due. */
type check_aggregate(checker *c, ast_expr *expr)
{
    type t = check_values(c, expr);
    if (!expr_is_list(expr) || t.kind == TYPE_ERROR)
        return t;
    error(c, expr->where, E0117, "a list is no value: only functions in Lua take one");
    hint(c,
         "For one value of all write sum, avg, min, max, distinct or "
         "most_common. A function in Lua gets it as in \"%s\".",
         aggregates[AGGREGATE_LIST].example);
    return NO_TYPE;
}

/* What is worked out in each unit: an aggregate that needs nothing beside the unit's rows. */
static bool check_each_unit(checker *c, const ast_expr *each)
{
    const aggregate_row *row = &aggregates[each->aggregate];
    const ast_list *windows = &each->modifiers.windows;
    const ast_pattern *pattern = each->selection->pattern;
    if (windows->count > 0) {
        error(c, ((const ast_window *)windows->items[0])->place, E0117,
              "the window stands behind the unit");
        hint(c, "For example: avg(sum(purchase.amount) per day in last 90 days).");
    } else if (row->with == WITH_WHERE || row->with >= WITH_DAYS) {
        error(c, each->where, E0117, "\"%s\" cannot be worked out in each unit",
              row->spelling);
        hint(c, "count, sum, avg, min, max, distinct and median can.");
    } else if (pattern_list(pattern)) {
        error(c, each->selection->place, E0117,
              "the items of \"%s\" have no time of their own",
              pattern_list(pattern)->list);
    } else {
        if (!pattern->is_sequence)
            check_users_alone(c, pattern->step, false);
        return true;
    }
    return false;
}

/* `else 0`: a unit without events has a value, and the values can be put together without
 * looking at each. */
static bool check_empty_units(checker *c, const ast_expr *expr)
{
    const aggregate_row *each = &aggregates[expr->left->aggregate];
    if (!expr->counts_empty)
        return true;
    if (each->of_nothing != OF_NOTHING_ZERO) {
        error(c, expr->left->where, E0117, "\"%s\" of nothing is missing, not 0",
              each->spelling);
        hint(c, "\"else 0\" goes with count, sum and distinct.");
        return false;
    }
    switch (expr->aggregate) {
    case AGGREGATE_SUM:
    case AGGREGATE_AVG:
    case AGGREGATE_MIN:
    case AGGREGATE_MAX: return true;
    default:
        error(c, expr->where, E0117, "\"%s\" takes no \"else 0\"",
              aggregates[expr->aggregate].spelling);
        hint(c, "It goes with avg, sum, min and max.");
        return false;
    }
}

static bool check_unit(checker *c, const ast_expr *expr, const aggregate_row *row)
{
    if (row->takes != TAKES_AMOUNTS && row->takes != TAKES_ORDERED) {
        error(c, expr->where, E0117, "\"%s\" takes no values of units", row->spelling);
        hint(c, "How many units have events, days_with and the like tell.");
        return false;
    }
    if (expr->unit < UNIT_DAY) {
        error(c, expr->where, E0117, "values are per day, week, month, quarter or year");
        return false;
    }
    return true;
}

type check_per_unit(checker *c, ast_expr *expr)
{
    const aggregate_row *row = &aggregates[expr->aggregate];
    type each = check_expr(c, expr->left);
    check_windows(c, &expr->modifiers.windows, expr->left->selection->pattern);
    if (expr->right)
        check_expr(c, expr->right);
    if (!check_repetition(c, expr, row) || !check_second_value(c, expr, row) ||
        !check_unit(c, expr, row) || !check_each_unit(c, expr->left) ||
        !check_empty_units(c, expr) || each.kind == TYPE_ERROR)
        return NO_TYPE;
    const char *wanted = aggregate_wants(expr->aggregate, each);
    if (wanted)
        error(c, expr->left->where, E0108, "\"%s\" needs %s, and this is %s",
              row->spelling, wanted, type_words(each));
    return wanted ? NO_TYPE : aggregate_type(expr->aggregate, each);
}

type check_pick(checker *c, ast_expr *expr)
{
    type value = check_selection(c, expr->selection);
    check_windows(c, &expr->modifiers.windows, expr->selection->pattern);
    if (!check_items_have(c, expr, !selects_value(expr->selection)))
        return NO_TYPE;
    return value;
}
