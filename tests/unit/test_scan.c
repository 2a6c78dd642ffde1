/* SPDX-License-Identifier: MIT
 *
 * scan: what one look at each element tells, at every length, with the odd one at every place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/scan.h"

enum { MOST = 150 };

static void test_rising(void **state)
{
    int32_t values[MOST] = {0};
    (void)state;
    for (size_t count = 0; count < MOST; count++) {
        for (size_t i = 0; i < count; i++)
            values[i] = (int32_t)(i / 2) - 20;
        assert_true(scan_is_rising(values, count));
        for (size_t i = 1; i < count; i++) {
            int32_t was = values[i];
            values[i] = values[i - 1] - 1;
            assert_false(scan_is_rising(values, count));
            values[i] = was;
        }
    }
}

static void test_below(void **state)
{
    static const int32_t beyond[] = {100, INT32_MAX, -1, INT32_MIN};
    int32_t values[MOST] = {0};
    (void)state;
    for (size_t count = 0; count < MOST; count++) {
        for (size_t i = 0; i < count; i++)
            values[i] = i % 2 == 0 ? 99 : 0;
        assert_true(scan_is_below(values, count, 100));
        for (size_t i = 0; i < count; i++) {
            int32_t was = values[i];
            values[i] = beyond[i % 4];
            assert_false(scan_is_below(values, count, 100));
            values[i] = was;
        }
    }
    assert_true(scan_is_below(values, 0, 0));
}

static void test_within(void **state)
{
    int64_t values[MOST] = {0};
    (void)state;
    for (size_t count = 0; count < MOST; count++) {
        for (size_t i = 0; i < count; i++)
            values[i] = i % 2 == 0 ? -5 : 7;
        assert_true(scan_is_within(values, count, -5, 7));
        for (size_t i = 0; i < count; i++) {
            int64_t was = values[i];
            values[i] = i % 3 == 0 ? 8 : i % 3 == 1 ? INT64_MIN : INT64_MAX;
            assert_false(scan_is_within(values, count, -5, 7));
            values[i] = was;
        }
    }
}

static void test_bits(void **state)
{
    uint8_t bytes[MOST];
    (void)state;
    for (size_t count = 0; count < MOST; count++) {
        size_t expected = 0;
        for (size_t i = 0; i < count; i++) {
            bytes[i] = (uint8_t)(i * 37);
            for (unsigned bit = 0; bit < 8; bit++)
                expected += (size_t)(bytes[i] >> bit & 1);
        }
        assert_int_equal(scan_count_bits(bytes, count), expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rising),
        cmocka_unit_test(test_below),
        cmocka_unit_test(test_within),
        cmocka_unit_test(test_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
