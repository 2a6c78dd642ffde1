/* SPDX-License-Identifier: MIT
 *
 * How many rows there are, whether there is one, and what their values add up to.
 */
#include "exec/fold.h"

#include <math.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/number.h"
#include "exec/loops.h"

/* ---- counts ------------------------------------------------------------- */

static size_t rows_of(const fold_part *p, size_t i)
{
    uint32_t begin = p->window->begin[i], end = p->window->end[i];
    return p->selected ? bitmap_count(p->selected, begin, end) : end - begin;
}

static bool has_row(const fold_part *p, size_t i)
{
    uint32_t end = p->window->end[i];
    return part_next_row(p, p->window->begin[i], end) < end;
}

/* Where all rows count, who has rows has one that counts. */
void fold_any(const fold *f, vector *out)
{
    uint64_t *bits = vector_take_bits(f->block, out, f->group_count);
    bool all_count = true;
    for (size_t p = 0; p < f->part_count; p++)
        all_count &= !f->parts[p].selected;
    bitmap_fill(bits, f->group_count, false);
    if (all_count) {
        memcpy(bits, f->filled, bitmap_words(f->group_count) * sizeof *bits);
        return;
    }
    for (size_t p = 0; p < f->part_count; p++)
        EACH_GROUP(f, i)
    if (has_row(&f->parts[p], i))
        bitmap_set(bits, i);
}

/* Windows that move over the same rows: the counts of the first rows are kept. */
static void count_moving(const fold *f, const fold_part *p, int64_t *counts)
{
    uint32_t *running = running_counts(f, p);
    EACH_GROUP(f, i)
    {
        counts[i] += running[p->window->end[i]] - running[p->window->begin[i]];
    }
    scratch_give(f->block->scratch, running);
}

static void count_part(const fold *f, const fold_part *p, int64_t *counts)
{
    const uint32_t *begin = p->window->begin, *end = p->window->end;
    if (p->selected && fold_moves(f, p)) {
        count_moving(f, p, counts);
        return;
    }
    if (p->selected) {
        loop_count_bits(p->selected, f->filled, begin, end, f->group_count, counts);
        return;
    }
    EACH_GROUP(f, i)
    {
        counts[i] += end[i] - begin[i];
    }
}

void fold_count(const fold *f, vector *out)
{
    size_t groups = f->group_count;
    int64_t *counts = vector_take(f->block, out, (groups + 1) * sizeof *counts);
    if (f->part_count == 1 && !f->parts[0].selected) {
        const window_rows *window = f->parts[0].window;
        loop_differences(window->begin, window->end, groups, counts);
        return;
    }
    memset(counts, 0, groups * sizeof *counts);
    for (size_t p = 0; p < f->part_count; p++)
        count_part(f, &f->parts[p], counts);
}

/* ---- sums --------------------------------------------------------------- */

static void lose_sum(const fold *f, vector *out, size_t i)
{
    if (!out->present)
        vector_take_present(f->block, out, f->group_count);
    bitmap_unset(out->present, i);
    block_trouble(f->block, f->node, i, "a sum leaves the range of 64 bits", "");
}

/* Rows of a stored column, all of which count or some. */
static int128 sum_of_stored(const fold_part *p, size_t i)
{
    int128 sum = 0;
    EACH_ROW(p, i, r)
    sum += packed_get(p->stored, p->stored_first + r);
    return sum;
}

static int128 sum_of_rows(const fold_part *p, size_t i)
{
    const int64_t *values = p->value->values;
    size_t begin = p->window->begin[i], end = p->window->end[i];
    int128 sum = 0;
    if (p->value->is_uniform)
        return (int128)values[0] * (int128)rows_of(p, i);
    if (p->stored)
        return sum_of_stored(p, i);
    if (!p->selected) {
        for (size_t r = begin; r < end; r++)
            sum += values[r];
        return sum;
    }
    EACH_ROW(p, i, r)
    sum += values[r];
    return sum;
}

/* Windows of rows overlap: the sum of each is the difference of two sums from the first
 * row on. NULL when each row is in one window at most. */
static int128 *running_sums(const fold *f, const fold_part *p)
{
    const int64_t *values = p->value->values;
    size_t count = p->rows->count;
    int128 sum = 0;
    if (!fold_moves(f, p))
        return NULL;
    int128 *sums = scratch_take(f->block->scratch, (count + 1) * sizeof *sums);
    for (size_t r = 0; r < count; r++) {
        sums[r] = sum;
        if (!p->selected || bitmap_get(p->selected, r))
            sum += values[part_value_index(p, r)];
    }
    sums[count] = sum;
    return sums;
}

