/* SPDX-License-Identifier: MIT
 *
 * The counts of a family of windows: each person's rows fall into sets of cells and units once.
 */
#include <string.h>

#include "exec/filled.h"
#include "exec/fold.h"
#include "exec/row_times.h"
#include "exec/unit_families.h"

typedef struct unit_sets {
    uint64_t cells[MOST_CELLS / 64], units[MOST_CELLS / 64];
} unit_sets;

/* ---- rows -------------------------------------------------------------------- */

/* They are of nearly one length. */
static size_t cell_at(const unit_family *f, int64_t instant)
{
    size_t k = (size_t)((double)(instant - f->begins[0]) * f->per_microsecond);
    if (k >= f->cell_count)
        k = f->cell_count - 1;
    while (instant < f->begins[k])
        k--;
    while (instant >= f->begins[k + 1])
        k++;
    return k;
}

static void add_rows(const unit_family *family, const fold_part *p, size_t i,
                     unit_sets *sets)
{
    const row_times times = row_times_of(p->rows);
    int64_t end = INT64_MIN; /* of the cell of the row before */
    EACH_ROW(p, i, r)
    {
        int64_t time = row_time_at(&times, r);
        if (time < end)
            continue;
        size_t cell = cell_at(family, time);
        end = family->begins[cell + 1];
        bitmap_set(sets->cells, cell);
        bitmap_set(sets->units, family->units[cell]);
    }
}

static int64_t count_units(const unit_sets *sets, const unit_window *w)
{
    size_t count = bitmap_count(sets->units, w->whole.begin, w->whole.end);
    for (size_t k = 0; k < 2; k++)
        count += bitmap_first(sets->cells, w->parts[k].begin, w->parts[k].end) <
                 w->parts[k].end;
    return (int64_t)count;
}

/* ---- a block ------------------------------------------------------------------ */

/* The rows from the earliest window to the latest, in place of those of the fold's own. */
static void widen_windows(fold *f, const unit_family *family, window_rows *hulls)
{
    block *b = f->block;
    size_t operand = 0;
    for (size_t p = 0; p < f->part_count; p++) {
        const uint32_t *unused;
        while (f->node->operands[operand] != f->parts[p].window_node)
            operand++;
        hulls[p] = (window_rows){.is_borrowed = true};
        edges_borrow(b, family->earliest->operands[operand], &hulls[p].begin, &unused);
        edges_borrow(b, family->latest->operands[operand], &unused, &hulls[p].end);
        f->parts[p].window = &hulls[p];
    }
}

/* Who has rows in some part? To be given back. */
static uint64_t *find_filled(const fold *f)
{
    size_t words = bitmap_words(f->group_count), size = (words + 1) * sizeof(uint64_t);
    uint64_t *filled = scratch_take(f->block->scratch, size),
             *one = scratch_take(f->block->scratch, size);
    memset(filled, 0, size);
    for (size_t p = 0; p < f->part_count; p++) {
        const window_rows *window = f->parts[p].window;
        filled_find(window->begin, window->end, f->group_count, one);
        for (size_t w = 0; w < words; w++)
            filled[w] |= one[w];
    }
    scratch_give(f->block->scratch, one);
    return filled;
}

/* By window, where each person's count goes; NULL: it is given from a pass before. */
static int64_t **take_counts(block *b, const unit_family *family, size_t groups)
{
    int64_t **counts = scratch_take(b->scratch, family->count * sizeof *counts);
    for (size_t k = 0; k < family->count; k++) {
        const node *n = family->windows[k].count;
        counts[k] = NULL;
        if (plan_is_given(b->bound->plan, n, b->pass_index))
            continue;
        counts[k] = vector_take(b, &b->vectors[n->id], (groups + 1) * sizeof *counts[k]);
        memset(counts[k], 0, groups * sizeof *counts[k]);
    }
    return counts;
}

static void count_group(const fold *f, const unit_family *family, size_t i,
                        unit_sets *sets, int64_t **counts)
{
    memset(sets->cells, 0, bitmap_words(family->cell_count) * sizeof(uint64_t));
    memset(sets->units, 0, bitmap_words(family->unit_count) * sizeof(uint64_t));
    for (const fold_part *p = f->parts; p < f->parts + f->part_count; p++)
        add_rows(family, p, i, sets);
    for (size_t k = 0; k < family->count; k++)
        if (counts[k])
            counts[k][i] = count_units(sets, &family->windows[k]);
}

void unit_family_evaluate(block *b, const unit_family *family, const node *ready)
{
    fold f;
    fold_begin(&f, b, ready);
    window_rows *hulls = scratch_take(b->scratch, (f.part_count + 1) * sizeof *hulls);
    unit_sets *sets = scratch_take(b->scratch, sizeof *sets);
    int64_t **counts = take_counts(b, family, f.group_count);
    widen_windows(&f, family, hulls);
    uint64_t *filled = find_filled(&f);
    EACH_SET_BIT(filled, f.group_count, i)
    {
        count_group(&f, family, i, sets, counts);
    }
    scratch_give(b->scratch, filled);
    scratch_give(b->scratch, counts);
    scratch_give(b->scratch, sets);
    scratch_give(b->scratch, hulls);
    fold_end(&f);
}
