/* SPDX-License-Identifier: MIT
 *
 * Matches of a sequence among a person's rows, in one pass over them.
 *
 * For each step, the rows that complete the sequence up to it are *candidates*, each
 * with the latest time at which such a beginning can start. A row continues the latest
 * candidate of the step before that is far enough away: it lies nearest, so if any
 * candidate fits the bounds, this one does; and since starts never go back in time, it
 * also starts latest, which is best for `all within`. So each row looks at one
 * candidate a step.
 *
 *     a . a . . b . c        `a then b then c`: b continues the second a
 *
 * A match that is found is counted at once, and only later rows are looked at from then
 * on. With `with same p`, each value of p has candidates of its own.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bitmap.h"
#include "exec/kernels.h"

/* A row that completes the sequence up to a step. */
typedef struct candidate {
    uint32_t place; /* of the row in its group */
    int64_t time, start;
} candidate;

/* The candidates of one step in one group: a part of the group's slice of an array. */
typedef struct candidate_list {
    candidate *items;
    uint32_t count;
    uint32_t eligible; /* how many lie far enough back */
} candidate_list;

enum { NO_PLACE = UINT32_MAX };

/* Rows of one value of the keys, in order. */
typedef struct group {
    uint32_t begin, end; /* of matcher.rows */
    uint32_t epoch;      /* candidates of another epoch do not count */
} group;

typedef struct matcher {
    block *block;
    const sequence *sequence;
    size_t last_positive; /* the step after which only forbidden ones come */
    const zone *zone;
    const domain *base_domain;
    const block_rows *base;
    const uint64_t **masks;   /* by step, */
    const uint64_t **endings; /* and of the row that comes last, in any order */
    const uint64_t *only;     /* the events that may lie between; NULL: all */
    const uint64_t **fits;    /* by step: what must not come again; NULL: nothing */
    uint64_t **spare_masks;
    size_t mask_count;
    const vector **keys;
    const type *key_types;
    /* of the person: */
    uint32_t first_row, end_row; /* those up to now */
    uint32_t window_begin, window_end;
    uint32_t matched; /* the row of the match before, or NO_PLACE */
    int64_t now;
    uint32_t *rows;     /* row numbers by group, then order */
    uint32_t *place;    /* by row - first_row: its place in `rows`, or NO_PLACE */
    uint32_t *group_of; /* by row - first_row */
    uint32_t
        *barrier; /* by row - first_row: the last one before it that may lie between no
                           two steps, or NO_PLACE */
    group *groups;
    uint32_t group_count, epoch;
    uint32_t **next;        /* by step: at a place, the next place with such a row */
    uint32_t **last;        /* by step and group: the last place so far with such a row */
    candidate_list **lists; /* by step and group */
    candidate **candidates; /* by step */
    int64_t *starts;        /* any order: by group and set of steps */
    uint64_t *key_values;   /* by row - first_row and key */
} matcher;

/* ---- groups ------------------------------------------------------------- */

static int compare_keys(const matcher *m, uint32_t x, uint32_t y)
{
    size_t count = m->sequence->key_count;
    const uint64_t *a = m->key_values + (x - m->first_row) * count;
    const uint64_t *b = m->key_values + (y - m->first_row) * count;
    for (size_t k = 0; k < count; k++)
        if (a[k] != b[k])
            return a[k] < b[k] ? -1 : 1;
    return 0;
}

static int compare_rows(const void *a, const void *b, void *context)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    int order = compare_keys(context, x, y);
    return order ? order : (x > y) - (x < y);
}

/* Take the row's keys; false when one is missing, so that it equals nothing. */
static bool take_keys(matcher *m, uint32_t row)
{
    size_t count = m->sequence->key_count;
    for (size_t k = 0; k < count; k++) {
        const vector *v = m->keys[k];
        if (!vector_has(v, row))
            return false;
        m->key_values[(row - m->first_row) * count + k] =
            vector_key(v, m->key_types[k], row);
    }
    return true;
}

