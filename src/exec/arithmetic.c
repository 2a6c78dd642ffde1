/* SPDX-License-Identifier: MIT
 *
 * Numbers. Exact ones are 64-bit integers: a result that does not fit is missing and is
 * reported; so is a double that is no finite number.
 */
#include <math.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/half_life.h"
#include "base/number.h"
#include "exec/kernels.h"

static void lose_value(block *b, const node *n, vector *out, size_t count, size_t i)
{
    if (!out->present)
        vector_take_present(b, out, count);
    bitmap_unset(out->present, i);
    block_trouble(b, n, i, "a number leaves the range of 64 bits", "");
}

static size_t step_of(const vector *v)
{
    return v->is_uniform ? 0 : 1;
}

static bool calculate(node_kind kind, int64_t x, int64_t y, int64_t *out)
{
    switch (kind) {
    case NODE_ADD: return !__builtin_add_overflow(x, y, out);
    case NODE_SUBTRACT: return !__builtin_sub_overflow(x, y, out);
    case NODE_MULTIPLY: return !__builtin_mul_overflow(x, y, out);
    case NODE_SMALLER: *out = x < y ? x : y; return true;
    default: *out = x > y ? x : y; return true;
    }
}

static void binary_integers(block *b, const node *n, vector *out, size_t count)
{
    const vector *vx = operand_vector(b, n, 0), *vy = operand_vector(b, n, 1);
    const int64_t *x = vx->values, *y = vy->values;
    size_t x_step = step_of(vx), y_step = step_of(vy);
    int64_t *result = vector_take(b, out, (count + 1) * sizeof *result);
    vector_join_present(b, out, vx, vy, count);
    for (size_t i = 0; i < count; i++)
        if (!calculate(n->kind, x[i * x_step], y[i * y_step], &result[i])) {
            result[i] = 0;
            lose_value(b, n, out, count, i);
        }
    for (size_t i = 0; out->present && i < count; i++)
        if (!bitmap_get(out->present, i))
            result[i] = 0;
}

static double calculate_number(node_kind kind, double x, double y)
{
    switch (kind) {
    case NODE_ADD: return x + y;
    case NODE_SUBTRACT: return x - y;
    case NODE_MULTIPLY: return x * y;
    case NODE_SMALLER: return x < y ? x : y;
    case NODE_LARGER: return x > y ? x : y;
    default: return x / y;
    }
}

static void binary_numbers(block *b, const node *n, vector *out, size_t count)
{
    const vector *vx = operand_vector(b, n, 0), *vy = operand_vector(b, n, 1);
    const double *x = vx->values, *y = vy->values;
    size_t x_step = step_of(vx), y_step = step_of(vy);
    double *result = vector_take(b, out, (count + 1) * sizeof *result);
    vector_join_present(b, out, vx, vy, count);
    for (size_t i = 0; i < count; i++) {
        bool is_missing = out->present && !bitmap_get(out->present, i);
        bool by_zero = n->kind == NODE_DIVIDE && y[i * y_step] == 0;
        result[i] = is_missing || by_zero
                        ? 0
                        : calculate_number(n->kind, x[i * x_step], y[i * y_step]);
        if (by_zero && !is_missing) {
            if (!out->present)
                vector_take_present(b, out, count);
            bitmap_unset(out->present, i);
        } else if (!isfinite(result[i])) {
            result[i] = 0;
            lose_value(b, n, out, count, i);
        }
    }
}

/* a / b of integers, which is 10^digits too large; 0 when b is 0. */
static double exact_quotient(int64_t a, int64_t b, int64_t digits)
{
    int64_t power = number_power_of_ten((unsigned)(digits < 0 ? -digits : digits));
    return digits < 0 ? number_quotient((int128)a * power, b)
                      : number_quotient(a, (int128)b * power);
}

/* a / (b / 10^digits) to the nearest microsecond, halves away from zero. */
static int128 rounded_quotient(int64_t a, int64_t b, int64_t digits)
{
    int128 twice = (int128)a * number_power_of_ten((unsigned)digits) * 2, by = b;
    int128 half = (a < 0) == (b < 0) ? by : -by;
    return (twice + half) / (by * 2);
}

/* Keep a result that fits in 64 bits. */
static void put_exact(block *b, const node *n, vector *out, int64_t *result, size_t count,
                      size_t i, int128 value)
{
    result[i] = (int64_t)value;
    if (result[i] != value) {
        result[i] = 0;
        lose_value(b, n, out, count, i);
    }
}

static void divide(block *b, const node *n, vector *out, size_t count)
{
    const vector *vx = operand_vector(b, n, 0), *vy = operand_vector(b, n, 1);
    const int64_t *x = vx->values, *y = vy->values;
    size_t x_step = step_of(vx), y_step = step_of(vy);
    bool is_duration = n->kind == NODE_DIVIDE_DURATION;
    void *result = vector_take(b, out, (count + 1) * sizeof(int64_t));
    vector_join_present(b, out, vx, vy, count);
    if (!out->present)
        vector_take_present(b, out, count);
    for (size_t i = 0; i < count; i++) {
        int64_t above = x[i * x_step], below = y[i * y_step];
        bool has_value = bitmap_get(out->present, i) && below != 0;
        bitmap_put(out->present, i, has_value);
        if (n->kind == NODE_FLOOR_DIVIDE)
            ((int64_t *)result)[i] = has_value ? number_floor_divide(above, below) : 0;
        else if (is_duration && has_value)
            put_exact(b, n, out, result, count, i,
                      rounded_quotient(above, below, n->scale));
        else if (is_duration)
            ((int64_t *)result)[i] = 0;
        else
            ((double *)result)[i] =
                has_value ? exact_quotient(above, below, n->scale) : 0;
    }
}

