/* SPDX-License-Identifier: MIT
 *
 * The rows of a person are looked at from the newest backwards, since one is enough.
 */
#include "exec/loose_ends.h"

#include "base/bitmap.h"
#include "exec/chains.h"
#include "exec/edges.h"
#include "exec/filled.h"
#include "exec/matches.h"
#include "exec/row_times.h"

enum { NO_ROW = UINT32_MAX };

/* The rows of one table that may be the step, or are forbidden behind it. */
typedef struct end_link {
    const block *block;
    const node *window;
    uint32_t domain;
    row_times times;
    const uint64_t *mask; /* or NULL */
    uint64_t *spare_mask;
    uint32_t begin, at, stop; /* of the person: rows from `at` on are passed */
} end_link;

typedef struct loose_end {
    block *block;
    const sequence *sequence;
    end_link *links; /* those of the step come first */
    size_t link_count, step_count;
    int64_t until; /* later rows nobody knows of, */
    int64_t limit; /* and later ones are no match yet */
    int64_t within;
} loose_end;

/* ---- which are ------------------------------------------------------------- */

static bool has_loose_end(const sequence *s)
{
    if (s->step_count != 2 || s->is_any_order || s->key_count > 0)
        return false;
    const sequence_step *first = &s->steps[0], *last = &s->steps[1];
    if (first->is_negated || !last->is_negated || last->is_direct || last->has_later ||
        last->has_earlier)
        return false;
    for (size_t i = 0; i < s->rows_count; i++)
        if (s->rows[i].role != SEQUENCE_STEP)
            return false;
    int64_t within;
    return !last->has_within || calendar_span_microseconds(last->within, &within);
}

bool loose_end_is(const graph *g, const domain *d, const bool *all_matches)
{
    if (d->kind != DOMAIN_SEQUENCE || all_matches[d->id] || d->inputs[0]->domain != RUN ||
        graph_group_of(g, d->id) != PEOPLE || !has_loose_end(g->sequences[d->index]))
        return false;
    for (size_t i = 0; i < d->member_count; i++)
        if (!chain_has_plain_rows(g, d->members[i]))
            return false;
    return true;
}

static void find_limits(loose_end *e, const domain *d)
{
    const sequence_step *last = &e->sequence->steps[1];
    const vector *now_of = &e->block->vectors[d->inputs[0]->id];
    int64_t now = *(const int64_t *)now_of->values;
    e->until = now < e->block->bound->now ? now : e->block->bound->now;
    if (!vector_has(now_of, 0))
        e->until = INT64_MIN; /* nobody knows of any row */
    e->limit = e->until;
    if (!last->has_within)
        return;
    calendar_span_microseconds(last->within, &e->within);
    if (now < TIME_MAX && now - e->within < e->limit) /* no time comes behind that one */
        e->limit = now - e->within;
}

/* ---- rows ------------------------------------------------------------------ */

/* The first of the rows in front of `at` that is later than an instant, or `at`: mostly it is
 * near. */
