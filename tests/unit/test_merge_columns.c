/* SPDX-License-Identifier: MIT
 *
 * merge_columns: numbers and bits of pieces of any shapes, gathered run by run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/bitmap.h"
#include "base/memory.h"
#include "store/merge.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

enum { PIECES = 3, MOST = 3000 };

/* Of a piece numbers from `least` on, in steps of `step`, so many different ones. */
typedef struct spread {
    int64_t least, step, different;
} spread;

static int64_t number_at(spread s, size_t row)
{
    return s.least + s.step * (int64_t)(row * 7 % (size_t)s.different);
}

/* Runs of all pieces in turn, of lengths that rise, until none has a row left. */
static void make_runs(merge *m, const uint64_t *counts, size_t piece_count)
{
    uint64_t next[PIECES] = {0}, left = 1;
    for (uint64_t length = 1; left > 0; length = length % 97 + 1) {
        left = 0;
        for (size_t i = 0; i < piece_count; i++) {
            uint64_t size = counts[i] - next[i] < length ? counts[i] - next[i] : length;
            memory_grow((void **)&m->runs, m->run_count, &m->run_capacity,
                        sizeof *m->runs);
            m->runs[m->run_count++] = (merge_run){i, next[i], size};
            next[i] += size;
            m->row_count += size;
            left += counts[i] - next[i];
        }
    }
}

static uint32_t check(const spread *spreads, bool are_codes)
{
    static const uint64_t counts[PIECES] = {MOST, 70, 1};
    packed pieces[PIECES];
    merge m = {0};
    arena *memory = arena_new();
    make_runs(&m, counts, PIECES);
    for (size_t i = 0; i < PIECES; i++) {
        int64_t numbers[MOST];
        uint32_t codes[MOST];
        for (size_t r = 0; r < counts[i]; r++) {
            numbers[r] = number_at(spreads[i], r);
            codes[r] = (uint32_t)numbers[r];
        }
        pieces[i] = are_codes ? packed_new_codes(codes, counts[i])
                              : packed_new(numbers, counts[i]);
    }
    packed out = merge_numbers(&m, pieces, counts, PIECES, are_codes, memory);
    size_t row = 0;
    for (size_t i = 0; i < m.run_count; i++)
        for (uint64_t r = 0; r < m.runs[i].count; r++)
            assert_true(
                packed_get(&out, row++) ==
                number_at(spreads[m.runs[i].piece], (size_t)(m.runs[i].first + r)));
    for (size_t i = 0; i < PIECES; i++)
        memory_free((void *)pieces[i].data);
    merge_done(&m);
    arena_free(memory);
    return out.bits;
}

static void test_numbers(void **state)
{
    static const struct {
        spread pieces[PIECES];
        bool are_codes;
        uint32_t bits;
    } cases[] = {
        /* all of one shape, and bits that become bytes */
        {{{0, 1, 200}, {0, 1, 70}, {5, 1, 1}}, false, 8},
        {{{0, 1, 2}, {0, 1, 2}, {1, 1, 1}}, false, 8},
        {{{7, 1, 1}, {7, 1, 1}, {7, 1, 1}}, false, 0},
        /* other bases, other units, other widths */
        {{{1000, 10, 200}, {0, 5, 70}, {-5, 1, 1}}, false, 16},
        {{{1767225600000000, 1000000, 3000}, {1767225600500000, 1, 1}, {0, 1, 1}},
         false,
         32},
        {{{INT64_MIN, 1, 2}, {INT64_MAX - 70, 1, 70}, {0, 1, 1}}, false, 64},
        /* codes keep base and unit, whatever they are */
        {{{0, 1, 3}, {0, 1, 70}, {70000, 1, 1}}, true, 24},
        {{{0, 1, 1}, {0, 1, 1}, {0, 1, 1}}, true, 0},
        {{{40, 40, 3}, {0, 1, 1}, {80, 1, 1}}, true, 8},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++)
        assert_int_equal(check(cases[i].pieces, cases[i].are_codes), cases[i].bits);
}

static void test_bits(void **state)
{
    static const uint64_t counts[PIECES] = {130, 70, 65};
    uint64_t words[3] = {UINT64_C(0x123456789abcdef0), UINT64_C(0x0f0f0f0f0f0f0f0f), 3};
    const uint64_t *bits[PIECES] = {words, NULL, NULL};
    const bool absent[PIECES] = {false, true, false};
    uint64_t out[6] = {0};
    merge m = {0};
    (void)state;
    make_runs(&m, counts, PIECES);
    merge_bits(&m, bits, absent, out);
    size_t row = 0;
    for (size_t i = 0; i < m.run_count; i++)
        for (uint64_t r = 0; r < m.runs[i].count; r++)
            assert_int_equal(bitmap_get(out, row++),
                             m.runs[i].piece == 0
                                 ? bitmap_get(words, (size_t)(m.runs[i].first + r))
                                 : absent[m.runs[i].piece]);
    merge_done(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_bits),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
