/* SPDX-License-Identifier: MIT
 *
 * Ranges of bits, a word at a time.
 */
#include "base/bitmap.h"

/* The bits of word `word` that lie in [from, to). */
static uint64_t range_mask(size_t word, size_t from, size_t to)
{
    uint64_t mask = ~UINT64_C(0);
    if (from > word * 64)
        mask &= ~UINT64_C(0) << (from - word * 64);
    if (to < word * 64 + 64)
        mask &= ~(~UINT64_C(0) << (to - word * 64));
    return mask;
}

void bitmap_fill(uint64_t *bits, size_t bit_count, bool value)
{
    size_t words = bitmap_words(bit_count);
    if (words == 0)
        return;
    if (words == 1) {
        bits[0] = value ? range_mask(0, 0, bit_count) : 0;
        return;
    }
    memset(bits, value ? 0xFF : 0, words * sizeof *bits);
    bits[words - 1] &= range_mask(words - 1, 0, bit_count);
}

void bitmap_copy(uint64_t *dst, const uint64_t *src, size_t from, size_t bit_count)
{
    size_t words = bitmap_words(bit_count);
    if (words == 0)
        return;
    size_t first = from / 64, shift = from % 64;
    if (shift == 0) {
        memcpy(dst, src + first, words * sizeof *dst);
    } else {
        size_t last = (from + bit_count - 1) / 64; /* the last word that may be read */
        for (size_t i = 0; i < words; i++) {
            uint64_t high = first + i < last ? src[first + i + 1] << (64 - shift) : 0;
            dst[i] = src[first + i] >> shift | high;
        }
    }
    dst[words - 1] &= range_mask(words - 1, 0, bit_count);
}

size_t bitmap_count(const uint64_t *bits, size_t from, size_t to)
{
    if (from >= to)
        return 0;
    size_t first = from / 64, last = (to - 1) / 64;
    if (first == last)
        return (size_t)__builtin_popcountll(bits[first] & range_mask(first, from, to));
    size_t count =
        (size_t)__builtin_popcountll(bits[first] & range_mask(first, from, to));
    for (size_t i = first + 1; i < last; i++)
        count += (size_t)__builtin_popcountll(bits[i]);
    return count + (size_t)__builtin_popcountll(bits[last] & range_mask(last, from, to));
}

size_t bitmap_first(const uint64_t *bits, size_t from, size_t to)
{
    if (from >= to)
        return to;
    for (size_t i = from / 64; i <= (to - 1) / 64; i++) {
        uint64_t word = bits[i] & range_mask(i, from, to);
        if (word != 0)
            return i * 64 + (size_t)__builtin_ctzll(word);
    }
    return to;
}

size_t bitmap_last(const uint64_t *bits, size_t from, size_t to)
{
    if (from >= to)
        return SIZE_MAX;
    for (size_t i = (to - 1) / 64 + 1; i-- > from / 64;) {
        uint64_t word = bits[i] & range_mask(i, from, to);
        if (word != 0)
            return i * 64 + 63 - (size_t)__builtin_clzll(word);
    }
    return SIZE_MAX;
}
