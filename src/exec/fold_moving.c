/* SPDX-License-Identifier: MIT
 *
 * Windows that each row has of its own overlap, and their ends move on together: what one
 * window knows of its rows the next one takes over, so that every row comes and goes once.
 *
 *     rows       r0 r1 r2 r3 r4 r5
 *     of r3      [.. .. ..)
 *     of r4         [.. .. ..)        r3 comes, r0 goes
 *
 * Where an end goes back, as between two people, one begins anew.
 */
#include "exec/fold.h"

#include <string.h>

#include "exec/key_counts.h"

bool fold_moves(const fold *f, const fold_part *p)
{
    const graph *g = f->block->bound->plan->graph;
    return f->node->domain != graph_group_of(g, p->window_node->rows);
}

/* ---- least and greatest ------------------------------------------------- */

/* The rows that may be the best of a window: each is better than all that stand behind it,
 * or as good and earlier; the first is the best of the window at hand. */
typedef struct contest {
    const fold *fold;
    const fold_part *part;
    uint32_t *rows;
    size_t first, end;
    size_t next; /* the row that comes next */
} contest;

static bool is_better_row(const contest *c, uint32_t a, uint32_t b)
{
    bool wants_least = c->fold->kind == NODE_LEAST;
    if (c->part->value_type.kind == TYPE_NUMBER) {
        double x = part_number(c->part, a), y = part_number(c->part, b);
        return wants_least ? x < y : x > y;
    }
    int64_t x = part_integer(c->fold, c->part, a), y = part_integer(c->fold, c->part, b);
    return wants_least ? x < y : x > y;
}

static void let_in(contest *c, uint32_t row)
{
    while (c->end > c->first && is_better_row(c, row, c->rows[c->end - 1]))
        c->end--;
    c->rows[c->end++] = row;
}

/* The best row of a window that moved on; FOLD_NO_ROW when none of its rows counts. */
static uint32_t best_of(contest *c, size_t begin, size_t end)
{
    for (size_t r = part_next_row(c->part, begin > c->next ? begin : c->next, end);
         r < end; r = part_next_row(c->part, r + 1, end))
        let_in(c, (uint32_t)r);
    c->next = end;
    while (c->first < c->end && c->rows[c->first] < begin)
        c->first++;
    return c->first < c->end ? c->rows[c->first] : FOLD_NO_ROW;
}

uint32_t *moving_best_rows(const fold *f, const fold_part *p)
{
    scratch *s = f->block->scratch;
    uint32_t *best = scratch_take(s, (f->group_count + 1) * sizeof *best);
    contest c = {.fold = f, .part = p};
    size_t begin_before = 0;
    c.rows = scratch_take(s, (p->rows->count + 1) * sizeof *c.rows);
    memset(best, 0xFF, f->group_count * sizeof *best); /* FOLD_NO_ROW */
    EACH_GROUP(f, i)
    {
        size_t begin = p->window->begin[i], end = p->window->end[i];
        if (begin < begin_before || end < c.next)
            c.first = c.end = c.next = 0;
        if (c.first == c.end)
            c.first = c.end = 0;
        best[i] = best_of(&c, begin, end);
        begin_before = begin;
    }
    scratch_give(s, c.rows);
    return best;
}

/* ---- different values --------------------------------------------------- */

void moving_distinct(const fold *f, const fold_part *p, int64_t *counts)
{
    key_counts met = key_counts_take(f->block->scratch, p->rows->count);
    size_t first = 0, next = 0; /* the rows that are met */
    int64_t different = 0;
    EACH_GROUP(f, i)
    {
        size_t begin = p->window->begin[i], end = p->window->end[i];
        if (begin < first || end < next || begin >= next) {
            key_counts_clear(&met);
            different = 0;
            first = next = begin;
        }
        for (size_t r = part_next_row(p, next, end); r < end;
             r = part_next_row(p, r + 1, end))
            different += (*key_counts_of(&met, part_key(f, p, r)))++ == 0;
        for (size_t r = part_next_row(p, first, begin); r < begin;
             r = part_next_row(p, r + 1, begin))
            different -= --*key_counts_of(&met, part_key(f, p, r)) == 0;
        first = begin;
        next = end;
        counts[i] = different;
    }
    key_counts_give(f->block->scratch, &met);
}

/* ---- rows --------------------------------------------------------------- */

uint32_t *running_counts(const fold *f, const fold_part *p)
{
    size_t count = p->rows->count;
    uint32_t *counts = scratch_take(f->block->scratch, (count + 1) * sizeof *counts);
    counts[0] = 0;
    for (size_t r = 0; r < count; r++)
        counts[r + 1] = counts[r] + bitmap_get(p->selected, r);
    return counts;
}