static void group_rows(matcher *m)
{
    uint32_t count = 0;
    m->group_count = 0;
    for (uint32_t row = m->first_row; row < m->end_row; row++) {
        m->place[row - m->first_row] = NO_PLACE;
        if (take_keys(m, row))
            m->rows[count++] = row;
    }
    if (m->sequence->key_count > 0)
        qsort_r(m->rows, count, sizeof *m->rows, compare_rows, m);
    for (uint32_t at = 0; at < count; at++) {
        bool is_new = at == 0 || compare_keys(m, m->rows[at - 1], m->rows[at]) != 0;
        if (is_new)
            m->groups[m->group_count++] = (group){.begin = at};
        m->groups[m->group_count - 1].end = at + 1;
        m->place[m->rows[at] - m->first_row] = at;
        m->group_of[m->rows[at] - m->first_row] = m->group_count - 1;
    }
}

static bool is_step(const matcher *m, size_t step, uint32_t row)
{
    return bitmap_get(m->masks[step], row);
}

/* For steps that are forbidden: where the next such row of the group is. */
static void find_next(matcher *m)
{
    for (size_t s = 0; s < m->sequence->step_count; s++) {
        for (uint32_t g = 0; g < m->group_count; g++)
            m->last[s][g] = NO_PLACE;
        if (!m->sequence->steps[s].is_negated)
            continue;
        for (uint32_t g = 0; g < m->group_count; g++) {
            uint32_t next = NO_PLACE;
            for (uint32_t at = m->groups[g].end; at-- > m->groups[g].begin;) {
                m->next[s][at] = next;
                if (is_step(m, s, m->rows[at]))
                    next = at;
            }
        }
    }
}

/* ---- bounds ------------------------------------------------------------- */

/* Does none of the forbidden steps behind positive step `s` stand in its way at this
 * place? Those with `within` look ahead in time; a last one without it looks up to now. */
static bool may_stand(const matcher *m, size_t s, uint32_t place)
{
    int64_t time = m->base->time[m->rows[place]];
    for (size_t x = s + 1;
         x < m->sequence->step_count && m->sequence->steps[x].is_negated; x++) {
        const sequence_step *step = &m->sequence->steps[x];
        uint32_t next = m->next[x][place];
        if (!step->has_within) { /* before a positive step, none_between() looks back from there */
            if (s == m->last_positive && next != NO_PLACE)
                return false;
            continue;
        }
        int64_t until = time_add(m->zone, time, step->within, 1);
        while (next != NO_PLACE && m->base->time[m->rows[next]] == time)
            next = m->next[x][next];
        if (until > m->now || (next != NO_PLACE && m->base->time[m->rows[next]] <= until))
            return false;
    }
    return true;
}

/* Has no forbidden step without `within` come between the candidate and this place? */
static bool none_between(const matcher *m, size_t from, size_t to, uint32_t g,
                         uint32_t candidate)
{
    for (size_t x = from + 1; x < to; x++) {
        uint32_t last = m->last[x][g];
        if (!m->sequence->steps[x].has_within && last != NO_PLACE && last > candidate)
            return false;
    }
    return true;
}

static bool far_enough(const matcher *m, const sequence_step *step, int64_t from,
                       int64_t to)
{
    if (!step->has_later)
        return true;
    int64_t least = time_add(m->zone, from, step->later, 1);
    return step->later_is_open ? to > least : to >= least;
}

static bool near_enough(const matcher *m, const sequence_step *step, int64_t from,
                        int64_t to)
{
    if (step->has_within && to > time_add(m->zone, from, step->within, 1))
        return false;
    if (!step->has_earlier)
        return true;
    int64_t most = time_add(m->zone, from, step->earlier, 1);
    return step->earlier_is_open ? to < most : to <= most;
}

static bool all_near_enough(const matcher *m, int64_t start, int64_t time)
{
    return !m->sequence->has_all_within ||
           time <= time_add(m->zone, start, m->sequence->all_within, 1);
}

/* ---- steps in order ----------------------------------------------------- */

static candidate_list *list_of(matcher *m, size_t step, uint32_t g)
{
    return &m->lists[step][g];
}

/* Forget the candidates of a group that belong to what was matched before. */
static void refresh_group(matcher *m, uint32_t g)
{
    size_t sets = (size_t)1 << m->sequence->step_count;
    if (m->groups[g].epoch == m->epoch)
        return;
    m->groups[g].epoch = m->epoch;
    if (m->sequence->is_any_order) {
        for (size_t s = 0; s < sets; s++)
            m->starts[g * sets + s] = INT64_MIN;
        return;
    }
    for (size_t s = 0; s < m->sequence->step_count; s++) {
        if (m->sequence->steps[s].is_negated)
            continue;
        candidate_list *list = list_of(m, s, g);
        list->items = m->candidates[s] + m->groups[g].begin;
        list->count = list->eligible = 0;
    }
}

