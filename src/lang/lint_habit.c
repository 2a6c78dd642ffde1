/* SPDX-License-Identifier: MIT
 *
 * What parses, and means something else in the tools that people come from: lists for ranges,
 * birthdays, tiles, and days at the end of a month. Texts: lint_text.c.
 */
#include "lang/foreign.h"
#include "lang/lints.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/number.h"
#include "value/calendar.h"

/* ---- lists for ranges ------------------------------------------------------- */

static bool is_number(const ast_expr *expr)
{
    return expr->kind == EXPR_NUMBER && !expr->number.is_percent;
}

static bool is_difference(const ast_expr *expr)
{
    return expr->kind == EXPR_SUBTRACT && is_number(expr->left) && is_number(expr->right);
}

/* `user.nps in (9-10)`. */
static void warn_of_difference(const lint *l, const ast_expr *expr,
                               const ast_expr *difference)
{
    const char *value = words_of(l, expr->left), *least = words_of(l, difference->left),
               *most = words_of(l, difference->right);
    warn(l, difference->where, W0221, "\"%s\" is a difference, not a range",
         words_of(l, difference));
    if (expr->is_negated) {
        hint(l, "For all outside of a range, write: %s < %s or %s > %s", value, least,
             value, most);
        return;
    }
    hint(l, "Write: %s >= %s and %s <= %s.", value, least, value, most);
    fix(l, expr->where, "(%s >= %s and %s <= %s)", value, least, value, most);
}

/* `user.age = 18-25`, of which less than nothing is left. */
void lint_falling(const lint *l, const ast_expr *expr)
{
    const ast_expr *right = expr->right;
    if (expr->compare == COMPARE_EQ && is_difference(right) &&
        number_of(&right->left->number) < number_of(&right->right->number))
        warn_of_difference(l, expr, right);
}

/* Is it measured, so that two exact values are rarely asked for? */
static bool is_measured(const ast_expr *expr)
{
    expr = behind_let(expr);
    type t = expr->meaning->type;
    if (!type_is_numeric(t))
        return false;
    if (t.kind == TYPE_NUMBER || t.scale > 0 || expr->kind == EXPR_AGGREGATE ||
        expr->meaning->part == PART_HOUR)
        return true;
    return expr->kind == EXPR_PATH &&
           is_word_of(name_at(&expr->names, expr->names.count - 1)->text,
                      "age amount price total spend spent revenue balance income salary "
                      "height weight");
}

static void hint_pair(const lint *l, const ast_expr *expr, const char *value,
                      const char *least, const char *most)
{
    hint(l,
         "Write: %s >= %s and %s <= %s, or for these two alone: "
         "%s = %s or %s = %s.",
         value, least, value, most, value, least, value, most);
    fix(l, expr->where, "(%s >= %s and %s <= %s)", value, least, value, most);
    fix(l, expr->where, "(%s = %s or %s = %s)", value, least, value, most);
}

/* `user.age in (18, 25)`: two ages, or all between them? */
static void warn_of_pair(const lint *l, const ast_expr *expr)
{
    const ast_expr *from = expr->list.items[0], *to = expr->list.items[1];
    if (!is_number(from) || !is_number(to) || !is_measured(expr->left) ||
        number_of(&to->number) - number_of(&from->number) <= 1)
        return;
    const char *value = words_of(l, expr->left), *least = words_of(l, from),
               *most = words_of(l, to);
    warn(l, expr->where, W0221,
         "this holds for exactly %s and exactly %s, not for what lies between", least,
         most);
    if (expr->is_negated)
        hint(l, "For these two alone, write: %s != %s and %s != %s", value, least, value,
             most);
    else
        hint_pair(l, expr, value, least, most);
}

void lint_list(const lint *l, const ast_expr *expr)
{
    for (size_t i = 0; i < expr->list.count; i++)
        if (is_difference(expr->list.items[i])) {
            warn_of_difference(l, expr, expr->list.items[i]);
            return;
        }
    if (expr->list.count == 2)
        warn_of_pair(l, expr);
}

/* ---- tiles ------------------------------------------------------------------ */

/* `ntile(10, revenue) = 1`: the tenth with the least. Of distances in time the least is
 * the best, as everyone knows. */
