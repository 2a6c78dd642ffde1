/* SPDX-License-Identifier: MIT
 *
 * How values move that go by the calendar. Each value that goes with the clock has its own
 * next day, week or hour; the first of them ends the course.
 */
#include "exec/motion.h"

#include "base/number.h"

/* After how many microseconds on its way, which is that of the clock, a value x becomes
 * another; *goes_on: it does not stand until then, but goes with the clock. */
typedef int64_t step_length(const horizon *h, const node *n, size_t i, int64_t x,
                            bool *goes_on);

static int64_t shortest_step(horizon *h, const node *n, step_length *length,
                             bool *all_go_on, bool *all_stand)
{
    const vector *v = values_of(h, n->operands[0]);
    size_t count = v->is_uniform ? 1 : count_of(h, n->operands[0]);
    int64_t shortest = INT64_MAX;
    *all_go_on = *all_stand = true;
    for (size_t i = 0; i < count; i++) {
        bool goes_on = false;
        if (!vector_has(v, i))
            continue;
        int64_t x = ((const int64_t *)v->values)[i];
        shortest = earlier(shortest, length(h, n, i, x, &goes_on));
        *all_go_on &= goes_on;
        *all_stand &= !goes_on;
    }
    return shortest > 0 ? shortest : 1;
}

static course by_steps(horizon *h, const node *n, step_length *length)
{
    course operand = course_of(h, n->operands[0]);
    int64_t until = earlier(operand.until, rows_until(h, n->domain));
    for (size_t i = 1; i < n->operand_count; i++) {
        course other = course_of(h, n->operands[i]);
        if (other.motion != MOTION_STILL)
            return anything(h);
        until = earlier(until, other.until);
    }
    if (operand.motion == MOTION_STILL)
        return still(until);
    if (operand.motion != MOTION_CLOCK)
        return anything(h);
    bool all_go_on, all_stand;
    int64_t step = shortest_step(h, n, length, &all_go_on, &all_stand);
    until = earlier(until, later_by(h, step));
    if (all_stand)
        return still(until);
    return all_go_on ? (course){MOTION_CLOCK, until} : (course){MOTION_RISES, until};
}

/* ---- steps --------------------------------------------------------------- */

/* Until the local day is over, or the clocks change. */
static int64_t day_left(const horizon *h, int64_t x)
{
    int64_t until;
    calendar_unit_number(h->plan->zone, x, UNIT_DAY, h->plan->week_start, &until);
    return until == INT64_MAX ? INT64_MAX : until - x;
}

static int64_t unit_left(const horizon *h, int64_t x, calendar_unit unit)
{
    int64_t length, until;
    if (unit >= UNIT_DAY) {
        calendar_unit_number(h->plan->zone, x, unit, h->plan->week_start, &until);
        return until == INT64_MAX ? INT64_MAX : until - x;
    }
    calendar_span_microseconds((calendar_span){1, unit}, &length);
    int64_t gone = number_floor_modulo(zone_local(h->plan->zone, x), length);
    return earlier(length - gone, day_left(h, x));
}

static int64_t step_of_calendar(const horizon *h, const node *n, size_t i, int64_t x,
                                bool *goes_on)
{
    (void)i;
    (void)goes_on;
    switch (n->kind) {
    case NODE_UNIT_START: return unit_left(h, x, n->unit_start.unit);
    case NODE_UNIT_NUMBER: return unit_left(h, x, n->unit);
    case NODE_LOCAL_HOUR: return unit_left(h, x, UNIT_HOUR);
    default: return day_left(h, x);
    }
}

course motion_stepped(horizon *h, const node *n)
{
    return by_steps(h, n, step_of_calendar);
}

/* ---- moved --------------------------------------------------------------- */

static int64_t of_day(const horizon *h, int64_t instant)
{
    return number_floor_modulo(zone_local(h->plan->zone, instant), MICROSECONDS_PER_DAY);
}

/* A time that keeps its time of day goes with the clock while neither end comes to a new day or
 * a change of the clocks. One that would lie in a gap of the clocks waits at its end. */
static int64_t step_between(const horizon *h, int64_t x, int64_t moved, bool *goes_on)
{
    int64_t wanted = of_day(h, x), found = of_day(h, moved);
    *goes_on = wanted == found;
    int64_t here = day_left(h, x);
    if (*goes_on)
        return earlier(here, day_left(h, moved));
    return earlier(here, number_floor_modulo(found - wanted, MICROSECONDS_PER_DAY));
}

static int64_t step_of_months(const horizon *h, const node *n, size_t i, int64_t x,
                              bool *goes_on)
{
    (void)i;
    return step_between(h, x, time_add(h->plan->zone, x, n->move, 1), goes_on);
}

static int64_t step_of_days(const horizon *h, const node *n, size_t i, int64_t x,
                            bool *goes_on)
{
    const vector *days = values_of((horizon *)h, n->operands[1]);
    size_t at = days->is_uniform ? 0 : i;
    *goes_on = true;
    if (!vector_has(days, at))
        return INT64_MAX;
    int64_t moved = time_add_days(h->plan->zone, x, ((const int64_t *)days->values)[at]);
    return step_between(h, x, moved, goes_on);
}

course motion_moved(horizon *h, const node *n)
{
    int64_t exact;
    if (n->kind == NODE_MOVE_DAYS)
        return by_steps(h, n, step_of_days);
    if (calendar_span_microseconds(n->move, &exact) || n->move.count == 0) {
        course c = course_of(h, n->operands[0]);
        return (course){c.motion, earlier(c.until, rows_until(h, n->domain))};
    }
    return by_steps(h, n, step_of_months);
}

/* ---- of the year --------------------------------------------------------- */

static bool is_today(const node *n)
{
    return n->kind == NODE_LOCAL_DATE && n->operands[0]->kind == NODE_NOW;
}

/* An anniversary is the next one until its day is over. */
course motion_anniversary(horizon *h, const node *n)
{
    course date = course_of(h, n->operands[0]), from = course_of(h, n->operands[1]);
    int64_t until = earlier(date.until, rows_until(h, n->domain));
    if (date.motion != MOTION_STILL || from.motion != MOTION_STILL)
        return anything(h);
    if (!is_today(n->operands[1]))
        return still(earlier(until, from.until));
    const vector *v = values_of(h, n);
    size_t count = v->is_uniform ? 1 : count_of(h, n);
    for (size_t i = 0; i < count; i++)
        if (vector_has(v, i))
            until = earlier(until, zone_day_start(h->plan->zone,
                                                  ((const int64_t *)v->values)[i] + 1));
    return still(until > h->now ? until : from.until);
}

/* A series is judged next when its next unit begins. */
static int64_t step_of_series(const horizon *h, const node *n, size_t i, int64_t x,
                              bool *goes_on)
{
    (void)i;
    (void)goes_on;
    calendar_unit unit = h->graph->judgements[n->judgement].unit;
    int64_t next = calendar_unit_start(h->plan->zone, x, unit, 1, h->plan->week_start);
    return next > x ? next - x : INT64_MAX;
}

course motion_judged(horizon *h, const node *n)
{
    return by_steps(h, n, step_of_series);
}
