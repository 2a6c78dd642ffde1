/* SPDX-License-Identifier: MIT
 *
 * Which rows count as time goes on: those that a window leaves behind or comes to, those that a
 * condition picks, and matches that are complete when the time of a `then no` is over.
 */
#include "base/bitmap.h"
#include "exec/motion.h"

/* ---- rows of a domain ---------------------------------------------------- */

/* When the first row behind an instant comes; rows are in the order of time in each group. */
static int64_t first_behind(const block_rows *rows, int64_t instant)
{
    int64_t first = HORIZON_NEVER;
    for (size_t r = 0; rows->time && r < rows->count; r++)
        if (rows->time[r] > instant)
            first = earlier(first, rows->time[r]);
    return first;
}

/* `then no x within 1 day` of a row is settled when the day is over. */
static int64_t over_after(const horizon *h, const sequence *s, int64_t time,
                          int64_t known)
{
    int64_t first = HORIZON_NEVER;
    for (size_t i = 0; i < s->step_count; i++) {
        if (!s->steps[i].is_negated || !s->steps[i].has_within)
            continue;
        int64_t over = time_add(h->plan->zone, time, s->steps[i].within, 1);
        if (over > known)
            first = earlier(first, over);
    }
    return first;
}

/* When what is known up to `known` now, and moves with the clock, is known up to `instant`. */
static int64_t when_known(const horizon *h, int64_t known, int64_t instant)
{
    return instant == HORIZON_NEVER ? HORIZON_NEVER : later_by(h, instant - known);
}

/* The sequence knows rows up to an instant that may be another one for each group of rows. */
static int64_t matches_until(horizon *h, const domain *d)
{
    const sequence *s = h->graph->sequences[d->index];
    const node *now_of = d->inputs[0];
    course c = course_of(h, now_of);
    const vector *v = values_of(h, now_of);
    size_t count = v->is_uniform ? 1 : count_of(h, now_of);
    int64_t until = c.until;
    if (c.motion != MOTION_STILL && c.motion != MOTION_CLOCK)
        return h->now + 1;
    for (size_t k = 0; k < count; k++) {
        int64_t known = ((const int64_t *)v->values)[k];
        if (!vector_has(v, k) || c.motion == MOTION_STILL)
            continue;
        for (size_t m = 0; m < d->member_count; m++) {
            const block_rows *rows = block_domain(h->block, d->members[m]);
            until = earlier(until, when_known(h, known, first_behind(rows, known)));
            for (size_t r = 0; rows->time && r < rows->count; r++) {
                int64_t over = over_after(h, s, rows->time[r], known);
                until = earlier(until, when_known(h, known, over));
            }
        }
    }
    return until;
}

static int64_t find_rows_until(horizon *h, const domain *d)
{
    int64_t until = HORIZON_NEVER;
    for (size_t i = 0; i < d->member_count; i++)
        until = earlier(until, rows_until(h, d->members[i]));
    for (size_t i = 0; i < d->input_count; i++) {
        course c = course_of(h, d->inputs[i]);
        bool may_move = d->kind == DOMAIN_SEQUENCE && i == 0;
        until =
            earlier(until, c.motion == MOTION_STILL || may_move ? c.until : h->now + 1);
    }
    if (d->kind == DOMAIN_SEQUENCE)
        until = earlier(until, matches_until(h, d));
    if (d->kind == DOMAIN_SESSIONS)
        until =
            earlier(until, first_behind(block_domain(h->block, d->members[0]), h->now));
    return until;
}

int64_t rows_until(horizon *h, uint32_t id)
{
    if (!h->domain_moves[id])
        return HORIZON_NEVER;
    if (h->domain_until[id] == 0) {
        judge_rows(h->judge, id);
        h->domain_until[id] = find_rows_until(h, graph_domain(h->graph, id));
    }
    return h->domain_until[id];
}

/* ---- the ends of windows ------------------------------------------------- */

/* The nearest rows that count on both sides of an end of a window. It comes over the first when
 * it is later (`is_strict`: later than that), over the last when it is earlier. */
typedef struct window_edge {
    bool is_strict;
    bool has_above, has_below;
    int64_t above, below;
    bool has_floor; /* what lies below the end's value of now is not known */
    int64_t floor;
} window_edge;

/* Does an end at the value leave a row of that time behind? */
static bool is_passed(const window_edge *e, int64_t value, int64_t time)
{
    return e->is_strict ? value > time : value >= time;
}

