/* SPDX-License-Identifier: MIT
 *
 * A value of the run is looked at where its course ends, and again from there; what goes with the
 * clock over the years is not looked at before it can matter.
 */
#include "exec/motion.h"

stretch stretch_of(horizon *h, const node *n, looseness loose)
{
    const vector *v = values_of(h, n);
    return (stretch){.begin = h->now,
                     .value = *(const int64_t *)v->values,
                     .has_value = vector_has(v, 0),
                     .course = course_of(h, n),
                     .loose = loose};
}

/* The same reading at another instant, of what is the same for everybody. */
static bool stand_there(horizon *there, int64_t instant)
{
    there->judge = moments_there(there->moments, instant, there->err);
    if (!there->judge)
        return false;
    there->block = judge_block(there->judge);
    there->now = instant;
    horizon_forget(there);
    return true;
}

int64_t stretch_least(const stretch *s)
{
    int64_t least;
    bool is_over = __builtin_sub_overflow(s->value, s->loose.back, &least);
    return s->loose.is_known && !is_over ? least : INT64_MIN;
}

int64_t stretch_less_until(const stretch *s, int64_t value)
{
    const looseness *l = &s->loose;
    int64_t gap, until;
    if (!l->is_known || __builtin_sub_overflow(value, s->value, &gap) || gap <= l->ahead)
        return s->begin;
    bool is_over = l->is_still ||
                   __builtin_mul_overflow(gap - l->ahead, l->unit, &until) ||
                   __builtin_add_overflow(until, s->begin, &until);
    return is_over ? l->until : earlier(l->until, until);
}

int64_t stretch_under_until(const stretch *less, const stretch *more)
{
    return earlier(stretch_less_until(less, stretch_least(more)), more->loose.until);
}

/* Where it has to be looked at next; *met is when it is so, if that comes first. */
static int64_t next_look(const stretch *s, stretch_test *is_met, stretch_test *not_before,
                         void *context, int64_t *met)
{
    *met = is_met(context, s);
    if (*met < s->course.until)
        return s->course.until;
    int64_t sure = s->has_value ? not_before(context, s) : s->begin;
    return sure > s->course.until ? sure : s->course.until;
}

static int64_t follow_there(horizon *h, horizon *there, const node *n, int64_t limit,
                            stretch_test *is_met, stretch_test *not_before, void *context)
{
    stretch s = stretch_of(h, n, looseness_of(h, n));
    for (;;) {
        int64_t met, next = next_look(&s, is_met, not_before, context, &met);
        if (met < next || next >= limit || h->looks >= h->most_looks)
            return earlier(limit, earlier(met, next));
        h->looks++;
        if (!stand_there(there, next)) {
            h->has_failed = true;
            return earlier(limit, next);
        }
        s = stretch_of(there, n, looseness_of(there, n));
    }
}

int64_t follow(horizon *h, const node *n, int64_t limit, stretch_test *is_met,
               stretch_test *not_before, void *context)
{
    horizon there = *h;
    moments *own =
        h->is_there ? moments_like(h->moments) : NULL; /* its judge is in use */
    there.moments = own ? own : h->moments;
    there.is_there = true;
    horizon_room_take(&there);
    int64_t until =
        follow_there(h, &there, n, earlier(limit, h->far), is_met, not_before, context);
    moments_free(own);
    horizon_room_free(&there);
    return until;
}
