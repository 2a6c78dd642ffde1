/* SPDX-License-Identifier: MIT
 *
 * The rows of a group, which is a person or a row with a window of its own, to one value. `selected`
 * has a bit for each row that counts: the mask, and for folds that skip missing values,
 * their presence; NULL when all rows do.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/number.h"
#include "exec/kernels.h"

typedef struct fold {
    block *block;
    const node *node;
    const window_rows *window;
    const uint64_t *selected;
    const vector *value; /* or NULL */
    type value_type;
    size_t group_count; /* people, or rows that have windows */
    size_t row_count;
    uint64_t *spare_mask, *spare_joined;
    void *spare_value;
} fold;

/* FIRST and LAST take the row as it is; the others look at values that are there. */
static bool skips_missing(node_kind kind)
{
    return kind != NODE_FIRST && kind != NODE_LAST;
}

static void select_rows(fold *f)
{
    const node *n = f->node;
    block *b = f->block;
    if (n->flags & FOLD_HAS_MASK)
        f->selected =
            condition_bits(b, operand_vector(b, n, 1), f->row_count, &f->spare_mask);
    if (!f->value || !f->value->present || f->value->is_uniform ||
        !skips_missing(n->kind))
        return;
    if (!f->selected) {
        f->selected = f->value->present;
        return;
    }
    size_t words = bitmap_words(f->row_count);
    f->spare_joined = scratch_take(b->scratch, (words + 1) * sizeof(uint64_t));
    for (size_t w = 0; w < words; w++)
        f->spare_joined[w] = f->selected[w] & f->value->present[w];
    f->selected = f->spare_joined;
}

static fold fold_begin(block *b, const node *n)
{
    fold f = {.block = b,
              .node = n,
              .window = &b->windows[n->operands[0]->id],
              .row_count = block_domain(b, n->rows)->count,
              .group_count = block_length(b, n)};
    if (n->flags & FOLD_HAS_VALUE) {
        f.value = operand_vector(b, n, n->operand_count - 1);
        f.value_type = n->operands[n->operand_count - 1]->type;
    }
    select_rows(&f);
    return f;
}

static void fold_end(fold *f)
{
    scratch_give(f->block->scratch, f->spare_mask);
    scratch_give(f->block->scratch, f->spare_joined);
}

static size_t next_row(const fold *f, size_t row, size_t end)
{
    return f->selected ? bitmap_first(f->selected, row, end) : row;
}

/* for each selected row r of group i */
#define EACH_ROW(f, i, r)                                                                \
    for (size_t r = next_row(f, (f)->window->begin[i], (f)->window->end[i]);             \
         r < (f)->window->end[i]; r = next_row(f, r + 1, (f)->window->end[i]))

static size_t value_index(const fold *f, size_t row)
{
    return f->value->is_uniform ? 0 : row;
}

static int64_t version_place_at(const fold *f, size_t row)
{
    const node *values = f->node->operands[f->node->operand_count - 1];
    return bound_version_place(f->block->bound, values->origin,
                               ((const uint32_t *)f->value->values)[value_index(f, row)]);
}

/* Of a version, which is a text, its place. */
static int64_t integer_at(const fold *f, size_t row)
{
    if (f->value_type.kind == TYPE_VERSION)
        return version_place_at(f, row);
    return ((const int64_t *)f->value->values)[value_index(f, row)];
}

static double number_at(const fold *f, size_t row)
{
    return ((const double *)f->value->values)[value_index(f, row)];
}

/* A uniform value that is missing is missing for every row. */
static bool uniform_is_missing(const fold *f)
{
    return f->value && f->value->is_uniform && f->value->present &&
           !bitmap_get(f->value->present, 0);
}

/* ---- counts ------------------------------------------------------------- */

static size_t rows_of(const fold *f, size_t i)
{
    uint32_t begin = f->window->begin[i], end = f->window->end[i];
    return f->selected ? bitmap_count(f->selected, begin, end) : end - begin;
}