static int64_t met_at(const window_edge *e, const stretch *s)
{
    if (!s->has_value)
        return HORIZON_NEVER;
    bool is_over =
        e->has_above && (e->is_strict ? s->value > e->above : s->value >= e->above);
    bool is_under = e->has_below && !is_passed(e, s->value, e->below);
    if (is_over || is_under || (e->has_floor && s->value < e->floor))
        return s->begin;
    int64_t step, at;
    switch (s->course.motion) {
    case MOTION_STILL: return HORIZON_NEVER;
    case MOTION_CLOCK:
        if (!e->has_above)
            return HORIZON_NEVER;
        step = e->above - s->value + e->is_strict;
        break;
    case MOTION_BACK:
        if (!e->has_below)
            return HORIZON_NEVER;
        step = s->value - e->below + !e->is_strict;
        break;
    case MOTION_RISES: return e->has_above ? s->begin + 1 : HORIZON_NEVER;
    case MOTION_FALLS: return e->has_below ? s->begin + 1 : HORIZON_NEVER;
    default: return s->begin + 1;
    }
    return __builtin_add_overflow(s->begin, step, &at) ? HORIZON_NEVER : at;
}

static int64_t edge_is_met(void *context, const stretch *s)
{
    return met_at(context, s);
}

static int64_t edge_not_before(void *context, const stretch *s)
{
    const window_edge *e = context;
    int64_t least = stretch_least(s);
    if (!s->loose.is_known || (e->has_floor && least < e->floor) ||
        (e->has_below && !is_passed(e, least, e->below)))
        return s->begin;
    return e->has_above ? stretch_less_until(s, e->above) : s->loose.until;
}

/* The rows of a window, and of the group that it is in. */
typedef struct window_place {
    const block_rows *rows;
    const uint64_t *counts; /* or NULL: all */
    bool counts_all;        /* the same condition for all rows: it holds */
    bool counts_none;
    uint32_t first, begin, end, last;
} window_place;

static bool does_count(const window_place *p, uint32_t row)
{
    return !p->counts_none && (p->counts_all || bitmap_get(p->counts, row));
}

static void look_up(const window_place *p, uint32_t from, int64_t value, window_edge *e)
{
    for (uint32_t r = from; r < p->last; r++) {
        int64_t time = p->rows->time[r];
        if (!does_count(p, r) || is_passed(e, value, time))
            continue;
        if (!e->has_above || time < e->above)
            e->above = time;
        e->has_above = true;
        return;
    }
}

static void look_down(const window_place *p, uint32_t to, int64_t value, window_edge *e)
{
    for (uint32_t r = to; r-- > p->first;) {
        int64_t time = p->rows->time[r];
        if (!does_count(p, r) || !is_passed(e, value, time))
            continue;
        if (!e->has_below || time > e->below)
            e->below = time;
        e->has_below = true;
        return;
    }
}

/* Where the other end comes first, this one lies farther on: its value says. */
static void look_around(const window_place *p, bool is_lower, int64_t value,
                        window_edge *e)
{
    look_down(p, is_lower ? p->begin : p->end, value, e);
    look_up(p, is_lower ? p->begin : p->end, value, e);
}

static window_place place_of(const horizon *h, const node *window, const node *counts)
{
    window_place p = {.rows = &h->block->rows[window->rows], .counts_all = !counts};
    if (counts) {
        const vector *v = values_of((horizon *)h, counts);
        p.counts_all = v->is_uniform && bitmap_get(v->values, 0);
        p.counts_none = v->is_uniform && !p.counts_all;
        p.counts = v->values;
    }
    return p;
}

/* Derived tables hold no rows that nobody looks at now (demand.h). */
static bool is_stored(const horizon *h, uint32_t id)
{
    domain_kind kind = graph_domain(h->graph, id)->kind;
    return kind == DOMAIN_EVENTS || kind == DOMAIN_TRAIT;
}

