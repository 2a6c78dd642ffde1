/* SPDX-License-Identifier: MIT
 *
 * number: exact to the last bit at both ends of the range.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/number.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const int128 biggest = (((int128)INT64_MAX << 63) | INT64_MAX) * 2 + 1;

static void scales_up(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        unsigned n;
        bool fits;
        int64_t scaled;
    } cases[] = {
        {0, 18, true, 0},
        {0, 99, true, 0},
        {1, 0, true, 1},
        {1, 18, true, 1000000000000000000},
        {9, 18, true, 9000000000000000000},
        {10, 18, false, 0},
        {-9, 18, true, -9000000000000000000},
        {-10, 18, false, 0},
        {1, 19, false, 0},
        {INT64_MAX, 0, true, INT64_MAX},
        {INT64_MAX, 1, false, 0},
        {INT64_MIN, 0, true, INT64_MIN},
        {INT64_MIN, 1, false, 0},
        {922337203685477580, 1, true, 9223372036854775800},
        {922337203685477581, 1, false, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t out = 77;
        assert_int_equal(number_scale_up(cases[i].value, cases[i].n, &out),
                         cases[i].fits);
        assert_true(out == (cases[i].fits ? cases[i].scaled : 77));
    }
    int64_t power = 1;
    for (unsigned n = 0; n <= DECIMAL_MAX_SCALE;
         n++, power *= n <= DECIMAL_MAX_SCALE ? 10 : 1)
        assert_true(number_power_of_ten(n) == power);
}

static void compares_quotients(void **state)
{
    (void)state;
    const int128 smallest = -biggest - 1;
    const struct {
        int128 a, b, c, d;
        int order;
    } cases[] = {
        {1, 2, 2, 4, 0},
        {1, 3, 1, 2, -1},
        {2, 3, 1, 2, 1},
        {-1, 2, 1, 2, -1},
        {1, -2, -1, 2, 0},
        {-1, -2, 1, 2, 0},
        {-2, 3, -1, 2, -1},
        {-1, 3, -1, 2, 1},
        {0, 5, 0, -7, 0},
        {0, 5, 1, biggest, -1},
        {0, 5, -1, biggest, 1},
        {5, 1, 4, 1, 1},
        {7, 2, 7, 2, 0},
        {7, 2, 10, 3, 1},
        {10, 3, 7, 2, -1},
        {355, 113, 22, 7, -1},
        {6, 3, 2, 1, 0},
        {6, 3, 5, 2, -1},
        {biggest, biggest - 1, biggest - 1, biggest - 2, -1},
        {biggest - 1, biggest, biggest - 2, biggest - 1, 1},
        {biggest, 1, biggest, 1, 0},
        {biggest, 1, 1, biggest, 1},
        {smallest, 1, biggest, 1, -1},
        {smallest, 1, biggest, -1, -1},
        {smallest, smallest, 1, 1, 0},
        {smallest, -1, biggest, 1, 1},
        {biggest, 2, biggest, 3, 1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int128 a = cases[i].a, b = cases[i].b, c = cases[i].c, d = cases[i].d;
        if (number_compare_quotients(a, b, c, d) != cases[i].order ||
            number_compare_quotients(c, d, a, b) != -cases[i].order)
            fail_msg("case %zu", i);
    }
}

/* Small fractions against cross multiplication, and the same of more than 64 bits. */
static void compares_as_multiplication_does(void **state)
{
    (void)state;
    for (int a = -7; a <= 7; a++)
        for (int b = -5; b <= 5; b++)
            for (int c = -7; c <= 7; c++)
                for (int d = -5; d <= 5; d++) {
                    if (b == 0 || d == 0)
                        continue;
                    int sign = (b < 0) == (d < 0) ? 1 : -1;
                    int left = a * d * sign, right = c * b * sign;
                    int order = (left > right) - (left < right);
                    const int128 wide = (int128)1 << 90;
                    assert_int_equal(number_compare_quotients(a, b, c, d), order);
                    assert_int_equal(number_compare_quotients(a * wide, b * wide, c, d),
                                     order);
                    assert_int_equal(number_compare_quotients(a, b, c * wide, d * wide),
                                     order);
                }
}

static void nearest_double(void **state)
{
    (void)state;
    const int128 two_to_53 = (int128)1 << 53;
    const struct {
        int128 a, b;
        double value;
    } cases[] = {
        {0, 7, 0.0},
        {1, 1, 1.0},
        {1, 3, 1.0 / 3.0},
        {-1, 3, -1.0 / 3.0},
        {1, -3, -1.0 / 3.0},
        {-2, -3, 2.0 / 3.0},
        {1, 10, 0.1},
        {3, 10, 0.3},
        {250031563, 100, 2500315.63},
        {two_to_53 + 1, 1, 9007199254740992.0},                 /* half way: to even */
        {two_to_53 + 3, 1, 9007199254740996.0},                 /* half way: to even */
        {(two_to_53 + 1) * 1000 + 1, 1000, 9007199254740994.0}, /* just above */
        {(two_to_53 + 1) * 1000 - 1, 1000, 9007199254740992.0}, /* just below */
        /* what decides lies far behind the digits that count */
        {(two_to_53 + 1) * 1000000000 + 1, 1000000000, 9007199254740994.0},
        {(two_to_53 + 1) << 40, 1, 0x1p93},
        {((two_to_53 + 1) << 40) + 1, 1, 0x1p93 + 0x1p41},
        {biggest, 1, 0x1p127},
        {-biggest - 1, 1, -0x1p127},
        {1, biggest, 0x1p-127},
        {biggest, biggest, 1.0},
        {biggest, biggest - 1, 1.0},
        {((int128)1 << 100) + 1, (int128)1 << 100, 1.0},
        {INT64_MAX, 1, 9223372036854775808.0},
        {INT64_MIN, 1, -9223372036854775808.0},
        {INT64_MAX, 1000000000000000000, 9.223372036854775807},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (number_quotient(cases[i].a, cases[i].b) != cases[i].value)
            fail_msg("case %zu: %.17g", i, number_quotient(cases[i].a, cases[i].b));
    }
    /* Where both are exact doubles, the machine's division is the nearest. */
    for (int a = -60; a <= 60; a++)
        for (int b = 1; b <= 60; b++)
            assert_true(number_quotient(a, b) == (double)a / (double)b);
}

static void floor_division(void **state)
{
    (void)state;
    static const struct {
        int64_t a, b, quotient, rest;
    } cases[] = {
        {7, 3, 2, 1},
        {-7, 3, -3, 2},
        {6, 3, 2, 0},
        {-6, 3, -2, 0},
        {0, 5, 0, 0},
        {-1, 86400, -1, 86399},
        {INT64_MIN, 1, INT64_MIN, 0},
        {INT64_MAX, 1, INT64_MAX, 0},
        {INT64_MIN, INT64_MAX, -2, INT64_MAX - 1},
        {INT64_MIN, 2, INT64_MIN / 2, 0},
        {-1, INT64_MAX, -1, INT64_MAX - 1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_true(number_floor_divide(cases[i].a, cases[i].b) == cases[i].quotient);
        assert_true(number_floor_modulo(cases[i].a, cases[i].b) == cases[i].rest);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scales_up),
        cmocka_unit_test(compares_quotients),
        cmocka_unit_test(compares_as_multiplication_does),
        cmocka_unit_test(nearest_double),
        cmocka_unit_test(floor_division),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
