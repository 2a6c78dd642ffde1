/* SPDX-License-Identifier: MIT
 *
 * Windows of time: most are an interval from one instant to another, both of them in.
 */
#include "reference/evaluator.h"

static const interval NOTHING = {1, 0};
static const int64_t EVER = INT64_MAX, NEVER_BEFORE = INT64_MIN;

/* ---- moving about in time ------------------------------------------------------------ */

/* "second … week are exact lengths: `1 day` is 24 hours. month, quarter, year are calendar
 * arithmetic in the project's IANA zone, clamped to the month's last day." */
int64_t move_instant(const reference *ref, int64_t instant, ast_duration by, int factor)
{
    if (by.count.scale > 0)
        return instant + factor * exact_microseconds(by);
    return time_add(ref->zone, instant, (calendar_span){by.count.value * factor, by.unit},
                    1);
}

/* "whole local units [start, next start), not cut; weeks start on Monday unless the YAML
 * says otherwise": the first instant of the unit that holds an instant, `units` later. */
static int64_t unit_start(const reference *ref, int64_t instant, calendar_unit unit,
                          int64_t units)
{
    int64_t length = 0;
    if (unit < UNIT_DAY) {
        calendar_span_microseconds((calendar_span){1, unit}, &length);
        int64_t into = number_floor_modulo(zone_local(ref->zone, instant), length);
        return instant - into + units * length;
    }
    int64_t day =
        date_unit_start(zone_date(ref->zone, instant), unit, ref->world->week_start);
    return zone_day_start(ref->zone, date_unit_add(day, unit, units));
}

static interval whole_units(const reference *ref, int64_t instant, calendar_unit unit,
                            int64_t from, int64_t to)
{
    return (interval){unit_start(ref, instant, unit, from),
                      unit_start(ref, instant, unit, to) - 1};
}

bool interval_is_missing(interval i)
{
    return i.first == NOTHING.first && i.last == NOTHING.last;
}

/* "A date stands for the whole local day"; of a day that the zone left out that is no time
 * at all, but it has its place. */
interval moment_interval(const reference *ref, value moment)
{
    if (moment.kind == TIME)
        return (interval){moment.integer, moment.integer};
    if (moment.kind != DATE)
        return NOTHING;
    return (interval){zone_day_start(ref->zone, moment.integer),
                      zone_day_start(ref->zone, moment.integer + 1) - 1};
}

/* ---- occasions and anniversaries ----------------------------------------------------- */

/* "29 February falls on 28 February in common years." */
static int64_t date_in_year(int64_t year, unsigned month, unsigned day)
{
    while (!date_is_valid(year, month, day))
        day--;
    return date_from_civil(year, month, day);
}

/* `fourth friday of november`, `last sunday of march`; false when there is no fifth. */
static bool weekday_in_year(const ast_occasion *o, int64_t year, int64_t *out)
{
    int found = 0;
    for (unsigned day = 1; date_is_valid(year, o->month, day); day++) {
        int64_t date = date_from_civil(year, o->month, day);
        if (date_weekday(date) != o->weekday)
            continue;
        *out = date;
        if (++found == o->ordinal)
            return true;
    }
    return o->ordinal < 0;
}

static bool is_occasion_day(const ast_occasion *o, int64_t date)
{
    int64_t year, found = 0;
    unsigned month, day;
    date_to_civil(date, &year, &month, &day);
    switch (o->kind) {
    case OCCASION_DAY: return month == o->first.month && day == o->first.day;
    case OCCASION_WEEKDAY: return weekday_in_year(o, year, &found) && found == date;
    case OCCASION_SPAN: {
        int64_t first = date_in_year(year, o->first.month, o->first.day);
        int64_t last = date_in_year(year, o->last.month, o->last.day);
        return first <= last ? date >= first && date <= last
                             : date >= first || date <= last;
    }
    default:
        for (size_t i = 0; i < o->dates.count; i++)
            if (((const ast_expr *)o->dates.items[i])->time == date)
                return true;
        return false;
    }
}

/* `next` is today's while today lasts: the first day of the next occasion that is not over. */
value next_occasion(const reference *ref, const ast_decl *decl, int64_t now)
{
    enum { DAYS = 366 * 401 }; /* a cycle of the calendar */
    const ast_occasion *o = &decl->occasion;
    int64_t today = zone_date(ref->zone, now), date = today;
    while (date < today + DAYS && !is_occasion_day(o, date))
        date++;
    while (o->kind == OCCASION_SPAN && is_occasion_day(o, date - 1))
        date--;
    return date < today + DAYS ? value_date(date) : value_missing();
}