static void fold_any(const fold *f, vector *out)
{
    size_t groups = f->group_count;
    uint64_t *bits = vector_take_bits(f->block, out, groups);
    bitmap_fill(bits, groups, false);
    for (size_t i = 0; i < groups; i++)
        if (next_row(f, f->window->begin[i], f->window->end[i]) < f->window->end[i])
            bitmap_set(bits, i);
}

static void fold_count(const fold *f, vector *out)
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
            sum += integer_at(f, r);
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
    sum += integer_at(f, r);
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
        sum += number_at(f, r);
        sums[i] = isfinite(sum) ? sum : 0;
        if (!isfinite(sum))
            lose_sum(f, out, i);
    }
}

static void fold_sum(const fold *f, vector *out)
{
    if (uniform_is_missing(f)) {
        memset(vector_take(f->block, out, (f->group_count + 1) * sizeof(int64_t)), 0,
               f->group_count * sizeof(int64_t));
        return;
    }
    if (f->value_type.kind == TYPE_NUMBER)
        sum_numbers(f, out);
    else
        sum_integers(f, out);
}

/* ---- which row: least, greatest, first, last ---------------------------- */

static size_t extreme_row(const fold *f, size_t i)
{
    bool wants_least = f->node->kind == NODE_LEAST;
    bool of_doubles = f->value_type.kind == TYPE_NUMBER;
    size_t best = SIZE_MAX;
    EACH_ROW(f, i, r)
    {
        if (best == SIZE_MAX) {
            best = r;
            continue;
        }
        bool is_less = of_doubles ? number_at(f, r) < number_at(f, best)
                                  : integer_at(f, r) < integer_at(f, best);
        bool is_more = of_doubles ? number_at(f, r) > number_at(f, best)
                                  : integer_at(f, r) > integer_at(f, best);
        if (wants_least ? is_less : is_more)
            best = r;
    }
    return best;
}

static size_t wanted_row(const fold *f, size_t i)
{
    uint32_t begin = f->window->begin[i], end = f->window->end[i];
    if (begin == end)
        return SIZE_MAX;
    switch (f->node->kind) {
    case NODE_FIRST: {
        size_t row = next_row(f, begin, end);
        return row < end ? row : SIZE_MAX;
    }
    case NODE_LAST: return f->selected ? bitmap_last(f->selected, begin, end) : end - 1;
    default: return extreme_row(f, i);
    }
}

static void copy_row(const fold *f, void *values, size_t i, size_t row)
{
    const void *from = f->value->values;
    size_t at = value_index(f, row);
    switch (f->value_type.kind) {
    case TYPE_BOOL: bitmap_put(values, i, bitmap_get(from, at)); break;
    case TYPE_NUMBER: ((double *)values)[i] = ((const double *)from)[at]; break;
    case TYPE_STRING:
    case TYPE_VERSION:
    case TYPE_PERSON: ((uint32_t *)values)[i] = ((const uint32_t *)from)[at]; break;
    default: ((int64_t *)values)[i] = ((const int64_t *)from)[at]; break;
    }
}

static void fold_pick(const fold *f, vector *out)
{
    size_t groups = f->group_count;
    size_t bytes = (groups + bitmap_words(groups) + 1) * sizeof(int64_t);
    void *values = vector_take(f->block, out, bytes);
    uint64_t *present = vector_take_present(f->block, out, groups);
    memset(values, 0, bytes);
    for (size_t i = 0; i < groups; i++) {
        size_t row = wanted_row(f, i);
        bool has_value =
            row != SIZE_MAX &&
            (!f->value->present || bitmap_get(f->value->present, value_index(f, row)));
        if (has_value)
            copy_row(f, values, i, row);
        else
            bitmap_unset(present, i);
    }
}

/* ---- distinct ----------------------------------------------------------- */

static uint64_t key_at(const fold *f, size_t row)
{
    if (f->value_type.kind == TYPE_VERSION)
        return (uint64_t)version_place_at(f, row);
    return vector_key(f->value, f->value_type, row);
}

/* A set of keys, emptied by taking the next stamp. */
typedef struct key_set {
    uint64_t *keys;
    uint32_t *stamps;
    uint32_t stamp;
    size_t mask;
} key_set;

