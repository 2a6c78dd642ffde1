/* SPDX-License-Identifier: MIT
 *
 * Ends of windows are told apart by their distance from what they are reckoned from,
 * mostly `now`. By the calendar a distance has bounds only: a month has 28 to 31 days,
 * and a day of a changing clock a few hours more or less.
 */
#include "graph/subset.h"

#include "graph/counts.h"

/* A moment: at least `least` and at most `most` microseconds behind `origin`. */
typedef struct moment {
    const node *origin; /* NULL: 1970 by the local clock */
    int64_t least, most;
} moment;

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

static bool moment_of(const node *n, moment *out)
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

/* Is a certainly before b (or not behind it, unless `strictly`)? */
static bool is_before(const node *a, const node *b, bool strictly)
{
    moment x, y;
    steps of_a, of_b;
    if (a == b)
        return !strictly;
    if (!strictly && have_same_steps(a, b, &of_a, &of_b))
        return of_a.count <= of_b.count;
    if (!moment_of(a, &x) || !moment_of(b, &y) || x.origin != y.origin)
        return false;
    return strictly ? x.most < y.least : x.most <= y.least;
}

/* ---- windows ------------------------------------------------------------ */

static bool begins_within(const node *part, const node *whole)
{
    bool is_strict = part->window.lower_in && !whole->window.lower_in;
    return part->window.has_lower &&
           is_before(whole->operands[0], part->operands[0], is_strict);
}

static bool ends_within(const node *part, const node *whole)
{
    bool is_strict = part->window.upper_in && !whole->window.upper_in;
    return part->window.has_upper &&
           is_before(part->operands[part->operand_count - 1],
                     whole->operands[whole->operand_count - 1], is_strict);
}

typedef bool keeps_end(const node *part, const node *whole);

/* Does some window that the rows of `part` lie in keep to one end of `whole`? */
static bool keeps_to(const node *part, const node *whole, keeps_end *keeps)
{
    if (part->kind == NODE_BOTH_WINDOWS)
        return keeps_to(part->operands[0], whole, keeps) ||
               keeps_to(part->operands[1], whole, keeps);
    if (part->kind == NODE_NEWEST)
        return keeps_to(part->operands[0], whole, keeps);
    return part->kind == NODE_WINDOW && keeps(part, whole);
}

static bool is_window_within(const node *part, const node *whole)
{
    if (part == whole)
        return true;
    if (whole->kind == NODE_BOTH_WINDOWS)
        return is_window_within(part, whole->operands[0]) &&
               is_window_within(part, whole->operands[1]);
    return whole->kind == NODE_WINDOW &&
           (!whole->window.has_lower || keeps_to(part, whole, begins_within)) &&
           (!whole->window.has_upper || keeps_to(part, whole, ends_within));
}

/* ---- folds -------------------------------------------------------------- */

static const node *mask_of(const node *fold)
{
    return fold->fold.has_mask ? fold->operands[1] : NULL;
}

static bool is_and_of(const node *all, const node *condition)
{
    for (size_t i = 0; all->kind == NODE_AND && i < all->operand_count; i++)
        if (all->operands[i] == condition)
            return true;
    return all == condition;
}

/* Does every row of the mask `part` fulfil `whole`, too? NULL: all rows. */
static bool is_mask_within(const node *part, const node *whole)
{
    if (!whole)
        return true;
    if (!part)
        return false;
    for (size_t i = 0; whole->kind == NODE_AND && i < whole->operand_count; i++)
        if (!is_and_of(part, whole->operands[i]))
            return false;
    return whole->kind == NODE_AND || is_and_of(part, whole);
}

static bool is_fold_within(const node *part, const node *whole)
{
    return part->rows == whole->rows && part->domain == whole->domain &&
           is_mask_within(mask_of(part), mask_of(whole)) &&
           is_window_within(part->operands[0], whole->operands[0]);
}

/* Find for each count of the part one of the whole that is its own. */
bool graph_counts_part(const node *part, const node *whole)
{
    count_list parts, wholes;
    if (!counts_gather(part, &parts) || !counts_gather(whole, &wholes))
        return false;
    for (size_t i = 0; i < parts.count; i++) {
        size_t k = 0;
        while (k < wholes.count && !is_fold_within(parts.items[i], wholes.items[k]))
            k++;
        if (k == wholes.count)
            return false;
        wholes.items[k] = wholes.items[--wholes.count];
    }
    return true;
}
