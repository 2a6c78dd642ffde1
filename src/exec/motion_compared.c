/* SPDX-License-Identifier: MIT
 *
 * When a comparison turns out otherwise: between whole numbers that go with the clock, by
 * subtraction; with a value of the run, by following it; else, where it can turn only once,
 * by asking the engine in ever smaller steps. Not before values that are far apart can come to
 * each other.
 */
#include "base/bitmap.h"
#include "exec/motion.h"

/* ---- when a value is another one ----------------------------------------- */

/* What a node was now, to be compared with what it is then. */
static bool is_same(const vector *a, const vector *b, type t, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool has = vector_has(a, i);
        if (has != vector_has(b, i) ||
            (has && vector_key(a, t, i) != vector_key(b, t, i)))
            return false;
    }
    return true;
}

static bool differs_at(horizon *h, const node *n, int64_t instant)
{
    judge *then = moments_there(h->moments, instant, h->err);
    if (!then) {
        h->has_failed = true;
        return true;
    }
    const vector *now = values_of(h, n), *there = judge_node(then, n);
    size_t count = count_of(h, n);
    return block_length(judge_block(then), n) != count ||
           !is_same(now, there, n->type, count);
}

/* In growing steps, and then in ever smaller ones. */
int64_t change_of(horizon *h, const node *n, int64_t limit)
{
    int64_t last = h->now, first = last, step = MICROSECONDS_PER_DAY;
    limit = earlier(limit, h->far);
    do {
        last = first;
        if (last >= limit - 1)
            return limit;
        first = step < limit - 1 - last ? last + step : limit - 1;
        step *= 4;
    } while (!differs_at(h, n, first));
    while (first - last > 1) {
        int64_t middle = last + (first - last) / 2;
        if (differs_at(h, n, middle))
            first = middle;
        else
            last = middle;
    }
    return first;
}

/* ---- by subtraction ------------------------------------------------------ */

static bool holds(node_kind kind, int64_t difference)
{
    return kind == NODE_EQUAL  ? difference == 0
           : kind == NODE_LESS ? difference < 0
                               : difference <= 0;
}

static int64_t divided_up(int64_t a, int64_t b)
{
    return a / b + (a % b != 0);
}

/* After how many microseconds does a comparison of a difference with 0 turn out otherwise, when
 * the difference grows by `rate` each? 0: never. */
static int64_t turn_of(node_kind kind, int64_t difference, int64_t rate)
{
    if (rate == 0)
        return 0;
    int64_t away = rate > 0 ? -difference : difference; /* from 0, on its way there */
    int64_t speed = rate > 0 ? rate : -rate;
    if (kind == NODE_EQUAL)
        return away == 0 ? 1 : away > 0 && away % speed == 0 ? away / speed : 0;
    if (away < 0 || (away == 0 && holds(kind, 0) == (rate < 0)))
        return 0;
    bool turns_at_0 = (kind == NODE_LESS) == (rate > 0);
    return turns_at_0 ? divided_up(away, speed) : away / speed + 1;
}

static int rate_of(motion m)
{
    return m == MOTION_CLOCK ? 1 : m == MOTION_BACK ? -1 : 0;
}

static bool is_whole(const node *n)
{
    switch (n->type.kind) {
    case TYPE_DECIMAL:
    case TYPE_TIME:
    case TYPE_DATE:
    case TYPE_DURATION: return true;
    default: return false;
    }
}

static bool keeps_a_rate(motion m)
{
    return m == MOTION_STILL || m == MOTION_CLOCK || m == MOTION_BACK;
}

static int64_t integer_at(const vector *v, size_t i)
{
    return ((const int64_t *)v->values)[v->is_uniform ? 0 : i];
}

static int64_t subtracted(horizon *h, const node *n, int64_t until, int rate)
{
    const vector *x = values_of(h, n->operands[0]), *y = values_of(h, n->operands[1]);
    size_t count = count_of(h, n);
    for (size_t i = 0; i < count; i++) {
        int64_t difference;
        if (!vector_has(x, i) || !vector_has(y, i))
            continue;
        if (__builtin_sub_overflow(integer_at(x, i), integer_at(y, i), &difference))
            return h->now + 1;
        int64_t after = turn_of(n->kind, difference, rate);
        if (after > 0)
            until = earlier(until, later_by(h, after));
    }
    return until;
}

/* ---- with a value of the run --------------------------------------------- */

typedef struct run_comparison {
    node_kind kind;
    int64_t other;
    bool is_left; /* the value of the run is the left one */
    bool is_so;   /* how it turns out now */
} run_comparison;

static int64_t turns_out_otherwise(void *context, const stretch *s)
{
    const run_comparison *c = context;
    int64_t difference, at;
    if (!s->has_value)
        return c->is_so ? s->begin : HORIZON_NEVER;
    if (__builtin_sub_overflow(s->value, c->other, &difference))
        return s->begin + 1;
    difference = c->is_left ? difference : -difference;
    if (holds(c->kind, difference) != c->is_so)
        return s->begin;
    if (!keeps_a_rate(s->course.motion))
        return s->begin + 1;
    int rate = c->is_left ? rate_of(s->course.motion) : -rate_of(s->course.motion);
    int64_t after = turn_of(c->kind, difference, rate);
    return after == 0 || __builtin_add_overflow(s->begin, after, &at) ? HORIZON_NEVER
                                                                      : at;
}

