/* SPDX-License-Identifier: MIT
 *
 * scalar -- what a node computes for one value.
 *
 * Said once: the loops of the executor go over these, and constants are worked out with
 * them before anything runs (constants.c). An integer is a number of the node's scale, a
 * time, a date, a duration; a number is a double.
 */
#ifndef GRAPH_SCALAR_H
#define GRAPH_SCALAR_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/number.h"
#include "graph/payload.h"
#include "value/calendar.h"
#include "store/text_table.h"

typedef enum scalar_outcome {
    SCALAR_VALUE,
    SCALAR_NONE, /* there is no such value: it is missing */
    SCALAR_LOST  /* it leaves the range that values have: missing, and told */
} scalar_outcome;

typedef scalar_outcome scalar_integers(int64_t x, int64_t y, int64_t *out);
typedef scalar_outcome scalar_numbers(double x, double y, double *out);

/* ---- arithmetic --------------------------------------------------------- */

static inline scalar_outcome scalar_kept(bool is_lost, int64_t *out)
{
    if (is_lost)
        *out = 0;
    return is_lost ? SCALAR_LOST : SCALAR_VALUE;
}

static inline scalar_outcome scalar_finite(double value, double *out)
{
    bool is_lost = !isfinite(value);
    *out = is_lost ? 0 : value;
    return is_lost ? SCALAR_LOST : SCALAR_VALUE;
}

static inline scalar_outcome scalar_add(int64_t x, int64_t y, int64_t *out)
{
    return scalar_kept(__builtin_add_overflow(x, y, out), out);
}

static inline scalar_outcome scalar_add_numbers(double x, double y, double *out)
{
    return scalar_finite(x + y, out);
}

static inline scalar_outcome scalar_subtract(int64_t x, int64_t y, int64_t *out)
{
    return scalar_kept(__builtin_sub_overflow(x, y, out), out);
}

static inline scalar_outcome scalar_subtract_numbers(double x, double y, double *out)
{
    return scalar_finite(x - y, out);
}

static inline scalar_outcome scalar_multiply(int64_t x, int64_t y, int64_t *out)
{
    return scalar_kept(__builtin_mul_overflow(x, y, out), out);
}

static inline scalar_outcome scalar_multiply_numbers(double x, double y, double *out)
{
    return scalar_finite(x * y, out);
}

static inline scalar_outcome scalar_smaller(int64_t x, int64_t y, int64_t *out)
{
    *out = x < y ? x : y;
    return SCALAR_VALUE;
}

static inline scalar_outcome scalar_smaller_numbers(double x, double y, double *out)
{
    *out = x < y ? x : y;
    return SCALAR_VALUE;
}

static inline scalar_outcome scalar_larger(int64_t x, int64_t y, int64_t *out)
{
    *out = x > y ? x : y;
    return SCALAR_VALUE;
}

static inline scalar_outcome scalar_larger_numbers(double x, double y, double *out)
{
    *out = x > y ? x : y;
    return SCALAR_VALUE;
}

/* Exact numbers that have not the scale of the result, each brought to it in 128 bits: what
 * lies between them and the result need not fit in 64. */
typedef scalar_outcome scalar_wide(int128 x, int128 y, int64_t *out);

static inline scalar_outcome scalar_fitting(int128 value, int64_t *out)
{
    *out = (int64_t)value;
    return scalar_kept(*out != value, out);
}

static inline scalar_outcome scalar_add_wide(int128 x, int128 y, int64_t *out)
{
    return scalar_fitting(x + y, out);
}

static inline scalar_outcome scalar_subtract_wide(int128 x, int128 y, int64_t *out)
{
    return scalar_fitting(x - y, out);
}

static inline scalar_outcome scalar_smaller_wide(int128 x, int128 y, int64_t *out)
{
    return scalar_fitting(x < y ? x : y, out);
}

static inline scalar_outcome scalar_larger_wide(int128 x, int128 y, int64_t *out)
{
    return scalar_fitting(x > y ? x : y, out);
}

static inline scalar_outcome scalar_negate(int64_t x, int64_t *out)
{
    return scalar_subtract(0, x, out);
}

/* More digits behind the point. */
static inline scalar_outcome scalar_rescale(int64_t x, unsigned digits, int64_t *out)
{
    return scalar_kept(!number_scale_up(x, digits, out), out);
}

static inline double scalar_to_number(int64_t x, unsigned scale)
{
    return number_quotient(x, number_power_of_ten(scale));
}

/* To the nearest microsecond. */
static inline scalar_outcome scalar_to_duration(double x, int64_t *out)
{
    static const double LIMIT = 9223372036854774784.0; /* the largest double below 2^63 */
    double rounded = round(x);
    bool fits = rounded >= -LIMIT && rounded <= LIMIT;
    *out = fits ? (int64_t)rounded : 0;
    return fits ? SCALAR_VALUE : SCALAR_LOST;
}

