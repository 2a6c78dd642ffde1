/* SPDX-License-Identifier: MIT
 *
 * Numbers. Exact ones are 64-bit integers: a result that does not fit is missing and is
 * reported; so is a double that is no finite number.
 */
#include <string.h>

#include "base/bitmap.h"
#include "base/half_life.h"
#include "exec/kernels.h"
#include "exec/loops.h"
#include "graph/scalar.h"

static void lose_value(block *b, const node *n, vector *out, size_t count, size_t i)
{
    if (!out->present)
        vector_take_present(b, out, count);
    bitmap_unset(out->present, i);
    block_trouble(b, n, i, "a number leaves the range of 64 bits", "");
}

static void drop_value(block *b, vector *out, size_t count, size_t i)
{
    if (!out->present)
        vector_take_present(b, out, count);
    bitmap_unset(out->present, i);
}

/* What a scalar function has to say besides a value. */
static void keep_outcome(block *b, const node *n, vector *out, size_t count, size_t i,
                         scalar_outcome outcome)
{
    if (outcome == SCALAR_NONE)
        drop_value(b, out, count, i);
    else if (outcome == SCALAR_LOST && (!out->present || bitmap_get(out->present, i)))
        lose_value(b, n, out, count, i);
}

static size_t step_of(const vector *v)
{
    return v->is_uniform ? 0 : 1;
}

/* ---- two operands ------------------------------------------------------- */

static void clear_missing(const vector *out, int64_t *values, size_t count)
{
    for (size_t i = 0; out->present && i < count; i++)
        if (!bitmap_get(out->present, i))
            values[i] = 0;
}

#define PUT_BINARY(SCALAR)                                                               \
    {                                                                                    \
        scalar_outcome outcome = SCALAR(x[i * x_step], y[i * y_step], &result[i]);       \
        if (outcome != SCALAR_VALUE) {                                                   \
            result[i] = 0;                                                               \
            keep_outcome(b, n, out, count, i, outcome);                                  \
        }                                                                                \
    }

/* A loop over two operands of one type, of those that are there: what is missing stands as
 * zero. */
#define BINARY_LOOP(NAME, TYPE, SCALAR)                                                  \
    static void NAME(block *b, const node *n)                                            \
    {                                                                                    \
        vector *out = &b->vectors[n->id];                                                \
        size_t count = block_length(b, n);                                               \
        const vector *vx = operand_vector(b, n, 0), *vy = operand_vector(b, n, 1);       \
        const TYPE *x = vx->values, *y = vy->values;                                     \
        size_t x_step = step_of(vx), y_step = step_of(vy);                               \
        TYPE *result = vector_take(b, out, (count + 1) * sizeof *result);                \
        vector_join_present(b, out, vx, vy, count);                                      \
        if (!out->present) {                                                             \
            for (size_t i = 0; i < count; i++)                                           \
                PUT_BINARY(SCALAR)                                                       \
            return;                                                                      \
        }                                                                                \
        memset(result, 0, count * sizeof *result);                                       \
        EACH_SET_BIT(out->present, count, i)                                             \
        PUT_BINARY(SCALAR)                                                               \
    }

/* Exact numbers of several scales, one value after the other. */
static void combine_scales(block *b, const node *n, scalar_wide *combine)
{
    vector *out = &b->vectors[n->id];
    size_t count = block_length(b, n);
    const vector *vx = operand_vector(b, n, 0), *vy = operand_vector(b, n, 1);
    const int64_t *x = vx->values, *y = vy->values;
    int128 up_x = node_power_to_scale(n, 0), up_y = node_power_to_scale(n, 1);
    int64_t *result = vector_take(b, out, (count + 1) * sizeof *result);
    vector_join_present(b, out, vx, vy, count);
    for (size_t i = 0; i < count; i++)
        keep_outcome(
            b, n, out, count, i,
            combine(x[i * step_of(vx)] * up_x, y[i * step_of(vy)] * up_y, &result[i]));
    clear_missing(out, out->values, count);
}