static key_set key_set_take(scratch *s, size_t most)
{
    size_t slots = 16;
    while (slots < 2 * most)
        slots *= 2;
    key_set set = {.keys = scratch_take(s, slots * sizeof(uint64_t)),
                   .stamps = scratch_take(s, slots * sizeof(uint32_t)),
                   .mask = slots - 1};
    memset(set.stamps, 0, slots * sizeof(uint32_t));
    return set;
}

static bool key_set_add(key_set *set, uint64_t key)
{
    size_t slot = (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & set->mask;
    while (set->stamps[slot] == set->stamp) {
        if (set->keys[slot] == key)
            return false;
        slot = (slot + 1) & set->mask;
    }
    set->stamps[slot] = set->stamp;
    set->keys[slot] = key;
    return true;
}

static size_t most_rows(const fold *f)
{
    size_t most = 0;
    for (size_t i = 0; i < f->group_count; i++) {
        size_t rows = f->window->end[i] - f->window->begin[i];
        most = rows > most ? rows : most;
    }
    return most;
}

static void fold_distinct(const fold *f, vector *out)
{
    size_t groups = f->group_count;
    int64_t *counts = vector_take(f->block, out, (groups + 1) * sizeof *counts);
    key_set set = key_set_take(f->block->scratch, most_rows(f));
    for (size_t i = 0; i < groups; i++) {
        counts[i] = 0;
        set.stamp++;
        EACH_ROW(f, i, r)
        counts[i] += key_set_add(&set, key_at(f, r));
    }
    if (uniform_is_missing(f))
        memset(counts, 0, groups * sizeof *counts);
    scratch_give(f->block->scratch, set.keys);
    scratch_give(f->block->scratch, set.stamps);
}

/* ---- runs of equal values ----------------------------------------------- */

/* What was seen of the runs so far. */
typedef struct run_state {
    int64_t value, length;         /* of the run that goes on; length 0: none yet */
    int64_t count;                 /* runs of a wanted length */
    int64_t last, streak, longest; /* consecutive numbers that had such a run */
} run_state;

static void end_run(const fold *f, run_state *s)
{
    int64_t least = f->node->integer, most = f->node->span.count;
    if (s->length < least || s->length == 0 || (most > 0 && s->length > most))
        return;
    bool goes_on = s->count > 0 && s->value == s->last + 1;
    s->streak = goes_on ? s->streak + 1 : 1;
    s->longest = s->streak > s->longest ? s->streak : s->longest;
    s->last = s->value;
    s->count++;
}

static int64_t runs_of(const fold *f, size_t i)
{
    run_state s = {0};
    EACH_ROW(f, i, r)
    {
        int64_t value = (int64_t)key_at(f, r);
        if (s.length > 0 && value == s.value) {
            s.length++;
            continue;
        }
        end_run(f, &s);
        s.value = value;
        s.length = 1;
    }
    end_run(f, &s);
    return f->node->kind == NODE_RUNS ? s.count : s.longest;
}

static void fold_runs(const fold *f, vector *out)
{
    size_t groups = f->group_count;
    int64_t *counts = vector_take(f->block, out, (groups + 1) * sizeof *counts);
    for (size_t i = 0; i < groups; i++)
        counts[i] = runs_of(f, i);
}

/* ---- rows one after another --------------------------------------------- */

static int64_t longest_row(const fold *f, const uint64_t *is_wanted, size_t i)
{
    int64_t longest = 0, length = 0;
    EACH_ROW(f, i, r)
    {
        length = bitmap_get(is_wanted, r) ? length + 1 : 0;
        longest = length > longest ? length : longest;
    }
    return longest;
}

static void fold_longest_row(const fold *f, vector *out)
{
    size_t groups = f->group_count;
    uint64_t *spare = NULL;
    const uint64_t *is_wanted = condition_bits(f->block, f->value, f->row_count, &spare);
    int64_t *counts = vector_take(f->block, out, (groups + 1) * sizeof *counts);
    for (size_t i = 0; i < groups; i++)
        counts[i] = longest_row(f, is_wanted, i);
    scratch_give(f->block->scratch, spare);
}

/* ---- orders and spreads of values --------------------------------------- */

static int compare_int64(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int compare_double(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Copy the selected values of a group, 8 bytes each, to `out`; returns how many. */
static size_t collect_values(const fold *f, size_t i, void *out)
{
    size_t count = 0;
    EACH_ROW(f, i, r)
    {
        if (f->value_type.kind == TYPE_NUMBER)
            ((double *)out)[count++] = number_at(f, r);
        else
            ((int64_t *)out)[count++] = integer_at(f, r);
    }
    return count;
}

/* At p / d of the way from the first to the last value: the row below, and how far on
 * from it. */
static size_t quantile_place(const node *n, size_t count, int64_t *rest)
{
    int128 at = (int128)n->integer * (int128)(count - 1);
    *rest = (int64_t)(at % n->span.count);
    return (size_t)(at / n->span.count);
}

static bool exact_quantile(const node *n, int64_t *values, size_t count, int64_t *out)
{
    int64_t rest;
    qsort(values, count, sizeof *values, compare_int64);
    size_t at = quantile_place(n, count, &rest);
    int128 result = (int128)values[at] * n->span.count;
    if (rest > 0)
        result += ((int128)values[at + 1] - values[at]) * rest;
    *out = (int64_t)result;
    return *out == result;
}

static double double_quantile(const node *n, double *values, size_t count)
{
    int64_t rest;
    qsort(values, count, sizeof *values, compare_double);
    size_t at = quantile_place(n, count, &rest);
    if (rest == 0)
        return values[at];
    double part = (double)rest / (double)n->span.count;
    return values[at] + (values[at + 1] - values[at]) * part;
}

static void fold_quantile(const fold *f, vector *out)
{
    size_t groups = f->group_count;
    void *values = scratch_take(f->block->scratch, (most_rows(f) + 1) * sizeof(int64_t));
    int64_t *result = vector_take(f->block, out, (groups + 1) * sizeof *result);
    uint64_t *present = vector_take_present(f->block, out, groups);
    for (size_t i = 0; i < groups; i++) {
        size_t count = uniform_is_missing(f) ? 0 : collect_values(f, i, values);
        result[i] = 0;
        if (count == 0) {
            bitmap_unset(present, i);
        } else if (f->value_type.kind == TYPE_NUMBER) {
            double quantile = double_quantile(f->node, values, count);
            memcpy(&result[i], &quantile, sizeof quantile);
        } else if (!exact_quantile(f->node, values, count, &result[i])) {
            result[i] = 0;
            bitmap_unset(present, i);
            block_trouble(f->block, f->node, i, "a quantile leaves the range of 64 bits",
                          "");
        }
    }
    scratch_give(f->block->scratch, values);
}

/* The variance of exact values from exact sums: (n * sum of squares - square of the
 * sum) over n * (n - 1). False when that leaves 128 bits. */
static bool exact_variance(const int64_t *values, size_t count, double *out)
{
    int128 sum = 0, squares = 0, n = (int128)count, whole, square;
    for (size_t i = 0; i < count; i++) {
        sum += values[i];
        if (__builtin_add_overflow(squares, (int128)values[i] * values[i], &squares))
            return false;
    }
    if (__builtin_mul_overflow(n, squares, &whole) ||
        __builtin_mul_overflow(sum, sum, &square))
        return false;
    *out = number_quotient(whole - square, n * (n - 1));
    return true;
}

static double double_variance(const double *values, size_t count)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    double mean = sum / (double)count;
    for (size_t i = 0; i < count; i++)
        squares += (values[i] - mean) * (values[i] - mean);
    return squares / (double)(count - 1);
}

/* Take from exact values the zeros behind the point that all of them have, so that what
 * follows cannot depend on how many digits a type keeps: 1 and 1.00 are one number. */
static unsigned drop_zero_digits(int64_t *values, size_t count, unsigned scale)
{
    for (; scale > 0; scale--) {
        for (size_t i = 0; i < count; i++)
            if (values[i] % 10 != 0)
                return scale;
        for (size_t i = 0; i < count; i++)
            values[i] /= 10;
    }
    return scale;
}

/* The sample standard deviation, brought to the scale of the values. */
static bool deviation(const fold *f, void *values, size_t count, double *out)
{
    double variance;
    unsigned scale = f->value_type.kind == TYPE_DECIMAL ? f->value_type.scale : 0;
    if (f->value_type.kind == TYPE_NUMBER) {
        variance = double_variance(values, count);
    } else {
        scale = drop_zero_digits(values, count, scale);
        if (!exact_variance(values, count, &variance))
            return false;
    }
    *out = sqrt(variance) / (double)number_power_of_ten(scale);
    return isfinite(*out);
}

static void fold_stddev(const fold *f, vector *out)
{
    size_t groups = f->group_count;
    void *values = scratch_take(f->block->scratch, (most_rows(f) + 1) * sizeof(int64_t));
    double *result = vector_take(f->block, out, (groups + 1) * sizeof *result);
    uint64_t *present = vector_take_present(f->block, out, groups);
    for (size_t i = 0; i < groups; i++) {
        size_t count = uniform_is_missing(f) ? 0 : collect_values(f, i, values);
        result[i] = 0;
        if (count < 2) {
            bitmap_unset(present, i);
        } else if (!deviation(f, values, count, &result[i])) {
            result[i] = 0;
            bitmap_unset(present, i);
            block_trouble(f->block, f->node, i,
                          "a standard deviation leaves the range of numbers", "");
        }
    }
    scratch_give(f->block->scratch, values);
}

/* ---- the value met most often ------------------------------------------- */

/* A value with the last row that had it. */
typedef struct met_value {
    uint64_t key;
    size_t row;
} met_value;

static int compare_met(const void *a, const void *b)
{
    const met_value *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static size_t most_common_row(const fold *f, met_value *met, size_t i)
{
    size_t count = 0, best_count = 0, best_row = SIZE_MAX;
    EACH_ROW(f, i, r)
    met[count++] = (met_value){key_at(f, r), r};
    qsort(met, count, sizeof *met, compare_met);
    for (size_t first = 0; first < count;) {
        size_t next = first;
        while (next < count && met[next].key == met[first].key)
            next++;
        size_t row = met[next - 1].row;
        if (next - first > best_count || (next - first == best_count && row > best_row)) {
            best_count = next - first;
            best_row = row;
        }
        first = next;
    }
    return best_row;
}

static void fold_most_common(const fold *f, vector *out)
{
    size_t groups = f->group_count;
    met_value *met = scratch_take(f->block->scratch, (most_rows(f) + 1) * sizeof *met);
    size_t bytes = (groups + bitmap_words(groups) + 1) * sizeof(int64_t);
    void *values = vector_take(f->block, out, bytes);
    uint64_t *present = vector_take_present(f->block, out, groups);
    memset(values, 0, bytes);
    for (size_t i = 0; i < groups; i++) {
        size_t row = uniform_is_missing(f) ? SIZE_MAX : most_common_row(f, met, i);
        if (row == SIZE_MAX)
            bitmap_unset(present, i);
        else
            copy_row(f, values, i, row);
    }
    scratch_give(f->block->scratch, met);
}

void kernel_fold(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    fold f = fold_begin(b, n);
    switch (n->kind) {
    case NODE_ANY: fold_any(&f, out); break;
    case NODE_COUNT: fold_count(&f, out); break;
    case NODE_SUM: fold_sum(&f, out); break;
    case NODE_DISTINCT: fold_distinct(&f, out); break;
    case NODE_RUNS:
    case NODE_LONGEST_RUN: fold_runs(&f, out); break;
    case NODE_LONGEST_ROW: fold_longest_row(&f, out); break;
    case NODE_QUANTILE: fold_quantile(&f, out); break;
    case NODE_STDDEV: fold_stddev(&f, out); break;
    case NODE_MOST_COMMON: fold_most_common(&f, out); break;
    default: fold_pick(&f, out); break;
    }
    fold_end(&f);
}
