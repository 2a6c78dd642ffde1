/* SPDX-License-Identifier: MIT
 *
 * marks -- the bytes that may end a field, of CHUNK bytes at a time: a bit for each.
 */
#ifndef CSV_MARKS_H
#define CSV_MARKS_H

#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { CHUNK = 64 }; /* bytes that are looked at together */

/* A bit for each of the CHUNK bytes at `p` that is one of the two or ends a line. */
static inline uint64_t find_marks(const char *p, char a, char b)
{
    uint64_t marks = 0;
#ifdef __SSE2__
    const __m128i wide_a = _mm_set1_epi8(a), wide_b = _mm_set1_epi8(b),
                  line_feed = _mm_set1_epi8('\n'), carriage_return = _mm_set1_epi8('\r');
    for (unsigned i = 0; i < CHUNK; i += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        __m128i hits = _mm_or_si128(
            _mm_or_si128(_mm_cmpeq_epi8(bytes, wide_a), _mm_cmpeq_epi8(bytes, wide_b)),
            _mm_or_si128(_mm_cmpeq_epi8(bytes, line_feed),
                         _mm_cmpeq_epi8(bytes, carriage_return)));
        marks |= (uint64_t)(unsigned)_mm_movemask_epi8(hits) << i;
    }
#else
    for (unsigned i = 0; i < CHUNK; i++)
        marks |= (uint64_t)(p[i] == a || p[i] == b || p[i] == '\n' || p[i] == '\r') << i;
#endif
    return marks;
}

#endif
