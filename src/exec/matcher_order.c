/* SPDX-License-Identifier: MIT
 *
 * Steps in order: does a row continue what there is, and does nothing forbid it?
 */
#include "base/bitmap.h"
#include "base/memory.h"
#include "exec/matcher.h"

/* ---- a `no` that later rows can break ------------------------------------ */

/* The next row of the group behind `row` of a stream that is looked ahead in; or its end. */
static uint32_t next_ahead(const stream *s, uint32_t row)
{
    if (s->next)
        return s->next[row - s->begin];
    return s->mask ? (uint32_t)bitmap_first(s->mask, row + 1, s->end) : row + 1;
}

static row_place place_of(matcher *m, stream *s, uint32_t row)
{
    row_place p = {s->rows->time[row], s->rows->arrival[row], s->rank};
    if (s->rank == RANK_DIFFERS)
        p.rank = domain_rank(domain_root(m->block, s->domain, row));
    return p;
}

/* Is the step, a `no`, kept to when it counts from this row? With `within`, no row may come
 * in (time, time + within], which has to be over; else none at all. Cursors of a group are
 * one more than the row, and never go back. */
static bool is_kept(matcher *m, stream *s, const sighting *row)
{
    const step_plan *plan = &m->steps[s->shape->step];
    uint32_t *cursor = &group_marks(&m->groups, row->group)[s->cursor];
    uint32_t at = *cursor > 0 ? *cursor - 1 : s->end;
    while (at < s->end) {
        row_place there = place_of(m, s, at);
        if (plan->step->has_within ? there.time > row->place.time
                                   : place_is_before(&row->place, &there))
            break;
        at = next_ahead(s, at);
    }
    *cursor = at + 1;
    if (at >= s->end)
        return true;
    return plan->step->has_within &&
           s->rows->time[at] > reach_from(m, &plan->within, row->place.time);
}

/* Does none of the forbidden steps behind step `s` stand in the way of the row being it? Those
 * that rows before the next step break are looked at there. */
static bool may_stand(matcher *m, size_t s, const sighting *row)
{
    for (size_t x = s + 1; x < m->sequence->step_count && m->steps[x].step->is_negated;
         x++)
        if (m->steps[x].step->has_within &&
            reach_from(m, &m->steps[x].within, row->place.time) > m->now)
            return false;
    for (size_t i = 0; i < m->ahead_count; i++) {
        stream *ahead = m->ahead[i];
        if (m->steps[ahead->shape->step].before == s && !is_kept(m, ahead, row))
            return false;
    }
    return true;
}

/* ---- bounds --------------------------------------------------------------- */

int64_t reach_from(const matcher *m, const reach *r, int64_t from)
{
    int64_t to;
    if (r->is_exact && !__builtin_add_overflow(from, r->microseconds, &to) &&
        to <= TIME_MAX)
        return to;
    return time_add(m->zone, from, r->span, 1);
}

static bool far_enough(const matcher *m, const step_plan *to, int64_t from, int64_t time)
{
    int64_t least = reach_from(m, &to->later, from);
    return to->step->later_is_open ? time > least : time >= least;
}

static bool near_enough(const matcher *m, const step_plan *to, int64_t from, int64_t time)
{
    if (to->step->has_within && time > reach_from(m, &to->within, from))
        return false;
    if (!to->step->has_earlier)
        return true;
    int64_t most = reach_from(m, &to->earlier, from);
    return to->step->earlier_is_open ? time < most : time <= most;
}

/* Has nothing that the steps forbid come behind the candidate of step `from`: no `no` in
 * front of step `to`, and no repeat of what was taken? */
static bool none_came(const matcher *m, size_t from, size_t to, uint32_t group,
                      const candidate *c)
{
    size_t count = m->sequence->step_count;
    const uint32_t *forbidden = group_marks(&m->groups, group);
    const uint32_t *repeats = forbidden + count;
    for (size_t x = from + 1; x < to; x++)
        if (forbidden[x] > c->ordinal)
            return false;
    for (size_t s = 0; s <= from; s++)
        if (repeats[s] > c->ordinal)
            return false;
    return true;
}

/* ---- candidates ------------------------------------------------------------ */

/* The latest candidate of step `from` that is far enough away for step `to`, or NULL. */
static const candidate *latest(matcher *m, step_state *state, const step_plan *to,
                               int64_t time)
{
    while (state->first != NO_ROW) {
        const candidate *c = &m->waiting[state->first];
        if (!far_enough(m, to, c->place.time, time))
            break;
        state->best = *c;
        state->has_best = true;
        state->first = c->next;
    }
    return state->has_best ? &state->best : NULL;
}

/* The latest candidate that the row may continue as step `to`, or NULL. */
static const candidate *continued(matcher *m, size_t to, const sighting *row)
{
    const step_plan *plan = &m->steps[to];
    size_t from = plan->before;
    step_state *states = m->groups.steps + row->group * m->groups.step_count;
    const candidate *c = latest(m, &states[from], plan, row->place.time);
    if (!c || !near_enough(m, plan, c->place.time, row->place.time) ||
        !none_came(m, from, to, row->group, c))
        return NULL;
    if (plan->step->is_direct &&
        streams_have_between(m, SEQUENCE_ANY_EVENT, &c->place, &row->place))
        return NULL;
    return streams_have_between(m, SEQUENCE_OTHER_EVENT, &c->place, &row->place) ? NULL
                                                                                 : c;
}

/* Where the next step has to be some time later, the candidate waits for it. */
static void keep(matcher *m, size_t step, const sighting *row, int64_t start)
{
    step_state *state = m->groups.steps + row->group * m->groups.step_count + step;
    candidate c = {row->place, start, row->ordinal, NO_ROW};
    if (!m->steps[m->steps[step].after].step->has_later) {
        state->best = c;
        state->has_best = true;
        return;
    }
    memory_grow((void **)&m->waiting, m->waiting_count, &m->waiting_capacity,
                sizeof *m->waiting);
    uint32_t number = (uint32_t)m->waiting_count++;
    m->waiting[number] = c;
    if (state->first == NO_ROW)
        state->first = number;
    else
        m->waiting[state->last].next = number;
    state->last = number;
}

static void note(matcher *m, const sighting *row)
{
    uint32_t *marks = group_marks(&m->groups, row->group);
    size_t count = m->sequence->step_count;
    for (size_t s = 0; (row->forbidden | row->repeats) >> s != 0; s++) {
        if (row->forbidden >> s & 1)
            marks[s] = row->ordinal;
        if (row->repeats >> s & 1)
            marks[count + s] = row->ordinal;
    }
}

/* Let the row be the step; does it end a match? */
static bool take_step(matcher *m, size_t step, const sighting *row)
{
    const candidate *before = NULL;
    int64_t start = row->place.time;
    if (m->steps[step].before != NO_STEP) {
        before = continued(m, step, row);
        if (!before)
            return false;
        start = before->start;
    }
    if (!may_stand(m, step, row))
        return false;
    if (step == m->last_positive)
        return matcher_all_near(m, start, row->place.time) && matcher_may_end(m, row);
    keep(m, step, row, start);
    return false;
}

bool matcher_advance(matcher *m, const sighting *row)
{
    bool is_match = false;
    for (size_t s = m->last_positive + 1; s-- > 0 && !is_match;) /* so it is none twice */
        if (row->steps >> s & 1)
            is_match = take_step(m, s, row);
    if (row->forbidden | row->repeats)
        note(m, row);
    return is_match;
}