/* One end, of all groups that have the window. */
static int64_t end_until(horizon *h, const node *window, const node *counts,
                         size_t operand, bool is_lower)
{
    const node *end = window->operands[operand];
    bool is_in = is_lower ? window->window.lower_in : window->window.upper_in;
    course c = course_of(h, end);
    const vector *v = values_of(h, end);
    const window_rows *found = &h->block->windows[window->id];
    window_place p = place_of(h, window, counts);
    size_t count = count_of(h, window);
    uint32_t *groups =
        block_ancestors(h->block, window->domain, graph_group_of(h->graph, window->rows));
    window_edge shared = {.is_strict = is_lower == is_in};
    if (end->domain == RUN && is_lower && !is_stored(h, window->rows) &&
        vector_has(v, 0)) {
        shared.has_floor = true;
        shared.floor = ((const int64_t *)v->values)[0];
    }
    looseness loose = end->domain == RUN ? (looseness){0} : looseness_of(h, end);
    int64_t until = loose.is_known && loose.until > c.until ? loose.until : c.until;
    for (size_t i = 0; i < count; i++) {
        size_t group = groups ? groups[i] : i;
        p.first = p.rows->offsets[group];
        p.last = p.rows->offsets[group + 1];
        p.begin = found->begin[i];
        p.end = found->end[i];
        window_edge own = {.is_strict = shared.is_strict};
        size_t at = v->is_uniform ? 0 : i;
        int64_t value = ((const int64_t *)v->values)[at];
        look_around(&p, is_lower, value, end->domain == RUN ? &shared : &own);
        if (end->domain == RUN)
            continue;
        stretch s = {h->now, value, vector_has(v, at), c, loose};
        int64_t met = earlier(c.until, met_at(&own, &s)),
                sure = edge_not_before(&own, &s);
        until = earlier(until, sure > met && s.has_value ? sure : met);
    }
    scratch_give(h->block->scratch, groups);
    return end->domain == RUN
               ? follow(h, end, HORIZON_NEVER, edge_is_met, edge_not_before, &shared)
               : until;
}

int64_t window_until(horizon *h, const node *window, const node *counts)
{
    if (!h->moves[window->id])
        return HORIZON_NEVER;
    int64_t until = rows_until(h, window->rows);
    until = earlier(until, rows_until(h, window->domain));
    values_of(h, window);
    if (window->kind == NODE_NEWEST)
        return earlier(until, window_until(h, window->operands[0], NULL));
    if (window->kind == NODE_BOTH_WINDOWS)
        return earlier(until, earlier(window_until(h, window->operands[0], counts),
                                      window_until(h, window->operands[1], counts)));
    const window_ends *ends = &window->window;
    if (window->kind == NODE_WINDOW && ends->has_lower)
        until = earlier(until, end_until(h, window, counts, 0, true));
    if (window->kind == NODE_WINDOW && ends->has_upper)
        until = earlier(until, end_until(h, window, counts, ends->has_lower, false));
    return until;
}

course motion_window(horizon *h, const node *n)
{
    return still(window_until(h, n, NULL));
}

/* ---- folds --------------------------------------------------------------- */

/* How the fold moves when its rows stay and their values move. */
static motion folded(node_kind fold, motion m)
{
    switch (fold) {
    case NODE_LEAST:
    case NODE_GREATEST:
    case NODE_FIRST:
    case NODE_LAST: return m;
    case NODE_SUM:
    case NODE_QUANTILE: return motion_loosened(m);
    case NODE_COUNT: return MOTION_STILL;
    default: return m == MOTION_STILL ? m : MOTION_ANY;
    }
}

/* One table: its window, and behind it mask and value. */
static course of_table(horizon *h, const node *const *operands, const fold_details *d)
{
    const node *window = operands[0], *mask = d->has_mask ? operands[1] : NULL;
    course all = still(window_until(h, window, mask));
    if (mask)
        all.until = earlier(all.until, course_of(h, mask).until);
    if (d->has_value) {
        course value = course_of(h, operands[1 + d->has_mask]);
        all = (course){value.motion, earlier(all.until, value.until)};
    }
    return all;
}

course motion_fold(horizon *h, const node *n)
{
    bool is_united = n->kind == NODE_UNITED;
    const fold_details *d = is_united ? &n->united.details : &n->fold;
    node_kind fold = is_united ? (node_kind)n->united.kind : n->kind;
    size_t width = (size_t)1 + d->has_mask + d->has_value;
    course all = still(rows_until(h, n->domain));
    for (size_t i = 0; i < n->operand_count; i += width) {
        course c = of_table(h, n->operands + i, d);
        motion m = i == 0 ? c.motion : motion_joined(all.motion, c.motion);
        all = (course){m, earlier(all.until, c.until)};
    }
    all.motion = folded(fold, all.motion);
    return all.motion == MOTION_ANY ? anything(h) : all;
}
