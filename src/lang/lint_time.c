/* SPDX-License-Identifier: MIT
 *
 * Times and windows that say something else than they seem to.
 */
#include "lang/lints.h"

#include "lang/reach.h"

/* ---- `last login > 30 days ago` ----------------------------------------- */

static void report_equal_ago(const lint *l, const ast_expr *compare, const ast_expr *ago)
{
    calendar_unit unit = behind_let(ago)->duration.unit;
    warn(l, compare->where, W0213,
         "this compares with one single instant, to the microsecond");
    hint(l, "Write \"in %s of %s\".",
         calendar_unit_name(unit < UNIT_DAY ? unit : UNIT_DAY), words_of(l, ago));
}

static void report_ago(const lint *l, const ast_expr *compare, const ast_expr *ago,
                       bool asks_later)
{
    const char *length = words_in(l, behind_let(ago)->duration.where);
    warn(l, compare->where, W0213,
         "this can be read in two ways: it holds for what is %s than %s",
         asks_later ? "nearer" : "longer ago", length);
    hint(l, "Write \"before %s\" for longer ago, or \"in last %s\".", words_of(l, ago),
         length);
}

void lint_two_readings(const lint *l, const ast_expr *compare)
{
    bool is_left = behind_let(compare->left)->kind == EXPR_AGO;
    const ast_expr *ago = is_left ? compare->left : compare->right;
    const ast_expr *other = is_left ? compare->right : compare->left;
    bool is_greater = compare->compare == COMPARE_GT || compare->compare == COMPARE_GE;
    if (behind_let(ago)->kind != EXPR_AGO || behind_let(other)->kind == EXPR_AGO ||
        !type_is_moment(other->meaning->type))
        return;
    if (compare->compare == COMPARE_EQ || compare->compare == COMPARE_NE)
        report_equal_ago(l, compare, ago);
    else
        report_ago(l, compare, ago, is_greater != is_left);
}

/* ---- `time since last purchase = 30 days` ------------------------------------------ */

/* The instant that `time since T`, `now - T`, `time until T` or `T - now` reckons from; or NULL. */
static const ast_expr *reckoned_from(const ast_expr *distance, bool *is_ahead)
{
    bool is_difference = distance->kind == EXPR_SUBTRACT;
    *is_ahead = distance->kind == EXPR_TIME_UNTIL ||
                (is_difference && distance->right->kind == EXPR_NOW);
    if (distance->kind == EXPR_TIME_SINCE || distance->kind == EXPR_TIME_UNTIL)
        return distance->left;
    if (!is_difference)
        return NULL;
    return *is_ahead                          ? distance->left
           : distance->left->kind == EXPR_NOW ? distance->right
                                              : NULL;
}

void lint_exact_distance(const lint *l, const ast_expr *compare)
{
    bool is_ahead;
    const ast_expr *instant =
        compare->compare == COMPARE_EQ && compare->right->kind == EXPR_DURATION
            ? reckoned_from(compare->left, &is_ahead)
            : NULL;
    if (!instant)
        return;
    const ast_duration *length = &compare->right->duration;
    warn(l, compare->where, W0213,
         "this compares with one single instant, to the microsecond");
    propose(l, compare->where, "%s in %s of now %c %s", words_of(l, instant),
            calendar_unit_name(length->unit < UNIT_DAY ? length->unit : UNIT_DAY),
            is_ahead ? '+' : '-', words_of(l, length));
}

/* ---- `time until user.trial_ends <= 7 days` ---------------------------------------- */

static const ast_expr *time_ahead(const ast_expr *compare)
{
    bool is_ahead,
        is_below = compare->compare == COMPARE_LT || compare->compare == COMPARE_LE;
    const ast_expr *instant = is_below && compare->right->kind == EXPR_DURATION &&
                                      compare->right->duration.count.value > 0
                                  ? reckoned_from(compare->left, &is_ahead)
                                  : NULL;
    return names_trait(instant) && is_ahead ? instant : NULL;
}

void lint_past(const lint *l, const ast_expr *compare)
{
    const ast_expr *instant = time_ahead(compare);
    if (!instant || is_asked_elsewhere(l, compare, instant))
        return;
    const char *value = words_of(l, instant), *length = words_of(l, compare->right);
    if (lint_is_birthday(l, instant)) {
        warn(l, compare->where, W0222, "\"%s\" is the day of birth itself, years ago",
             value);
        propose(l, compare->where, "next anniversary of %s in next %s", value, length);
        return;
    }
    warn(l, compare->where, W0235, "this is also true when \"%s\" is past", value);
    offer_either(l, compare->where, "From now on is: %s. What is past too: %s.",
                 wording(l, "%s in next %s", value, length),
                 wording(l, "%s until now + %s", value, length));
}

/* ---- `(a then no b within 1 day) in last 1 day` ------------------------- */