static void negate(block *b, const node *n, vector *out, size_t count)
{
    const vector *v = operand_vector(b, n, 0);
    vector_join_present(b, out, v, NULL, count);
    if (n->type.kind == TYPE_NUMBER) {
        const double *x = v->values;
        double *result = vector_take(b, out, (count + 1) * sizeof *result);
        for (size_t i = 0; i < count; i++)
            result[i] = -x[i];
        return;
    }
    const int64_t *x = v->values;
    int64_t *result = vector_take(b, out, (count + 1) * sizeof *result);
    for (size_t i = 0; i < count; i++)
        if (__builtin_sub_overflow((int64_t)0, x[i], &result[i])) {
            result[i] = 0;
            lose_value(b, n, out, count, i);
        }
}

static void rescale(block *b, const node *n, vector *out, size_t count)
{
    const vector *v = operand_vector(b, n, 0);
    const int64_t *x = v->values;
    int64_t *result = vector_take(b, out, (count + 1) * sizeof *result);
    vector_join_present(b, out, v, NULL, count);
    for (size_t i = 0; i < count; i++)
        if (!number_scale_up(x[i], n->digits, &result[i])) {
            result[i] = 0;
            lose_value(b, n, out, count, i);
        }
}

static void to_number(block *b, const node *n, vector *out, size_t count)
{
    const vector *v = operand_vector(b, n, 0);
    const type t = n->operands[0]->type;
    const int64_t *x = v->values;
    double *result = vector_take(b, out, (count + 1) * sizeof *result);
    int64_t power = t.kind == TYPE_DECIMAL ? number_power_of_ten(t.scale) : 1;
    vector_join_present(b, out, v, NULL, count);
    for (size_t i = 0; i < count; i++)
        result[i] = number_quotient(x[i], power);
}

static void to_duration(block *b, const node *n, vector *out, size_t count)
{
    static const double LIMIT = 9223372036854774784.0; /* the largest double below 2^63 */
    const vector *v = operand_vector(b, n, 0);
    const double *x = v->values;
    int64_t *result = vector_take(b, out, (count + 1) * sizeof *result);
    vector_join_present(b, out, v, NULL, count);
    for (size_t i = 0; i < count; i++) {
        double rounded = round(x[i]);
        bool fits = rounded >= -LIMIT && rounded <= LIMIT;
        result[i] = fits ? (int64_t)rounded : 0;
        if (!fits)
            lose_value(b, n, out, count, i);
    }
}

static void fade(block *b, const node *n, vector *out, size_t count)
{
    const vector *v = operand_vector(b, n, 0);
    const int64_t *age = v->values;
    double *result = vector_take(b, out, (count + 1) * sizeof *result);
    vector_join_present(b, out, v, NULL, count);
    for (size_t i = 0; i < count; i++)
        result[i] = half_life_left(age[i], n->half_life);
}

/* Does x take the place of what was best so far? */
static bool is_better(node_kind kind, int64_t x, int64_t best)
{
    return kind == NODE_LEAST_OF ? x < best : x > best;
}

static void best_of(block *b, const node *n, vector *out, size_t count)
{
    int64_t *result = vector_take(b, out, (count + 1) * sizeof *result);
    uint64_t *present = vector_take_present(b, out, count);
    memset(result, 0, count * sizeof *result);
    bitmap_fill(present, count, false);
    for (size_t o = 0; o < n->operand_count; o++) {
        const vector *v = operand_vector(b, n, o);
        const int64_t *values = v->values;
        size_t step = step_of(v);
        for (size_t i = 0; i < count; i++) {
            if (!vector_has(v, i))
                continue;
            if (!bitmap_get(present, i) ||
                is_better(n->kind, values[i * step], result[i]))
                result[i] = values[i * step];
            bitmap_set(present, i);
        }
    }
}

void kernel_arithmetic(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    size_t count = block_length(b, n);
    bool of_doubles = n->operands[0]->type.kind == TYPE_NUMBER;
    switch (n->kind) {
    case NODE_NEGATE: negate(b, n, out, count); break;
    case NODE_RESCALE: rescale(b, n, out, count); break;
    case NODE_TO_NUMBER: to_number(b, n, out, count); break;
    case NODE_TO_DURATION: to_duration(b, n, out, count); break;
    case NODE_FADED: fade(b, n, out, count); break;
    case NODE_LEAST_OF:
    case NODE_GREATEST_OF: best_of(b, n, out, count); break;
    case NODE_DIVIDE:
    case NODE_DIVIDE_DURATION:
    case NODE_FLOOR_DIVIDE:
        if (of_doubles)
            binary_numbers(b, n, out, count);
        else
            divide(b, n, out, count);
        break;
    default:
        if (of_doubles)
            binary_numbers(b, n, out, count);
        else
            binary_integers(b, n, out, count);
        break;
    }
}
