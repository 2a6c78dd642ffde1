/* SPDX-License-Identifier: MIT
 *
 * Comparisons fill a byte a position, 64 of them become a word: of a known length, so that
 * vectors do it.
 */
#include "exec/loops.h"

#include "base/bitmap.h"
#include "base/clones.h"
#include "base/packed.h"
#include "exec/loops_fetch.h"
#include "graph/scalar.h"
#include "value/calendar.h"
#include "value/civil.h"

/* A test compiles these once more for each machine, under other names. */
#ifndef LOOP_NAME
#define LOOP_NAME(name) name
#endif

/* bits[i] = FLAG(i) */
#define LOOP_FLAGS(FLAG)                                                                 \
    for (size_t w = 0; w < bitmap_words(count); w++) {                                   \
        size_t first = w * 64, many = count - first;                                     \
        uint8_t flags[64] = {0};                                                         \
        if (many >= 64)                                                                  \
            for (size_t j = 0; j < 64; j++)                                              \
                flags[j] = FLAG(first + j);                                              \
        else                                                                             \
            for (size_t j = 0; j < many; j++)                                            \
                flags[j] = FLAG(first + j);                                              \
        bits[w] = bitmap_pack(flags);                                                    \
    }

#define IS_CODE(i) codes[i] == code
#define LOOP_EQUAL_CODE(BITS)                                                            \
    VECTOR_CLONES void LOOP_NAME(loop_equal_code_##BITS)(                                \
        const uint##BITS##_t *codes, uint32_t code, size_t count, uint64_t *bits)        \
    {                                                                                    \
        LOOP_FLAGS(IS_CODE)                                                              \
    }
LOOP_EQUAL_CODE(8)
LOOP_EQUAL_CODE(16)
LOOP_EQUAL_CODE(32)
#undef LOOP_EQUAL_CODE
#undef IS_CODE

#define IS_AT_LEAST(i) numbers[i] >= least
VECTOR_CLONES
void LOOP_NAME(loop_at_least)(const uint32_t *numbers, uint32_t least, size_t count,
                              uint64_t *bits){LOOP_FLAGS(IS_AT_LEAST)}
#undef IS_AT_LEAST

#define IS_LESS(i) x[i] < y[i]
VECTOR_CLONES
    void LOOP_NAME(loop_less_pairs)(const uint32_t *x, const uint32_t *y, size_t count,
                                    uint64_t *bits){LOOP_FLAGS(IS_LESS)}
#undef IS_LESS

#define OF_ONE_AND_ALL(i) LOOP_HOLDS(x[0], y[i])
#define OF_ALL_AND_ONE(i) LOOP_HOLDS(x[i], y[0])
#define OF_ALL_AND_ALL(i) LOOP_HOLDS(x[i], y[i])
#define LOOP_COMPARE(NAME, TYPE)                                                         \
    VECTOR_CLONES void LOOP_NAME(NAME)(const TYPE *x, bool x_is_uniform, const TYPE *y,  \
                                       bool y_is_uniform, size_t count, uint64_t *bits)  \
    {                                                                                    \
        if (x_is_uniform) {                                                              \
            LOOP_FLAGS(OF_ONE_AND_ALL)                                                   \
        } else if (y_is_uniform) {                                                       \
            LOOP_FLAGS(OF_ALL_AND_ONE)                                                   \
        } else {                                                                         \
            LOOP_FLAGS(OF_ALL_AND_ALL)                                                   \
        }                                                                                \
    }

#define LOOP_HOLDS SCALAR_EQUAL
LOOP_COMPARE(loop_equal_integers, int64_t) LOOP_COMPARE(loop_equal_numbers, double)
#undef LOOP_HOLDS
#define LOOP_HOLDS SCALAR_LESS
    LOOP_COMPARE(loop_less_integers, int64_t) LOOP_COMPARE(loop_less_numbers, double)
#undef LOOP_HOLDS
#define LOOP_HOLDS SCALAR_LESS_OR_EQUAL
        LOOP_COMPARE(loop_less_or_equal_integers, int64_t)
            LOOP_COMPARE(loop_less_or_equal_numbers, double)
#undef LOOP_HOLDS

                VECTOR_CLONES
    void LOOP_NAME(loop_count_bits)(const uint64_t *bits, const uint64_t *wanted,
                                    const uint32_t *begin, const uint32_t *end,
                                    size_t count, int64_t *counts)
{
    EACH_SET_BIT(wanted, count, i)
    {
        counts[i] += (int64_t)bitmap_count(bits, begin[i], end[i]);
    }
}

VECTOR_CLONES size_t LOOP_NAME(loop_count_set)(const uint64_t *bits, size_t count)
{
    return bitmap_count(bits, 0, count);
}

VECTOR_CLONES void LOOP_NAME(loop_from_first)(const uint64_t *from, size_t count,
                                              uint32_t *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (uint32_t)(from[i] - from[0]);
}

VECTOR_CLONES void LOOP_NAME(loop_differences)(const uint32_t *x, const uint32_t *y,
                                               size_t count, int64_t *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = y[i] - x[i];
}

/* Some of 64, as flags. */
#define ORDER_PRODUCTS(many)                                                             \
    for (size_t j = 0; j < (many); j++) {                                                \
        int64_t of_x = x[first + j], of_y = y[first + j];                                \
        int64_t a = (int32_t)of_x * x_times, b = (int32_t)of_y * y_times;                \
        is_less[j] = a < b;                                                              \
        is_more[j] = a > b;                                                              \
        is_other[j] = (uint64_t)(of_x | of_y) > INT32_MAX;                               \
    }

VECTOR_CLONES void LOOP_NAME(loop_order_products)(const int64_t *x, int64_t x_times,
                                                  const int64_t *y, int64_t y_times,
                                                  size_t count, uint64_t *less,
                                                  uint64_t *more, uint64_t *others)
{
    for (size_t w = 0; w < bitmap_words(count); w++) {
        size_t first = w * 64, left = count - first;
        uint8_t is_less[64] = {0}, is_more[64] = {0}, is_other[64] = {0};
        if (left >= 64)
            ORDER_PRODUCTS(64)
        else
            ORDER_PRODUCTS(left)
        less[w] = bitmap_pack(is_less);
        more[w] = bitmap_pack(is_more);
        others[w] = bitmap_pack(is_other);
    }
}
#undef ORDER_PRODUCTS

#define STEP_OF(number) (size_t)(int64_t)((offset + (double)(number)*unit) * per)
VECTOR_CLONES void LOOP_NAME(loop_add_steps)(const uint32_t *numbers,
                                             const uint32_t *begin, const uint32_t *end,
                                             const uint64_t *wanted, size_t count,
                                             const loop_steps *steps, size_t words,
                                             uint64_t *sets)
{
    double offset = steps->offset, unit = steps->unit, per = steps->per;
    for (size_t w = 0; w < bitmap_words(count); w++) {
        if (w + 1 < bitmap_words(count))
            fetch_oldest(numbers, begin + (w + 1) * 64, wanted + w + 1);
        for (uint64_t left = wanted[w]; left != 0; left &= left - 1) {
            size_t i = w * 64 + (unsigned)__builtin_ctzll(left);
            uint64_t first = 0;
            if (words == 1)
                for (uint32_t r = begin[i]; r < end[i]; r++)
                    first |= UINT64_C(1) << STEP_OF(numbers[r]);
            else
                for (uint32_t r = begin[i]; r < end[i]; r++)
                    bitmap_set(sets + i * words, STEP_OF(numbers[r]));
            sets[i * words] |= first;
        }
    }
}
#undef STEP_OF

#define LOOP_DATE_PARTS(NAME, PART)                                                      \
    VECTOR_CLONES void LOOP_NAME(NAME)(const int64_t *dates, size_t count, int64_t *out) \
    {                                                                                    \
        for (size_t i = 0; i < count; i++) {                                             \
            int64_t date = dates[i] < DATE_MIN ? DATE_MIN : dates[i];                    \
            date = (date > DATE_MAX ? DATE_MAX : date) + CIVIL_DAYS_BEFORE_1970;         \
            out[i] = civil_of_days((uint32_t)date).PART;                                 \
        }                                                                                \
    }
LOOP_DATE_PARTS(loop_date_years, year)
LOOP_DATE_PARTS(loop_date_months, month)
LOOP_DATE_PARTS(loop_date_days, day)
#undef LOOP_DATE_PARTS

/* Of at most 64 values, of which `has` has a bit each. */
#define KEEP_LEAST(MANY)                                                                 \
    for (size_t j = 0; j < MANY; j++) {                                                  \
        int64_t key = has >> j & 1 ? values[first + j] ^ flip : INT64_MAX;               \
        least[first + j] = key < least[first + j] ? key : least[first + j];              \
    }
VECTOR_CLONES void LOOP_NAME(loop_keep_least)(const int64_t *values,
                                              const uint64_t *present, int64_t flip,
                                              size_t count, int64_t *least)
{
    for (size_t w = 0; w < bitmap_words(count); w++) {
        size_t first = w * 64, many = count - first;
        uint64_t has = present ? present[w] : ~UINT64_C(0);
        if (has == 0)
            continue;
        if (many >= 64)
            KEEP_LEAST(64)
        else
            KEEP_LEAST(many)
    }
}

/* Few rows are counted for all instants together, a lane each, in place of a search whose
 * branches nobody could foretell. */
typedef int64_t lanes __attribute__((vector_size(LOOP_INSTANTS * sizeof(int64_t))));

/* Rows [begin, end) to the first that is at or after an instant: in growing steps from the
 * newest row, since most windows are recent. */
#define NARROW_TO_FIRST(TIME, BITS, begin, end, instant)                                 \
    for (uint32_t step = 1; end - begin > step; step *= 2) {                             \
        if (TIME(BITS, end - step) < instant) {                                          \
            begin = end - step + 1;                                                      \
            break;                                                                       \
        }                                                                                \
        end -= step;                                                                     \
    }                                                                                    \
    while (begin < end) {                                                                \
        uint32_t middle = begin + (end - begin) / 2;                                     \
        if (TIME(BITS, middle) < instant)                                                \
            begin = middle + 1;                                                          \
        else                                                                             \
            end = middle;                                                                \
    }

/* Ask for the newest rows of 64 groups. */
#define FETCH_NEWEST(BITS, w)                                                            \
    EACH_SET_BIT(wanted + (w), 64, ahead)                                                \
    {                                                                                    \
        __builtin_prefetch((const char *)time +                                          \
                           (from + end[(w)*64 + ahead] - 1) * BITS / 8);                 \
    }

#define FIND_EDGES(TIME, BITS)                                                           \
    lanes at = {0};                                                                      \
    int64_t oldest = instants[instant_count - 1];                                        \
    size_t words = bitmap_words(group_count);                                            \
    for (size_t k = 0; k < instant_count; k++)                                           \
        at[k] = instants[k];                                                             \
    FETCH_NEWEST(BITS, 0)                                                                \
    for (size_t w = 0; w < words; w++) {                                                 \
        if (w + 1 < words)                                                               \
            FETCH_NEWEST(BITS, w + 1)                                                    \
        EACH_SET_BIT(wanted + w, 64, in_word)                                            \
        {                                                                                \
            size_t i = w * 64 + in_word;                                                 \
            uint32_t first = begin[i], row = end[i];                                     \
            if (row - first > LOOP_MOST_COUNTED &&                                       \
                TIME(BITS, row - LOOP_MOST_COUNTED - 1) >= oldest) {                     \
                for (size_t k = 0; k < instant_count; k++) {                             \
                    uint32_t low = first;                                                \
                    NARROW_TO_FIRST(TIME, BITS, low, row, instants[k])                   \
                    edges[k * stride + i] = row;                                         \
                }                                                                        \
                continue;                                                                \
            }                                                                            \
            lanes rows = (lanes){0} + row;                                               \
            for (; row > first && TIME(BITS, row - 1) >= oldest; row--)                  \
                rows += (lanes){0} + TIME(BITS, row - 1) >= at; /* true is -1 */         \
            for (size_t k = 0; k < instant_count; k++)                                   \
                edges[k * stride + i] = (uint32_t)rows[k];                               \
        }                                                                                \
    }

#define WORD_TIME(BITS, row)                                                             \
    (int64_t)(((const uint64_t *)time)[(from + (row)) / (64 / BITS)] >>                  \
                  (from + (row)) % (64 / BITS) * BITS &                                  \
              ((UINT64_C(1) << BITS) - 1))
#define UNIT_TIME(BITS, row)  (int64_t)((const uint##BITS##_t *)time)[from + (row)]
#define BYTES_TIME(BITS, row) (int64_t) packed_bytes_at(time, from + (row), BITS)

#define X(BITS, PLACE)                                                                   \
    VECTOR_CLONES void LOOP_NAME(loop_find_edges_##BITS)(                                \
        const uint32_t *begin, const uint32_t *end, const void *time, size_t from,       \
        const uint64_t *wanted, size_t group_count, const int64_t *instants,             \
        size_t instant_count, uint32_t *edges, size_t stride)                            \
    {                                                                                    \
        FIND_EDGES(PLACE##_TIME, BITS)                                                   \
    }
#include "base/packed_widths.def"
#undef X
