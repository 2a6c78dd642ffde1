/* SPDX-License-Identifier: MIT
 *
 * The walk over the rows of a family of chains, once for each person who has a row for each
 * step.
 */
#include <string.h>

#include "base/bitmap.h"
#include "exec/chains.h"
#include "exec/filled.h"
#include "exec/matches.h"
#include "exec/row_times.h"

enum { NO_ROW = UINT32_MAX };

/* The rows of one table that may be one step. */
typedef struct link_rows {
    size_t step;
    const block *block;
    uint32_t domain;
    row_times times;
    const uint64_t *mask; /* or NULL */
    uint64_t *spare_mask;
    const uint32_t *begin, *end; /* by person: what the windows of the family hold */
    uint32_t at, stop;           /* of the person: rows in front of `at` are passed */
    uint32_t latest;             /* the last row that was passed, or NO_ROW */
} link_rows;

/* Where a row stands. */
typedef struct chain_place {
    int64_t time;
    const link_rows *link;
    uint32_t row;
} chain_place;

/* A chain whose match is not found yet. */
typedef struct open_chain {
    const chain *chain;
    int64_t until;
    match_rows *rows;
} open_chain;

typedef struct chain_walk {
    block *block;
    const chain_family *family;
    size_t people;
    link_rows *links; /* those of the last step come first */
    size_t link_count, end_count;
    const chain *chains; /* those that are asked for */
    size_t chain_count;
    match_rows *rows; /* of each */
    open_chain *possible, *open;
    size_t possible_count, open_count;
    int64_t longest; /* of those that are open */
} chain_walk;

/* ---- rows ------------------------------------------------------------------ */

static uint32_t arrival_of(const link_rows *l, uint32_t row)
{
    return block_arrival(l->block, l->domain, row);
}

/* Arrivals are looked up for rows of one instant, which are few. */
static bool lies_before(const link_rows *l, uint32_t row, chain_place place)
{
    int64_t time = row_time_at(&l->times, row);
    if (time != place.time)
        return time < place.time;
    return arrival_of(l, row) < arrival_of(place.link, place.row);
}

/* The first row from `at` on that is not earlier than an instant. Mostly it is near. */
static uint32_t first_from(const link_rows *l, int64_t instant)
{
    uint32_t at = l->at, step = 1;
    if (at == l->stop || row_time_at(&l->times, at) >= instant)
        return at;
    for (; l->stop - at > step && row_time_at(&l->times, at + step) < instant; step *= 2)
        at += step;
    for (; step > 0; step /= 2)
        if (l->stop - at > step && row_time_at(&l->times, at + step) < instant)
            at += step;
    return at + 1;
}

/* The first row from `at` on that does not lie before a row. */
static uint32_t first_not_before(const link_rows *l, chain_place place)
{
    uint32_t at = first_from(l, place.time);
    while (at < l->stop && row_time_at(&l->times, at) == place.time &&
           arrival_of(l, at) < arrival_of(place.link, place.row))
        at++;
    return at;
}

static void pass_to(link_rows *l, uint32_t at)
{
    uint32_t row = at - 1;
    if (at == l->at)
        return;
    if (l->mask)
        row = (uint32_t)bitmap_last(l->mask, l->at, at);
    if (row < at)
        l->latest = row;
    l->at = at;
}

static chain_place place_of(const link_rows *l, uint32_t row)
{
    return (chain_place){row_time_at(&l->times, row), l, row};
}

/* ---- back from an end ------------------------------------------------------- */

/* The latest row of a step before a place; false: there is none. */
static bool find_latest(chain_walk *w, size_t step, chain_place *place)
{
    const link_rows *best = NULL;
    for (link_rows *l = w->links; l < w->links + w->link_count; l++) {
        if (l->step != step)
            continue;
        pass_to(l, first_not_before(l, *place));
        if (l->latest != NO_ROW &&
            (!best || lies_before(best, best->latest, place_of(l, l->latest))))
            best = l;
    }
    if (best)
        *place = place_of(best, best->latest);
    return best != NULL;
}

/* The first row of a step that was not passed yet: before it no other start is possible. */
static int64_t next_of(const chain_walk *w, size_t step)
{
    int64_t next = INT64_MAX;
    for (const link_rows *l = w->links; l < w->links + w->link_count; l++) {
        if (l->step != step || l->at == l->stop)
            continue;
        int64_t time = row_time_at(&l->times, l->at);
        next = time < next ? time : next;
    }
    return next;
}