/* ---- division ----------------------------------------------------------- */

static inline scalar_outcome scalar_divide_numbers(double x, double y, double *out)
{
    *out = 0;
    return y == 0 ? SCALAR_NONE : scalar_finite(x / y, out);
}

/* x / y, which is 10^scale too large, as the nearest double. */
static inline scalar_outcome scalar_divide(int64_t x, int64_t y, int64_t scale,
                                           double *out)
{
    *out = 0;
    if (y == 0)
        return SCALAR_NONE;
    int64_t power = number_power_of_ten((unsigned)(scale < 0 ? -scale : scale));
    *out = scale < 0 ? number_quotient((int128)x * power, y)
                     : number_quotient(x, (int128)y * power);
    return SCALAR_VALUE;
}

/* x / (y / 10^scale) to the nearest microsecond, halves away from zero. */
static inline scalar_outcome scalar_divide_duration(int64_t x, int64_t y, int64_t scale,
                                                    int64_t *out)
{
    *out = 0;
    if (y == 0)
        return SCALAR_NONE;
    int128 twice = (int128)x * number_power_of_ten((unsigned)scale) * 2, by = y;
    int128 half = (x < 0) == (y < 0) ? by : -by;
    int128 value = (twice + half) / (by * 2);
    *out = (int64_t)value;
    return scalar_kept(*out != value, out);
}

static inline scalar_outcome scalar_floor_divide(int64_t x, int64_t y, int64_t *out)
{
    *out = y == 0 ? 0 : number_floor_divide(x, y);
    return y == 0 ? SCALAR_NONE : SCALAR_VALUE;
}

/* ---- comparisons: of integers and of numbers ----------------------------- */

#define SCALAR_EQUAL(x, y)         ((x) == (y))
#define SCALAR_LESS(x, y)          ((x) < (y))
#define SCALAR_LESS_OR_EQUAL(x, y) ((x) <= (y))

/* The powers of ten that bring a / b and c / d to one scale: of more digits than 128 bits
 * have room for on one side, the other takes the rest. */
typedef struct quotient_scales {
    int64_t up[4]; /* for a, b, c, d */
} quotient_scales;

static inline quotient_scales scalar_quotient_scales(int64_t scale)
{
    int64_t digits = scale < 0 ? -scale : scale;
    int64_t own = digits < DECIMAL_MAX_SCALE ? digits : DECIMAL_MAX_SCALE;
    quotient_scales s = {{1, 1, 1, 1}};
    s.up[scale < 0 ? 1 : 0] = number_power_of_ten((unsigned)own);
    s.up[scale < 0 ? 2 : 3] = number_power_of_ten((unsigned)(digits - own));
    return s;
}

/* A number whose product with another such one has 64 bits. */
static inline bool scalar_is_half(int64_t x)
{
    return x == (int32_t)x;
}

/* Is a / b less than c / d (-1), equal (0), or greater (1)? False when b or d is 0. */
static inline bool scalar_quotient_order(const quotient_scales *s, const int64_t of[4],
                                         int *order)
{
    int64_t a, b, c, d;
    if (of[1] == 0 || of[3] == 0)
        return false;
    bool is_large = __builtin_mul_overflow(of[0], s->up[0], &a) |
                    __builtin_mul_overflow(of[1], s->up[1], &b) |
                    __builtin_mul_overflow(of[2], s->up[2], &c) |
                    __builtin_mul_overflow(of[3], s->up[3], &d);
    if (!is_large && scalar_is_half(a) && scalar_is_half(b) && scalar_is_half(c) &&
        scalar_is_half(d)) {
        int64_t left = a * d, right = c * b;
        *order = (b < 0) == (d < 0) ? (left > right) - (left < right)
                                    : (left < right) - (left > right);
        return true;
    }
    *order =
        is_large
            ? number_compare_quotients((int128)of[0] * s->up[0], (int128)of[1] * s->up[1],
                                       (int128)of[2] * s->up[2], (int128)of[3] * s->up[3])
            : number_compare_crosswise(a, b, c, d);
    return true;
}

static inline bool scalar_order_is_equal(int order)
{
    return order == 0;
}

static inline bool scalar_order_is_less(int order)
{
    return order < 0;
}

static inline bool scalar_order_is_less_or_equal(int order)
{
    return order <= 0;
}

/* ---- texts: text_test_ask, and slice_equals ------------------------------ */

/* ---- dates -------------------------------------------------------------- */

int64_t scalar_date_part(int64_t date, date_part part);
int64_t scalar_move_date(int64_t date, calendar_span by);

#endif