#define BINARY_LOOPS(name)                                                               \
    BINARY_LOOP(name##_integers, int64_t, scalar_##name)                                 \
    BINARY_LOOP(name##_numbers, double, scalar_##name##_numbers)

#define SCALED_KERNEL(name)                                                              \
    BINARY_LOOPS(name)                                                                   \
    void kernel_##name(block *b, const node *n)                                          \
    {                                                                                    \
        bool of_numbers = n->operands[0]->type.kind == TYPE_NUMBER;                      \
        if (node_joins_scales(n))                                                        \
            combine_scales(b, n, scalar_##name##_wide);                                  \
        else                                                                             \
            (of_numbers ? name##_numbers : name##_integers)(b, n);                       \
    }

SCALED_KERNEL(add)
SCALED_KERNEL(subtract)
SCALED_KERNEL(smaller)
SCALED_KERNEL(larger)

BINARY_LOOPS(multiply)

void kernel_multiply(block *b, const node *n)
{
    bool of_numbers = n->operands[0]->type.kind == TYPE_NUMBER;
    (of_numbers ? multiply_numbers : multiply_integers)(b, n);
}

BINARY_LOOP(divide_numbers, double, scalar_divide_numbers)
BINARY_LOOP(floor_divide_integers, int64_t, scalar_floor_divide)

static void divide_integers(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    size_t count = block_length(b, n);
    const vector *vx = operand_vector(b, n, 0), *vy = operand_vector(b, n, 1);
    const int64_t *x = vx->values, *y = vy->values;
    double *result = vector_take(b, out, (count + 1) * sizeof *result);
    vector_join_present(b, out, vx, vy, count);
    for (size_t i = 0; i < count; i++)
        keep_outcome(
            b, n, out, count, i,
            scalar_divide(x[i * step_of(vx)], y[i * step_of(vy)], n->scale, &result[i]));
    clear_missing(out, out->values, count);
}

void kernel_divide(block *b, const node *n)
{
    bool of_numbers = n->operands[0]->type.kind == TYPE_NUMBER;
    (of_numbers ? divide_numbers : divide_integers)(b, n);
}

void kernel_floor_divide(block *b, const node *n)
{
    floor_divide_integers(b, n);
}

void kernel_divide_duration(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    size_t count = block_length(b, n);
    const vector *vx = operand_vector(b, n, 0), *vy = operand_vector(b, n, 1);
    const int64_t *x = vx->values, *y = vy->values;
    int64_t *result = vector_take(b, out, (count + 1) * sizeof *result);
    vector_join_present(b, out, vx, vy, count);
    for (size_t i = 0; i < count; i++)
        keep_outcome(b, n, out, count, i,
                     scalar_divide_duration(x[i * step_of(vx)], y[i * step_of(vy)],
                                            n->scale, &result[i]));
    clear_missing(out, result, count);
}

/* ---- one operand -------------------------------------------------------- */

/* The vector of a node with one operand, with room for values of 8 bytes each. */
static void *take_like_operand(block *b, const node *n, const vector **operand,
                               size_t *count)
{
    vector *out = &b->vectors[n->id];
    *operand = operand_vector(b, n, 0);
    *count = block_length(b, n);
    vector_join_present(b, out, *operand, NULL, *count);
    return vector_take(b, out, (*count + 1) * sizeof(int64_t));
}

static void negate_numbers(block *b, const node *n)
{
    const vector *v;
    size_t count;
    double *result = take_like_operand(b, n, &v, &count);
    const double *x = v->values;
    for (size_t i = 0; i < count; i++)
        result[i] = -x[i];
}

static void negate_integers(block *b, const node *n)
{
    const vector *v;
    size_t count;
    int64_t *result = take_like_operand(b, n, &v, &count);
    const int64_t *x = v->values;
    for (size_t i = 0; i < count; i++)
        keep_outcome(b, n, &b->vectors[n->id], count, i, scalar_negate(x[i], &result[i]));
}

void kernel_negate(block *b, const node *n)
{
    (n->type.kind == TYPE_NUMBER ? negate_numbers : negate_integers)(b, n);
}

void kernel_rescale(block *b, const node *n)
{
    const vector *v;
    size_t count;
    int64_t *result = take_like_operand(b, n, &v, &count);
    const int64_t *x = v->values;
    for (size_t i = 0; i < count; i++)
        keep_outcome(b, n, &b->vectors[n->id], count, i,
                     scalar_rescale(x[i], n->digits, &result[i]));
}

void kernel_to_number(block *b, const node *n)
{
    const vector *v;
    size_t count;
    double *result = take_like_operand(b, n, &v, &count);
    const int64_t *x = v->values;
    unsigned scale = n->operands[0]->type.scale;
    for (size_t i = 0; i < count; i++)
        result[i] = scalar_to_number(x[i], scale);
}

void kernel_to_duration(block *b, const node *n)
{
    const vector *v;
    size_t count;
    int64_t *result = take_like_operand(b, n, &v, &count);
    const double *x = v->values;
    for (size_t i = 0; i < count; i++)
        keep_outcome(b, n, &b->vectors[n->id], count, i,
                     scalar_to_duration(x[i], &result[i]));
}

void kernel_faded(block *b, const node *n)
{
    const vector *v;
    size_t count;
    double *result = take_like_operand(b, n, &v, &count);
    const int64_t *age = v->values;
    for (size_t i = 0; i < count; i++)
        result[i] = half_life_left(age[i], n->half_life);
}

/* ---- the best of many --------------------------------------------------- */

/* All bits of whole numbers inverted turn their order around: `least` has the least of such
 * keys, and INT64_MAX where there is none yet. */
static void keep_least(const vector *v, size_t count, int64_t flip, int64_t *least,
                       uint64_t *present)
{
    if (!v->is_uniform) {
        loop_keep_least(v->values, v->present, flip, count, least);
        for (size_t w = 0; w < bitmap_words(count); w++)
            present[w] |= v->present ? v->present[w] : ~UINT64_C(0);
        return;
    }
    if (!vector_has(v, 0))
        return;
    int64_t key = *(const int64_t *)v->values ^ flip;
    for (size_t i = 0; i < count; i++)
        least[i] = key < least[i] ? key : least[i];
    bitmap_fill(present, count, true);
}

/* Of the values of all operands that are there. */
static void best_of(block *b, const node *n, int64_t flip)
{
    vector *out = &b->vectors[n->id];
    size_t count = block_length(b, n);
    int64_t *result = vector_take(b, out, (count + 1) * sizeof *result);
    uint64_t *present = vector_take_present(b, out, count), all;
    for (size_t i = 0; i < count; i++)
        result[i] = INT64_MAX;
    bitmap_fill(present, count, false);
    for (size_t o = 0; o < n->operand_count; o++)
        keep_least(operand_vector(b, n, o), count, flip, result, present);
    bitmap_fill(&all, count % 64, true);
    if (count % 64 != 0)
        present[count / 64] &= all;
    for (size_t i = 0; i < count; i++)
        result[i] = bitmap_get(present, i) ? result[i] ^ flip : 0;
}

void kernel_least_of(block *b, const node *n)
{
    best_of(b, n, 0);
}

void kernel_greatest_of(block *b, const node *n)
{
    best_of(b, n, -1);
}
