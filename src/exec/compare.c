/* SPDX-License-Identifier: MIT
 *
 * Comparisons to bits, 64 at a time. A comparison with a missing value is false.
 */
#include "base/bitmap.h"
#include "base/clones.h"
#include "base/number.h"
#include "exec/kernels.h"

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

/* bits[i] = a OP b over `count` values; either side may be one value for all. */
#define COMPARE_LOOP(X, OP, Y)                                                           \
    for (size_t w = 0; w < bitmap_words(count); w++) {                                   \
        size_t first = w * 64;                                                           \
        size_t many = count - first;                                                     \
        uint8_t flags[64] = {0};                                                         \
        if (many >= 64)                                                                  \
            for (size_t j = 0; j < 64; j++) /* of a known length: vectors do it */       \
                flags[j] = (X)OP(Y);                                                     \
        else                                                                             \
            for (size_t j = 0; j < many; j++)                                            \
                flags[j] = (X)OP(Y);                                                     \
        bits[w] = bitmap_pack(flags);                                                    \
    }

#define COMPARE_SHAPES(OP)                                                               \
    if (vx->is_uniform) {                                                                \
        COMPARE_LOOP(x[0], OP, y[first + j])                                             \
    } else if (vy->is_uniform) {                                                         \
        COMPARE_LOOP(x[first + j], OP, y[0])                                             \
    } else {                                                                             \
        COMPARE_LOOP(x[first + j], OP, y[first + j])                                     \
    }

#define COMPARE_TYPE(NAME, TYPE)                                                         \
    VECTOR_CLONES static void NAME(node_kind kind, const vector *vx, const vector *vy,   \
                                   size_t count, uint64_t *bits)                         \
    {                                                                                    \
        const TYPE *x = vx->values, *y = vy->values;                                     \
        if (kind == NODE_EQUAL) {                                                        \
            COMPARE_SHAPES(==)                                                           \
        } else if (kind == NODE_LESS) {                                                  \
            COMPARE_SHAPES(<)                                                            \
        } else {                                                                         \
            COMPARE_SHAPES(<=)                                                           \
        }                                                                                \
    }

COMPARE_TYPE(compare_integers, int64_t)
COMPARE_TYPE(compare_numbers, double)

static bool quotient_holds(node_kind kind, int order)
{
    if (kind == NODE_QUOTIENT_EQUAL)
        return order == 0;
    return kind == NODE_QUOTIENT_LESS ? order < 0 : order <= 0;
}

/* a * 10^digits / b against c / d; false where b or d is 0. */
static void compare_quotients(const block *b, const node *n, size_t count, uint64_t *bits)
{
    const int64_t *values[4];
    size_t steps[4];
    for (size_t i = 0; i < 4; i++) {
        values[i] = operand_vector(b, n, i)->values;
        steps[i] = operand_vector(b, n, i)->is_uniform ? 0 : 1;
    }
    /* Of more digits than 128 bits have room for on one side, the other takes the rest. */
    int64_t digits = n->scale < 0 ? -n->scale : n->scale;
    int64_t own = digits < DECIMAL_MAX_SCALE ? digits : DECIMAL_MAX_SCALE;
    int128 power = number_power_of_ten((unsigned)own);
    int128 rest = number_power_of_ten((unsigned)(digits - own));
    int128 up[4] = {1, 1, 1, 1};
    up[n->scale < 0 ? 1 : 0] = power;
    up[n->scale < 0 ? 2 : 3] = rest;
    for (size_t i = 0; i < count; i++) {
        int64_t below = values[1][i * steps[1]], other_below = values[3][i * steps[3]];
        bool holds =
            below != 0 && other_below != 0 &&
            quotient_holds(n->kind,
                           number_compare_quotients(
                               values[0][i * steps[0]] * up[0], below * up[1],
                               values[2][i * steps[2]] * up[2], other_below * up[3]));
        bitmap_put(bits, i, holds);
    }
}

void kernel_compare(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    size_t count = block_length(b, n);
    uint64_t *bits = vector_take_bits(b, out, count);
    if (n->kind >= NODE_QUOTIENT_EQUAL && n->kind <= NODE_QUOTIENT_LESS_OR_EQUAL) {
        bitmap_fill(bits, count, false);
        compare_quotients(b, n, count, bits);
    } else if (n->operands[0]->type.kind == TYPE_NUMBER) {
        compare_numbers(n->kind, operand_vector(b, n, 0), operand_vector(b, n, 1), count,
                        bits);
    } else {
        compare_integers(n->kind, operand_vector(b, n, 0), operand_vector(b, n, 1), count,
                         bits);
    }
    for (size_t i = 0; i < n->operand_count; i++)
        clear_missing(bits, operand_vector(b, n, i), count);
}
