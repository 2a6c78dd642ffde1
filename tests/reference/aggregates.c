/* SPDX-License-Identifier: MIT
 *
 * From many events to one value.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reference/evaluator.h"

/* ---- did ----------------------------------------------------------------------------- */

bool quantity_holds(ast_quantity quantity, int order)
{
    switch (quantity) {
    case QUANTITY_AT_LEAST: return order >= 0;
    case QUANTITY_AT_MOST: return order <= 0;
    case QUANTITY_EXACTLY: return order == 0;
    case QUANTITY_MORE_THAN: return order > 0;
    default: return order < 0;
    }
}

static bool times_hold(const ast_list *times, size_t count)
{
    const ast_times *wanted = times->count > 0 ? times->items[0] : NULL;
    if (!wanted)
        return count >= 1;
    return quantity_holds(wanted->quantity, (int64_t)count < wanted->count
                                                ? -1
                                                : (int64_t)count > wanted->count);
}

static bool is_one_of(occurrences list, const occurrence *o)
{
    for (size_t i = 0; i < list.count; i++)
        if (is_same_occurrence(&list.items[i], o))
            return true;
    return false;
}

static bool is_of_kinds(const reference *ref, const ast_step *step, size_t kind)
{
    const event_scope *scope = scope_of_step(step, ref->world->schema, ref->memory);
    for (size_t i = 0; i < scope->kind_count; i++)
        if (scope->kinds[i] == kind)
            return true;
    return false;
}

/* "`in a row among (a or b)`: one after another among the events of these kinds, and of the
 * kind itself, in the windows": the longest row of those that were found. */
static size_t longest_row(reference *ref, const ast_expr *did, const ast_list *windows,
                          scope s, occurrences found)
{
    const ast_row *row = did->modifiers.rows.items[0];
    occurrences all = ref->histories[s.person], among = {0};
    size_t length = 0, longest = 0;
    if (row->among)
        among = occurrences_of_step(ref, row->among, s, true, NULL);
    for (size_t i = 0; i < all.count; i++) {
        const occurrence *o = &all.items[i];
        bool counts = !row->among || is_one_of(among, o) ||
                      is_of_kinds(ref, did->selection->pattern->step, o->event->kind);
        if (!counts || o->time > s.now || o->time > ref->horizon ||
            !windows_hold(ref, windows, s, o))
            continue;
        length = is_one_of(found, o) ? length + 1 : 0;
        longest = length > longest ? length : longest;
    }
    return longest;
}

static size_t how_often(reference *ref, const ast_expr *did, const ast_list *windows,
                        scope s)
{
    occurrences found =
        occurrences_of_pattern(ref, did->selection->pattern, windows, s, true);
    return did->modifiers.rows.count > 0 ? longest_row(ref, did, windows, s, found)
                                         : found.count;
}

/* "`in at least 3 of last 4 weeks`: period k is (now - k D, now - (k - 1) D], each end
 * counted from now; or full calendar units." */
static bool holds_in_periods(reference *ref, const ast_expr *expr,
                             const ast_periods *periods, scope s)
{
    int64_t count = 0;
    for (int64_t k = 1; k <= periods->count; k++) {
        ast_window period = {.kind = WINDOW_PERIOD,
                             .count = k,
                             .unit = periods->unit,
                             .is_full = periods->is_full};
        ast_list windows = {0};
        ast_list_add(ref->memory, &windows, &period);
        for (size_t i = 0; i < expr->modifiers.windows.count; i++)
            ast_list_add(ref->memory, &windows, expr->modifiers.windows.items[i]);
        count += times_hold(&expr->modifiers.times, how_often(ref, expr, &windows, s));
    }
    return quantity_holds(periods->times->quantity, (count > periods->times->count) -
                                                        (count < periods->times->count));
}

/* "so `count(x) = 0`, `did not x` and `at most n` include people without events" */
value evaluate_did(reference *ref, const ast_expr *expr, scope s)
{
    const ast_list *periods = &expr->modifiers.periods;
    if (periods->count > 0)
        return value_truth(holds_in_periods(ref, expr, periods->items[0], s));
    size_t count = how_often(ref, expr, &expr->modifiers.windows, s);
    return value_truth(times_hold(&expr->modifiers.times, count) != expr->is_negated);
}

