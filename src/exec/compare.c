/* SPDX-License-Identifier: MIT
 *
 * Comparisons to bits, 64 at a time. A comparison with a missing value is false.
 */
#include "base/bitmap.h"
#include "exec/kernels.h"
#include "exec/loops.h"
#include "exec/stored.h"
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

static void clear_all_missing(const block *b, const node *n, uint64_t *bits, size_t count)
{
    for (size_t i = 0; i < n->operand_count; i++)
        clear_missing(bits, operand_vector(b, n, i), count);
}

typedef void compare_loop(type t, const void *x, bool x_is_uniform, const void *y,
                          bool y_is_uniform, size_t count, uint64_t *bits);

/* The rows of a run, some at a time where a side is read from the store. */
static void compare_run(block *b, const node *n, const row_run *run, compare_loop *loop,
                        uint64_t *bits)
{
    const node *left = n->operands[0], *right = n->operands[1];
    bool in_parts = stored_in_parts(b, left) || stored_in_parts(b, right);
    size_t end = run->first + run->count, most = in_parts ? STORED_SOME : run->count;
    int64_t left_room[STORED_SOME], right_room[STORED_SOME];
    for (size_t first = run->first; first < end; first += most) {
        size_t count = end - first < most ? end - first : most;
        const void *x = stored_some_numbers(b, left, first, count, left_room),
                   *y = stored_some_numbers(b, right, first, count, right_room);
        loop(left->type, x, b->vectors[left->id].is_uniform, y,
             b->vectors[right->id].is_uniform, count, bits + first / 64);
    }
}

/* Of a stored column and one value for all, rows whose stored numbers are at least `least`, or those
 * that are less, are those for which a comparison holds. */
typedef struct stored_order {
    const packed *values;
    size_t first; /* the place of row 0 */
    int64_t least;
    bool holds_below;
} stored_order;

/* False when a comparison cannot be put so. */
static bool find_stored_order(const block *b, const node *n, stored_order *out)
{
    out->values = stored_values(b, n->operands[0], &out->first);
    out->holds_below = out->values != NULL;
    if (!out->values)
        out->values = stored_values(b, n->operands[1], &out->first);
    const vector *other = operand_vector(b, n, out->holds_below);
    if (!out->values || n->kind == NODE_EQUAL || !other->is_uniform ||
        n->operands[0]->type.kind == TYPE_NUMBER || out->values->bits - 1 >= 32)
        return false;
    int64_t value = *(const int64_t *)other->values;
    bool wants_next = (n->kind == NODE_LESS) != out->holds_below; /* value < row */
    if (wants_next && value == INT64_MAX)
        return false;
    out->least = packed_steps_to(out->values, value + wants_next);
    return out->least <= UINT32_MAX;
}

static void invert(uint64_t *bits, size_t count)
{
    for (size_t w = 0; w < bitmap_words(count); w++)
        bits[w] = ~bits[w] & bitmap_range_mask(w, 0, count);
}

static void compare_stored_run(const stored_order *o, const row_run *run, uint64_t *bits)
{
    uint32_t numbers[STORED_SOME];
    size_t end = run->first + run->count;
    for (size_t first = run->first; first < end; first += STORED_SOME) {
        size_t count = end - first < STORED_SOME ? end - first : STORED_SOME;
        packed_widen_32(o->values, o->first + first, count, numbers);
        loop_at_least(numbers, (uint32_t)o->least, count, bits + first / 64);
        if (o->holds_below)
            invert(bits + first / 64, count);
    }
}

static void compare_rows(block *b, const node *n, compare_loop *loop)
{
    stored_order order;
    size_t count = block_length(b, n);
    uint64_t *bits = vector_take_bits(b, &b->vectors[n->id], count);
    row_runs runs = reach_of_node(b, n);
    if (n->domain > PEOPLE)
        bitmap_fill(bits, count, false);
    bool is_stored = find_stored_order(b, n, &order);
    EACH_RUN(runs, run)
    {
        if (is_stored)
            compare_stored_run(&order, run, bits);
        else
            compare_run(b, n, run, loop, bits);
    }
    clear_all_missing(b, n, bits, count);
}

