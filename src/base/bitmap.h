/* SPDX-License-Identifier: MIT
 *
 * bitmap -- one bit a row, 64 rows a word, lowest bit first.
 *
 * Bits behind the last row of a bitmap are zero whenever a function returns, so
 * that whole words can be counted and combined.
 */
#ifndef BASE_BITMAP_H
#define BASE_BITMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline size_t bitmap_words(size_t bit_count)
{
    return (bit_count + 63) / 64;
}

static inline bool bitmap_get(const uint64_t *bits, size_t i)
{
    return bits[i / 64] >> (i % 64) & 1;
}

static inline void bitmap_set(uint64_t *bits, size_t i)
{
    bits[i / 64] |= UINT64_C(1) << (i % 64);
}

static inline void bitmap_unset(uint64_t *bits, size_t i)
{
    bits[i / 64] &= ~(UINT64_C(1) << (i % 64));
}

static inline void bitmap_put(uint64_t *bits, size_t i, bool value)
{
    if (value)
        bitmap_set(bits, i);
    else
        bitmap_unset(bits, i);
}

/* Set the first `bit_count` bits to `value`, and the rest of the last word to 0. */
void bitmap_fill(uint64_t *bits, size_t bit_count, bool value);

/* dst[0..bit_count) = src[from..from + bit_count), at any bit offset. */
void bitmap_copy(uint64_t *dst, const uint64_t *src, size_t from, size_t bit_count);

/* How many bits of [from, to) are set. */
size_t bitmap_count(const uint64_t *bits, size_t from, size_t to);

/* The first set bit in [from, to), or `to`; the last one, or SIZE_MAX. */
size_t bitmap_first(const uint64_t *bits, size_t from, size_t to);
size_t bitmap_last(const uint64_t *bits, size_t from, size_t to);

#endif
