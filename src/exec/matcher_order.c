/* SPDX-License-Identifier: MIT
 *
 * Steps in order: what a row can be, and whether a `no` that later rows can break forbids it.
 */
#include "base/bitmap.h"
#include "exec/matcher.h"

/* The next row of the group behind `row` of a stream that is looked ahead in; or its end. */
static uint32_t next_ahead(const stream *s, uint32_t row)
{
    if (s->next)
        return s->next[row - s->begin];
    return s->mask ? (uint32_t)bitmap_first(s->mask, row + 1, s->end) : row + 1;
}

static row_place place_of(matcher *m, stream *s, uint32_t row)
{
    row_place p = {s->rows->time[row], s->arrivals[row], s->rank};
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
    int64_t end;
    if (m->steps[step].before == NO_STEP)
        end = matcher_end_from(m, row->place.time);
    else if (!candidates_continue(m, step, row, &end))
        return false;
    if (!may_stand(m, step, row))
        return false;
    if (step == m->last_positive)
        return row->place.time <= end && matcher_may_end(m, row);
    candidates_add(m, step, row, end);
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