/* "`next anniversary of d` is today's while today lasts, and 29 February falls on
 * 28 February in common years": the same day in a later year. */
value next_anniversary(const reference *ref, value day, int64_t now)
{
    int64_t year, this_year;
    unsigned month, of_month, unused;
    if (day.kind == TIME)
        day = value_date(zone_date(ref->zone, day.integer));
    if (day.kind != DATE)
        return value_missing();
    int64_t today = zone_date(ref->zone, now), date = DATE_MIN;
    date_to_civil(day.integer, &year, &month, &of_month);
    date_to_civil(today, &this_year, &unused, &unused);
    for (int64_t y = year + 1; y <= this_year + 1 || date <= day.integer; y++) {
        date = date_in_year(y, month, of_month);
        if (date >= today)
            break;
    }
    return value_date(date);
}

/* ---- windows with two ends ----------------------------------------------------------- */

/* "`within` include[s its] ends", counted "from an instant (a trait, `first purchase`, …)" */
static interval within(const reference *ref, const ast_window *w, interval anchor)
{
    interval i = anchor;
    if (w->kind != WINDOW_WITHIN_AFTER)
        i.first = move_instant(ref, anchor.first, w->duration, -1);
    if (w->kind != WINDOW_WITHIN_BEFORE)
        i.last = move_instant(ref, anchor.last, w->duration, 1);
    return i;
}

/* Is the local day of the instant what is asked for? */
static bool is_calendar_unit(const ast_window *w)
{
    return (w->kind == WINDOW_UNIT_OF || w->kind == WINDOW_UNIT_AFTER ||
            w->kind == WINDOW_UNIT_BEFORE) &&
           w->unit >= UNIT_DAY;
}

/* "`in last D` = `after D ago` = (now − D, now]; `since D ago` takes the far end in; `before
 * now` leaves now out; `in previous D` = (now − 2D, now − D]. `between` two instants,
 * `since`, `within` include their ends. [...] `between d1 and d2` covers both days, `since
 * d` from its first instant, `after d` after its last, `before d` before its first, `on d`.
 * [...] On a missing instant it holds for nothing." */
static interval window_interval(reference *ref, const ast_window *w, scope s)
{
    interval from = {0, 0}, to = {0, 0};
    if (w->from && is_calendar_unit(w))
        from = moment_interval(ref, moment_by_calendar(ref, w->from, s));
    else if (w->from)
        from = moment_interval(ref, value_settled(evaluate(ref, w->from, s)));
    if (w->to)
        to = moment_interval(ref, value_settled(evaluate(ref, w->to, s)));
    if (interval_is_missing(from) || interval_is_missing(to))
        return NOTHING;
    switch (w->kind) {
    case WINDOW_IN_LAST:
        return (interval){move_instant(ref, s.now, w->duration, -1) + 1, s.now};
    case WINDOW_IN_PREVIOUS:
        return (interval){move_instant(ref, s.now, w->duration, -2) + 1,
                          move_instant(ref, s.now, w->duration, -1)};
    case WINDOW_IN_NEXT:
        return (interval){s.now + 1, move_instant(ref, s.now, w->duration, 1)};
    case WINDOW_LAST_FULL: return whole_units(ref, s.now, w->unit, -w->count, 0);
    case WINDOW_PERIOD:
        if (w->is_full)
            return whole_units(ref, s.now, w->unit, -w->count, 1 - w->count);
        return (interval){
            time_add(ref->zone, s.now, (calendar_span){w->count, w->unit}, -1) + 1,
            time_add(ref->zone, s.now, (calendar_span){w->count - 1, w->unit}, -1)};
    case WINDOW_NEXT_FULL: return whole_units(ref, s.now, w->unit, 1, w->count + 1);
    case WINDOW_IN_THIS: return whole_units(ref, s.now, w->unit, 0, 1);
    case WINDOW_TODAY: return whole_units(ref, s.now, UNIT_DAY, 0, 1);
    case WINDOW_YESTERDAY: return whole_units(ref, s.now, UNIT_DAY, -1, 0);
    case WINDOW_TOMORROW: return whole_units(ref, s.now, UNIT_DAY, 1, 2);
    case WINDOW_UNIT_OF: return whole_units(ref, from.first, w->unit, 0, 1);
    case WINDOW_UNIT_AFTER: return whole_units(ref, from.first, w->unit, 1, 2);
    case WINDOW_UNIT_BEFORE: return whole_units(ref, from.first, w->unit, -1, 0);
    case WINDOW_BETWEEN: return (interval){from.first, to.last};
    case WINDOW_ON: return from;
    case WINDOW_SINCE: return (interval){from.first, s.now};
    case WINDOW_AT_OR_AFTER: return (interval){from.first, EVER};
    case WINDOW_UNTIL: return (interval){NEVER_BEFORE, from.last};
    case WINDOW_AFTER: return (interval){from.last + 1, EVER};
    case WINDOW_BEFORE: return (interval){NEVER_BEFORE, from.first - 1};
    default: return within(ref, w, from);
    }
}

