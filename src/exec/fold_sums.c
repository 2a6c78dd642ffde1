/* SPDX-License-Identifier: MIT
 *
 * How many rows there are, whether there is one, and what their values add up to.
 */
#include "exec/fold.h"

#include <math.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/number.h"

/* ---- counts ------------------------------------------------------------- */

static size_t rows_of(const fold *f, size_t i)
{
    uint32_t begin = f->window->begin[i], end = f->window->end[i];
    return f->selected ? bitmap_count(f->selected, begin, end) : end - begin;
}

void fold_any(const fold *f, vector *out)
{
    size_t groups = f->group_count;
    uint64_t *bits = vector_take_bits(f->block, out, groups);
    bitmap_fill(bits, groups, false);
    for (size_t i = 0; i < groups; i++)
        if (fold_next_row(f, f->window->begin[i], f->window->end[i]) < f->window->end[i])
            bitmap_set(bits, i);
}

void fold_count(const fold *f, vector *out)
{
    size_t groups = f->group_count;
    int64_t *counts = vector_take(f->block, out, (groups + 1) * sizeof *counts);
    for (size_t i = 0; i < groups; i++)
        counts[i] = (int64_t)rows_of(f, i);
}

/* ---- sums --------------------------------------------------------------- */

static void lose_sum(const fold *f, vector *out, size_t i)
{
    if (!out->present)
        vector_take_present(f->block, out, f->group_count);
    bitmap_unset(out->present, i);
    block_trouble(f->block, f->node, i, "a sum leaves the range of 64 bits", "");
}

/* Windows of rows overlap: the sum of each is the difference of two sums from the first
 * row on. NULL when each row is in one window at most. */
static int128 *running_sums(const fold *f)
{
    const graph *g = f->block->bound->plan->graph;
    int128 sum = 0;
    if (f->node->domain == graph_group_of(g, f->node->rows))
        return NULL;
    int128 *sums = scratch_take(f->block->scratch, (f->row_count + 1) * sizeof *sums);
    for (size_t r = 0; r < f->row_count; r++) {
        sums[r] = sum;
        if (!f->selected || bitmap_get(f->selected, r))
            sum += fold_integer(f, r);
    }
    sums[f->row_count] = sum;
    return sums;
}

static int128 sum_of(const fold *f, const int128 *running, size_t i)
{
    int128 sum = 0;
    if (running)
        return running[f->window->end[i]] - running[f->window->begin[i]];
    EACH_ROW(f, i, r)
    sum += fold_integer(f, r);
    return sum;
}

static void sum_integers(const fold *f, vector *out)
{
    size_t groups = f->group_count;
    int64_t *sums = vector_take(f->block, out, (groups + 1) * sizeof *sums);
    int128 *running = running_sums(f);
    for (size_t i = 0; i < groups; i++) {
        int128 sum = sum_of(f, running, i);
        sums[i] = (int64_t)sum;
        if (sums[i] != sum) {
            sums[i] = 0;
            lose_sum(f, out, i);
        }
    }
    scratch_give(f->block->scratch, running);
}

static void sum_numbers(const fold *f, vector *out)
{
    size_t groups = f->group_count;
    double *sums = vector_take(f->block, out, (groups + 1) * sizeof *sums);
    for (size_t i = 0; i < groups; i++) {
        double sum = 0;
        EACH_ROW(f, i, r)
        sum += fold_number(f, r);
        sums[i] = isfinite(sum) ? sum : 0;
        if (!isfinite(sum))
            lose_sum(f, out, i);
    }
}

void fold_sum(const fold *f, vector *out)
{
    if (fold_has_nothing(f)) {
        memset(vector_take(f->block, out, (f->group_count + 1) * sizeof(int64_t)), 0,
               f->group_count * sizeof(int64_t));
        return;
    }
    if (f->value_type.kind == TYPE_NUMBER)
        sum_numbers(f, out);
    else
        sum_integers(f, out);
}
