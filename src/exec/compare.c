/* SPDX-License-Identifier: MIT
 *
 * Comparisons to bits, 64 at a time. A comparison with a missing value is false.
 */
#include "base/bitmap.h"
#include "base/clones.h"
#include "exec/kernels.h"
#include "graph/scalar.h"

static void clear_missing(uint64_t *bits, const vector *v, size_t count)
{
    if (!v->present)
        return;
    size_t words = bitmap_words(count);
    if (v->is_uniform && count != 1) {
        if (!bitmap_get(v->present, 0))
            bitmap_fill(bits, count, false);
        return;
    }
    for (size_t w = 0; w < words; w++)
        bits[w] &= v->present[w];
}

/* bits[i] = x HOLDS y over `count` values; either side may be one value for all. */
#define COMPARE_LOOP(HOLDS, X, Y)                                                        \
    for (size_t w = 0; w < bitmap_words(count); w++) {                                   \
        size_t first = w * 64;                                                           \
        size_t many = count - first;                                                     \
        uint8_t flags[64] = {0};                                                         \
        if (many >= 64)                                                                  \
            for (size_t j = 0; j < 64; j++) /* of a known length: vectors do it */       \
                flags[j] = HOLDS(X, Y);                                                  \
        else                                                                             \
            for (size_t j = 0; j < many; j++)                                            \
                flags[j] = HOLDS(X, Y);                                                  \
        bits[w] = bitmap_pack(flags);                                                    \
    }

#define COMPARE_TYPE(NAME, TYPE, HOLDS)                                                  \
    VECTOR_CLONES static void NAME(const vector *vx, const vector *vy, size_t count,     \
                                   uint64_t *bits)                                       \
    {                                                                                    \
        const TYPE *x = vx->values, *y = vy->values;                                     \
        if (vx->is_uniform) {                                                            \
            COMPARE_LOOP(HOLDS, x[0], y[first + j])                                      \
        } else if (vy->is_uniform) {                                                     \
            COMPARE_LOOP(HOLDS, x[first + j], y[0])                                      \
        } else {                                                                         \
            COMPARE_LOOP(HOLDS, x[first + j], y[first + j])                              \
        }                                                                                \
    }

typedef void compare_loop(const vector *vx, const vector *vy, size_t count,
                          uint64_t *bits);

static void clear_all_missing(const block *b, const node *n, uint64_t *bits, size_t count)
{
    for (size_t i = 0; i < n->operand_count; i++)
        clear_missing(bits, operand_vector(b, n, i), count);
}

static void compare(block *b, const node *n, compare_loop *integers,
                    compare_loop *numbers)
{
    size_t count = block_length(b, n);
    uint64_t *bits = vector_take_bits(b, &b->vectors[n->id], count);
    bool of_numbers = n->operands[0]->type.kind == TYPE_NUMBER;
    (of_numbers ? numbers : integers)(operand_vector(b, n, 0), operand_vector(b, n, 1),
                                      count, bits);
    clear_all_missing(b, n, bits, count);
}

#define COMPARE_KERNEL(name, HOLDS)                                                      \
    COMPARE_TYPE(name##_integers, int64_t, HOLDS)                                        \
    COMPARE_TYPE(name##_numbers, double, HOLDS)                                          \
    void kernel_##name(block *b, const node *n)                                          \
    {                                                                                    \
        compare(b, n, name##_integers, name##_numbers);                                  \
    }

COMPARE_KERNEL(equal, SCALAR_EQUAL)
COMPARE_KERNEL(less, SCALAR_LESS)
COMPARE_KERNEL(less_or_equal, SCALAR_LESS_OR_EQUAL)

/* ---- quotients ---------------------------------------------------------- */

typedef bool order_test(int order);

/* a * 10^scale / b against c / d; false where b or d is 0. */
static void compare_quotients(block *b, const node *n, order_test *holds)
{
    size_t count = block_length(b, n);
    uint64_t *bits = vector_take_bits(b, &b->vectors[n->id], count);
    quotient_scales scales = scalar_quotient_scales(n->scale);
    const int64_t *values[4];
    size_t steps[4];
    bitmap_fill(bits, count, false);
    for (size_t o = 0; o < 4; o++) {
        values[o] = operand_vector(b, n, o)->values;
        steps[o] = operand_vector(b, n, o)->is_uniform ? 0 : 1;
    }
    for (size_t i = 0; i < count; i++) {
        int order;
        const int64_t of[4] = {values[0][i * steps[0]], values[1][i * steps[1]],
                               values[2][i * steps[2]], values[3][i * steps[3]]};
        if (scalar_quotient_order(&scales, of, &order) && holds(order))
            bitmap_set(bits, i);
    }
    clear_all_missing(b, n, bits, count);
}

void kernel_quotient_equal(block *b, const node *n)
{
    compare_quotients(b, n, scalar_order_is_equal);
}

void kernel_quotient_less(block *b, const node *n)
{
    compare_quotients(b, n, scalar_order_is_less);
}

void kernel_quotient_less_or_equal(block *b, const node *n)
{
    compare_quotients(b, n, scalar_order_is_less_or_equal);
}
