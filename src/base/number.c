/* SPDX-License-Identifier: MIT
 *
 * Exact arithmetic: scales, floor division, and fractions of 128-bit integers.
 */
#include "base/number.h"

#include <assert.h>
#include <math.h>

__extension__ typedef unsigned __int128 uint128;

static const int64_t powers_of_ten[DECIMAL_MAX_SCALE + 1] = {
    1,
    10,
    100,
    1000,
    10000,
    100000,
    1000000,
    10000000,
    100000000,
    1000000000,
    10000000000,
    100000000000,
    1000000000000,
    10000000000000,
    100000000000000,
    1000000000000000,
    10000000000000000,
    100000000000000000,
    1000000000000000000,
};

static uint128 magnitude(int128 value)
{
    return value < 0 ? -(uint128)value : (uint128)value;
}

/* The sign of a/b: -1, 0, 1. */
static int quotient_sign(int128 a, int128 b)
{
    if (a == 0)
        return 0;
    return (a < 0) == (b < 0) ? 1 : -1;
}

/* Compare a/b with c/d by their continued fractions: while the whole parts are
 * equal, the rests r/b and s/d compare as d/s and b/r do, the other way round.
 * Nothing is multiplied, so nothing overflows. */
static int compare_magnitudes(uint128 a, uint128 b, uint128 c, uint128 d)
{
    for (int direction = 1;; direction = -direction) {
        uint128 left = a / b, right = c / d;
        if (left != right)
            return left < right ? -direction : direction;
        uint128 left_rest = a % b, right_rest = c % d;
        if (left_rest == 0 || right_rest == 0)
            return direction * ((left_rest != 0) - (right_rest != 0));
        a = b;
        b = left_rest;
        c = d;
        d = right_rest;
    }
}

static unsigned bit_length(uint128 value)
{
    uint64_t high = (uint64_t)(value >> 64), low = (uint64_t)value;
    if (high != 0)
        return 128 - (unsigned)__builtin_clzll(high);
    return low == 0 ? 0 : 64 - (unsigned)__builtin_clzll(low);
}

/* The double nearest to a/b for a, b > 0: 64 bits of the quotient or more, the
 * lowest of them set when something was left over, rounded once. */
static double nearest_double(uint128 a, uint128 b)
{
    int exponent = 0;
    uint128 whole = a / b, rest = a % b;
    while (rest != 0 && bit_length(whole) < 64) {
        /* The next bit of the quotient is whether 2 * rest >= b; without overflow: */
        bool bit = rest >= b - rest;
        rest = bit ? rest - (b - rest) : rest * 2;
        whole = whole << 1 | bit;
        exponent--;
    }
    if (bit_length(whole) > 64) { /* let the conversion see at most 64 bits */
        unsigned drop = bit_length(whole) - 64;
        bool is_lossy = (whole & (((uint128)1 << drop) - 1)) != 0;
        whole >>= drop;
        whole |= is_lossy;
        exponent += (int)drop;
    }
    return ldexp((double)((uint64_t)whole | (rest != 0)), exponent);
}

int64_t number_power_of_ten(unsigned n)
{
    assert(n <= DECIMAL_MAX_SCALE);
    return powers_of_ten[n];
}

bool number_scale_up(int64_t value, unsigned n, int64_t *out)
{
    if (value == 0) {
        *out = 0;
        return true;
    }
    if (n > DECIMAL_MAX_SCALE)
        return false;
    int64_t scaled;
    if (__builtin_mul_overflow(value, powers_of_ten[n], &scaled))
        return false;
    *out = scaled;
    return true;
}

static bool fits_64(int128 x)
{
    return x == (int64_t)x;
}

int number_compare_quotients(int128 a, int128 b, int128 c, int128 d)
{
    assert(b != 0 && d != 0);
    if (fits_64(a) && fits_64(b) && fits_64(c) && fits_64(d))
        return number_compare_crosswise((int64_t)a, (int64_t)b, (int64_t)c, (int64_t)d);
    int left = quotient_sign(a, b), right = quotient_sign(c, d);
    if (left != right)
        return left < right ? -1 : 1;
    if (left == 0)
        return 0;
    return left *
           compare_magnitudes(magnitude(a), magnitude(b), magnitude(c), magnitude(d));
}

double number_quotient(int128 a, int128 b)
{
    assert(b != 0);
    if (a == 0)
        return 0;
    double size = nearest_double(magnitude(a), magnitude(b));
    return quotient_sign(a, b) < 0 ? -size : size;
}
