/* SPDX-License-Identifier: MIT
 *
 * Orders and spreads of values: quantiles and the standard deviation.
 */
#include "exec/fold.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/number.h"

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

/* Copy the values of a group, 8 bytes each, to `out`; returns how many. */
static size_t collect_values(const fold *f, size_t i, void *out)
{
    size_t count = 0;
    for (const fold_part *p = f->parts; p < f->parts + f->part_count; p++)
        EACH_ROW(p, i, r)
        {
            if (p->value_type.kind == TYPE_NUMBER)
                ((double *)out)[count++] = part_number(p, r);
            else
                ((int64_t *)out)[count++] = part_integer(f, p, r);
        }
    return count;
}

/* At p / d of the way from the first to the last value: the row below, and how far on
 * from it. */
static size_t quantile_place(const fold *f, size_t count, int64_t *rest)
{
    int128 at = (int128)f->details->share.part * (int128)(count - 1);
    *rest = (int64_t)(at % f->details->share.whole);
    return (size_t)(at / f->details->share.whole);
}

static bool exact_quantile(const fold *f, int64_t *values, size_t count, int64_t *out)
{
    int64_t rest;
    qsort(values, count, sizeof *values, compare_int64);
    size_t at = quantile_place(f, count, &rest);
    int128 result = (int128)values[at] * f->details->share.whole;
    if (rest > 0)
        result += ((int128)values[at + 1] - values[at]) * rest;
    *out = (int64_t)result;
    return *out == result;
}

static double double_quantile(const fold *f, double *values, size_t count)
{
    int64_t rest;
    qsort(values, count, sizeof *values, compare_double);
    size_t at = quantile_place(f, count, &rest);
    if (rest == 0)
        return values[at];
    double part = (double)rest / (double)f->details->share.whole;
    return values[at] + (values[at + 1] - values[at]) * part;
}

/* Nothing, for everybody. */
static void *take_nothing(const fold *f, vector *out)
{
    size_t bytes = (f->group_count + 1) * sizeof(int64_t);
    void *result = vector_take(f->block, out, bytes);
    vector_take_present(f->block, out, f->group_count);
    bitmap_fill(out->present, f->group_count, false);
    memset(result, 0, bytes);
    return result;
}

static bool quantile(const fold *f, void *values, size_t count, int64_t *out)
{
    if (f->value_type.kind != TYPE_NUMBER)
        return exact_quantile(f, values, count, out);
    double number = double_quantile(f, values, count);
    memcpy(out, &number, sizeof number);
    return true;
}

void fold_quantile(const fold *f, vector *out)
{
    void *values =
        scratch_take(f->block->scratch, (fold_most_rows(f) + 1) * sizeof(int64_t));
    int64_t *result = take_nothing(f, out), found;
    EACH_GROUP(f, i)
    {
        size_t count = collect_values(f, i, values);
        if (count == 0)
            continue;
        if (quantile(f, values, count, &found)) {
            result[i] = found;
            bitmap_set(out->present, i);
        } else {
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

void fold_stddev(const fold *f, vector *out)
{
    void *values =
        scratch_take(f->block->scratch, (fold_most_rows(f) + 1) * sizeof(int64_t));
    double *result = take_nothing(f, out), found;
    EACH_GROUP(f, i)
    {
        size_t count = collect_values(f, i, values);
        if (count < 2)
            continue;
        if (deviation(f, values, count, &found)) {
            result[i] = found;
            bitmap_set(out->present, i);
        } else {
            block_trouble(f->block, f->node, i,
                          "a standard deviation leaves the range of numbers", "");
        }
    }
    scratch_give(f->block->scratch, values);
}
