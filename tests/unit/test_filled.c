/* SPDX-License-Identifier: MIT
 *
 * filled: bits of those who have a row, and the walk over them, at the borders of words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "exec/filled.h"

enum { MOST = 4096 };

/* Who has rows: nobody, all, the first and last of words, one in fifty, every other. */
static bool is_filled(unsigned kind, size_t i)
{
    switch (kind) {
    case 0: return false;
    case 1: return true;
    case 2: return i % 64 == 63 || i % 64 == 0;
    case 3: return i % 50 == 7;
    default: return i % 2 == 0;
    }
}

static void make_windows(unsigned kind, size_t count, uint32_t *begin, uint32_t *end)
{
    for (size_t i = 0; i < count; i++) {
        begin[i] = i % 3 == 0 ? UINT32_MAX - 9 : (uint32_t)i; /* as unsigned numbers */
        end[i] = begin[i] + (is_filled(kind, i) ? 1 + (uint32_t)i % 5 : 0);
    }
}

static void check_walk(const uint64_t *bits, unsigned kind, size_t count)
{
    size_t next = 0;
    EACH_SET_BIT(bits, count, i)
    {
        for (; next < i; next++)
            assert_false(is_filled(kind, next));
        assert_true(is_filled(kind, i));
        next = i + 1;
    }
    for (; next < count; next++)
        assert_false(is_filled(kind, next));
}

static void against_a_loop(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 7, 63, 64, 65, 127, 128, 129, 200, MOST};
    static uint32_t begin[MOST], end[MOST];
    static uint64_t bits[MOST / 64 + 1];
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
        for (unsigned kind = 0; kind < 5; kind++) {
            size_t count = counts[c];
            make_windows(kind, count, begin, end);
            memset(bits, 0xFF, sizeof bits);
            filled_find(begin, end, count, bits);
            check_walk(bits, kind, count);
            if (count % 64 != 0)
                assert_int_equal(bits[count / 64] >> count % 64, 0);
            assert_int_equal(bits[bitmap_words(count)], UINT64_MAX); /* untouched */
        }
}

/* What goes on with the next bit, and leaves out the rest of a word. */
static void walk_with_continue(void **state)
{
    (void)state;
    const uint64_t bits[] = {UINT64_C(0x8000000000000001), 0, 6};
    size_t seen = 0, sum = 0;
    EACH_SET_BIT(bits, 192, i)
    {
        seen++;
        if (i == 63)
            continue;
        sum += i;
    }
    assert_int_equal(seen, 4);
    assert_int_equal(sum, 0 + 129 + 130);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(against_a_loop),
        cmocka_unit_test(walk_with_continue),
    };
    return cmocka_run_group_tests_name("filled", tests, NULL, NULL);
}
