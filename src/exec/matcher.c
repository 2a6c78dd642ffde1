/* SPDX-License-Identifier: MIT
 *
 * Who can have a match at all, and the walk over the rows of those who can.
 */
#include "exec/matcher.h"

#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "exec/filled.h"

/* ---- made ------------------------------------------------------------------ */

static reach reach_of(calendar_span span)
{
    reach r = {.span = span};
    r.is_exact = calendar_span_microseconds(span, &r.microseconds);
    return r;
}

/* May rows of the first step be left out when another comes before any row of the others? Not
 * when that one may be too late for the next step, reach less far (months), or be forbidden by
 * what follows. */
static bool latest_will_do(const matcher *m)
{
    size_t after = m->steps[0].after;
    for (size_t i = 1; after != NO_STEP && i < after; i++)
        if (m->steps[i].looks_ahead)
            return false;
    if (after == NO_STEP || !m->all_within.is_exact)
        return false;
    const step_plan *next = &m->steps[after];
    return !next->step->has_later && next->within.is_exact && next->earlier.is_exact;
}

static void plan_steps(matcher *m)
{
    const sequence *q = m->sequence;
    size_t before = NO_STEP;
    m->steps = scratch_take(m->block->scratch, q->step_count * sizeof *m->steps);
    for (size_t i = 0; i < q->step_count; i++) {
        const sequence_step *step = &q->steps[i];
        m->steps[i] = (step_plan){.step = step,
                                  .before = before,
                                  .after = NO_STEP,
                                  .within = reach_of(step->within),
                                  .later = reach_of(step->later),
                                  .earlier = reach_of(step->earlier)};
        m->steps[i].looks_ahead =
            step->is_negated && (step->has_within || i > m->last_positive);
        if (step->is_negated)
            continue;
        if (before != NO_STEP)
            m->steps[before].after = i;
        before = i;
    }
    m->steps[0].latest_will_do = latest_will_do(m);
    m->passes_idle = !q->is_any_order && q->key_count == 0;
    m->passes_distant = q->has_all_within && m->all_within.is_exact;
}

/* Are the rows of different steps those of different tables of events? */
static bool steps_are_apart(const matcher *m)
{
    for (size_t i = 0; i < m->stream_count; i++) {
        const stream *s = &m->streams[i];
        if (s->domain->kind != DOMAIN_EVENTS)
            return false;
        for (size_t k = 0; k < i; k++)
            if (m->streams[k].domain == s->domain &&
                m->streams[k].shape->step != s->shape->step)
                return false;
    }
    return true;
}

void matcher_begin(matcher *m, block *b, const domain *d)
{
    const plan *p = b->bound->plan;
    *m =
        (matcher){.block = b, .sequence = p->graph->sequences[d->index], .zone = p->zone};
    m->now_of = &b->vectors[d->inputs[0]->id];
    m->last_positive = sequence_last_positive(m->sequence);
    m->all_within = reach_of(m->sequence->all_within);
    plan_steps(m);
    streams_begin(m, d);
    m->latest_will_do = m->all_within.is_exact && steps_are_apart(m);
    groups_begin(m);
}

void matcher_end(matcher *m)
{
    groups_end(m);
    streams_end(m);
    memory_free(m->candidates);
    scratch_give(m->block->scratch, m->steps);
}

/* ---- who can have a match ---------------------------------------------------- */

/* Whose window holds a row of a stream that may be the step? */
static void find_filled(const matcher *m, size_t step, size_t count, uint64_t *bits,
                        uint64_t *spare)
{
    bitmap_fill(bits, count, false);
    for (size_t i = 0; i < m->stream_count; i++) {
        const stream *s = &m->streams[i];
        if (s->shape->step != step || !s->is_step)
            continue;
        filled_find(s->window->begin, s->window->end, count, spare);
        for (size_t w = 0; w < bitmap_words(count); w++)
            bits[w] |= spare[w];
    }
}

uint64_t *matcher_hopeful(const matcher *m, size_t count)
{
    scratch *memory = m->block->scratch;
    size_t size = (bitmap_words(count) + 1) * sizeof(uint64_t);
    uint64_t *hopeful = scratch_take(memory, size);
    uint64_t *step = scratch_take(memory, size), *spare = scratch_take(memory, size);
    bool needs_all = m->sequence->least == m->sequence->step_count;
    bitmap_fill(hopeful, count, needs_all);
    for (size_t s = 0; s < m->sequence->step_count; s++) {
        if (m->steps[s].step->is_negated)
            continue;
        find_filled(m, s, count, step, spare);
        for (size_t w = 0; w < bitmap_words(count); w++)
            hopeful[w] = needs_all ? hopeful[w] & step[w] : hopeful[w] | step[w];
    }
    scratch_give(memory, step);
    scratch_give(memory, spare);
    return hopeful;
}