void lint_tile(const lint *l, const ast_expr *expr)
{
    const ast_expr *tile = behind_let(expr->left), *literal = expr->right;
    if (expr->compare != COMPARE_EQ || tile->kind != EXPR_NTILE || !is_number(literal) ||
        number_of(&literal->number) != 1 || !type_is_numeric(tile->left->meaning->type))
        return;
    const char *ranked = words_of(l, tile->left), *written = words_of(l, expr->left);
    long long tiles = tile->number.value;
    warn(l, expr->where, W0223,
         "tile 1 holds the smallest values of %s, tile %lld the largest", ranked, tiles);
    offer_either(l, expr->where, "For the largest, write: %s. For the smallest: %s",
                 wording(l, "%s = %lld", written, tiles), wording(l, "%s < 2", written));
}

/* ---- birthdays -------------------------------------------------------------- */

bool names_birthday(const char *name)
{
    return holds_word(name, "birth bday geburt") || strcasecmp(name, "dob") == 0;
}

bool lint_is_birthday(const lint *l, const ast_expr *expr)
{
    const meaning *m = expr->meaning;
    if (expr->kind != EXPR_PATH || m->kind != MEANING_TRAIT || m->part != PART_NONE)
        return false;
    const property *trait = &l->book->schema->traits[m->trait];
    return (trait->type.kind == TYPE_DATE || trait->type.kind == TYPE_TIME) &&
           names_birthday(trait->name);
}

static bool is_under_a_year(const ast_duration *d)
{
    static const int most[] = {[UNIT_DAY] = 365,
                               [UNIT_WEEK] = 52,
                               [UNIT_MONTH] = 11,
                               [UNIT_QUARTER] = 3,
                               [UNIT_YEAR] = 0};
    double count = (double)d->count.value / (double)number_power_of_ten(d->count.scale);
    return d->unit < UNIT_DAY || count <= most[d->unit];
}

/* Does it ask for a day that is near, of whatever year? */
static bool asks_for_near_day(const ast_window *window)
{
    const ast_duration units = {.count = {.value = window->count}, .unit = window->unit};
    switch (window->kind) {
    case WINDOW_IN_NEXT:
    case WINDOW_IN_LAST: return is_under_a_year(&window->duration);
    case WINDOW_NEXT_FULL:
    case WINDOW_LAST_FULL: return is_under_a_year(&units);
    case WINDOW_IN_THIS:
    case WINDOW_UNIT_OF:
    case WINDOW_TODAY:
    case WINDOW_YESTERDAY:
    case WINDOW_TOMORROW: return true;
    default: return false;
    }
}

static void report_birthday(const lint *l, const ast_expr *birthday)
{
    warn(l, birthday->where, W0222, "\"%s\" is the day of birth itself, years ago",
         words_of(l, birthday));
}

/* Parts of the date, where they say it: in this month; else days around the next birthday,
 * of which those that are past belong to the one before. */
static void fix_birthday(const lint *l, const ast_expr *expr, const ast_window *window)
{
    bool is_unit = window->kind == WINDOW_IN_THIS ||
                   (window->kind == WINDOW_UNIT_OF && window->from->kind == EXPR_NOW);
    bool is_past = window->kind == WINDOW_IN_LAST || window->kind == WINDOW_LAST_FULL ||
                   window->kind == WINDOW_YESTERDAY;
    const char *day = words_of(l, expr->left), *words = words_in(l, window->place);
    const char *joint = expr->is_negated ? "and" : "or",
               *not = expr->is_negated ? "not " : "";
    if (is_unit && window->unit == UNIT_MONTH)
        propose(l, expr->where, "%s.month_of_year %s now.month_of_year", day,
                expr->is_negated ? "!=" : "=");
    else if (is_unit && window->unit > UNIT_DAY)
        propose(l, expr->where,
                "(next anniversary of %s %s%s %s next anniversary of %s - 1 year %s%s)",
                day, not, words, joint, day, not, words);
    else
        propose(l, expr->left->where, "next anniversary of %s%s", day,
                is_past ? " - 1 year" : "");
}

/* `user.birthday in next 7 days`. */
void lint_birthday(const lint *l, const ast_expr *expr)
{
    const ast_window *window = expr->modifiers.windows.items[0];
    if (!lint_is_birthday(l, expr->left) || !asks_for_near_day(window))
        return;
    report_birthday(l, expr->left);
    fix_birthday(l, expr, window);
}

/* `user.birthday = now`. */
void lint_born_now(const lint *l, const ast_expr *expr)
{
    if (expr->compare != COMPARE_EQ || expr->right->kind != EXPR_NOW ||
        !lint_is_birthday(l, expr->left))
        return;
    report_birthday(l, expr->left);
    propose(l, expr->where, "next anniversary of %s today", words_of(l, expr->left));
}

