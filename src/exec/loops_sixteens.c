/* SPDX-License-Identifier: MIT
 *
 * Edges among times of 32 bits, for machines that compare sixteen at once, take as many of them
 * from memory as a group has, and look at eight places together.
 */
#include "exec/loops.h"

#include "base/bitmap.h"
#include "base/clones.h"
#include "exec/loops_fetch.h"

#ifdef HAS_CLONES
#include <immintrin.h>

/* Instants, the latest first. */
typedef struct instant_set {
    __m512i each[LOOP_INSTANTS]; /* sixteen times one */
    __m256i together;
    size_t count;
    uint32_t oldest;
} instant_set;

/* The last `many` of `width` bits. */
static inline uint32_t last_bits(uint32_t many, uint32_t width)
{
    uint32_t all = (uint32_t)((UINT64_C(1) << width) - 1);
    return many < width ? all & ~(all >> many) : all;
}

/* Which of the rows in front of `row`, of which `own` has a bit each, are at or after an
 * instant. */
WIDE_ONLY static inline uint32_t rows_from(__m512i times, __m512i instant, uint32_t own)
{
    return _mm512_mask_cmpge_epu32_mask((__mmask16)own, times, instant);
}

WIDE_ONLY static inline __m512i sixteen(const uint32_t *time, uint32_t row, uint32_t own)
{
    return _mm512_maskz_loadu_epi32((__mmask16)own, time + (int64_t)row - 16);
}

/* From which row on the edges of a group lie that has rows at or after the oldest instant up to
 * `row`: in growing steps. */
static uint32_t find_front(const uint32_t *time, uint32_t begin, uint32_t row,
                           uint32_t oldest)
{
    for (uint32_t step = 64; row - begin > step; step *= 2) {
        if (time[row - step] < oldest)
            return row - step + 1;
        if (row - begin <= step * 2)
            break;
    }
    return begin;
}

/* The edges that lie in front of `row`, by halves, those of all instants together. */
WIDE_ONLY static void search_older(const uint32_t *time, uint32_t begin, uint32_t row,
                                   const instant_set *instants, uint32_t *edges,
                                   size_t stride)
{
    uint32_t found[LOOP_INSTANTS];
    uint32_t front = find_front(time, begin, row, instants->oldest), many = row - front;
    __m256i at = _mm256_set1_epi32((int)front);
    for (uint32_t half; many > 0; many -= half) {
        half = (many + 1) / 2;
        __m256i middle = _mm256_add_epi32(at, _mm256_set1_epi32((int)half - 1));
        __m256i times = _mm256_i32gather_epi32((const int *)time, middle, 4);
        __mmask8 is_before = _mm256_cmplt_epu32_mask(times, instants->together);
        at = _mm256_mask_add_epi32(at, is_before, middle, _mm256_set1_epi32(1));
    }
    _mm256_storeu_si256((void *)found, at);
    for (size_t k = 0; k < instants->count; k++)
        if (edges[k * stride] == row)
            edges[k * stride] = found[k];
}

/* Of the 32 rows in front of `row`, and of those alone. Are all at or after the oldest instant? */
WIDE_ONLY static inline bool count_more(const uint32_t *time, uint32_t begin,
                                        uint32_t row, const instant_set *instants,
                                        uint32_t *edges, size_t stride)
{
    uint32_t own = last_bits(row - begin, 32), from = 0;
    __m512i near = sixteen(time, row, own >> 16), far = sixteen(time, row - 16, own);
    for (size_t k = 0; k < instants->count; k++) {
        from = rows_from(near, instants->each[k], own >> 16) << 16 |
               rows_from(far, instants->each[k], own & 0xFFFF);
        edges[k * stride] -= (unsigned)__builtin_popcount(from);
    }
    return from == UINT32_MAX;
}

/* The edges of one group. Rows are compared with all instants, sixteen of them and then 32 at a
 * time, until one is before the oldest. */
WIDE_ONLY static inline void find_of_group(const uint32_t *time, uint32_t begin,
                                           uint32_t row, const instant_set *instants,
                                           uint32_t *edges, size_t stride)
{
    uint32_t own = last_bits(row - begin, 16), from = 0, many = row - begin;
    __m512i times = sixteen(time, row, own);
    for (size_t k = 0; k < instants->count; k++) {
        from = rows_from(times, instants->each[k], own);
        edges[k * stride] = row - (unsigned)__builtin_popcount(from);
    }
    if (from != 0xFFFF || many == 16)
        return;
    uint32_t far = many > LOOP_MOST_COUNTED ? row - LOOP_MOST_COUNTED : begin;
    bool are_from = true;
    for (row -= 16; are_from && row > far; row = row - begin > 32 ? row - 32 : begin)
        are_from = count_more(time, begin, row, instants, edges, stride);
    if (are_from && row > begin)
        search_older(time, begin, row, instants, edges, stride);
}

WIDE_ONLY static instant_set set_of(const int64_t *instants, size_t count)
{
    instant_set set = {.count = count, .oldest = (uint32_t)instants[count - 1]};
    uint32_t together[LOOP_INSTANTS] = {0};
    for (size_t k = 0; k < count; k++) {
        together[k] = (uint32_t)instants[k];
        set.each[k] = _mm512_set1_epi32((int)together[k]);
    }
    set.together = _mm256_loadu_si256((const void *)together);
    return set;
}

WIDE_ONLY void loop_find_edges_in_sixteens(const uint32_t *begin, const uint32_t *end,
                                           const void *time, size_t from,
                                           const uint64_t *wanted, size_t group_count,
                                           const int64_t *instants, size_t instant_count,
                                           uint32_t *edges, size_t stride)
{
    const uint32_t *times = (const uint32_t *)time + from;
    size_t words = bitmap_words(group_count);
    const instant_set set = set_of(instants, instant_count);
    if (words > 0)
        fetch_newest(times, end, wanted);
    for (size_t w = 0; w < words; w++) {
        if (w + 1 < words)
            fetch_newest(times, end + (w + 1) * 64, wanted + w + 1);
        EACH_SET_BIT(wanted + w, 64, in_word)
        {
            size_t i = w * 64 + in_word;
            find_of_group(times, begin[i], end[i], &set, edges + i, stride);
        }
    }
}

#endif
