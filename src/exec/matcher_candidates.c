/* SPDX-License-Identifier: MIT
 *
 * The rows that may be continued, and which of them a row continues best.
 */
#include "base/memory.h"
#include "exec/matcher.h"

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* ---- made and dropped ------------------------------------------------------ */

void candidates_clear(matcher *m)
{
    m->candidate_count = 0;
    m->unused = NO_ROW;
}

/* The number of a candidate that is not in use. */
static uint32_t take(matcher *m)
{
    uint32_t number = m->unused;
    if (number != NO_ROW) {
        m->unused = m->candidates[number].next;
        return number;
    }
    memory_grow((void **)&m->candidates, m->candidate_count, &m->candidate_capacity,
                sizeof *m->candidates);
    return (uint32_t)m->candidate_count++;
}

/* Take a candidate out of the list at *place, which goes on with the next one. */
static void drop(matcher *m, uint32_t *place)
{
    uint32_t number = *place;
    *place = m->candidates[number].next;
    m->candidates[number].next = m->unused;
    m->unused = number;
}

static step_state *state_of(const matcher *m, uint32_t group, size_t step)
{
    return m->groups.steps + group * m->groups.step_count + step;
}

static int64_t ready_from(const matcher *m, const step_plan *to, int64_t time)
{
    int64_t least;
    if (!to->step->has_later)
        return time;
    least = reach_from(m, &to->later, time);
    return to->step->later_is_open ? least + 1 : least;
}

static int64_t deadline_from(const matcher *m, const step_plan *to, int64_t time)
{
    int64_t deadline = INT64_MAX;
    if (to->step->has_within)
        deadline = reach_from(m, &to->within, time);
    if (to->step->has_earlier) {
        int64_t most = reach_from(m, &to->earlier, time);
        deadline = smaller(deadline, to->step->earlier_is_open ? most - 1 : most);
    }
    return deadline;
}

/* ---- a list: far enough away ------------------------------------------------ */

static bool outdoes(const candidate *a, const candidate *b)
{
    return a->ordinal >= b->ordinal && a->deadline >= b->deadline && a->end >= b->end;
}

static void let_in(matcher *m, uint32_t *list, uint32_t number)
{
    candidate *all = m->candidates;
    for (uint32_t *place = list; *place != NO_ROW;) {
        if (outdoes(&all[*place], &all[number])) {
            drop(m, &number);
            return;
        }
        if (outdoes(&all[number], &all[*place]))
            drop(m, place);
        else
            place = &all[*place].next;
    }
    all[number].next = *list;
    *list = number;
}

/* ---- a heap: not far enough away yet ---------------------------------------- */

static bool is_ready_before(const candidate *a, const candidate *b)
{
    return a->ready != b->ready ? a->ready < b->ready : a->ordinal < b->ordinal;
}

/* Two heaps as one (a skew heap: children change sides, so that it stays flat enough). */
static uint32_t merge_heaps(candidate *all, uint32_t a, uint32_t b)
{
    uint32_t top = NO_ROW, *place = &top;
    while (a != NO_ROW && b != NO_ROW) {
        if (is_ready_before(&all[b], &all[a])) {
            uint32_t kept = a;
            a = b;
            b = kept;
        }
        uint32_t rest = all[a].another;
        all[a].another = all[a].next;
        *place = a;
        place = &all[a].next;
        a = rest;
    }
    *place = a != NO_ROW ? a : b;
    return top;
}

/* Let in those that have waited long enough. */
static void let_in_waiting(matcher *m, step_state *state, int64_t time)
{
    while (state->waiting != NO_ROW && m->candidates[state->waiting].ready <= time) {
        uint32_t number = state->waiting;
        candidate *c = &m->candidates[number];
        state->waiting = merge_heaps(m->candidates, c->next, c->another);
        let_in(m, &state->ready, number);
    }
}

void candidates_add(matcher *m, size_t step, const sighting *row, int64_t end)
{
    const step_plan *to = &m->steps[m->steps[step].after];
    step_state *state = state_of(m, row->group, step);
    int64_t time = row->place.time;
    uint32_t number = take(m);
    m->candidates[number] = (candidate){.place = row->place,
                                        .ordinal = row->ordinal,
                                        .ready = ready_from(m, to, time),
                                        .deadline = deadline_from(m, to, time),
                                        .end = end,
                                        .next = NO_ROW,
                                        .another = NO_ROW};
    if (m->candidates[number].ready <= time)
        let_in(m, &state->ready, number);
    else
        state->waiting = merge_heaps(m->candidates, state->waiting, number);
}

/* ---- continued --------------------------------------------------------------- */

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

/* May the row follow the candidate as step `to`? If it may not, no later row may. */
static bool may_follow(matcher *m, size_t to, const sighting *row, const candidate *c)
{
    const step_plan *plan = &m->steps[to];
    if (row->place.time > c->deadline || !none_came(m, plan->before, to, row->group, c))
        return false;
    if (plan->step->is_direct &&
        streams_have_between(m, SEQUENCE_ANY_EVENT, &c->place, &row->place))
        return false;
    return !streams_have_between(m, SEQUENCE_OTHER_EVENT, &c->place, &row->place);
}

bool candidates_continue(matcher *m, size_t to, const sighting *row, int64_t *end)
{
    step_state *state = state_of(m, row->group, m->steps[to].before);
    let_in_waiting(m, state, row->place.time);
    *end = INT64_MIN;
    for (uint32_t *place = &state->ready; *place != NO_ROW;) {
        const candidate *c = &m->candidates[*place];
        if (!may_follow(m, to, row, c)) {
            drop(m, place);
            continue;
        }
        *end = c->end > *end ? c->end : *end;
        place = &m->candidates[*place].next;
    }
    return state->ready != NO_ROW;
}
