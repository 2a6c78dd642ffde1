/* SPDX-License-Identifier: MIT
 *
 * half_life: exact at whole half-lives, near the true value between them, and always the
 * same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <float.h>
#include <math.h>

#include "base/half_life.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define DAY          INT64_C(86400000000)

static void whole_half_lives(void **state)
{
    (void)state;
    for (int lives = 0; lives < 1000; lives++) {
        assert_true(half_life_left(lives * DAY, DAY) == ldexp(1, -lives));
        assert_true(half_life_left(lives, 1) == ldexp(1, -lives));
    }
    assert_true(half_life_left(1000 * DAY, DAY) == 0);
    assert_true(half_life_left(1000 * DAY - 1, DAY) > 0);
    assert_true(half_life_left(INT64_MAX, 1) == 0);
    assert_true(half_life_left(-1, DAY) == 1);
    assert_true(half_life_left(INT64_MIN, INT64_MAX) == 1);
    assert_true(half_life_left(INT64_MAX, INT64_MAX) == 0.5);
}

/* Any change of the steps would change what rules give: these bits stay. */
static void known_bits(void **state)
{
    static const struct {
        int64_t age, half_life;
        double left;
    } cases[] = {
        {1, 2, 0x1.6a09e667f3bcdp-1},
        {1, 3, 0x1.965fea53d6e3dp-1},
        {2, 3, 0x1.428a2f98d728bp-1},
        {DAY, 30 * DAY, 0x1.f44e4fb6c55d7p-1},
        {1, INT64_MAX, 1},
        {INT64_MAX - 1, INT64_MAX, 0.5},
        {100 * DAY, 7 * DAY, 0x1.a402feeb9c533p-15},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_true(half_life_left(cases[i].age, cases[i].half_life) == cases[i].left);
}

static void near_the_true_value(void **state)
{
    (void)state;
    if (LDBL_MANT_DIG < 64)
        skip(); /* nothing finer to compare with */
    double before = 1;
    for (int64_t age = 0; age < 40 * DAY; age += 1234567891) {
        double left = half_life_left(age, 30 * DAY);
        long double exact = exp2l(-(long double)age / (30 * DAY));
        long double unit = ldexpl(1, ilogb(left) - (DBL_MANT_DIG - 1));
        assert_true(fabsl(left - exact) <= 0.52L * unit);
        assert_true(left <= before);
        before = left;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_half_lives),
        cmocka_unit_test(known_bits),
        cmocka_unit_test(near_the_true_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