#define COMPARE_KERNEL(name)                                                             \
    static void name##_some(type t, const void *x, bool x_is_uniform, const void *y,     \
                            bool y_is_uniform, size_t count, uint64_t *bits)             \
    {                                                                                    \
        if (t.kind == TYPE_NUMBER)                                                       \
            loop_##name##_numbers(x, x_is_uniform, y, y_is_uniform, count, bits);        \
        else                                                                             \
            loop_##name##_integers(x, x_is_uniform, y, y_is_uniform, count, bits);       \
    }                                                                                    \
    void kernel_##name(block *b, const node *n)                                          \
    {                                                                                    \
        compare_rows(b, n, name##_some);                                                 \
    }

COMPARE_KERNEL(equal)
COMPARE_KERNEL(less)
COMPARE_KERNEL(less_or_equal)

/* ---- quotients ---------------------------------------------------------- */

/* For which orders a comparison holds, by order + 1. */
typedef struct held_orders {
    bool at[3];
} held_orders;

/* What a divisor of 0 leaves. */
static void clear_zeros(block *b, const vector *divisors, size_t count, uint64_t *bits)
{
    static const int64_t zero = 0;
    if (divisors->is_uniform) {
        if (*(const int64_t *)divisors->values == 0)
            bitmap_fill(bits, count, false);
        return;
    }
    uint64_t *is_zero =
        scratch_take(b->scratch, (bitmap_words(count) + 1) * sizeof *is_zero);
    loop_equal_integers(&zero, true, divisors->values, false, count, is_zero);
    for (size_t w = 0; w < bitmap_words(count); w++)
        bits[w] &= ~is_zero[w];
    scratch_give(b->scratch, is_zero);
}

/* a * 10^scale / b against c / d: the values of the four, and how far from one to the next. */
typedef struct quotients {
    const int64_t *values[4];
    size_t steps[4];
    quotient_scales scales;
    held_orders holds;
    size_t count;
} quotients;

static quotients quotients_of(const block *b, const node *n, held_orders holds)
{
    quotients q = {.scales = scalar_quotient_scales(n->scale),
                   .holds = holds,
                   .count = block_length(b, n)};
    for (size_t o = 0; o < 4; o++) {
        q.values[o] = operand_vector(b, n, o)->values;
        q.steps[o] = operand_vector(b, n, o)->is_uniform ? 0 : 1;
    }
    return q;
}

/* Of those that have a bit, one after the other. */
static void compare_each(const quotients *q, const uint64_t *which, uint64_t *bits)
{
    EACH_SET_BIT(which, q->count, i)
    {
        int order = 0;
        const int64_t of[4] = {
            q->values[0][i * q->steps[0]], q->values[1][i * q->steps[1]],
            q->values[2][i * q->steps[2]], q->values[3][i * q->steps[3]]};
        scalar_quotient_order(&q->scales, of, &order);
        bitmap_put(bits, i, q->holds.at[order + 1]);
    }
}

/* One side of a * d against c * b: a value of each times what is the same for all. */
typedef struct scaled_values {
    const int64_t *values;
    int64_t times;
} scaled_values;

/* Is one of the two factors the same for all, and the other is not? */
static bool find_scaled(const quotients *q, size_t one, size_t other, scaled_values *out)
{
    size_t fixed = q->steps[one] ? other : one, varying = q->steps[one] ? one : other;
    const int64_t *up = q->scales.up;
    if (q->steps[fixed] || !q->steps[varying])
        return false;
    out->values = q->values[varying];
    return !__builtin_mul_overflow(up[one], up[other], &out->times) &&
           !__builtin_mul_overflow(out->times, q->values[fixed][0], &out->times) &&
           scalar_is_half(out->times);
}

/* A divisor that is the same for all turns no order around. */
static bool is_no_turn(const quotients *q, size_t divisor)
{
    return q->steps[divisor] || q->values[divisor][0] > 0;
}

static bool find_sides(const quotients *q, scaled_values *left, scaled_values *right)
{
    return is_no_turn(q, 1) && is_no_turn(q, 3) && find_scaled(q, 0, 3, left) &&
           find_scaled(q, 2, 1, right);
}

/* All at once, and those of large or negative numbers one by one. */
static void compare_sides(block *b, const quotients *q, const scaled_values *left,
                          const scaled_values *right, uint64_t *bits)
{
    size_t words = bitmap_words(q->count), room = words + 1;
    uint64_t *less = scratch_take(b->scratch, 3 * room * sizeof *less),
             *more = less + room, *others = more + room;
    uint64_t holds_less = -(uint64_t)q->holds.at[0],
             holds_equal = -(uint64_t)q->holds.at[1],
             holds_more = -(uint64_t)q->holds.at[2];
    loop_order_products(left->values, left->times, right->values, right->times, q->count,
                        less, more, others);
    for (size_t w = 0; w < words; w++) {
        others[w] &= bits[w];
        bits[w] &= (less[w] & holds_less) | (more[w] & holds_more) |
                   (~(less[w] | more[w]) & holds_equal);
    }
    compare_each(q, others, bits);
    scratch_give(b->scratch, less);
}

/* False where a divisor is 0. */
static void compare_quotients(block *b, const node *n, held_orders holds)
{
    quotients q = quotients_of(b, n, holds);
    uint64_t *bits = vector_take_bits(b, &b->vectors[n->id], q.count);
    scaled_values left, right;
    bitmap_fill(bits, q.count, true);
    clear_all_missing(b, n, bits, q.count);
    clear_zeros(b, operand_vector(b, n, 1), q.count, bits);
    clear_zeros(b, operand_vector(b, n, 3), q.count, bits);
    if (find_sides(&q, &left, &right))
        compare_sides(b, &q, &left, &right, bits);
    else
        compare_each(&q, bits, bits);
}

static held_orders held(bool holds(int order))
{
    return (held_orders){{holds(-1), holds(0), holds(1)}};
}

void kernel_quotient_equal(block *b, const node *n)
{
    compare_quotients(b, n, held(scalar_order_is_equal));
}

void kernel_quotient_less(block *b, const node *n)
{
    compare_quotients(b, n, held(scalar_order_is_less));
}

void kernel_quotient_less_or_equal(block *b, const node *n)
{
    compare_quotients(b, n, held(scalar_order_is_less_or_equal));
}