/* `did purchase within 7 days of user.birthday`. */
void lint_birthday_window(const lint *l, const ast_window *window)
{
    bool is_near =
        window_forms[window->kind].shape == SHAPE_NEAR || window->kind == WINDOW_UNIT_OF;
    if (!is_near || !window->from || !lint_is_birthday(l, window->from))
        return;
    report_birthday(l, window->from);
    propose(l, window->from->where, "(next anniversary of %s - 1 year)",
            words_of(l, window->from));
}

/* ---- days at the ends of a month ---------------------------------------------- */

static bool is_first_of_month(int64_t date)
{
    int64_t year;
    unsigned month, day;
    date_to_civil(date, &year, &month, &day);
    return day == 1;
}

static const char *date_words(const lint *l, int64_t date)
{
    int64_t year;
    unsigned month, day;
    date_to_civil(date, &year, &month, &day);
    return wording(l, "%04lld-%02u-%02u", (long long)year, month, day);
}

/* An end that is the first day of a month, as a begin, or its last, and is left out. */
static bool leaves_day_out(const ast_expr *end, bool is_begin)
{
    return end->kind == EXPR_DATE &&
           is_first_of_month(is_begin ? end->time : end->time + 1);
}

/* What lies at an edge, a day or an hour, is in, or left out; the opposite is what may be
 * meant. */
static void tell_edge(const lint *l, span place, const char *unit, const char *edge,
                      bool is_in, const char *meant, const char *said)
{
    warn(l, place, W0225, "%s is %s", edge, is_in ? "in" : "left out");
    offer_either(l, place,
                 wording(l,
                         is_in ? "Without that %s, write: %%s. With it: %%s."
                               : "With that %s, write: %%s. Without it: %%s.",
                         unit),
                 meant, said);
}

static void tell_day(const lint *l, span place, int64_t day, bool is_in,
                     const char *meant, const char *said)
{
    tell_edge(l, place, "day", wording(l, "%s itself", date_words(l, day)), is_in, meant,
              said);
}

/* `did purchase after 2026-03-01`, `before 2026-03-31`. */
void lint_day_left_out(const lint *l, const ast_window *window)
{
    const ast_expr *end = window->from;
    bool is_after = window->kind == WINDOW_AFTER;
    if ((!is_after && window->kind != WINDOW_BEFORE) || !leaves_day_out(end, is_after))
        return;
    const char *day = date_words(l, end->time), *next = date_words(l, end->time + 1);
    tell_day(l, window->place, end->time, false,
             wording(l, "%s %s", is_after ? "since" : "before", is_after ? day : next),
             is_after ? wording(l, "since %s", next)
                      : wording(l, "before %sT00:00", day));
}

/* `between 2026-01-01 and 2026-02-01`, where both days count and January may be meant. */
void lint_day_let_in(const lint *l, const ast_window *window)
{
    const ast_expr *begin = window->from, *end = window->to;
    if (window->kind != WINDOW_BETWEEN || begin->kind != EXPR_DATE ||
        end->kind != EXPR_DATE || begin->time >= end->time ||
        !is_first_of_month(begin->time) || !is_first_of_month(end->time))
        return;
    const char *first = date_words(l, begin->time);
    tell_day(l, window->place, end->time, true,
             wording(l, "between %s and %s", first, date_words(l, end->time - 1)),
             wording(l, "since %s until %s", first, date_words(l, end->time)));
}

/* `time > 2026-03-01 and time < 2026-03-31`. What has no hours leaves no doubt. */
void lint_day_compared(const lint *l, const ast_expr *expr)
{
    const ast_expr *end = expr->right;
    bool is_after = expr->compare == COMPARE_GT;
    if ((!is_after && expr->compare != COMPARE_LT) || !leaves_day_out(end, is_after) ||
        expr->left->meaning->type.kind != TYPE_TIME)
        return;
    const char *value = words_of(l, expr->left), *sign = is_after ? ">=" : "<=";
    int64_t next = end->time + (is_after ? 1 : -1);
    tell_day(l, expr->where, end->time, false,
             wording(l, "%s %s %s", value, sign, date_words(l, end->time)),
             wording(l, "%s %s %s", value, sign, date_words(l, next)));
}

