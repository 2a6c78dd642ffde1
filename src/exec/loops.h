/* SPDX-License-Identifier: MIT
 *
 * loops -- long loops over arrays, compiled for several machines (clones.h).
 *
 * Bits behind the last position of a result are 0. Results are the same on every machine,
 * which tests/unit/test_clones.c checks clone by clone.
 */
#ifndef EXEC_LOOPS_H
#define EXEC_LOOPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clones.h"

/* bits[i] = codes[i] == code, of codes that are as narrow as that */
void loop_equal_code_8(const uint8_t *codes, uint32_t code, size_t count, uint64_t *bits);
void loop_equal_code_16(const uint16_t *codes, uint32_t code, size_t count,
                        uint64_t *bits);
void loop_equal_code_32(const uint32_t *codes, uint32_t code, size_t count,
                        uint64_t *bits);

/* bits[i] = numbers[i] >= least */
void loop_at_least(const uint32_t *numbers, uint32_t least, size_t count, uint64_t *bits);

/* bits[i] = x[i] < y[i] */
void loop_less_pairs(const uint32_t *x, const uint32_t *y, size_t count, uint64_t *bits);

/* bits[i] = x[i] = y[i], and so on; a side that is uniform has one value for all. */
#define LOOP_DECLARE(NAME, TYPE)                                                         \
    void NAME(const TYPE *x, bool x_is_uniform, const TYPE *y, bool y_is_uniform,        \
              size_t count, uint64_t *bits);
LOOP_DECLARE(loop_equal_integers, int64_t)
LOOP_DECLARE(loop_equal_numbers, double)
LOOP_DECLARE(loop_less_integers, int64_t)
LOOP_DECLARE(loop_less_numbers, double)
LOOP_DECLARE(loop_less_or_equal_integers, int64_t)
LOOP_DECLARE(loop_less_or_equal_numbers, double)
#undef LOOP_DECLARE

/* less[i] = x[i] * x_times < y[i] * y_times, more[i] the same with >, for factors of 32 bits with
 * their sign; where x[i] or y[i] is negative or larger than that, others[i] is set, and the two say
 * nothing. */
void loop_order_products(const int64_t *x, int64_t x_times, const int64_t *y,
                         int64_t y_times, size_t count, uint64_t *less, uint64_t *more,
                         uint64_t *others);

/* out[i] = from[i] - from[0], which has 32 bits. */
void loop_from_first(const uint64_t *from, size_t count, uint32_t *out);

/* out[i] = the year, the month or the day of the month of a date; others than those are cut to
 * the first or the last date. */
void loop_date_years(const int64_t *dates, size_t count, int64_t *out);
void loop_date_months(const int64_t *dates, size_t count, int64_t *out);
void loop_date_days(const int64_t *dates, size_t count, int64_t *out);

/* least[i] = the lesser of it and values[i] ^ flip, for each i whose bit in `present` is set;
 * NULL: all are. */
void loop_keep_least(const int64_t *values, const uint64_t *present, int64_t flip,
                     size_t count, int64_t *least);

/* out[i] = y[i] - x[i], which is not negative. */
void loop_differences(const uint32_t *x, const uint32_t *y, size_t count, int64_t *out);

/* How many of the first `count` bits are set. */
size_t loop_count_set(const uint64_t *bits, size_t count);

/* counts[i] += how many bits of [begin[i], end[i]) are set, for each i whose bit in `wanted`
 * is; `count` bits. */
void loop_count_bits(const uint64_t *bits, const uint64_t *wanted, const uint32_t *begin,
                     const uint32_t *end, size_t count, int64_t *counts);

/* Set i, of `words` words each, gets the bits of the steps in which numbers [begin[i], end[i]) lie,
 * for each i whose bit in `wanted` is set: that of x is (offset + x * unit) * per, rounded down. */
typedef struct loop_steps {
    double offset, unit, per;
} loop_steps;
void loop_add_steps(const uint32_t *numbers, const uint32_t *begin, const uint32_t *end,
                    const uint64_t *wanted, size_t count, const loop_steps *steps,
                    size_t words, uint64_t *sets);

/* The first of the rows [begin, end) at or after an instant, or `end`: in growing steps from
 * the newest row, since most windows are recent. */
static inline uint32_t loop_first_from(const int64_t *time, uint32_t begin, uint32_t end,
                                       int64_t instant)
{
    for (uint32_t step = 1; end - begin > step; step *= 2) {
        if (time[end - step] < instant) {
            begin = end - step + 1;
            break;
        }
        end -= step;
    }
    while (begin < end) {
        uint32_t middle = begin + (end - begin) / 2;
        if (time[middle] < instant)
            begin = middle + 1;
        else
            end = middle;
    }
    return begin;
}

/* Of rows in groups [begin[i], end[i]), each in the order of time: edges[k * stride + i] is the
 * first at or after instant k, or the end; for each i whose bit in `wanted` is set. At most
 * LOOP_INSTANTS instants, the latest first.
 *
 * Times stand as packed numbers (base/packed.h), row r at place from + r, and instants are in
 * their terms; plain times are 64 bits wide. */
enum { LOOP_INSTANTS = 8, LOOP_MOST_COUNTED = 96 };
#define X(BITS, PLACE)                                                                   \
    void loop_find_edges_##BITS(const uint32_t *begin, const uint32_t *end,              \
                                const void *time, size_t from, const uint64_t *wanted,   \
                                size_t group_count, const int64_t *instants,             \
                                size_t instant_count, uint32_t *edges, size_t stride);
#include "base/packed_widths.def"
#undef X

#ifdef HAS_CLONES
/* The same of times of 32 bits; no instant is more than UINT32_MAX. Where
 * __builtin_cpu_supports("avx2") (loops_eights.c), */
void loop_find_edges_in_eights(const uint32_t *begin, const uint32_t *end,
                               const void *time, size_t from, const uint64_t *wanted,
                               size_t group_count, const int64_t *instants,
                               size_t instant_count, uint32_t *edges, size_t stride);

/* and where it supports "x86-64-v4" (loops_sixteens.c). */
void loop_find_edges_in_sixteens(const uint32_t *begin, const uint32_t *end,
                                 const void *time, size_t from, const uint64_t *wanted,
                                 size_t group_count, const int64_t *instants,
                                 size_t instant_count, uint32_t *edges, size_t stride);
#endif

#endif