static uint32_t first_later(const end_link *l, int64_t instant)
{
    uint32_t low = l->begin, high = l->at;
    for (uint32_t step = 1; high - low >= step; step *= 2) {
        if (row_time_at(&l->times, high - step) <= instant) {
            low = high - step + 1;
            break;
        }
        high -= step;
    }
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (row_time_at(&l->times, middle) <= instant)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The last row in front of `at` that counts, or NO_ROW. */
static uint32_t last_row(const end_link *l)
{
    if (l->mask)
        return (uint32_t)bitmap_last(l->mask, l->begin, l->at);
    return l->at > l->begin ? l->at - 1 : NO_ROW;
}

static void enter(const loose_end *e, end_link *l, size_t person, int64_t until)
{
    const window_rows *window = &e->block->windows[l->window->id];
    l->begin = window->begin[person];
    l->at = window->end[person];
    l->at = l->stop = first_later(l, until);
}

/* ---- without `within`: the last row of the step ------------------------------ */

static bool lies_before(const end_link *a, uint32_t row, const end_link *b,
                        uint32_t other)
{
    int64_t x = row_time_at(&a->times, row), y = row_time_at(&b->times, other);
    return x != y ? x < y
                  : block_arrival(a->block, a->domain, row) <
                        block_arrival(b->block, b->domain, other);
}

/* The table with the last row of all in front of `at`; NULL: there is no row. */
static const end_link *find_last(const end_link *links, size_t count, uint32_t *row)
{
    const end_link *last = NULL;
    for (const end_link *l = links; l < links + count; l++) {
        uint32_t found = last_row(l);
        if (found == NO_ROW || (last && lies_before(l, found, last, *row)))
            continue;
        last = l;
        *row = found;
    }
    return last;
}

static bool nothing_comes(const loose_end *e)
{
    uint32_t row = NO_ROW, other = NO_ROW;
    const end_link *step = find_last(e->links, e->step_count, &row),
                   *forbidden = find_last(e->links + e->step_count,
                                          e->link_count - e->step_count, &other);
    return step && (!forbidden || !lies_before(step, row, forbidden, other));
}

/* ---- with `within`: any row of the step --------------------------------------- */

/* Does a forbidden row come in (time, time + within]? Asked of times that never go forward. */
static bool comes_soon(const loose_end *e, end_link *l, int64_t time)
{
    l->at = first_later(l, time);
    uint32_t next = l->mask ? (uint32_t)bitmap_first(l->mask, l->at, l->stop) : l->at;
    return next < l->stop && row_time_at(&l->times, next) - time <= e->within;
}

static bool nothing_comes_soon(const loose_end *e, int64_t time)
{
    for (end_link *l = e->links + e->step_count; l < e->links + e->link_count; l++)
        if (comes_soon(e, l, time))
            return false;
    return true;
}

static bool has_quiet_row(const loose_end *e, end_link *step)
{
    for (end_link *l = e->links + e->step_count; l < e->links + e->link_count; l++)
        l->at = l->stop;
    for (; (step->at = last_row(step)) != NO_ROW;)
        if (nothing_comes_soon(e, row_time_at(&step->times, step->at)))
            return true;
    return false;
}

/* ---- a block ------------------------------------------------------------------ */

static bool is_met(const loose_end *e, size_t person)
{
    for (size_t i = 0; i < e->link_count; i++)
        enter(e, &e->links[i], person, i < e->step_count ? e->limit : e->until);
    if (!e->sequence->steps[1].has_within)
        return nothing_comes(e);
    for (size_t i = 0; i < e->step_count; i++)
        if (has_quiet_row(e, &e->links[i]))
            return true;
    return false;
}

static void begin_links(loose_end *e, const domain *d)
{
    block *b = e->block;
    const node *const *next = d->inputs + 1;
    e->link_count = d->member_count;
    e->step_count = e->sequence->end_count;
    e->links = scratch_take(b->scratch, (e->link_count + 1) * sizeof *e->links);
    for (size_t i = 0; i < e->link_count; i++) {
        sequence_inputs in = sequence_take_inputs(e->sequence, i, &next);
        const block_rows *rows = block_domain(b, d->members[i]);
        end_link *l = &e->links[i];
        *l = (end_link){.block = b,
                        .window = in.window,
                        .domain = d->members[i],
                        .times = row_times_of(rows)};
        if (in.mask)
            l->mask =
                condition_bits(b, &b->vectors[in.mask->id], rows->count, &l->spare_mask);
    }
}

/* Who has a row of some of the links? */
static void join_filled(const loose_end *e, size_t first, size_t end, uint64_t *bits)
{
    size_t count = e->block->people_count;
    bitmap_fill(bits, count, false);
    for (size_t i = first; i < end; i++) {
        const uint64_t *filled = window_filled(e->block, e->links[i].window);
        for (size_t w = 0; w < bitmap_words(count); w++)
            bits[w] |= filled[w];
    }
}

/* Is every row of the step a match when no forbidden one comes? */
static bool all_rows_count(const loose_end *e)
{
    int64_t first, last;
    for (const end_link *l = e->links; l < e->links + e->step_count; l++)
        if (l->mask || !edges_span(e->block, l->window, &first, &last) || last > e->limit)
            return false;
    return true;
}

static void find_met(const loose_end *e, match_rows *rows)
{
    size_t count = e->block->people_count, words = bitmap_words(count);
    uint64_t *hopeful =
                 scratch_take(e->block->scratch, 2 * (words + 1) * sizeof *hopeful),
             *forbidden = hopeful + words + 1;
    join_filled(e, 0, e->step_count, hopeful);
    join_filled(e, e->step_count, e->link_count, forbidden);
    if (all_rows_count(e))
        for (size_t w = 0; w < words; w++) {
            rows->matched[w] = hopeful[w] & ~forbidden[w];
            hopeful[w] &= forbidden[w];
        }
    EACH_SET_BIT(hopeful, count, i)
    {
        bitmap_put(rows->matched, i, is_met(e, i));
    }
    rows->count = (uint32_t)bitmap_count(rows->matched, 0, count);
    scratch_give(e->block->scratch, hopeful);
}

void loose_end_prepare(block *b, const domain *d, block_rows *out)
{
    loose_end e = {.block = b, .sequence = b->bound->plan->graph->sequences[d->index]};
    match_rows rows = matches_take(b, d, b->people_count, b->people_count, false);
    find_limits(&e, d);
    begin_links(&e, d);
    find_met(&e, &rows);
    matches_hand_over(&rows, b->people_count, out);
    for (size_t i = 0; i < e.link_count; i++)
        scratch_give(b->scratch, e.links[i].spare_mask);
    scratch_give(b->scratch, e.links);
}