static bool is_event(const matcher *m, uint32_t row)
{
    return domain_root(m->block, m->base_domain, row)->kind == DOMAIN_EVENTS;
}

/* Does no event lie between two rows? Sessions and matches are no events. */
static bool is_next_event(const matcher *m, uint32_t before, uint32_t row)
{
    for (uint32_t r = before + 1; r < row; r++)
        if (is_event(m, r))
            return false;
    return true;
}

/* `with only (a or b)`: which events may not lie between two steps? */
static void find_barriers(matcher *m)
{
    uint32_t last = NO_PLACE;
    for (uint32_t row = m->first_row; m->only && row < m->end_row; row++) {
        m->barrier[row - m->first_row] = last;
        if (!bitmap_get(m->only, row) && is_event(m, row))
            last = row;
    }
}

static bool only_allowed_between(const matcher *m, uint32_t before, uint32_t row)
{
    uint32_t barrier = m->only ? m->barrier[row - m->first_row] : NO_PLACE;
    return barrier == NO_PLACE || barrier <= before;
}

/* `without repeats`: has none of the steps up to this candidate's come again behind it? */
static bool none_again(const matcher *m, size_t from, uint32_t g, uint32_t candidate)
{
    for (size_t s = 0; m->fits && s <= from; s++) {
        uint32_t last = m->last[s][g];
        if (!m->sequence->steps[s].is_negated && last != NO_PLACE && last > candidate)
            return false;
    }
    return true;
}

/* The latest candidate of step `from` that step `to` may continue at this time, or NULL. */
static const candidate *continues(matcher *m, size_t from, size_t to, uint32_t g,
                                  uint32_t row)
{
    const sequence_step *step = &m->sequence->steps[to];
    candidate_list *list = list_of(m, from, g);
    int64_t time = m->base->time[row];
    while (list->eligible < list->count &&
           far_enough(m, step, list->items[list->eligible].time, time))
        list->eligible++;
    if (list->eligible == 0)
        return NULL;
    const candidate *latest = &list->items[list->eligible - 1];
    if (!near_enough(m, step, latest->time, time) ||
        !none_between(m, from, to, g, latest->place) ||
        !none_again(m, from, g, latest->place) ||
        !only_allowed_between(m, m->rows[latest->place], row) ||
        (step->is_direct && !is_next_event(m, m->rows[latest->place], row)))
        return NULL;
    return latest;
}

/* Of a session and its first event, which stand at one place, one completes a match. */
static bool may_match(const matcher *m, uint32_t row)
{
    return m->matched == NO_PLACE || m->base->time[row] != m->base->time[m->matched] ||
           m->base->arrival[row] != m->base->arrival[m->matched];
}

/* Let a row be each step that it can be, the last one first, so that it is none twice. */
static bool advance(matcher *m, uint32_t row)
{
    const sequence *q = m->sequence;
    uint32_t g = m->group_of[row - m->first_row], place = m->place[row - m->first_row];
    int64_t time = m->base->time[row];
    for (size_t s = m->last_positive + 1; s-- > 0;) {
        if (q->steps[s].is_negated || !is_step(m, s, row))
            continue;
        size_t before = s;
        while (before > 0 && q->steps[before - 1].is_negated)
            before--;
        const candidate *latest = before > 0 ? continues(m, before - 1, s, g, row) : NULL;
        if ((before > 0 && !latest) || !may_stand(m, s, place))
            continue;
        int64_t start = latest ? latest->start : time;
        if (s == m->last_positive) {
            if (all_near_enough(m, start, time) && may_match(m, row))
                return true;
            continue;
        }
        candidate_list *list = list_of(m, s, g);
        list->items[list->count++] = (candidate){place, time, start};
    }
    return false;
}

/* ---- steps in any order ------------------------------------------------- */

