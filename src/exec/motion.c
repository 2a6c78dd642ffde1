/* SPDX-License-Identifier: MIT
 *
 * How values move that are worked out from others beside them.
 */
#include "exec/motion.h"

#include "base/bitmap.h"

/* ---- joined -------------------------------------------------------------- */

static bool rises(motion m)
{
    return m == MOTION_CLOCK || m == MOTION_RISES;
}

static bool falls(motion m)
{
    return m == MOTION_BACK || m == MOTION_FALLS;
}

motion motion_joined(motion a, motion b)
{
    if (a == b)
        return a;
    bool up = (a == MOTION_STILL || rises(a)) && (b == MOTION_STILL || rises(b));
    bool down = (a == MOTION_STILL || falls(a)) && (b == MOTION_STILL || falls(b));
    return up ? MOTION_RISES : down ? MOTION_FALLS : MOTION_ANY;
}

motion motion_reversed(motion m)
{
    static const motion reversed[] = {
        [MOTION_STILL] = MOTION_STILL, [MOTION_CLOCK] = MOTION_BACK,
        [MOTION_BACK] = MOTION_CLOCK,  [MOTION_RISES] = MOTION_FALLS,
        [MOTION_FALLS] = MOTION_RISES, [MOTION_ANY] = MOTION_ANY};
    return reversed[m];
}

motion motion_loosened(motion m)
{
    return rises(m) ? MOTION_RISES : falls(m) ? MOTION_FALLS : m;
}

/* Until when all operands keep to their courses, and the rows of the node stay. */
static int64_t all_until(horizon *h, const node *n)
{
    int64_t until = rows_until(h, n->domain);
    for (size_t i = 0; i < n->operand_count; i++)
        until = earlier(until, course_of(h, n->operands[i]).until);
    return until;
}

static bool are_still(horizon *h, const node *n)
{
    for (size_t i = 0; i < n->operand_count; i++)
        if (course_of(h, n->operands[i]).motion != MOTION_STILL)
            return false;
    return true;
}

static course of_motion(const horizon *h, motion m, int64_t until)
{
    return m == MOTION_ANY ? anything(h) : (course){m, until};
}

/* ---- leaves -------------------------------------------------------------- */

course motion_rows(horizon *h, const node *n)
{
    return still(rows_until(h, n->domain));
}

course motion_clock(horizon *h, const node *n)
{
    (void)h;
    (void)n;
    return (course){MOTION_CLOCK, HORIZON_NEVER};
}

/* What stands on other people moves when anything of theirs does; nobody follows that. */
course motion_others(horizon *h, const node *n)
{
    for (size_t i = 0; i < n->operand_count; i++)
        if (h->moves[n->operands[i]->id])
            return anything(h);
    return still(HORIZON_NEVER);
}

/* Until when the value of one of an account's people stays. */
static int64_t user_until(horizon *h, const node *n, size_t person)
{
    int64_t until = h->now + 1;
    moments *m = moments_of_people(h->moments);
    moments_turn_to(m, person);
    if (!horizon_of(h->of_people, m, h->now, h->graph->imports[n->import], &until,
                    h->err))
        h->has_failed = true;
    return until;
}

/* Values of people, whose rows name them in their only column. */
course motion_import(horizon *h, const node *n)
{
    const bound *b = h->block->bound;
    const event_table *users = bound_table(b, graph_domain(h->graph, n->domain));
    size_t account = h->block->first_person;
    int64_t until = HORIZON_NEVER;
    for (uint64_t r = users->offsets[account]; r < users->offsets[account + 1]; r++)
        until =
            earlier(until, user_until(h, n, (size_t)column_get(&users->columns[0], r)));
    return still(until);
}

/* ---- elements ------------------------------------------------------------ */

/* Never smaller when an operand is larger, and the same when all are. */
course motion_carried(horizon *h, const node *n)
{
    motion joined =
        n->operand_count > 0 ? course_of(h, n->operands[0]).motion : MOTION_STILL;
    for (size_t i = 1; i < n->operand_count; i++)
        joined = motion_joined(joined, course_of(h, n->operands[i]).motion);
    bool is_scaled = n->kind == NODE_TO_NUMBER || n->kind == NODE_TO_DURATION ||
                     n->kind == NODE_RESCALE;
    return of_motion(h, is_scaled ? motion_loosened(joined) : joined, all_until(h, n));
}

/* Of two instants, one of which stands still and the other only rises: that which stands is the larger
 * one until the other is there, and the smaller one from then on. */
static course extreme_of(horizon *h, const node *n, const node *stands, const node *moves)
{
    course c = course_of(h, moves), joined = motion_carried(h, n);
    const vector *a = values_of(h, stands), *b = values_of(h, moves);
    if (!rises(c.motion) || !vector_has(a, 0) || !vector_has(b, 0))
        return joined;
    int64_t ahead = ((const int64_t *)a->values)[0] - ((const int64_t *)b->values)[0];
    bool is_larger = n->kind == NODE_LARGER;
    if (ahead <= 0)
        return is_larger ? (course){c.motion, joined.until} : still(joined.until);
    if (c.motion != MOTION_CLOCK)
        return joined;
    int64_t until = earlier(joined.until, later_by(h, ahead));
    return is_larger ? still(until) : (course){MOTION_CLOCK, until};
}

