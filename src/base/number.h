/* SPDX-License-Identifier: MIT
 *
 * number -- exact arithmetic on 64-bit integers and on fractions of them.
 */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#define DECIMAL_MAX_SCALE 18

__extension__ typedef __int128 int128;

/* 10^n for 0 <= n <= 18. */
int64_t number_power_of_ten(unsigned n);

/* value * 10^n, or false when it does not fit in 64 bits. */
bool number_scale_up(int64_t value, unsigned n, int64_t *out);

/* Compare a/b with c/d exactly: -1, 0, 1. b and d are not 0 and may be negative. */
int number_compare_quotients(int128 a, int128 b, int128 c, int128 d);

/* The same of numbers whose products have room in 128 bits. */
static inline int number_compare_crosswise(int64_t a, int64_t b, int64_t c, int64_t d)
{
    int128 left = (int128)a * d, right = (int128)c * b;
    int order = (left > right) - (left < right);
    return (b < 0) == (d < 0) ? order : -order;
}

/* The double nearest to a/b (b not 0). */
double number_quotient(int128 a, int128 b);

/* Floor division and its remainder in [0, b), for b > 0. By a constant, which is known where they
 * stand, neither divides. */
static inline int64_t number_floor_divide(int64_t a, int64_t b)
{
    assert(b > 0);
    return a / b - (a % b < 0);
}

static inline int64_t number_floor_modulo(int64_t a, int64_t b)
{
    assert(b > 0);
    int64_t rest = a % b;
    return rest < 0 ? rest + b : rest;
}

#endif
