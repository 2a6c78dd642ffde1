/* SPDX-License-Identifier: MIT
 *
 * random -- numbers that look random and are the same on every machine: xoshiro256**,
 * started by splitmix64 (both by Blackman and Vigna, public domain). Whole numbers only,
 * so no mathematical library and no rounding has a say.
 */
#ifndef SYNTHETIC_RANDOM_H
#define SYNTHETIC_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct random_state {
    uint64_t words[4];
} random_state;

/* One step of splitmix64: also a good hash of *state. */
static inline uint64_t random_split(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* A state of its own for each (seed, stream). */
static inline random_state random_start(uint64_t seed, uint64_t stream)
{
    random_state r;
    uint64_t mixed = seed;
    mixed = random_split(&mixed) ^ stream * UINT64_C(0xd1342543de82ef95);
    for (size_t i = 0; i < 4; i++)
        r.words[i] = random_split(&mixed);
    return r;
}

static inline uint64_t random_rotate(uint64_t x, unsigned by)
{
    return x << by | x >> (64 - by);
}

static inline uint64_t random_next(random_state *r)
{
    uint64_t *w = r->words, result = random_rotate(w[1] * 5, 7) * 9, t = w[1] << 17;
    w[2] ^= w[0];
    w[3] ^= w[1];
    w[1] ^= w[2];
    w[0] ^= w[3];
    w[2] ^= t;
    w[3] = random_rotate(w[3], 45);
    return result;
}

/* 0 .. count-1, all (nearly) alike. */
static inline uint32_t random_below(random_state *r, uint32_t count)
{
    return (uint32_t)((random_next(r) >> 32) * count >> 32);
}

/* True in `chance` of a million cases. */
static inline bool random_happens(random_state *r, uint64_t chance)
{
    return random_below(r, 1000000) < chance;
}

static inline bool random_percent(random_state *r, uint32_t chance)
{
    return random_below(r, 100) < chance;
}

/* An index, by weights that add up to `total`. */
static inline size_t random_pick(random_state *r, const uint8_t *weights, uint32_t total)
{
    uint32_t left = random_below(r, total);
    size_t i = 0;
    while (left >= weights[i])
        left -= weights[i++];
    return i;
}

#endif
