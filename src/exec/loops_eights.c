/* SPDX-License-Identifier: MIT
 *
 * Edges among times of 32 bits, for machines that compare eight at once and give the answers
 * as bits: the compiler makes no such instruction of a loop.
 */
#include "exec/loops.h"

#include "base/bitmap.h"
#include "base/clones.h"
#include "exec/loops_fetch.h"

#ifdef HAS_CLONES
#include <immintrin.h>

/* Which of the eight rows in front of `row` are at or after an instant, a bit each, and
 * belong to a group with so many rows in front of `row`. */
VECTOR_ONLY static inline unsigned rows_from(__m256i eight, __m256i instant,
                                             uint32_t many)
{
    unsigned own = many < 8 ? 0xFF00u >> many & 0xFF : 0xFF;
    __m256i is_from = _mm256_cmpeq_epi32(_mm256_max_epu32(eight, instant), eight);
    return (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(is_from)) & own;
}

/* The edges of one group that are found row by row: those of instants from `k` on, the latest
 * first, which lie in front of `row`. */
static void search_rows(const uint32_t *time, uint32_t begin, uint32_t row, size_t k,
                        const int64_t *instants, size_t instant_count, uint32_t *edges,
                        size_t stride)
{
    for (; k < instant_count; k++) {
        uint32_t low = begin;
        for (uint32_t step = 1; row - low > step; step *= 2) {
            if (time[row - step] < instants[k]) {
                low = row - step + 1;
                break;
            }
            row -= step;
        }
        while (low < row) {
            uint32_t middle = low + (row - low) / 2;
            if (time[middle] < instants[k])
                low = middle + 1;
            else
                row = middle;
        }
        edges[k * stride] = row;
    }
}

/* The same behind the rows that were compared: of those instants whose edge was not met. */
static void search_older(const uint32_t *time, uint32_t begin, uint32_t row,
                         const int64_t *instants, size_t instant_count, uint32_t *edges,
                         size_t stride)
{
    size_t k = 0;
    while (edges[k * stride] != row)
        k++;
    search_rows(time, begin, row, k, instants, instant_count, edges, stride);
}

/* The edges of one group. Rows are compared with all instants, eight at a time, until one is
 * before the oldest. From row `whole` on there are eight rows in front. */
VECTOR_ONLY static inline void find_of_group(const uint32_t *time, uint32_t whole,
                                             uint32_t begin, uint32_t row,
                                             const int64_t *instants,
                                             const __m256i *vectors, size_t instant_count,
                                             uint32_t *edges, size_t stride)
{
    uint32_t far = row - begin > LOOP_MOST_COUNTED ? row - LOOP_MOST_COUNTED : begin;
    unsigned from = 0;
    __m256i eight = _mm256_loadu_si256((const void *)(time + row - 8));
    for (size_t k = 0; k < instant_count; k++) {
        from = rows_from(eight, vectors[k], row - begin);
        edges[k * stride] = row - (unsigned)__builtin_popcount(from);
    }
    for (row -= 8; from == 0xFF && row > far && row >= whole; row -= 8) {
        eight = _mm256_loadu_si256((const void *)(time + row - 8));
        for (size_t k = 0; k < instant_count; k++) {
            from = rows_from(eight, vectors[k], row - begin);
            edges[k * stride] -= (unsigned)__builtin_popcount(from);
        }
    }
    if (from == 0xFF && row > begin)
        search_older(time, begin, row, instants, instant_count, edges, stride);
}

VECTOR_ONLY void loop_find_edges_in_eights(const uint32_t *begin, const uint32_t *end,
                                           const void *time, size_t from,
                                           const uint64_t *wanted, size_t group_count,
                                           const int64_t *instants, size_t instant_count,
                                           uint32_t *edges, size_t stride)
{
    const uint32_t *times = (const uint32_t *)time + from;
    uint32_t whole =
        from < 8 ? 8 - (uint32_t)from : 0; /* eight rows are in front of it */
    size_t words = bitmap_words(group_count);
    __m256i vectors[LOOP_INSTANTS];
    for (size_t k = 0; k < instant_count; k++)
        vectors[k] = _mm256_set1_epi32((int)(uint32_t)instants[k]);
    if (words > 0)
        fetch_newest(times, end, wanted);
    for (size_t w = 0; w < words; w++) {
        if (w + 1 < words)
            fetch_newest(times, end + (w + 1) * 64, wanted + w + 1);
        EACH_SET_BIT(wanted + w, 64, in_word)
        {
            size_t i = w * 64 + in_word;
            if (end[i] >= whole)
                find_of_group(times, whole, begin[i], end[i], instants, vectors,
                              instant_count, edges + i, stride);
            else
                search_rows(times, begin[i], end[i], 0, instants, instant_count,
                            edges + i, stride);
        }
    }
}

#endif
