/* SPDX-License-Identifier: MIT
 *
 * Values that go with the clock, but for the lengths of months and the changes of clocks.
 */
#include "exec/motion.h"

/* In days. At the end of a month a moved time goes back to the begin of its day, and a change of the
 * clocks may take another one. So many months have 3 days more or less than at another time, one
 * for a leap day, two over the centuries, and so for the time of day and the clocks. */
enum { MONTHS_BACK = 2, MONTHS_AHEAD = 8, DATES_APART = 2 };

static const looseness unknown = {0};

static int64_t days(looseness l, int64_t count)
{
    return l.unit == 1 ? count * MICROSECONDS_PER_DAY : count;
}

/* By so many days more. */
static looseness looser(looseness l, int64_t back, int64_t ahead)
{
    l.back += days(l, back);
    l.ahead += days(l, ahead);
    return l;
}

/* What goes back itself may come into a longer month. */
static looseness moved_by_months(looseness l)
{
    return looser(l,
                  l.back > 0    ? MONTHS_AHEAD
                  : l.unit == 1 ? MONTHS_BACK
                                : 0,
                  MONTHS_AHEAD);
}

static looseness begun(const horizon *h, const node *n, looseness l)
{
    calendar_unit unit = n->unit_start.unit;
    int64_t length = unit >= UNIT_DAY ? 2 * calendar_unit_days(unit, true) : 2;
    bool rises = unit >= UNIT_DAY && h->dates_rise && l.back == 0;
    return looser(l, rises ? 0 : length + MONTHS_AHEAD, length + MONTHS_AHEAD);
}

static looseness of_dates(const horizon *h, looseness l)
{
    bool rises = h->dates_rise && l.back == 0;
    l.unit = MICROSECONDS_PER_DAY;
    l.back = rises ? 0 : l.back / MICROSECONDS_PER_DAY + DATES_APART;
    l.ahead = l.ahead / MICROSECONDS_PER_DAY + DATES_APART;
    return l;
}

static looseness of_day_starts(looseness l)
{
    l.unit = 1;
    l.back = l.back > 0 ? (l.back + DATES_APART) * MICROSECONDS_PER_DAY : 0;
    l.ahead = (l.ahead + DATES_APART) * MICROSECONDS_PER_DAY;
    return l;
}

static looseness of_still(const node *n, int64_t until)
{
    bool is_date = n->type.kind == TYPE_DATE;
    if (!is_date && n->type.kind != TYPE_TIME)
        return unknown;
    return (looseness){.is_known = true,
                       .is_still = true,
                       .unit = is_date ? MICROSECONDS_PER_DAY : 1,
                       .until = until};
}

static looseness of_both(looseness a, looseness b)
{
    if (!a.is_known || !b.is_known || a.unit != b.unit)
        return unknown;
    return (looseness){.is_known = true,
                       .is_still = a.is_still && b.is_still,
                       .unit = a.unit,
                       .back = a.back > b.back ? a.back : b.back,
                       .ahead = a.ahead > b.ahead ? a.ahead : b.ahead,
                       .until = earlier(a.until, b.until)};
}

/* Where one of both is certainly the lesser for a while, the smaller is that one. */
static looseness of_lesser(horizon *h, const node *n, looseness a, looseness b)
{
    if (n->domain > PEOPLE || !a.is_known || !b.is_known)
        return of_both(a, b);
    stretch x = stretch_of(h, n->operands[0], a), y = stretch_of(h, n->operands[1], b);
    bool x_is_less = x.value < y.value;
    int64_t until = x_is_less ? stretch_under_until(&x, &y) : stretch_under_until(&y, &x);
    if (!x.has_value || !y.has_value || until <= h->now)
        return of_both(a, b);
    looseness chosen = x_is_less == (n->kind == NODE_SMALLER) ? a : b;
    chosen.until = earlier(chosen.until, until);
    return chosen;
}

/* A length of time that stays the same is added or taken away. */
static looseness of_shifted(const horizon *h, const node *n, looseness l)
{
    const node *length = n->operands[1];
    return l.unit == 1 && length->type.kind == TYPE_DURATION && !h->moves[length->id]
               ? l
               : unknown;
}

static looseness of_moved(horizon *h, const node *n)
{
    looseness l = looseness_of(h, n->operands[0]);
    if (!l.is_known)
        return unknown;
    if (l.is_still && n->operand_count == 1)
        return of_still(n, l.until);
    switch (n->kind) {
    case NODE_ADD:
    case NODE_SUBTRACT: return of_shifted(h, n, l);
    case NODE_MOVE_TIME:
    case NODE_MOVE_DATE: return n->move.unit < UNIT_MONTH ? l : moved_by_months(l);
    case NODE_UNIT_START: return begun(h, n, l);
    case NODE_LOCAL_DATE: return of_dates(h, l);
    case NODE_DAY_START: return of_day_starts(l);
    default: return of_lesser(h, n, l, looseness_of(h, n->operands[1]));
    }
}

static looseness find_looseness(horizon *h, const node *n)
{
    course c = course_of(h, n);
    switch (n->kind) {
    case NODE_NOW: /* for ever */
        return (looseness){.is_known = true, .unit = 1, .until = HORIZON_NEVER};
    case NODE_ADD:
    case NODE_SUBTRACT:
    case NODE_MOVE_TIME:
    case NODE_MOVE_DATE:
    case NODE_UNIT_START:
    case NODE_LOCAL_DATE:
    case NODE_DAY_START:
    case NODE_SMALLER:
    case NODE_LARGER:
        if (h->moves[n->id])
            return of_moved(h, n);
        break;
    default: break;
    }
    return c.motion == MOTION_STILL ? of_still(n, c.until) : unknown;
}

looseness looseness_of(horizon *h, const node *n)
{
    if (!h->has_looseness[n->id]) {
        h->loosenesses[n->id] = find_looseness(h, n);
        h->has_looseness[n->id] = true;
    }
    return h->loosenesses[n->id];
}
