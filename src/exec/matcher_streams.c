/* SPDX-License-Identifier: MIT
 *
 * The streams of a matcher: which rows they have, in which order these come, and what each
 * row is to the sequence.
 */
#include "base/bitmap.h"
#include "base/memory.h"
#include "exec/matcher.h"
#include "value/type.h"

/* ---- made ---------------------------------------------------------------- */

/* The rank that all rows of a domain have, or RANK_DIFFERS. */
static uint32_t rank_of_rows(const graph *g, uint32_t id)
{
    const domain *d = graph_domain(g, id);
    while (d->kind == DOMAIN_FILTER || d->kind == DOMAIN_BESIDE)
        d = graph_domain(g, d->members[0]);
    if (d->kind != DOMAIN_UNION || d->member_count == 0)
        return domain_rank(d);
    uint32_t rank = rank_of_rows(g, d->members[0]);
    for (size_t i = 1; i < d->member_count; i++)
        if (rank_of_rows(g, d->members[i]) != rank)
            return RANK_DIFFERS;
    return rank;
}

static void begin_keys(matcher *m, const domain *d, stream *s, const sequence_inputs *in)
{
    const bound *bound = m->block->bound;
    s->keys = scratch_take(m->block->scratch, (in->key_count + 1) * sizeof *s->keys);
    for (size_t k = 0; k < in->key_count; k++) {
        const node *key = in->keys[k];
        bool differs = sequence_key_differs(m->sequence, d->inputs, k);
        s->keys[k] = (key_column){&m->block->vectors[key->id],
                                  differs ? bound_translation(bound, key->origin) : NULL,
                                  key->type};
    }
}

static void begin_stream(matcher *m, const domain *d, size_t i, const sequence_inputs *in)
{
    block *b = m->block;
    const graph *g = b->bound->plan->graph;
    stream *s = &m->streams[i];
    *s = (stream){.shape = &m->sequence->rows[i], .is_end = i < m->sequence->end_count};
    s->domain = graph_domain(g, d->members[i]);
    s->rows = block_domain(b, d->members[i]);
    s->arrivals = block_arrivals(b, d->members[i]);
    s->rank = s->here.rank = rank_of_rows(g, d->members[i]);
    s->is_step = sequence_has_step(m->sequence, s->shape);
    s->window = &b->windows[in->window->id];
    if (in->mask)
        s->mask =
            condition_bits(b, &b->vectors[in->mask->id], s->rows->count, &s->spare_mask);
    begin_keys(m, d, s, in);
}

static bool is_between(const stream *s)
{
    return s->shape->role == SEQUENCE_ANY_EVENT || s->shape->role == SEQUENCE_OTHER_EVENT;
}

static bool is_ahead(const matcher *m, const stream *s)
{
    return s->shape->role == SEQUENCE_STEP && m->steps[s->shape->step].looks_ahead;
}

static void sort_out(matcher *m)
{
    for (size_t i = 0; i < m->stream_count; i++) {
        stream *s = &m->streams[i];
        if (is_between(s))
            m->between[m->between_count++] = s;
        else if (is_ahead(m, s))
            m->ahead[m->ahead_count++] = s;
        else
            m->walked[m->walked_count++] = s;
    }
}

void streams_begin(matcher *m, const domain *d)
{
    scratch *memory = m->block->scratch;
    const node *const *next = d->inputs + 1;
    m->stream_count = m->sequence->rows_count;
    m->streams = scratch_take(memory, m->stream_count * sizeof *m->streams);
    m->walked = scratch_take(memory, m->stream_count * sizeof *m->walked);
    m->ahead = scratch_take(memory, m->stream_count * sizeof *m->ahead);
    m->between = scratch_take(memory, m->stream_count * sizeof *m->between);
    for (size_t i = 0; i < m->stream_count; i++) {
        sequence_inputs in = sequence_take_inputs(m->sequence, i, &next);
        begin_stream(m, d, i, &in);
    }
    sort_out(m);
}

void streams_end(matcher *m)
{
    scratch *memory = m->block->scratch;
    for (size_t i = 0; i < m->stream_count; i++) {
        scratch_give(memory, m->streams[i].spare_mask);
        scratch_give(memory, m->streams[i].keys);
        memory_free(m->streams[i].next);
    }
    scratch_give(memory, m->streams);
    scratch_give(memory, m->walked);
    scratch_give(memory, m->ahead);
    scratch_give(memory, m->between);
}

/* ---- walked -------------------------------------------------------------- */

void stream_move(matcher *m, stream *s, uint32_t row)
{
    s->at = s->mask ? (uint32_t)bitmap_first(s->mask, row, s->end) : row;
    if (s->at >= s->end)
        return;
    s->here.time = s->rows->time[s->at];
    s->here.arrival = s->arrivals[s->at];
    if (s->rank == RANK_DIFFERS)
        s->here.rank = domain_rank(domain_root(m->block, s->domain, s->at));
}

