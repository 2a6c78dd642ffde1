/* SPDX-License-Identifier: MIT
 *
 * packed: at the border of each width the next one is taken, and whatever is put in comes out
 * again, one by one, in a row from any place on, and from here and there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "base/packed.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

enum { MOST = 1000 };

/* ---- whatever goes in comes out -------------------------------------------- */

static void check_widening(const packed *p, const int64_t *numbers, size_t count)
{
    static const size_t begins[] = {0, 1, 7, 31, 32, 33, 63, 64, 65, 130};
    int64_t wide[MOST];
    for (size_t b = 0; b < LENGTH(begins); b++) {
        size_t from = begins[b];
        if (from > count)
            continue;
        packed_widen_64(p, from, count - from, wide);
        assert_memory_equal(wide, numbers + from, (count - from) * sizeof *wide);
    }
}

static void check_gathering(const packed *p, const int64_t *numbers, size_t count)
{
    uint32_t places[MOST] = {0};
    int64_t wide[MOST];
    size_t from = count / 3, many = count - from;
    for (size_t i = 0; i < many; i++)
        places[i] = (uint32_t)(many - 1 - i);
    packed_gather_64(p, from, places, many, wide);
    for (size_t i = 0; i < many; i++)
        assert_true(wide[i] == numbers[count - 1 - i]);
}

static packed check_numbers(const int64_t *numbers, size_t count)
{
    packed p = packed_new(numbers, count);
    for (size_t i = 0; i < count; i++)
        assert_true(packed_get(&p, i) == numbers[i]);
    check_widening(&p, numbers, count);
    check_gathering(&p, numbers, count);
    memory_free((void *)p.data);
    return p;
}

/* The two ends and what lies between them, many times. */
static packed check_span(int64_t least, int64_t greatest)
{
    int64_t numbers[MOST];
    uint64_t span = (uint64_t)greatest - (uint64_t)least;
    for (size_t i = 0; i < MOST; i++) {
        uint64_t step = span / 7 * (i % 8) + (i % 8 == 7 ? span % 7 : 0);
        numbers[i] = (int64_t)((uint64_t)least + step);
    }
    numbers[1] = (int64_t)((uint64_t)least + (span > 0 ? 1 : 0)); /* no larger unit */
    return check_numbers(numbers, MOST);
}

/* ---- widths ---------------------------------------------------------------- */

static const struct {
    uint64_t span;
    uint32_t bits;
} borders[] = {
    {0, 0},
    {1, 1},
    {2, 2},
    {3, 2},
    {4, 4},
    {15, 4},
    {16, 8},
    {127, 8},
    {128, 8},
    {255, 8},
    {256, 16},
    {65535, 16},
    {65536, 24},
    {(UINT64_C(1) << 24) - 1, 24},
    {UINT64_C(1) << 24, 32},
    {(UINT64_C(1) << 31) - 1, 32},
    {UINT64_C(1) << 31, 32},
    {(UINT64_C(1) << 32) - 1, 32},
    {UINT64_C(1) << 32, 40},
    {(UINT64_C(1) << 40) - 1, 40},
    {UINT64_C(1) << 40, 48},
    {(UINT64_C(1) << 48) - 1, 48},
    {UINT64_C(1) << 48, 64},
    {INT64_MAX, 64},
};

static void test_borders_of_widths(void **state)
{
    static const int64_t bases[] = {0, 1, -1, -128, 40, INT64_MIN, 1767225600000000};
    (void)state;
    for (size_t b = 0; b < LENGTH(bases); b++)
        for (size_t i = 0; i < LENGTH(borders); i++) {
            if (bases[b] > 0 && borders[i].span > (uint64_t)(INT64_MAX - bases[b]))
                continue;
            int64_t end = (int64_t)((uint64_t)bases[b] + borders[i].span);
            assert_int_equal(check_span(bases[b], end).bits, borders[i].bits);
        }
    assert_int_equal(check_span(INT64_MIN, INT64_MAX).bits, 64);
}

/* Numbers stand as they are where that costs nothing. */
static void test_plain_where_nothing_is_spared(void **state)
{
    (void)state;
    packed p = check_span(1, 200);
    assert_true(packed_is_plain(&p, 8));
    p = check_span(300, 400);
    assert_false(packed_is_plain(&p, 8));
    assert_int_equal(p.base, 300);
    p = check_span(INT64_MIN, 0);
    assert_true(packed_is_plain(&p, 64));
}

