/* SPDX-License-Identifier: MIT
 *
 * random -- the same numbers for the same seed, everywhere (splitmix64).
 */
#ifndef TESTS_DIFFERENTIAL_RANDOM_H
#define TESTS_DIFFERENTIAL_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct random_source {
    uint64_t state;
} random_source;

static inline uint64_t random_next(random_source *r)
{
    uint64_t z = (r->state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* 0 .. count - 1 */
static inline size_t random_below(random_source *r, size_t count)
{
    return (size_t)(random_next(r) % count);
}

static inline bool random_chance(random_source *r, unsigned percent)
{
    return random_below(r, 100) < percent;
}

#endif
