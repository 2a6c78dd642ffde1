/* SPDX-License-Identifier: MIT
 *
 * Ranges of bits, a word at a time.
 */
#include "base/bitmap.h"

void bitmap_fill_words(uint64_t *bits, size_t bit_count, bool value)
{
    size_t words = bitmap_words(bit_count);
    if (words == 0)
        return;
    memset(bits, value ? 0xFF : 0, words * sizeof *bits);
    bits[words - 1] &= bitmap_range_mask(words - 1, 0, bit_count);
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
    dst[words - 1] &= bitmap_range_mask(words - 1, 0, bit_count);
}

size_t bitmap_first(const uint64_t *bits, size_t from, size_t to)
{
    if (from >= to)
        return to;
    for (size_t i = from / 64; i <= (to - 1) / 64; i++) {
        uint64_t word = bits[i] & bitmap_range_mask(i, from, to);
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
        uint64_t word = bits[i] & bitmap_range_mask(i, from, to);
        if (word != 0)
            return i * 64 + 63 - (size_t)__builtin_clzll(word);
    }
    return SIZE_MAX;
}