static void test_units(void **state)
{
    int64_t times[MOST];
    (void)state;
    for (size_t i = 0; i < MOST; i++)
        times[i] = 1735689623000000 + (int64_t)(i * 37 % 1000) * 3600000000;
    packed p = check_numbers(times, MOST);
    assert_int_equal(p.unit, 3600000000);
    assert_int_equal(p.bits, 16);
    times[MOST - 1] += 1000000; /* after a piece of whole hours a second */
    p = check_numbers(times, MOST);
    assert_int_equal(p.unit, 1000000);
    assert_int_equal(p.bits, 24);
    times[MOST - 2] -= 1;
    p = check_numbers(times, MOST);
    assert_int_equal(p.unit, 1);
    assert_int_equal(p.bits, 48);
}

/* Doubles are packed by their bits: of small whole ones, most are zeros. */
static void test_doubles(void **state)
{
    int64_t patterns[MOST];
    (void)state;
    for (size_t i = 0; i < MOST; i++) {
        double value = (double)(i % 64) / 4;
        memcpy(&patterns[i], &value, sizeof value);
    }
    assert_in_range(check_numbers(patterns, MOST).bits, 8, 16);
    double odd[] = {0.1, -0.0, 1e300, -1e-300};
    memcpy(patterns, odd, sizeof odd);
    assert_int_equal(check_numbers(patterns, MOST).bits, 64);
}

static void test_none_and_one(void **state)
{
    static const int64_t one[] = {-7};
    (void)state;
    packed p = check_numbers(one, 0);
    assert_int_equal(p.bits, 0);
    p = check_numbers(one, 1);
    assert_int_equal(p.bits, 0);
    assert_int_equal(packed_stored_bytes(p.bits, 1), 0);
}

/* ---- codes and bits ---------------------------------------------------------- */

static void check_codes(uint32_t greatest)
{
    uint32_t codes[MOST], wide[MOST], places[MOST];
    for (size_t i = 0; i < MOST; i++)
        codes[i] = (uint32_t)(i * 2654435761u) & greatest;
    codes[MOST - 1] = greatest;
    packed p = packed_new_codes(codes, MOST);
    assert_int_equal(p.base, 0);
    assert_int_equal(p.unit, 1);
    for (size_t from = 0; from < 70; from++) {
        packed_widen_32(&p, from, MOST - from, wide);
        assert_memory_equal(wide, codes + from, (MOST - from) * sizeof *wide);
    }
    for (size_t i = 0; i < MOST; i++)
        places[i] = (uint32_t)(MOST - 1 - i);
    packed_gather_32(&p, 0, places, MOST, wide);
    for (size_t i = 0; i < MOST; i++)
        assert_int_equal(wide[i], codes[MOST - 1 - i]);
    memory_free((void *)p.data);
}

static void test_codes(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(borders); i++)
        if (borders[i].span <= UINT32_MAX)
            check_codes((uint32_t)borders[i].span);
}

static void test_bits(void **state)
{
    static const uint64_t words[] = {UINT64_C(0xF0F1F2F3F4F5F6F7), 5};
    uint64_t out[2];
    (void)state;
    packed p = packed_of_bits(words);
    packed_widen_bits(&p, 3, 64, out);
    for (size_t i = 0; i < 64; i++)
        assert_int_equal(bitmap_get(out, i), bitmap_get(words, i + 3));
    p = (packed){NULL, 0, 1, 1};
    packed_widen_bits(&p, 3, 65, out);
    assert_int_equal(bitmap_count(out, 0, 128), 65);
    p.base = 0;
    packed_widen_bits(&p, 3, 65, out);
    assert_int_equal(bitmap_count(out, 0, 128), 0);
}

static void test_widths(void **state)
{
    (void)state;
    assert_true(packed_has_width(0));
    assert_true(packed_has_width(24));
    assert_false(packed_has_width(3));
    assert_false(packed_has_width(65));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_borders_of_widths),
        cmocka_unit_test(test_plain_where_nothing_is_spared),
        cmocka_unit_test(test_units),
        cmocka_unit_test(test_doubles),
        cmocka_unit_test(test_none_and_one),
        cmocka_unit_test(test_codes),
        cmocka_unit_test(test_bits),
        cmocka_unit_test(test_widths),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