/* ---- the values of events ------------------------------------------------------------ */

/* "`last E` is a time, `last E.p` that event's property." */
value selected_value(reference *ref, const ast_selection *selection, scope s,
                     const occurrence *o)
{
    if (selection->value)
        return value_settled(evaluate_inside(ref, selection->value, s, o));
    const meaning *m = selection->meaning;
    if (m->kind == MEANING_NONE)
        return value_time(o->time);
    value v = occurrence_property(
        ref, o, m->kind == MEANING_PSEUDO ? pseudo_property_name(m->pseudo) : m->name);
    return part_of_moment(ref, v, m->part);
}

/* The values that there are: missing ones are left out. */
static values selected_values(reference *ref, const ast_expr *expr, scope s,
                              occurrences found)
{
    values list = {arena_alloc_array(ref->memory, found.count + 1, sizeof(value)), 0};
    for (size_t i = 0; i < found.count; i++) {
        value v = selected_value(ref, expr->selection, s, &found.items[i]);
        if (v.kind != MISSING)
            list.items[list.count++] = v;
    }
    return list;
}

/* ---- numbers out of values ----------------------------------------------------------- */

static value nothing_of(type t)
{
    if (t.kind == TYPE_DURATION)
        return value_duration(0);
    return t.kind == TYPE_NUMBER ? value_double(0) : value_exact(0, t.scale);
}

/* "Sums and averages of decimals are exact" */
static value sum_of(values list, type t)
{
    value total = nothing_of(t);
    int128 above = 0;
    double number = 0;
    for (size_t i = 0; i < list.count; i++) {
        total = list.items[i];
        above += total.above;
        number += total.number;
    }
    if (total.kind == DOUBLE)
        return value_double(number);
    return total.kind == DURATION ? value_duration(above)
                                  : value_exact(above, total.scale);
}

static value average_of(values list, type t)
{
    value sum = sum_of(list, t);
    if (list.count == 0 || sum.kind == MISSING)
        return value_missing();
    if (sum.kind == DOUBLE)
        return value_double(sum.number / (double)list.count);
    return value_quotient(sum.kind, sum.above, sum.below * (int128)list.count);
}

/* The first of the smallest values, or (sign -1) of the largest. */
static value extreme_of(const zone *z, values list, int sign)
{
    value best = value_missing();
    for (size_t i = 0; i < list.count; i++) {
        int order;
        if (best.kind == MISSING ||
            (value_compare(z, list.items[i], best, &order) && order * sign < 0))
            best = list.items[i];
    }
    return best;
}

static size_t times_in(const zone *z, values list, value v)
{
    size_t count = 0;
    for (size_t i = 0; i < list.count; i++)
        count += value_equals(z, list.items[i], v);
    return count;
}

static value distinct_of(const zone *z, values list)
{
    int64_t count = 0;
    for (size_t i = 0; i < list.count; i++)
        count += times_in(z, (values){list.items, i}, list.items[i]) == 0;
    return value_exact(count, 0);
}

/* "`most_common`: ties go to the value met last." */
static value most_common_of(const zone *z, values list)
{
    value best = value_missing();
    size_t most = 0;
    for (size_t i = list.count; i-- > 0;) {
        size_t times = times_in(z, list, list.items[i]);
        if (times > most) {
            best = list.items[i];
            most = times;
        }
    }
    return best;
}

static void sort_values(const zone *z, values list)
{
    for (size_t i = 1; i < list.count; i++)
        for (size_t j = i; j > 0; j--) {
            int order;
            value *a = &list.items[j - 1], *b = &list.items[j], swapped = *a;
            if (!value_compare(z, *a, *b, &order) || order <= 0)
                break;
            *a = *b;
            *b = swapped;
        }
}

static int128 common_divisor(int128 a, int128 b)
{
    return b == 0 ? a : common_divisor(b, a % b);
}

/* "`quantile(E.p W, 90%)` interpolates linearly between order statistics": at the place
 * (n - 1) * share, counted from 0. The median is the quantile of one half. Of exact values
 * it is a quotient by the share's denominator, with 64 bits above. */
