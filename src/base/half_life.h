/* SPDX-License-Identifier: MIT
 *
 * half_life -- how much is left of something of which half is lost again and again.
 *
 *     half_life_left(age, half_life)  =  2^(-age / half_life)
 *
 * In whole numbers, so that every machine and every other program that follows the formula
 * gets the same double, bit for bit:
 *
 *     n = floor(age / half_life)                       whole half-lives
 *     f = floor((age mod half_life) * 2^63 / half_life)   the rest, in units of 2^-63
 *     y = floor(f * L / 2^63)                          with L = floor(ln(2) * 2^63)
 *     w = 2^63, then for k = 18, 17, ..., 1:
 *         w = 2^63 - floor(floor(y * w / 2^63) / k)    the series of e^-y, 2^63 times
 *
 * The result is w, rounded to a double (ties to even), times 2^-(63 + n); 0 from 1000
 * half-lives on. It differs from the true value by less than 0.52 units in the last place:
 * half of one by the rounding, and w, which is at least 2^62, is off by less than 8. At a
 * whole number of half-lives it is exact.
 */
#ifndef BASE_HALF_LIFE_H
#define BASE_HALF_LIFE_H

#include <stdint.h>

/* 1 for an age of 0 and below; `half_life` is above 0. */
double half_life_left(int64_t age, int64_t half_life);

#endif