static void sight(const matcher *m, const stream *s, sighting *out)
{
    uint32_t bit = UINT32_C(1) << s->shape->step;
    switch (s->shape->role) {
    case SEQUENCE_STEP:
        if (m->steps[s->shape->step].step->is_negated)
            out->forbidden |= bit;
        else
            out->steps |= bit;
        if (s->is_end)
            out->endings |= bit;
        break;
    case SEQUENCE_ENDING: out->endings |= bit; break;
    case SEQUENCE_REPEAT: out->repeats |= bit; break;
    case SEQUENCE_ANY_EVENT:
    case SEQUENCE_OTHER_EVENT: break; /* not walked */
    }
    if (s->is_end && out->member == NO_ROW) {
        out->member = (uint32_t)(s - m->streams);
        out->row = s->at;
    }
}

/* The first row behind `at`, which is before the instant, that is not. Mostly it is near. */
static uint32_t first_from(const stream *s, int64_t instant)
{
    const int64_t *time = s->rows->time;
    uint32_t at = s->at, step = 1;
    for (; s->end - at > step && time[at + step] < instant; step *= 2)
        at += step;
    for (; step > 0; step /= 2)
        if (s->end - at > step && time[at + step] < instant)
            at += step;
    return at + 1;
}

/* The stream whose row comes next, and the place of the row behind it in another one. */
static stream *first_stream(const matcher *m, const row_place **second)
{
    stream *first = NULL;
    *second = NULL;
    for (size_t i = 0; i < m->walked_count; i++) {
        stream *s = m->walked[i];
        if (s->at >= s->end)
            continue;
        if (!first || place_is_before(&s->here, &first->here)) {
            *second = first ? &first->here : NULL;
            first = s;
        } else if (!*second || place_is_before(&s->here, *second)) {
            *second = &s->here;
        }
    }
    return first;
}

/* Pass over rows in front of those of all other streams: of the first step the last will do,
 * and a later step needs something to continue. True when the stream is no more the first. */
static bool pass_idle(matcher *m, stream *s, const row_place *second)
{
    if (!s->is_step || s->here.time >= second->time)
        return false;
    const step_plan *plan = &m->steps[s->shape->step];
    if (plan->latest_will_do) {
        uint32_t row = first_from(s, second->time) - 1;
        stream_move(m, s, s->mask ? (uint32_t)bitmap_last(s->mask, s->at, row + 1) : row);
        return false;
    }
    if (plan->before == NO_STEP || groups_have_candidate(m, plan->before))
        return false;
    stream_move(m, s, first_from(s, second->time));
    m->open_ends -= s->is_end && s->at >= s->end;
    return true;
}

/* With `all within`: pass over rows that lie too far in front of the next one that can end a
 * match. True when there were some. */
static bool pass_distant(matcher *m, stream *first)
{
    int64_t end = INT64_MAX, from;
    for (size_t i = 0; i < m->sequence->end_count; i++) {
        const stream *s = &m->streams[i];
        if (s->at < s->end && s->here.time < end)
            end = s->here.time;
    }
    if (__builtin_sub_overflow(end, m->all_within.microseconds, &from) ||
        first->here.time >= from)
        return false;
    stream_move(m, first, first_from(first, from));
    return true;
}

static bool pass_needless(matcher *m, stream *first, const row_place *second)
{
    return (m->passes_distant && pass_distant(m, first)) ||
           (m->passes_idle && second && pass_idle(m, first, second));
}

static stream *next_stream(matcher *m)
{
    const row_place *second;
    stream *first;
    do
        first = first_stream(m, &second);
    while (first && m->open_ends > 0 && pass_needless(m, first, second));
    return first;
}

bool streams_next(matcher *m, sighting *out)
{
    stream *first = next_stream(m);
    if (!first)
        return false;
    *out = (sighting){.place = first->here, .member = NO_ROW, .ordinal = ++m->ordinal};
    out->group =
        m->sequence->key_count > 0 ? groups_find(&m->groups, first, first->at) : 0;
    for (size_t i = 0; i < m->walked_count; i++) {
        stream *s = m->walked[i];
        if (s->at >= s->end || place_is_before(&out->place, &s->here))
            continue;
        sight(m, s, out);
        stream_move(m, s, s->at + 1);
        m->open_ends -= s->is_end && s->at >= s->end;
    }
    return true;
}

/* ---- events between the steps -------------------------------------------- */

/* Pass over the rows of the stream in front of a place. */
static void pass_over(matcher *m, stream *s, const row_place *to)
{
    if (!s->mask && s->at < s->end && s->here.time < to->time)
        stream_move(m, s, first_from(s, to->time) - 1);
    while (s->at < s->end && place_is_before(&s->here, to)) {
        s->before = s->here;
        s->has_before = true;
        stream_move(m, s, s->at + 1);
    }
}

bool streams_have_between(matcher *m, sequence_role role, const row_place *from,
                          const row_place *to)
{
    for (size_t i = 0; i < m->between_count; i++) {
        stream *s = m->between[i];
        if (s->shape->role != role)
            continue;
        pass_over(m, s, to);
        if (s->has_before && place_is_before(from, &s->before))
            return true;
    }
    return false;
}