static value quantile_of(const zone *z, values list, value share)
{
    if (list.count == 0 || share.kind != EXACT || share.above < 0 ||
        share.above > share.below)
        return value_missing();
    sort_values(z, list);
    int128 divisor = common_divisor(share.below, share.above);
    int128 p = share.above / divisor, d = share.below / divisor;
    int128 position = (int128)(list.count - 1) * p, rest = position % d;
    size_t low = (size_t)(position / d);
    value a = list.items[low], b = list.items[rest > 0 ? low + 1 : low];
    if (a.kind == DOUBLE)
        return value_double(a.number +
                            (b.number - a.number) * ((double)rest / (double)d));
    value whole = value_exact(a.above * d + (b.above - a.above) * rest, 0);
    return whole.kind == MISSING ? whole
                                 : value_quotient(a.kind, whole.above, a.below * d);
}

/* (n * sum of squares - square of the sum) / (n * (n - 1)), exactly; false when the exact
 * numbers leave 128 bits. */
static bool exact_variance(values list, double *out)
{
    int128 sum = 0, squares = 0, n = (int128)list.count, square, whole;
    for (size_t i = 0; i < list.count; i++) {
        int128 x = list.items[i].above;
        sum += x;
        if (__builtin_add_overflow(squares, x * x, &squares))
            return false;
    }
    if (__builtin_mul_overflow(n, squares, &whole) ||
        __builtin_mul_overflow(sum, sum, &square))
        return false;
    *out = number_quotient(whole - square, n * (n - 1));
    return true;
}

/* The fewest digits behind the point with which all these exact values can be written. */
static unsigned digits_needed(values list)
{
    unsigned most = 0;
    for (size_t i = 0; i < list.count; i++) {
        unsigned scale = list.items[i].scale;
        int128 above = list.items[i].above;
        for (; scale > 0 && above % 10 == 0; scale--)
            above /= 10;
        most = scale > most ? scale : most;
    }
    return most;
}

/* The same values with so many digits. */
static values with_digits(values list, unsigned digits)
{
    for (size_t i = 0; i < list.count; i++) {
        value *v = &list.items[i];
        v->above = v->scale > digits ? v->above / number_power_of_ten(v->scale - digits)
                                     : v->above * number_power_of_ten(digits - v->scale);
    }
    return list;
}

/* The sample's standard deviation, brought to the scale of the values. */
static value deviation_of(values list)
{
    unsigned digits;
    double mean = 0, variance = 0, count = (double)list.count;
    if (list.count < 2)
        return value_missing();
    if (list.items[0].kind != DOUBLE) {
        digits = digits_needed(list);
        return exact_variance(with_digits(list, digits), &variance)
                   ? value_double(sqrt(variance) / (double)number_power_of_ten(digits))
                   : value_missing();
    }
    for (size_t i = 0; i < list.count; i++)
        mean += list.items[i].number;
    mean /= count;
    for (size_t i = 0; i < list.count; i++)
        variance += (list.items[i].number - mean) * (list.items[i].number - mean);
    return value_double(sqrt(variance / (count - 1)));
}

/* "`stddev` of durations is a duration, to the nearest microsecond" */
static value deviation_as(values list, type t)
{
    value deviation = deviation_of(list);
    if (t.kind != TYPE_DURATION || deviation.kind == MISSING)
        return deviation;
    return value_duration((int128)round(deviation.number));
}

/* ---- units --------------------------------------------------------------------------- */

static int64_t unit_of(const reference *ref, const occurrence *o, calendar_unit unit)
{
    return date_unit_number(zone_date(ref->zone, o->time), unit, ref->world->week_start);
}

/* Does the unit of this number hold such an event, "with `at least n times` inside, that
 * many"? */
static bool unit_holds(const reference *ref, calendar_unit unit, occurrences found,
                       const ast_list *times, int64_t number)
{
    size_t in_unit = 0;
    for (size_t i = 0; i < found.count; i++)
        in_unit += unit_of(ref, &found.items[i], unit) == number;
    return in_unit > 0 && times_hold(times, in_unit);
}

