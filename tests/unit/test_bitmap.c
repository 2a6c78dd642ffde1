/* SPDX-License-Identifier: MIT
 *
 * bitmap: every function against a loop over single bits, at all offsets.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"

enum { BITS = 200 };

/* Bit patterns with words that are empty, full and mixed. */
static void make_pattern(unsigned kind, uint64_t *bits)
{
    memset(bits, 0, bitmap_words(BITS) * sizeof *bits);
    uint64_t random = 88172645463325252u + kind;
    for (size_t i = 0; i < BITS; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        bool value = kind == 0   ? false
                     : kind == 1 ? true
                     : kind == 2 ? i % 64 == 63 || i % 64 == 0
                     : kind == 3 ? random % 50 == 0
                                 : random % 2 == 0;
        bitmap_put(bits, i, value);
        assert_int_equal(bitmap_get(bits, i), value);
    }
}

static void ranges_against_a_loop(void **state)
{
    (void)state;
    uint64_t bits[4];
    for (unsigned kind = 0; kind < 5; kind++) {
        make_pattern(kind, bits);
        for (size_t from = 0; from <= BITS; from++) {
            size_t count = 0, first = SIZE_MAX, last = SIZE_MAX;
            for (size_t to = from; to <= BITS; to++) {
                assert_int_equal(bitmap_count(bits, from, to), count);
                assert_int_equal(bitmap_first(bits, from, to), count > 0 ? first : to);
                assert_int_equal(bitmap_last(bits, from, to), last);
                if (to < BITS && bitmap_get(bits, to)) {
                    first = count == 0 ? to : first;
                    last = to;
                    count++;
                }
            }
        }
    }
    assert_int_equal(bitmap_count(bits, 9, 3), 0);
    assert_int_equal(bitmap_first(bits, 9, 3), 3);
    assert_int_equal(bitmap_last(bits, 9, 3), SIZE_MAX);
}

/* In memory of the exact size, so that the sanitizer sees a word too far. */
static void copies_at_any_offset(void **state)
{
    (void)state;
    uint64_t bits[4];
    for (unsigned kind = 1; kind < 5; kind++) {
        make_pattern(kind, bits);
        for (size_t from = 0; from < BITS; from++) {
            for (size_t count = 0; count <= BITS - from; count++) {
                size_t source_words = bitmap_words(from + count),
                       words = bitmap_words(count);
                uint64_t *source = memory_alloc_array(source_words, 8);
                uint64_t *copy = memory_alloc_array(words, 8);
                memcpy(source, bits, source_words * 8);
                memset(copy, 0x5A, words * 8);
                bitmap_copy(copy, source, from, count);
                for (size_t i = 0; i < words * 64; i++) {
                    bool wanted = i < count && bitmap_get(bits, from + i);
                    if (bitmap_get(copy, i) != wanted)
                        fail_msg("bit %zu of %zu from %zu", i, count, from);
                }
                memory_free(source);
                memory_free(copy);
            }
        }
    }
}

static void fill_clears_what_is_behind(void **state)
{
    (void)state;
    for (size_t count = 0; count <= BITS; count++) {
        uint64_t bits[5];
        memset(bits, 0x5A, sizeof bits);
        bitmap_fill(bits, count, true);
        for (size_t i = 0; i < bitmap_words(count) * 64; i++)
            assert_int_equal(bitmap_get(bits, i), i < count);
        assert_int_equal(bits[bitmap_words(count)], UINT64_C(0x5A5A5A5A5A5A5A5A));
        bitmap_fill(bits, count, false);
        assert_int_equal(bitmap_count(bits, 0, bitmap_words(count) * 64), 0);
    }
}

static void single_bits(void **state)
{
    (void)state;
    uint64_t bits[2] = {0, 0};
    bitmap_set(bits, 63);
    bitmap_set(bits, 64);
    assert_true(bits[0] == UINT64_C(1) << 63 && bits[1] == 1);
    bitmap_unset(bits, 63);
    assert_true(bits[0] == 0 && bits[1] == 1);
    assert_int_equal(bitmap_words(0), 0);
    assert_int_equal(bitmap_words(64), 1);
    assert_int_equal(bitmap_words(65), 2);
}

static void test_pack(void **state)
{
    (void)state;
    for (unsigned only = 0; only < 64;
         only++) { /* one byte, all others, each on its own */
        uint8_t one[64] = {0}, others[64];
        memset(others, 1, sizeof others);
        one[only] = 1;
        others[only] = 0;
        assert_true(bitmap_pack(one) == UINT64_C(1) << only);
        assert_true(bitmap_pack(others) == ~(UINT64_C(1) << only));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pack),
        cmocka_unit_test(ranges_against_a_loop),
        cmocka_unit_test(copies_at_any_offset),
        cmocka_unit_test(fill_clears_what_is_behind),
        cmocka_unit_test(single_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