course motion_extreme(horizon *h, const node *n)
{
    const node *a = n->operands[0], *b = n->operands[1];
    if (n->domain <= PEOPLE && n->type.kind == TYPE_TIME) {
        if (course_of(h, a).motion == MOTION_STILL)
            return extreme_of(h, n, a, b);
        if (course_of(h, b).motion == MOTION_STILL)
            return extreme_of(h, n, b, a);
    }
    return motion_carried(h, n);
}

static motion added(motion a, motion b)
{
    if (a == MOTION_STILL)
        return b;
    if (b == MOTION_STILL)
        return a;
    bool cancel = (a == MOTION_CLOCK && b == MOTION_BACK) ||
                  (a == MOTION_BACK && b == MOTION_CLOCK);
    if (cancel)
        return MOTION_STILL;
    return motion_loosened(motion_joined(a, b));
}

/* Doubles lose the microsecond. */
static motion rounded(const node *n, motion m)
{
    return n->type.kind == TYPE_NUMBER ? motion_loosened(m) : m;
}

course motion_sum(horizon *h, const node *n)
{
    motion m = course_of(h, n->operands[0]).motion;
    if (n->kind == NODE_NEGATE)
        m = motion_reversed(m);
    else if (n->kind == NODE_ADD)
        m = added(m, course_of(h, n->operands[1]).motion);
    else
        m = added(m, motion_reversed(course_of(h, n->operands[1]).motion));
    return of_motion(h, rounded(n, m), all_until(h, n));
}

/* 1: none is negative; -1: none is positive; 0: some of both. */
static int sign_of(horizon *h, const node *n)
{
    const vector *v = values_of(h, n);
    size_t count = v->is_uniform ? 1 : count_of(h, n);
    bool has_less = false, has_more = false;
    for (size_t i = 0; i < count; i++) {
        if (!vector_has(v, i))
            continue;
        double x = n->type.kind == TYPE_NUMBER ? ((const double *)v->values)[i]
                                               : (double)((const int64_t *)v->values)[i];
        has_less |= x < 0;
        has_more |= x > 0;
    }
    return has_less && has_more ? 0 : has_less ? -1 : 1;
}

static motion stretched(motion m, int sign)
{
    motion loose = motion_loosened(m);
    return sign == 0 ? MOTION_ANY : sign > 0 ? loose : motion_reversed(loose);
}

course motion_product(horizon *h, const node *n)
{
    const node *x = n->operands[0], *y = n->operands[1];
    motion a = course_of(h, x).motion, b = course_of(h, y).motion;
    motion m = MOTION_ANY;
    if (a == MOTION_STILL && b == MOTION_STILL)
        m = MOTION_STILL;
    else if (b == MOTION_STILL)
        m = stretched(a, sign_of(h, y));
    else if (a == MOTION_STILL && n->kind == NODE_MULTIPLY)
        m = stretched(b, sign_of(h, x));
    return of_motion(h, m, all_until(h, n));
}

course motion_fading(horizon *h, const node *n)
{
    return of_motion(h, stretched(course_of(h, n->operands[0]).motion, -1),
                     all_until(h, n));
}

/* The condition stands still; where it is the same for all, what it chooses is the value. */
course motion_chosen(horizon *h, const node *n)
{
    course condition = course_of(h, n->operands[0]);
    const vector *v = values_of(h, n->operands[0]);
    int64_t until = earlier(condition.until, rows_until(h, n->domain));
    if (v->is_uniform || count_of(h, n->operands[0]) == 1) {
        course chosen = course_of(h, n->operands[bitmap_get(v->values, 0) ? 1 : 2]);
        return of_motion(h, chosen.motion, earlier(until, chosen.until));
    }
    course yes = course_of(h, n->operands[1]), no = course_of(h, n->operands[2]);
    return of_motion(h, motion_joined(yes.motion, no.motion),
                     earlier(until, earlier(yes.until, no.until)));
}

/* Known while the operands stand still. */
course motion_settled(horizon *h, const node *n)
{
    if (n->kind == NODE_NEAR) /* the rows that are near are its own business */
        return still(earlier(rows_until(h, n->rows), all_until(h, n)));
    return are_still(h, n) ? still(all_until(h, n)) : anything(h);
}

course motion_presence(horizon *h, const node *n)
{
    return still(all_until(h, n));
}

/* What decides now decides until it changes; of several, until the last does. */
course motion_decided(horizon *h, const node *n)
{
    bool decisive = n->kind == NODE_OR;
    if (n->domain > PEOPLE)
        return still(all_until(h, n));
    int64_t all = HORIZON_NEVER, decided = INT64_MIN;
    for (size_t i = 0; i < n->operand_count; i++) {
        const node *operand = n->operands[i];
        course c = course_of(h, operand);
        bool holds = bitmap_get(values_of(h, operand)->values, 0);
        all = earlier(all, c.until);
        if (holds == decisive && c.until > decided)
            decided = c.until;
    }
    return still(decided > INT64_MIN ? decided : all);
}