/* "how many local calendar units hold such an event", or how many in a row at most. */
static value units_with(const reference *ref, calendar_unit unit, bool in_a_row,
                        occurrences found, const ast_list *times)
{
    int64_t count = 0, streak = 0, longest = 0;
    if (found.count == 0)
        return value_exact(0, 0);
    int64_t first = INT64_MAX,
            last = INT64_MIN; /* a clock may go back to the day before */
    for (size_t i = 0; i < found.count; i++) {
        int64_t number = unit_of(ref, &found.items[i], unit);
        first = number < first ? number : first;
        last = number > last ? number : last;
    }
    for (int64_t number = first; number <= last; number++) {
        bool holds = unit_holds(ref, unit, found, times, number);
        count += holds;
        streak = holds ? streak + 1 : 0;
        longest = streak > longest ? streak : longest;
    }
    return value_exact(in_a_row ? longest : count, 0);
}

/* ---- all of them --------------------------------------------------------------------- */

/* "`share(E where (c) W)` = with the condition / without it." */
static value share_of(reference *ref, const ast_expr *expr, scope s, occurrences found)
{
    occurrences all = occurrences_of_pattern(ref, expr->selection->pattern,
                                             &expr->modifiers.windows, s, false);
    return value_quotient(EXACT, (int128)found.count, (int128)all.count);
}

/* "`count`, `sum`, `distinct`, `days_with` … of nothing are 0; every other aggregate of
 * nothing is missing" */
static value aggregate_of(reference *ref, const ast_expr *expr, scope s, values list)
{
    const zone *z = ref->zone;
    switch (expr->aggregate) {
    case AGGREGATE_COUNT: return value_exact((int128)list.count, 0);
    case AGGREGATE_SUM: return sum_of(list, expr->meaning->type);
    case AGGREGATE_AVG: return average_of(list, expr->meaning->type);
    case AGGREGATE_MIN: return extreme_of(z, list, 1);
    case AGGREGATE_MAX: return extreme_of(z, list, -1);
    case AGGREGATE_RANGE:
        return value_calculate(EXPR_SUBTRACT, extreme_of(z, list, -1),
                               extreme_of(z, list, 1));
    case AGGREGATE_DISTINCT: return distinct_of(z, list);
    case AGGREGATE_MOST_COMMON: return most_common_of(z, list);
    case AGGREGATE_STDDEV: return deviation_as(list, expr->meaning->type);
    case AGGREGATE_MEDIAN: return quantile_of(z, list, value_exact(5, 1));
    case AGGREGATE_QUANTILE:
        return quantile_of(z, list, value_settled(evaluate(ref, expr->right, s)));
    default: return value_missing(); /* it looks at events */
    }
}

/* "all values in the order of their events" */
values evaluate_list(reference *ref, const ast_expr *expr, scope s)
{
    return selected_values(ref, expr, s,
                           occurrences_of_pattern(ref, expr->selection->pattern,
                                                  &expr->modifiers.windows, s, true));
}

value evaluate_aggregate(reference *ref, const ast_expr *expr, scope s)
{
    const ast_list *times = &expr->modifiers.times;
    occurrences found = occurrences_of_pattern(ref, expr->selection->pattern,
                                               &expr->modifiers.windows, s, true);
    if (expr->selection->half_life)
        return fading_sum(ref, expr, s, found);
    switch (expr->aggregate) {
    case AGGREGATE_SHARE: return share_of(ref, expr, s, found);
    case AGGREGATE_DAYS_WITH: return units_with(ref, UNIT_DAY, false, found, times);
    case AGGREGATE_DAYS_IN_A_ROW: return units_with(ref, UNIT_DAY, true, found, times);
    case AGGREGATE_WEEKS_WITH: return units_with(ref, UNIT_WEEK, false, found, times);
    case AGGREGATE_WEEKS_IN_A_ROW: return units_with(ref, UNIT_WEEK, true, found, times);
    case AGGREGATE_MONTHS_WITH: return units_with(ref, UNIT_MONTH, false, found, times);
    case AGGREGATE_MONTHS_IN_A_ROW:
        return units_with(ref, UNIT_MONTH, true, found, times);
    case AGGREGATE_QUARTERS_WITH:
        return units_with(ref, UNIT_QUARTER, false, found, times);
    case AGGREGATE_QUARTERS_IN_A_ROW:
        return units_with(ref, UNIT_QUARTER, true, found, times);
    case AGGREGATE_YEARS_WITH: return units_with(ref, UNIT_YEAR, false, found, times);
    case AGGREGATE_YEARS_IN_A_ROW: return units_with(ref, UNIT_YEAR, true, found, times);
    default: return aggregate_of(ref, expr, s, selected_values(ref, expr, s, found));
    }
}

