/* SPDX-License-Identifier: MIT
 *
 * text_looks: texts in quotes and lists of them, and what the points of numbers may be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/text_looks.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void test_quotes(void **state)
{
    static const struct {
        const char *text;
        quoted_look look;
    } cases[] = {
        {"", QUOTED_NOT},
        {"\"\"", QUOTED_NOT},
        {"vip", QUOTED_NOT},
        {"\"vip", QUOTED_NOT},
        {"\"vip\"", QUOTED_ONE},
        {"\"vip, gold\"", QUOTED_ONE},
        {"\"vip\",\"news\"", QUOTED_LIST},
        {"\"vip\",\"\",\"news\"", QUOTED_LIST},
        {"\"vip, gold\",\"news\"", QUOTED_OTHERS},
        {"\"vip\" and \"news\"", QUOTED_OTHERS},
        {"\"vip\",news,\"x\"", QUOTED_OTHERS},
        {"\"vip\",\"", QUOTED_OTHERS},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (text_quoted_look(slice_of(cases[i].text)) != cases[i].look)
            fail_msg("%s", cases[i].text);
}

static void test_points(void **state)
{
    static const struct {
        const char *number;
        point_look look;
    } cases[] = {
        {"", POINT_NONE},          {"0", POINT_NONE},          {"300", POINT_NONE},
        {"300.00", POINT_NONE},    {"1070", POINT_NONE},       {"1.234", POINT_GROUP},
        {"-123.456", POINT_GROUP}, {"1.2340", POINT_GROUP},    {"49.90", POINT_EITHER},
        {"1.08", POINT_EITHER},    {"0.50", POINT_DECIMAL},    {"-0.125", POINT_DECIMAL},
        {".5", POINT_DECIMAL},     {"1070.10", POINT_DECIMAL}, {"1.2345", POINT_DECIMAL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (text_point_look(slice_of(cases[i].number)) != cases[i].look)
            fail_msg("%s", cases[i].number);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quotes),
        cmocka_unit_test(test_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