/* For each set of steps, the latest start of rows that are one each of them. */
static bool advance_any_order(matcher *m, uint32_t row)
{
    size_t count = m->sequence->step_count, sets = (size_t)1 << count;
    int64_t *starts = m->starts + m->group_of[row - m->first_row] * sets;
    int64_t time = m->base->time[row];
    bool is_match = false;
    for (size_t set = sets;
         set-- > 0;) { /* larger sets first: the row is one step only */
        for (size_t s = 0; s < count; s++) {
            size_t bit = (size_t)1 << s;
            int64_t start = set == 0 ? time : starts[set];
            if (set & bit || start == INT64_MIN)
                continue;
            if ((set | bit) == sets - 1)
                is_match |= bitmap_get(m->endings[s], row) &&
                            all_near_enough(m, start, time) && may_match(m, row);
            else if (is_step(m, s, row) && start > starts[set | bit])
                starts[set | bit] = start;
        }
    }
    return is_match;
}

/* ---- a person ----------------------------------------------------------- */

static void note_forbidden(matcher *m, uint32_t row)
{
    uint32_t g = m->group_of[row - m->first_row];
    for (size_t s = 0; s < m->sequence->step_count; s++)
        if (m->sequence->steps[s].is_negated ? is_step(m, s, row)
                                             : m->fits && bitmap_get(m->fits[s], row))
            m->last[s][g] = m->place[row - m->first_row];
}

/* Append the person's matches to `out`; returns how many rows there are then. */
static uint32_t match_group(matcher *m, uint32_t count, uint32_t *out)
{
    group_rows(m);
    find_next(m);
    find_barriers(m);
    m->epoch = 1;
    m->matched = NO_PLACE;
    for (uint32_t row = m->first_row; row < m->end_row; row++) {
        if (m->place[row - m->first_row] == NO_PLACE)
            continue;
        refresh_group(m, m->group_of[row - m->first_row]);
        bool is_in = row >= m->window_begin && row < m->window_end;
        bool is_match = is_in && (m->sequence->is_any_order ? advance_any_order(m, row)
                                                            : advance(m, row));
        note_forbidden(m, row);
        if (is_match) {
            out[count++] = m->matched = row;
            m->epoch++;
        }
    }
    return count;
}

/* ---- a block ------------------------------------------------------------ */

static size_t most_rows(const block_rows *rows, size_t group_count)
{
    size_t most = 0;
    for (size_t i = 0; i < group_count; i++) {
        size_t count = rows->offsets[i + 1] - rows->offsets[i];
        most = count > most ? count : most;
    }
    return most + 1;
}

static void matcher_begin(matcher *m, block *b, const domain *d)
{
    const graph *g = b->bound->plan->graph;
    scratch *s = b->scratch;
    m->block = b;
    m->sequence = g->sequences[d->index];
    m->zone = b->bound->plan->zone;
    m->base_domain = graph_domain(g, d->members[0]);
    m->base = block_domain(b, d->members[0]);
    size_t steps = m->sequence->step_count, keys = m->sequence->key_count;
    size_t step_masks = m->sequence->has_endings ? 2 * steps : steps;
    size_t only_masks = m->sequence->has_only ? 1 : 0;
    m->mask_count = step_masks + only_masks + (m->sequence->has_fits ? steps : 0);
    size_t most = most_rows(m->base, block_group_count(b, d->id));
    m->last_positive = steps - 1;
    while (m->sequence->steps[m->last_positive].is_negated)
        m->last_positive--;
    m->masks = scratch_take(s, m->mask_count * sizeof *m->masks);
    m->endings = m->masks + (step_masks - steps);
    m->fits = m->sequence->has_fits ? m->masks + step_masks + only_masks : NULL;
    m->spare_masks = scratch_take(s, m->mask_count * sizeof *m->spare_masks);
    for (size_t i = 0; i < m->mask_count; i++)
        m->masks[i] = condition_bits(b, &b->vectors[d->inputs[2 + i]->id], m->base->count,
                                     &m->spare_masks[i]);
    m->only = only_masks > 0 ? m->masks[step_masks] : NULL;
    m->next = scratch_take(s, steps * sizeof *m->next);
    m->last = scratch_take(s, steps * sizeof *m->last);
    m->lists = scratch_take(s, steps * sizeof *m->lists);
    m->candidates = scratch_take(s, steps * sizeof *m->candidates);
    for (size_t i = 0; i < steps; i++) {
        m->next[i] = scratch_take(s, most * sizeof **m->next);
        m->last[i] = scratch_take(s, most * sizeof **m->last);
        m->lists[i] = scratch_take(s, most * sizeof **m->lists);
        m->candidates[i] = scratch_take(s, most * sizeof **m->candidates);
    }
    m->keys = scratch_take(s, (keys + 1) * sizeof *m->keys);
    type *types = scratch_take(s, (keys + 1) * sizeof *types);
    for (size_t k = 0; k < keys; k++) {
        const node *key = d->inputs[2 + m->mask_count + k];
        m->keys[k] = &b->vectors[key->id];
        types[k] = key->type;
    }
    m->key_types = types;
    m->key_values = scratch_take(s, (most * keys + 1) * sizeof *m->key_values);
    m->rows = scratch_take(s, most * sizeof *m->rows);
    m->place = scratch_take(s, most * sizeof *m->place);
    m->group_of = scratch_take(s, most * sizeof *m->group_of);
    m->barrier = scratch_take(s, most * sizeof *m->barrier);
    m->groups = scratch_take(s, most * sizeof *m->groups);
    size_t sets = m->sequence->is_any_order ? (size_t)1 << steps : 0;
    m->starts = scratch_take(s, (most * sets + 1) * sizeof *m->starts);
}