/* Go back from the end of a match to its latest start. False when there is none that is near
 * enough; then no row before *resume ends a match. */
static bool find_start(chain_walk *w, chain_place end, int64_t *start, int64_t *resume)
{
    chain_place place = end;
    for (size_t step = w->family->sequence->step_count - 1; step-- > 0;)
        if (!find_latest(w, step, &place) || end.time - place.time > w->longest) {
            *resume = next_of(w, step);
            return false;
        }
    *start = place.time;
    return true;
}

/* ---- ends ------------------------------------------------------------------- */

/* The table whose row is the next that may end a match, from an instant on. */
static link_rows *next_end(chain_walk *w, int64_t from)
{
    link_rows *first = NULL;
    for (link_rows *l = w->links; l < w->links + w->end_count; l++) {
        if (l->at < l->stop && row_time_at(&l->times, l->at) < from)
            l->at = first_from(l, from);
        if (l->mask)
            l->at = (uint32_t)bitmap_first(l->mask, l->at, l->stop);
        if (l->at < l->stop &&
            (!first || lies_before(l, l->at, place_of(first, first->at))))
            first = l;
    }
    return first;
}

static void find_longest(chain_walk *w)
{
    w->longest = -1;
    for (size_t i = 0; i < w->open_count; i++)
        if (w->open[i].chain->longest > w->longest)
            w->longest = w->open[i].chain->longest;
}

/* Chains for which a match goes from `start` to the row need no other. */
static void put_matches(chain_walk *w, size_t person, int64_t start, chain_place last)
{
    size_t before = w->open_count;
    match_end end = {
        .member = (uint32_t)(last.link - w->links), .row = last.row, .time = last.time};
    if (w->block->is_alone) /* else nobody asks which row it was */
        end.arrival = arrival_of(last.link, last.row);
    for (size_t i = w->open_count; i-- > 0;) {
        const open_chain *o = &w->open[i];
        if (start < o->chain->from || end.time >= o->until ||
            end.time - start > o->chain->longest)
            continue;
        matches_put(o->rows, person, &end);
        w->open[i] = w->open[--w->open_count];
    }
    if (w->open_count < before)
        find_longest(w);
}

/* ---- a person ---------------------------------------------------------------- */

static void enter(chain_walk *w, size_t person)
{
    for (link_rows *l = w->links; l < w->links + w->link_count; l++) {
        l->at = l->begin[person];
        l->stop = l->end[person];
        l->latest = NO_ROW;
    }
    w->open_count = w->possible_count;
    memcpy(w->open, w->possible, w->possible_count * sizeof *w->open);
    find_longest(w);
}

static void walk_person(chain_walk *w, size_t person)
{
    int64_t resume = INT64_MIN, start;
    link_rows *next;
    enter(w, person);
    while (w->open_count > 0 && (next = next_end(w, resume))) {
        chain_place end = place_of(next, next->at++);
        if (find_start(w, end, &start, &resume))
            put_matches(w, person, start, end);
        else if (resume == INT64_MAX)
            return;
    }
}

/* ---- a block ------------------------------------------------------------------ */

/* `first` and `last` are the inputs of a member in the domains whose windows begin first, and
 * end last. */
static void begin_link(chain_walk *w, size_t i, sequence_inputs first,
                       sequence_inputs last)
{
    block *b = w->block;
    const domain *d = w->family->earliest;
    const block_rows *rows = block_domain(b, d->members[i]);
    link_rows *l = &w->links[i];
    const uint32_t *unused;
    *l = (link_rows){.step = w->family->sequence->rows[i].step,
                     .block = b,
                     .domain = d->members[i],
                     .times = row_times_of(rows)};
    edges_borrow(b, first.window, &l->begin, &l->end);
    if (last.window != first.window)
        edges_borrow(b, last.window, &unused, &l->end);
    if (first.mask)
        l->mask =
            condition_bits(b, &b->vectors[first.mask->id], rows->count, &l->spare_mask);
}