/* Is it `value SIGN` the first of a month? */
static bool compares_first(const ast_expr *expr, ast_compare sign)
{
    return expr->kind == EXPR_COMPARE && expr->compare == sign &&
           expr->right->kind == EXPR_DATE && is_first_of_month(expr->right->time);
}

/* `user.signed_up >= 2026-01-01 and user.signed_up <= 2026-02-01`, where January may be meant. */
void lint_days_compared(const lint *l, const ast_expr *all)
{
    for (size_t i = 0; i + 1 < all->list.count; i++) {
        const ast_expr *begin = all->list.items[i], *end = all->list.items[i + 1];
        if (!compares_first(begin, COMPARE_GE) || !compares_first(end, COMPARE_LE) ||
            begin->right->time >= end->right->time ||
            !are_same_words(begin->left, end->left))
            continue;
        const char *value = words_of(l, end->left);
        int64_t day = end->right->time;
        tell_day(l, end->where, day, true,
                 wording(l, "%s < %s", value, date_words(l, day)),
                 wording(l, "%s < %s", value, date_words(l, day + 1)));
    }
}

/* `time.hour > 18`: is 18:30 in? `time.hour <= 9`: is 9:30? */
void lint_hour_compared(const lint *l, const ast_expr *expr)
{
    bool is_after = expr->compare == COMPARE_GT;
    const ast_expr *bound = expr->right;
    if ((!is_after && expr->compare != COMPARE_LE) ||
        asked_part(expr->left) != PART_HOUR || !is_number(bound) ||
        bound->number.scale > 0 || bound->number.value < 0 || bound->number.value > 22)
        return;
    const char *value = words_of(l, expr->left), *sign = is_after ? ">=" : "<";
    int hour = (int)bound->number.value;
    tell_edge(l, expr->where, "hour", wording(l, "%d:00 to %d:59", hour, hour), !is_after,
              wording(l, "%s %s %d", value, sign, hour),
              wording(l, "%s %s %d", value, sign, hour + 1));
}

/* ---- what somebody did, and did not ------------------------------------------- */

/* Is it `category != "toys"`? What is told of a state says little of a kind. */
static bool asks_for_others(const ast_expr *where)
{
    const meaning *m = where->left ? where->left->meaning : NULL;
    return where->kind == EXPR_COMPARE && where->compare == COMPARE_NE && m &&
           m->kind == MEANING_PROPERTY && where->right->kind == EXPR_STRING &&
           *where->right->text.text && !holds_word(m->name, "status state");
}

/* Instead of a `did` that asks for others: did not, also of those alone who did it. */
static void fix_none(const lint *l, const ast_expr *did, bool of_those)
{
    const ast_event *event = pattern_event(did->selection->pattern);
    const ast_expr *where = event->where;
    bool in_brackets = of_those && l->either->count > 0;
    span before = did->where, behind = did->where;
    before.end = before.begin + (uint32_t)strlen("did");
    behind.begin = did->selection->place.end;
    const char *name = words_of(l, &event->name), *rest = words_in(l, behind);
    if (of_those)
        fix(l, before, "%sdid %s%s and did not", in_brackets ? "(" : "", name, rest);
    else
        fix(l, before, "did not");
    fix_also(l, where->where, "%s = %s", words_of(l, where->left),
             words_of(l, where->right));
    behind.begin = behind.end;
    if (in_brackets)
        fix_also(l, behind, ")");
}

/* `did purchase where (category != "toys")`, for somebody who never bought toys. */
void lint_others(const lint *l, const ast_expr *did)
{
    const ast_event *event = pattern_event(did->selection->pattern);
    const ast_expr *where =
        event && !did->is_negated && !event->is_anything ? event->where : NULL;
    if (!where || did->modifiers.times.count > 0 || !asks_for_others(where))
        return;
    const char *value = words_of(l, where->left), *other = words_of(l, where->right),
               *name = words_of(l, &event->name);
    span behind = did->where;
    behind.begin = did->selection->place.end;
    const char *rest = words_in(l, behind);
    warn(l, where->where, W0226,
         "one event with another %s is enough, whatever the others are", value);
    hint(l,
         "For no such event among those who did it, write: did %s%s and did not %s where "
         "(%s "
         "= %s)%s; among everyone, the \"did not\" alone. If one other is enough, add "
         "\"at "
         "least once\".",
         name, rest, name, value, other, rest);
    fix_none(l, did, true);
    fix_none(l, did, false);
    behind.end = behind.begin;
    fix(l, behind, " at least once");
}