static void add_part(const fold *f, const fold_part *p, int128 *sums)
{
    int128 *running = running_sums(f, p);
    EACH_GROUP_AHEAD(f, i)
    {
        if (running)
            sums[i] += running[p->window->end[i]] - running[p->window->begin[i]];
        else
            sums[i] += sum_of_rows(p, i);
    }
    scratch_give(f->block->scratch, running);
}

static void put_sum(const fold *f, vector *out, size_t i, int128 sum)
{
    if ((int64_t)sum == sum)
        ((int64_t *)out->values)[i] = (int64_t)sum;
    else
        lose_sum(f, out, i);
}

static void sum_parts(const fold *f, vector *out)
{
    size_t groups = f->group_count;
    int128 *sums = scratch_take(f->block->scratch, (groups + 1) * sizeof *sums);
    memset(sums, 0, groups * sizeof *sums);
    for (size_t p = 0; p < f->part_count; p++)
        add_part(f, &f->parts[p], sums);
    EACH_GROUP(f, i)
    put_sum(f, out, i, sums[i]);
    scratch_give(f->block->scratch, sums);
}

/* Stored numbers from the first row on, summed up: numbers of 32 bits and less, of which no sum
 * leaves 64. `bits` is known where it is called. */
static inline __attribute__((always_inline)) void sum_up(const fold_part *p,
                                                         uint32_t bits, uint64_t *sums)
{
    packed numbers = *p->stored;
    size_t count = p->rows->count, first = p->stored_first;
    uint64_t sum = 0;
    numbers.bits = bits;
    for (size_t r = 0; r < count; r++) {
        sums[r] = sum;
        sum += packed_stored(&numbers, first + r);
    }
    sums[count] = sum;
}

static void sum_up_stored(const fold_part *p, uint64_t *sums)
{
    switch (p->stored->bits) {
    case 8: sum_up(p, 8, sums); break;
    case 16: sum_up(p, 16, sums); break;
    case 24: sum_up(p, 24, sums); break;
    case 32: sum_up(p, 32, sums); break;
    default: sum_up(p, p->stored->bits, sums); break;
    }
}

static size_t rows_in_windows(const fold *f, const fold_part *p)
{
    size_t rows = 0;
    EACH_GROUP(f, i)
    rows += p->window->end[i] - p->window->begin[i];
    return rows;
}

/* Do windows hold so many of the rows that sums from the first row on are quicker, of which two tell a
 * group's? How many rows each has nobody could foretell. */
static bool sums_up(const fold *f, const fold_part *p)
{
    return p->stored && !p->selected && p->stored->bits <= 32 && f->group_count > 1 &&
           rows_in_windows(f, p) >= p->rows->count / 4;
}

static void put_differences(const fold *f, const fold_part *p, vector *out)
{
    uint64_t *sums = scratch_take(f->block->scratch, (p->rows->count + 1) * sizeof *sums);
    sum_up_stored(p, sums);
    EACH_GROUP(f, i)
    {
        uint32_t begin = p->window->begin[i], end = p->window->end[i];
        put_sum(f, out, i,
                (int128)p->stored->base * (end - begin) +
                    (int128)p->stored->unit * (sums[end] - sums[begin]));
    }
    scratch_give(f->block->scratch, sums);
}

static void sum_integers(const fold *f, vector *out)
{
    size_t groups = f->group_count;
    int64_t *result = vector_take(f->block, out, (groups + 1) * sizeof *result);
    memset(result, 0, groups * sizeof *result);
    if (f->part_count == 1 && sums_up(f, &f->parts[0])) {
        put_differences(f, &f->parts[0], out);
        return;
    }
    if (f->part_count != 1 || fold_moves(f, &f->parts[0])) {
        sum_parts(f, out);
        return;
    }
    EACH_GROUP_AHEAD(f, i)
    put_sum(f, out, i, sum_of_rows(&f->parts[0], i));
}

/* In the order of the rows, on which the result depends: of one table alone. */
static void sum_numbers(const fold *f, vector *out)
{
    size_t groups = f->group_count;
    double *sums = vector_take(f->block, out, (groups + 1) * sizeof *sums);
    memset(sums, 0, groups * sizeof *sums);
    if (f->part_count == 0)
        return;
    EACH_GROUP(f, i)
    {
        double sum = 0;
        EACH_ROW(&f->parts[0], i, r)
        sum += part_number(&f->parts[0], r);
        sums[i] = isfinite(sum) ? sum : 0;
        if (!isfinite(sum))
            lose_sum(f, out, i);
    }
}

void fold_sum(const fold *f, vector *out)
{
    if (f->node->type.kind == TYPE_NUMBER)
        sum_numbers(f, out);
    else
        sum_integers(f, out);
}