/* Less than the other one for a while yet, or more from now on. */
static int64_t turns_not_before(void *context, const stretch *s)
{
    const run_comparison *c = context;
    return stretch_least(s) > c->other ? s->loose.until : stretch_less_until(s, c->other);
}

/* Is one of the operands a value of the run that moves, and the other one still? */
static bool can_follow(horizon *h, const node *n, size_t *of_run)
{
    if (n->domain > PEOPLE)
        return false;
    for (size_t i = 0; i < 2; i++) {
        const node *other = n->operands[1 - i];
        *of_run = i;
        if (n->operands[i]->domain == RUN && h->moves[n->operands[i]->id] &&
            course_of(h, other).motion == MOTION_STILL &&
            !(other->domain == RUN && h->moves[other->id]))
            return true;
    }
    return false;
}

static int64_t followed(horizon *h, const node *n, size_t of_run, int64_t until)
{
    const node *other = n->operands[1 - of_run];
    const vector *v = values_of(h, other);
    if (!vector_has(v, 0))
        return course_of(h, other).until;
    run_comparison c = {.kind = n->kind,
                        .other = integer_at(v, 0),
                        .is_left = of_run == 0,
                        .is_so = bitmap_get(values_of(h, n)->values, 0)};
    return follow(h, n->operands[of_run], earlier(until, course_of(h, other).until),
                  turns_out_otherwise, turns_not_before, &c);
}

/* ---- far apart ------------------------------------------------------------ */

/* Until when no row's values can have come to each other, and each comparison is as it is. */
static int64_t apart_until(horizon *h, const node *n)
{
    const node *x = n->operands[0], *y = n->operands[1];
    const vector *left = values_of(h, x), *right = values_of(h, y);
    looseness of_left = looseness_of(h, x), of_right = looseness_of(h, y);
    if (!of_left.is_known || !of_right.is_known)
        return h->now;
    int64_t until =
        earlier(rows_until(h, n->domain), earlier(of_left.until, of_right.until));
    size_t count = count_of(h, n);
    for (size_t i = 0; i < count; i++) {
        if (!vector_has(left, i) || !vector_has(right, i))
            continue;
        stretch a = {h->now, integer_at(left, i), true, {0}, of_left};
        stretch b = {h->now, integer_at(right, i), true, {0}, of_right};
        until = earlier(until, a.value < b.value ? stretch_under_until(&a, &b)
                                                 : stretch_under_until(&b, &a));
    }
    return until;
}

/* ---- all of them ---------------------------------------------------------- */

/* Left and right move so that the comparison can turn out otherwise only once? */
static bool turns_once(horizon *h, const node *n)
{
    size_t half = n->operand_count / 2;
    motion left = course_of(h, n->operands[0]).motion,
           right = course_of(h, n->operands[half]).motion;
    if (n->kind == NODE_EQUAL || n->kind == NODE_QUOTIENT_EQUAL)
        return false;
    for (size_t i = 0; i < n->operand_count; i++) /* what is divided by */
        if (i % half == 1 && course_of(h, n->operands[i]).motion != MOTION_STILL)
            return false;
    return motion_joined(left, motion_reversed(right)) != MOTION_ANY;
}

course motion_compared(horizon *h, const node *n)
{
    int64_t until = rows_until(h, n->domain);
    bool are_whole = n->operand_count == 2 && is_whole(n->operands[0]);
    bool are_still = true, keep_rates = are_whole;
    size_t of_run;
    if (are_whole && can_follow(h, n, &of_run))
        return still(followed(h, n, of_run, until));
    for (size_t i = 0; i < n->operand_count; i++) {
        course c = course_of(h, n->operands[i]);
        until = earlier(until, c.until);
        are_still &= c.motion == MOTION_STILL;
        keep_rates &= keeps_a_rate(c.motion);
    }
    int64_t apart = are_whole ? apart_until(h, n) : h->now;
    if (keep_rates && !are_still)
        until = subtracted(h, n, until,
                           rate_of(course_of(h, n->operands[0]).motion) -
                               rate_of(course_of(h, n->operands[1]).motion));
    if (are_still || keep_rates || apart > until)
        return still(apart > until ? apart : until);
    return turns_once(h, n) ? still(change_of(h, n, until)) : anything(h);
}

/* Is the person known at an instant? From then on, also later. */
course motion_known(horizon *h, const node *n)
{
    course c = course_of(h, n->operands[0]);
    if (c.motion == MOTION_STILL)
        return still(c.until);
    if (c.motion == MOTION_ANY)
        return anything(h);
    return still(change_of(h, n, c.until));
}