/* The sequence itself, or that of the declared event that the pattern names. */
static const ast_pattern *sequence_of(const ast_pattern *pattern)
{
    while (!pattern->is_sequence) {
        const ast_event *event = pattern->step->events.items[0];
        if (pattern->step->events.count != 1 || !event->decl || !event->decl->pattern)
            return NULL;
        pattern = event->decl->pattern;
    }
    return pattern;
}

/* How long nothing may follow at the end of a sequence; or NULL. */
static const ast_duration *awaited(const ast_pattern *sequence)
{
    const ast_link *end = sequence->links.items[sequence->links.count - 1];
    for (size_t i = 0; end->is_negated && i < end->spacings.count; i++) {
        const ast_spacing *spacing = end->spacings.items[i];
        if (spacing->is_within)
            return &spacing->duration;
    }
    return NULL;
}

static void hint_longer(const lint *l, const ast_window *window, const ast_duration *wait)
{
    const char *words = words_of(l, wait);
    const ast_duration *length = &window->duration;
    if (window->kind == WINDOW_IN_LAST && length->unit == wait->unit)
        hint(l,
             "That is known after %s, and then it has left the window. Write: in "
             "last %lld %ss.",
             words, (long long)(length->count.value + wait->count.value),
             calendar_unit_name(wait->unit));
    else
        hint(l,
             "That is known after %s, and then it has left the window: take a "
             "longer one.",
             words);
}

void lint_closed_sequence(const lint *l, const ast_pattern *pattern,
                          const ast_list *windows)
{
    const ast_pattern *sequence = sequence_of(pattern);
    const ast_duration *wait = sequence ? awaited(sequence) : NULL;
    int64_t shortest = wait ? duration_length(wait, false) : REACH_OPEN;
    for (size_t i = 0; shortest != REACH_OPEN && i < windows->count; i++) {
        const ast_window *window = windows->items[i];
        reach r = window_reach(window);
        if (r.oldest > shortest || (r.oldest == shortest && !r.is_oldest_out))
            continue;
        warn(l, window->place, W0202,
             "nothing in this window can ever end with \"then no ... within "
             "%s\"",
             words_of(l, wait));
        hint_longer(l, window, wait);
        return;
    }
}

/* ---- `did purchase in previous 30 days` ------------------------------------------- */

void lint_time_before(const lint *l, const ast_window *window)
{
    const ast_duration *length = &window->duration;
    const char *words = words_of(l, length);
    warn(l, window->place, W0236,
         "this is the time before the last %s, and not up to now", words);
    if (length->count.scale > 0) {
        offer(l, window->place, "Up to now is: %s.", "in last %s", words);
        return;
    }
    long long twice = 2 * (long long)length->count.value;
    const char *unit = calendar_unit_name(length->unit);
    offer_either(l, window->place, "Up to now is: %s. The time before that is also: %s.",
                 wording(l, "in last %s", words),
                 wording(l, "in last %lld %ss until %s ago", twice, unit, words));
}

/* `in last 2 months before 2025-12-01`: up to now, of which the date cuts something off. */
void lint_cut_window(const lint *l, const ast_list *windows)
{
    const ast_window *last = windows->count == 2 ? windows->items[0] : NULL;
    const ast_window *end = windows->count == 2 ? windows->items[1] : NULL;
    if (!last || last->kind != WINDOW_IN_LAST || end->kind != WINDOW_BEFORE ||
        (end->from->kind != EXPR_DATE && end->from->kind != EXPR_TIME))
        return;
    span both = span_join(last->place, end->place);
    const char *length = words_of(l, &last->duration), *day = words_of(l, end->from);
    warn(l, both, W0236, "the last %s are those up to now, whatever the date", length);
    offer(l, both, "Those before the date: %s.", "within %s before %s", length, day);
}

/* ---- `avg(count(app_open) per week in last 12 full weeks)` ------------------------ */

void lint_empty_units(const lint *l, const ast_expr *per_unit)
{
    const ast_expr *counted = per_unit->left;
    const ast_list *windows = &per_unit->modifiers.windows;
    const ast_window *window = windows->count == 1 ? windows->items[0] : NULL;
    bool is_low =
        per_unit->aggregate == AGGREGATE_AVG || per_unit->aggregate == AGGREGATE_MIN;
    if (per_unit->counts_empty || !is_low || counted->kind != EXPR_AGGREGATE ||
        counted->aggregate != AGGREGATE_COUNT || !window ||
        window->kind != WINDOW_LAST_FULL)
        return;
    span before = window->place;
    before.end = before.begin;
    warn(l, per_unit->where, W0237, "a %s without any of it is left out, and not 0",
         calendar_unit_name(per_unit->unit));
    hint(l, "With these, write \"else 0\" before \"%s\".", words_in(l, window->place));
    fix(l, before, "else 0 ");
}