/* ---- a person ----------------------------------------------------------------- */

/* Until when rows are looked at: nobody knows of those behind the run's now. */
static bool find_now(matcher *m, size_t i, int64_t *until)
{
    size_t at = m->now_of->is_uniform ? 0 : i;
    if (!vector_has(m->now_of, i))
        return false;
    m->now = ((const int64_t *)m->now_of->values)[at];
    *until = m->now < m->block->bound->now ? m->now : m->block->bound->now;
    return true;
}

static void enter_stream(matcher *m, stream *s, size_t i, int64_t until)
{
    uint32_t begin = s->window->begin[i];
    s->end = s->window->end[i];
    while (s->end > begin && s->rows->time[s->end - 1] > until)
        s->end--;
    s->has_before = false;
    stream_move(m, s, begin);
}

/* How many of the steps have a row left? */
static size_t count_steps(const matcher *m)
{
    uint32_t steps = 0;
    for (size_t i = 0; i < m->walked_count; i++) {
        const stream *s = m->walked[i];
        if (s->at < s->end && s->is_step)
            steps |= UINT32_C(1) << s->shape->step;
    }
    return (size_t)__builtin_popcount(steps);
}

/* In order, nothing in front of the first row of the first step matters. */
static void trim(matcher *m)
{
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < m->walked_count; i++) {
        const stream *s = m->walked[i];
        if (s->shape->role == SEQUENCE_STEP && s->shape->step == 0 && s->at < s->end &&
            s->here.time < first)
            first = s->here.time;
    }
    for (size_t i = 0; i < m->stream_count; i++) {
        stream *s = &m->streams[i];
        if (s->at < s->end && s->here.time < first)
            stream_move(m, s, rows_first_from(s->rows, s->at, s->end, first));
    }
}

/* Chain the rows of each group that are looked ahead in, from the last one back. */
static void chain(matcher *m, stream *s)
{
    uint32_t at;
    for (; s->next_capacity < s->end - s->begin; s->next_capacity *= 2)
        if (s->next_capacity == 0)
            s->next_capacity = 16;
    s->next = memory_resize_array(s->next, s->next_capacity + 1, sizeof *s->next);
    for (at = s->end; at-- > s->begin;) {
        uint32_t group = s->mask && !bitmap_get(s->mask, at)
                             ? NO_GROUP
                             : groups_find(&m->groups, s, at);
        if (group == NO_GROUP)
            continue;
        uint32_t *cursor = &group_marks(&m->groups, group)[s->cursor];
        s->next[at - s->begin] = *cursor > 0 ? *cursor - 1 : s->end;
        *cursor = at + 1;
    }
}

/* Where the search ahead begins. */
static void look_ahead(matcher *m)
{
    for (size_t i = 0; i < m->ahead_count; i++) {
        stream *s = m->ahead[i];
        s->begin = s->at;
        if (s->at >= s->end)
            continue;
        if (m->sequence->key_count > 0)
            chain(m, s);
        else
            group_marks(&m->groups, groups_find(&m->groups, s, s->at))[s->cursor] =
                s->at + 1;
    }
}

bool matcher_enter(matcher *m, size_t i)
{
    int64_t until;
    if (!find_now(m, i, &until))
        return false;
    for (size_t s = 0; s < m->stream_count; s++)
        enter_stream(m, &m->streams[s], i, until);
    if (count_steps(m) < sequence_steps_needed(m->sequence))
        return false;
    if (!m->sequence->is_any_order) {
        trim(m);
        if (count_steps(m) < sequence_steps_needed(m->sequence))
            return false;
    }
    groups_clear(&m->groups);
    if (m->sequence->key_count == 0)
        groups_find(&m->groups, NULL, 0); /* the only one */
    look_ahead(m);
    candidates_clear(m);
    m->ordinal = 0;
    m->epoch = 1;
    m->has_matched = false;
    m->open_ends = 0;
    for (size_t s = 0; s < m->sequence->end_count; s++)
        m->open_ends += m->streams[s].at < m->streams[s].end;
    return true;
}

static bool is_match(matcher *m, const sighting *row)
{
    groups_refresh(&m->groups, row->group, m->epoch);
    return m->sequence->is_any_order ? matcher_advance_any_order(m, row)
                                     : matcher_advance(m, row);
}

bool matcher_find(matcher *m, sighting *out)
{
    while (m->open_ends > 0 && streams_next(m, out)) {
        if (out->group == NO_GROUP || !is_match(m, out))
            continue;
        m->has_matched = true;
        m->matched = out->place;
        m->epoch++;
        candidates_clear(m);
        return true;
    }
    return false;
}
