/* SPDX-License-Identifier: MIT
 *
 * Powers of one half, in whole numbers. The header has the formula.
 */
#include "base/half_life.h"

#include <assert.h>
#include <math.h>

__extension__ typedef unsigned __int128 uint128;

enum {
    BITS = 63,       /* behind the point */
    TERMS = 18,      /* of the series: the next one is below 2^-63 */
    MOST_LIVES = 999 /* so that the result is no denormal number */
};

#define ONE       (UINT64_C(1) << BITS)
#define LN_OF_TWO UINT64_C(6393154322601327829) /* floor(ln(2) * 2^63) */

static uint64_t product(uint64_t x, uint64_t y)
{
    return (uint64_t)(((uint128)x * y) >> BITS);
}

/* e^-y for 0 <= y < ln(2). */
static uint64_t exponential(uint64_t y)
{
    uint64_t w = ONE;
    for (uint64_t k = TERMS; k >= 1; k--)
        w = ONE - product(y, w) / k;
    return w;
}

double half_life_left(int64_t age, int64_t half_life)
{
    assert(half_life > 0);
    if (age <= 0)
        return 1;
    int64_t lives = age / half_life, rest = age % half_life;
    if (lives > MOST_LIVES)
        return 0;
    uint64_t part = (uint64_t)(((uint128)(uint64_t)rest << BITS) / (uint64_t)half_life);
    uint64_t left = exponential(product(part, LN_OF_TWO));
    return ldexp((double)left, -(int)lives - BITS);
}
