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
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

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

/* 64 truth values, a byte of 0 or 1 each, as a word. */
static inline uint64_t bitmap_pack(const uint8_t flags[64])
{
    uint64_t word = 0;
#if defined(__SSE2__)
    for (unsigned i = 0; i < 64; i += 16) {
        __m128i some = _mm_loadu_si128((const __m128i *)(const void *)(flags + i));
        some =
            _mm_slli_epi16(some, 7); /* the lowest bit of each byte becomes its top one */
        word |= (uint64_t)(uint32_t)_mm_movemask_epi8(some) << i;
    }
#elif __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    for (unsigned i = 0; i < 64; i += 8) {
        uint64_t
            eight; /* the product brings the lowest bit of each byte to the top one */
        memcpy(&eight, flags + i, sizeof eight);
        word |= (eight * UINT64_C(0x0102040810204080) >> 56) << i;
    }
#else
    for (unsigned i = 0; i < 64; i++)
        word |= (uint64_t)flags[i] << i;
#endif
    return word;
}

/* for each set bit i of the first `bit_count`, in order; words without one cost a look at
 * them. A `break` leaves the word only. */
#define EACH_SET_BIT(bits, bit_count, i)                                                 \
    for (size_t word_ = 0; word_ < bitmap_words(bit_count); word_++)                     \
        for (uint64_t left_ = (bits)[word_], i = 0;                                      \
             left_ != 0 && (i = word_ * 64 + (unsigned)__builtin_ctzll(left_), true);    \
             left_ &= left_ - 1)

/* dst[0..bit_count) = src[from..from + bit_count), at any bit offset. */
void bitmap_copy(uint64_t *dst, const uint64_t *src, size_t from, size_t bit_count);

/* The bits of word `word` that lie in [from, to). */
static inline uint64_t bitmap_range_mask(size_t word, size_t from, size_t to)
{
    uint64_t mask = ~UINT64_C(0);
    if (from > word * 64)
        mask &= ~UINT64_C(0) << (from - word * 64);
    if (to < word * 64 + 64)
        mask &= ~(~UINT64_C(0) << (to - word * 64));
    return mask;
}

/* Set the first `bit_count` bits to `value`, and the rest of the last word to 0. */
void bitmap_fill_words(uint64_t *bits, size_t bit_count, bool value);
static inline void bitmap_fill(uint64_t *bits, size_t bit_count, bool value)
{
    if (bit_count - 1 < 64) /* of a person alone */
        bits[0] = value ? ~UINT64_C(0) >> (64 - bit_count) : 0;
    else
        bitmap_fill_words(bits, bit_count, value);
}

/* How many bits of [from, to) are set: here, so that clones.h can have an instruction count
 * them. */
static inline size_t bitmap_count(const uint64_t *bits, size_t from, size_t to)
{
    if (from >= to)
        return 0;
    size_t first = from / 64, last = (to - 1) / 64;
    if (first == last)
        return (size_t)__builtin_popcountll(bits[first] &
                                            bitmap_range_mask(first, from, to));
    size_t count =
        (size_t)__builtin_popcountll(bits[first] & bitmap_range_mask(first, from, to));
    for (size_t i = first + 1; i < last; i++)
        count += (size_t)__builtin_popcountll(bits[i]);
    return count +
           (size_t)__builtin_popcountll(bits[last] & bitmap_range_mask(last, from, to));
}

/* The first set bit in [from, to), or `to`; the last one, or SIZE_MAX. */
size_t bitmap_first(const uint64_t *bits, size_t from, size_t to);
size_t bitmap_last(const uint64_t *bits, size_t from, size_t to);

#endif