static void begin_links(chain_walk *w)
{
    const sequence *s = w->family->sequence;
    const node *const *first = w->family->earliest->inputs + 1,
                      *const *last = w->family->latest->inputs + 1;
    w->link_count = s->rows_count;
    w->end_count = s->end_count;
    w->links = scratch_take(w->block->scratch, w->link_count * sizeof *w->links);
    for (size_t i = 0; i < w->link_count; i++) {
        sequence_inputs of_first = sequence_take_inputs(s, i, &first),
                        of_last = sequence_take_inputs(s, i, &last);
        begin_link(w, i, of_first, of_last);
    }
}

/* Who has a row for each step? */
static uint64_t *find_hopeful(const chain_walk *w)
{
    scratch *memory = w->block->scratch;
    size_t words = bitmap_words(w->people), size = (words + 1) * sizeof(uint64_t);
    uint64_t *hopeful = scratch_take(memory, size), *step = scratch_take(memory, size),
             *one = scratch_take(memory, size);
    bitmap_fill(hopeful, w->people, true);
    for (size_t s = 0; s < w->family->sequence->step_count; s++) {
        memset(step, 0, words * sizeof *step);
        for (const link_rows *l = w->links; l < w->links + w->link_count; l++) {
            if (l->step != s)
                continue;
            filled_find(l->begin, l->end, w->people, one);
            for (size_t i = 0; i < words; i++)
                step[i] |= one[i];
        }
        for (size_t i = 0; i < words; i++)
            hopeful[i] &= step[i];
    }
    scratch_give(memory, one);
    scratch_give(memory, step);
    return hopeful;
}

static void take_rows(chain_walk *w)
{
    block *b = w->block;
    w->rows = scratch_take(b->scratch, w->chain_count * sizeof *w->rows);
    w->possible = scratch_take(b->scratch, w->chain_count * sizeof *w->possible);
    w->open = scratch_take(b->scratch, w->chain_count * sizeof *w->open);
    for (size_t i = 0; i < w->chain_count; i++)
        w->rows[i] =
            matches_take(b, w->chains[i].domain, w->people, w->people, w->end_count > 1);
}

/* Nobody knows of rows behind now. When it is missing, nobody knows of any. */
static void find_possible(chain_walk *w)
{
    const vector *now_of = &w->block->vectors[w->family->earliest->inputs[0]->id];
    int64_t now = *(const int64_t *)now_of->values;
    if (now > w->block->bound->now)
        now = w->block->bound->now;
    for (size_t i = 0; vector_has(now_of, 0) && i < w->chain_count; i++) {
        const chain *c = &w->chains[i];
        int64_t until = c->until <= now ? c->until : now + 1;
        if (c->from < until)
            w->possible[w->possible_count++] = (open_chain){c, until, &w->rows[i]};
    }
}

static void walk_people(chain_walk *w)
{
    begin_links(w);
    uint64_t *hopeful = find_hopeful(w);
    EACH_SET_BIT(hopeful, w->people, i)
    {
        walk_person(w, i);
    }
    scratch_give(w->block->scratch, hopeful);
    for (size_t i = 0; i < w->link_count; i++)
        scratch_give(w->block->scratch, w->links[i].spare_mask);
    scratch_give(w->block->scratch, w->links);
}

/* Of a person alone, who is judged by need, one chain is asked for. */
static void choose_chains(chain_walk *w, const domain *d)
{
    w->chains = w->family->chains;
    w->chain_count = w->family->count;
    if (!w->block->is_alone)
        return;
    while (w->chains->domain != d)
        w->chains++;
    w->chain_count = 1;
}

static void hand_over(chain_walk *w, const domain *d, block_rows *out)
{
    block *b = w->block;
    for (size_t i = 0; i < w->chain_count; i++) {
        block_rows rows = {0};
        matches_hand_over(&w->rows[i], w->people, &rows);
        if (w->chains[i].domain == d)
            *out = rows;
        else
            block_adopt_rows(b, w->chains[i].domain->id, &rows);
    }
    scratch_give(b->scratch, w->open);
    scratch_give(b->scratch, w->possible);
    scratch_give(b->scratch, w->rows);
}

void chains_prepare(block *b, const chain_family *family, const domain *d,
                    block_rows *out)
{
    chain_walk w = {.block = b, .family = family, .people = b->people_count};
    choose_chains(&w, d);
    take_rows(&w);
    find_possible(&w);
    if (w.possible_count > 0)
        walk_people(&w);
    hand_over(&w, d, out);
}