static void matcher_end(matcher *m)
{
    scratch *s = m->block->scratch;
    for (size_t i = 0; i < m->mask_count; i++)
        scratch_give(s, m->spare_masks[i]);
    for (size_t i = 0; i < m->sequence->step_count; i++) {
        scratch_give(s, m->next[i]);
        scratch_give(s, m->last[i]);
        scratch_give(s, m->lists[i]);
        scratch_give(s, m->candidates[i]);
    }
    void *all[] = {m->masks,      m->spare_masks, m->next,   m->last,
                   m->lists,      m->candidates,  m->keys,   (void *)m->key_types,
                   m->key_values, m->rows,        m->place,  m->group_of,
                   m->groups,     m->starts,      m->barrier};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        scratch_give(s, all[i]);
}

/* The rows of person i, or of a row beside which they stand, up to now, which a judgement
 * `as of` a later instant knows no more of; false when that instant is missing. */
static bool begin_group(matcher *m, const domain *d, size_t i)
{
    const vector *now = &m->block->vectors[d->inputs[1]->id];
    const window_rows *window = &m->block->windows[d->inputs[0]->id];
    size_t at = now->is_uniform ? 0 : i;
    if (now->present && !bitmap_get(now->present, at))
        return false;
    m->now = ((const int64_t *)now->values)[at];
    m->first_row = m->base->offsets[i];
    m->end_row = m->base->offsets[i + 1];
    int64_t end = m->now < m->block->bound->now ? m->now : m->block->bound->now;
    while (m->end_row > m->first_row && m->base->time[m->end_row - 1] > end)
        m->end_row--;
    m->window_begin = window->begin[i];
    m->window_end = window->end[i];
    return true;
}

/* Is there a row for each positive step? Whoever lacks one has no match: most people. */
static bool has_all_steps(const matcher *m)
{
    uint32_t end = m->end_row < m->window_end ? m->end_row : m->window_end;
    if (m->sequence->has_endings)
        return true; /* the step that comes last may have a row of its own */
    for (size_t s = 0; s <= m->last_positive; s++)
        if (!m->sequence->steps[s].is_negated &&
            (m->window_begin >= end ||
             bitmap_first(m->masks[s], m->window_begin, end) >= end))
            return false;
    return true;
}

void sequence_prepare(block *b, const domain *d, block_rows *out)
{
    matcher m = {0};
    matcher_begin(&m, b, d);
    size_t most = m.base->count + 1;
    size_t groups = block_group_count(b, d->id);
    uint32_t *offsets = scratch_take(b->scratch, (groups + 1) * sizeof *offsets);
    uint32_t *source = scratch_take(b->scratch, most * sizeof *source);
    uint32_t *arrival = scratch_take(b->scratch, most * sizeof *arrival);
    int64_t *time = scratch_take(b->scratch, most * sizeof *time);
    uint32_t count = 0;
    for (size_t i = 0; i < groups; i++) {
        offsets[i] = count;
        if (begin_group(&m, d, i) && has_all_steps(&m))
            count = match_group(&m, count, source);
    }
    offsets[groups] = count;
    for (uint32_t r = 0; r < count; r++) {
        time[r] = m.base->time[source[r]];
        arrival[r] = m.base->arrival[source[r]];
    }
    matcher_end(&m);
    *out = (block_rows){.is_ready = out->is_ready,
                        .count = count,
                        .offsets = offsets,
                        .source = source,
                        .arrival = arrival,
                        .time = time};
}
