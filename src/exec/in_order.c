/* SPDX-License-Identifier: MIT
 *
 * Is there a row of each step, in order and near enough? The rows of all steps are walked
 * together, each step keeping the latest row that can end the sequence up to it, with the
 * latest time at which such a beginning can start: if any row fits, that one does.
 */
#include "base/bitmap.h"
#include "exec/kernels.h"
#include "graph/in_order.h"

/* The rows of one step; of the person: from `at` to `end`. */
typedef struct step_walk {
    const sequence_step *step;
    const window_rows *window;
    const block_rows *rows;
    const uint64_t *mask; /* or NULL */
    uint64_t *spare;
    uint32_t at, end;
    bool has_beginning; /* a row ends the sequence up to this step: */
    int64_t time, start;
} step_walk;

typedef struct walk {
    const sequence *sequence;
    const zone *zone;
    size_t count;
    step_walk steps[IN_ORDER_MOST_STEPS];
} walk;

static walk walk_begin(block *b, const node *n)
{
    const plan *p = b->bound->plan;
    walk w = {.sequence = p->graph->sequences[n->steps.sequence], .zone = p->zone};
    w.count = w.sequence->step_count;
    size_t next_mask = w.count;
    for (size_t i = 0; i < w.count; i++) {
        step_walk *s = &w.steps[i];
        s->step = &w.sequence->steps[i];
        s->window = &b->windows[n->operands[i]->id];
        s->rows = block_domain(b, n->operands[i]->rows);
        if (n->steps.masked >> i & 1)
            s->mask = condition_bits(b, operand_vector(b, n, next_mask++), s->rows->count,
                                     &s->spare);
    }
    return w;
}

static void walk_end(block *b, walk *w)
{
    for (size_t i = 0; i < w->count; i++)
        scratch_give(b->scratch, w->steps[i].spare);
}

/* Move to the first row from `row` on that is the step. */
static void move_to(step_walk *s, uint32_t row)
{
    s->at = s->mask ? (uint32_t)bitmap_first(s->mask, row, s->end) : row;
}

/* Leave out rows that no beginning stands before, and those behind the last end. */
static bool trim(walk *w)
{
    const step_walk *first = &w->steps[0], *last = &w->steps[w->count - 1];
    if (first->at >= first->end || last->at >= last->end)
        return false;
    int64_t begin = first->rows->time[first->at], end = last->rows->time[last->end - 1];
    for (size_t i = 0; i < w->count; i++) {
        step_walk *s = &w->steps[i];
        if (i > 0)
            move_to(s, rows_first_from(s->rows, s->at, s->end, begin));
        if (i + 1 < w->count && end < INT64_MAX)
            s->end = rows_first_from(s->rows, s->at, s->end, end + 1);
        if (s->at >= s->end)
            return false;
    }
    return true;
}

static bool begin_person(walk *w, size_t person)
{
    for (size_t i = 0; i < w->count; i++) {
        step_walk *s = &w->steps[i];
        s->end = s->window->end[person];
        s->has_beginning = false;
        move_to(s, s->window->begin[person]);
        if (s->at >= s->end)
            return false;
    }
    return trim(w);
}

/* The next row of all in the order of time and arrival; where one row is several steps,
 * the last of these comes first, so that it is none twice. NULL: no more. */
static step_walk *next_step(walk *w)
{
    step_walk *best = NULL;
    for (size_t i = w->count; i-- > 0;) {
        step_walk *s = &w->steps[i];
        if (s->at >= s->end)
            continue;
        if (!best || s->rows->time[s->at] < best->rows->time[best->at] ||
            (s->rows->time[s->at] == best->rows->time[best->at] &&
             s->rows->arrival[s->at] < best->rows->arrival[best->at]))
            best = s;
    }
    return best;
}

/* Let the row at the step continue what there is; is it the end of a match? */
static bool take_row(const walk *w, step_walk *s)
{
    int64_t time = s->rows->time[s->at], start = time;
    if (s > w->steps) {
        const step_walk *before = s - 1;
        if (!before->has_beginning ||
            (s->step->has_within &&
             time > time_add(w->zone, before->time, s->step->within, 1)))
            return false;
        start = before->start;
    }
    s->has_beginning = true;
    s->time = time;
    s->start = start;
    return s + 1 == w->steps + w->count &&
           (!w->sequence->has_all_within ||
            time <= time_add(w->zone, start, w->sequence->all_within, 1));
}

static bool has_match(walk *w, size_t person)
{
    step_walk *s;
    if (!begin_person(w, person))
        return false;
    while ((s = next_step(w)) != NULL) {
        if (take_row(w, s))
            return true;
        move_to(s, s->at + 1);
    }
    return false;
}

void kernel_in_order(block *b, const node *n)
{
    uint64_t *bits = vector_take_bits(b, &b->vectors[n->id], b->people_count);
    walk w = walk_begin(b, n);
    bitmap_fill(bits, b->people_count, false);
    for (size_t i = 0; i < b->people_count; i++)
        if (has_match(&w, i))
            bitmap_set(bits, i);
    walk_end(b, &w);
}
