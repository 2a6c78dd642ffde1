/* SPDX-License-Identifier: MIT
 *
 * By the calendar a distance has bounds only: a month has 28 to 31 days, and a day of a
 * changing clock a few hours more or less.
 */
#include "graph/moment.h"

static const int64_t CLOCK_CHANGES = 3 * (MICROSECONDS_PER_DAY / 24);
enum { MOST_UNITS = 100000 }; /* no product of days overflows below */

/* The bounds of `count` units of the calendar; false when they are of no use. */
static bool units_of_calendar(int64_t count, calendar_unit unit, moment *out)
{
    static const int64_t shortest[] = {[UNIT_DAY] = 1,
                                       [UNIT_WEEK] = 7,
                                       [UNIT_MONTH] = 28,
                                       [UNIT_QUARTER] = 90,
                                       [UNIT_YEAR] = 365};
    static const int64_t longest[] = {[UNIT_DAY] = 1,
                                      [UNIT_WEEK] = 7,
                                      [UNIT_MONTH] = 31,
                                      [UNIT_QUARTER] = 92,
                                      [UNIT_YEAR] = 366};
    if (unit < UNIT_DAY || count < -MOST_UNITS || count > MOST_UNITS)
        return false;
    int64_t near = count * shortest[unit] * MICROSECONDS_PER_DAY;
    int64_t far = count * longest[unit] * MICROSECONDS_PER_DAY;
    out->least += (count < 0 ? far : near) - CLOCK_CHANGES;
    out->most += (count < 0 ? near : far) + CLOCK_CHANGES;
    return true;
}

static bool add_move(const node *n, moment *out)
{
    int64_t exact;
    if (n->move.unit >= UNIT_MONTH)
        return units_of_calendar(n->move.count, n->move.unit, out);
    int64_t limit = MOST_UNITS * MICROSECONDS_PER_DAY;
    if (!calendar_span_microseconds(n->move, &exact) || exact > limit || exact < -limit)
        return false;
    out->least += exact;
    out->most += exact;
    return true;
}

/* The start of a unit lies up to a unit before the time that it holds. */
static bool add_unit_start(const node *n, moment *out)
{
    moment back = *out;
    unit_move start = n->unit_start;
    if (!units_of_calendar(start.count, start.unit, out) ||
        !units_of_calendar(start.count - 1, start.unit, &back))
        return false;
    out->least = back.least;
    if (start.count == 0)
        out->most -= CLOCK_CHANGES;
    return true;
}

bool moment_of(const node *n, moment *out)
{
    *out = (moment){.origin = n};
    if (n->kind == NODE_MOVE_TIME) {
        out->origin = n->operands[0];
        return add_move(n, out);
    }
    if (n->kind == NODE_MOVE_DAYS) {
        out->origin = n->operands[0];
        return n->operands[1]->kind == NODE_CONSTANT &&
               !n->operands[1]->constant.is_missing &&
               units_of_calendar(n->operands[1]->constant.integer, UNIT_DAY, out);
    }
    if (n->kind == NODE_UNIT_START) {
        out->origin = n->operands[0];
        return add_unit_start(n, out);
    }
    if (n->kind == NODE_DAY_START && n->operands[0]->kind == NODE_CONSTANT &&
        !n->operands[0]->constant.is_missing) {
        int64_t day = n->operands[0]->constant.integer + n->days;
        *out = (moment){NULL, day, day};
    }
    return true;
}

/* Two moments that are so many steps of one unit away from one instant: moved by lengths, or
 * the starts of units. */
typedef struct steps {
    const node *from;
    calendar_unit unit;
    int64_t count;
} steps;

static bool steps_of(const node *n, steps *out)
{
    bool is_moved = n->kind == NODE_MOVE_TIME;
    if (!is_moved && n->kind != NODE_UNIT_START)
        return false;
    *out = is_moved ? (steps){n->operands[0], n->move.unit, n->move.count}
                    : (steps){n->operands[0], n->unit_start.unit, n->unit_start.count};
    return true;
}

static bool have_same_steps(const node *a, const node *b, steps *of_a, steps *of_b)
{
    return a->kind == b->kind && steps_of(a, of_a) && steps_of(b, of_b) &&
           of_a->from == of_b->from && of_a->unit == of_b->unit;
}

bool moments_in_order(const moment *a, const moment *b, bool strictly)
{
    return a->origin == b->origin &&
           (strictly ? a->most < b->least : a->most <= b->least);
}

bool moment_is_before(const node *a, const node *b, bool strictly)
{
    moment x, y;
    steps of_a, of_b;
    if (a == b)
        return !strictly;
    if (!strictly && have_same_steps(a, b, &of_a, &of_b))
        return of_a.count <= of_b.count;
    return moment_of(a, &x) && moment_of(b, &y) && moments_in_order(&x, &y, strictly);
}