static bool intervals_meet(interval a, interval b)
{
    return a.first <= a.last && b.first <= b.last && a.first <= b.last &&
           b.first <= a.last;
}

/* ---- windows that events make -------------------------------------------------------- */

static bool is_during(const reference *ref, const ast_window *w, int64_t date)
{
    const ast_decl *decl = rulebook_find(ref->book, w->name.text);
    return is_occasion_day(&decl->occasion, date);
}

/* "`in last 5 purchase` = among the newest five of that kind, before any `where`." */
static bool is_among_newest(reference *ref, const ast_window *w, scope s,
                            const occurrence *o)
{
    occurrences all = occurrences_of_name(ref, w->name.text, s);
    for (size_t i = 0; o && i < all.count; i++)
        if ((int64_t)(all.count - i) <= w->count && is_same_occurrence(&all.items[i], o))
            return true;
    return false;
}

/* "`… of any E [with same p]` holds near at least one E": one that is not the event itself. */
static bool is_near_any(reference *ref, const ast_window *w, scope s, interval when,
                        const occurrence *o)
{
    scope outside = {s.person, s.now, NULL};
    occurrences anchors = occurrences_of_step(ref, w->step, outside, true, NULL);
    for (size_t i = 0; i < anchors.count; i++) {
        const occurrence *anchor = &anchors.items[i];
        bool is_same =
            !w->same.text ||
            (o && value_equals(ref->zone, occurrence_property(ref, o, w->same.text),
                               occurrence_property(ref, anchor, w->same.text)));
        bool is_self = o && is_same_occurrence(anchor, o);
        interval near = within(ref, w, (interval){anchor->time, anchor->time});
        if (is_same && !is_self && intervals_meet(when, near))
            return true;
    }
    return false;
}

/* "A date value is in a rolling window when any instant of its day is" */
static bool window_holds(reference *ref, const ast_window *w, scope s, interval when,
                         const occurrence *o)
{
    if (w->kind == WINDOW_DURING)
        return when.first <= when.last &&
               is_during(ref, w, zone_date(ref->zone, when.first));
    if (w->kind == WINDOW_LAST_EVENTS)
        return is_among_newest(ref, w, s, o);
    if (w->step)
        return is_near_any(ref, w, s, when, o);
    return intervals_meet(when, window_interval(ref, w, s));
}

interval windows_interval(reference *ref, const ast_list *windows, scope s)
{
    interval all = {NEVER_BEFORE, EVER};
    for (size_t i = 0; i < windows->count; i++) {
        const ast_window *w = windows->items[i];
        if (w->kind == WINDOW_DURING || w->kind == WINDOW_LAST_EVENTS || w->step)
            continue;
        interval one = window_interval(ref, w, s);
        if (interval_is_missing(one))
            return NOTHING;
        all.first = one.first > all.first ? one.first : all.first;
        all.last = one.last < all.last ? one.last : all.last;
    }
    return all;
}

/* "Several windows: all must hold" */
bool windows_hold(reference *ref, const ast_list *windows, scope s, const occurrence *o)
{
    for (size_t i = 0; windows && i < windows->count; i++)
        if (!window_holds(ref, windows->items[i], s, (interval){o->time, o->time}, o))
            return false;
    return true;
}

/* A date is a day of an occasion by itself, also where clocks left the whole day out. */
static bool window_holds_for_value(reference *ref, const ast_window *w, scope s,
                                   value moment)
{
    return w->kind == WINDOW_DURING && moment.kind == DATE
               ? is_during(ref, w, moment.integer)
               : window_holds(ref, w, s, moment_interval(ref, moment), NULL);
}

/* "Any time value takes any window (`first purchase in last 30 days`, `user.renewal in next
 * 14 days`; `in next` only here)." */
bool windows_hold_for_value(reference *ref, const ast_list *windows, scope s,
                            value moment)
{
    for (size_t i = 0; i < windows->count; i++)
        if (!window_holds_for_value(ref, windows->items[i], s, moment))
            return false;
    return true;
}