/* ---- a value of each unit ------------------------------------------------------------- */

static occurrences in_unit(reference *ref, occurrences found, calendar_unit unit,
                           int64_t number)
{
    occurrences some = {0};
    for (size_t i = 0; i < found.count; i++)
        if (unit_of(ref, &found.items[i], unit) == number)
            occurrences_add(ref, &some, found.items[i]);
    return some;
}

/* "of days that have such an event, cut days included": so many are these, though some may
 * have a sum that is too large to have a value. */
static values values_of_units(reference *ref, const ast_expr *expr, scope s,
                              occurrences found, int64_t *unit_count)
{
    values list = {arena_alloc_array(ref->memory, found.count + 1, sizeof(value)), 0};
    *unit_count = 0;
    for (size_t i = 0; i < found.count; i++) {
        int64_t number = unit_of(ref, &found.items[i], expr->unit);
        if (i > 0 && unit_of(ref, &found.items[i - 1], expr->unit) == number)
            continue;
        ++*unit_count;
        occurrences some = in_unit(ref, found, expr->unit, number);
        value v = value_settled(
            aggregate_of(ref, expr->left, s, selected_values(ref, expr->left, s, some)));
        if (v.kind != MISSING)
            list.items[list.count++] = v;
    }
    return list;
}

/* "or of all days from the window's start, else from the first event, an empty sum being 0":
 * how many units are there? -1 when an end of the window is missing. */
static int64_t count_units(reference *ref, const ast_expr *expr, scope s,
                           occurrences found)
{
    int64_t end = s.now < ref->horizon ? s.now : ref->horizon;
    interval ends = windows_interval(ref, &expr->modifiers.windows, s);
    if (interval_is_missing(ends) || (ends.first == INT64_MIN && found.count == 0))
        return -1;
    occurrence first = {.time =
                            ends.first == INT64_MIN ? found.items[0].time : ends.first};
    occurrence last = {.time = ends.last < end ? ends.last : end};
    int64_t count =
        unit_of(ref, &last, expr->unit) - unit_of(ref, &first, expr->unit) + 1;
    return count > 0 ? count : 0;
}

static value of_all_units(reference *ref, const ast_expr *expr, scope s, values list,
                          int64_t with_events, occurrences found)
{
    int64_t units = count_units(ref, expr, s, found);
    type t = expr->left->meaning->type;
    if (expr->aggregate == AGGREGATE_SUM)
        return aggregate_of(ref, expr, s, list);
    if (expr->aggregate == AGGREGATE_AVG) {
        value sum = sum_of(list, t);
        if (units <= 0 || sum.kind == MISSING)
            return value_missing();
        return sum.kind == DOUBLE
                   ? value_double(sum.number / (double)units)
                   : value_quotient(sum.kind, sum.above, sum.below * (int128)units);
    }
    if (units > with_events)
        list.items[list.count++] = nothing_of(t);
    return aggregate_of(ref, expr, s, list);
}

value evaluate_per_unit(reference *ref, const ast_expr *expr, scope s)
{
    occurrences found = occurrences_of_pattern(ref, expr->left->selection->pattern,
                                               &expr->modifiers.windows, s, true);
    int64_t with_events;
    values list = values_of_units(ref, expr, s, found, &with_events);
    return expr->counts_empty ? of_all_units(ref, expr, s, list, with_events, found)
                              : aggregate_of(ref, expr, s, list);
}

value evaluate_pick(reference *ref, const ast_expr *expr, scope s)
{
    occurrences found = occurrences_of_pattern(ref, expr->selection->pattern,
                                               &expr->modifiers.windows, s, true);
    if (found.count == 0)
        return value_missing();
    return selected_value(ref, expr->selection, s,
                          &found.items[expr->is_last ? found.count - 1 : 0]);
}
