/* SPDX-License-Identifier: MIT
 *
 * unit_random -- numbers by chance for tests, from a seed that is printed.
 *
 *     random_numbers random;
 *     uint64_t seed = random_begin(&random, "test_csv_block");    // CARPEL_SEED repeats a run
 *     size_t width = random_below(&random, 4);
 */
#ifndef UNIT_RANDOM_H
#define UNIT_RANDOM_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

typedef struct random_numbers {
    uint64_t state;
} random_numbers;

static inline uint64_t random_begin(random_numbers *r, const char *name)
{
    const char *wanted = getenv("CARPEL_SEED");
    uint64_t seed = wanted ? strtoull(wanted, NULL, 10)
                           : (uint64_t)time(NULL) * 1000003 + (uint64_t)getpid();
    printf("# %s: CARPEL_SEED=%llu\n", name, (unsigned long long)seed);
    r->state = seed;
    return seed;
}

/* splitmix64 */
static inline uint64_t random_next(random_numbers *r)
{
    uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static inline size_t random_below(random_numbers *r, size_t limit)
{
    return (size_t)(random_next(r) % limit);
}

#endif
