/* SPDX-License-Identifier: MIT
 *
 * version: which texts are versions, and their order.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "value/version.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Each is less than the next; texts with blanks between are equal. */
static const char *const ladder[][4] = {
    {"0", "0.0", "v0.0.0"},
    {"0.0.1", "0.0.1+build.7"},
    {"1-0", "1.0-0"},
    {"1-1"},
    {"1-9"},
    {"1-10"},
    {"1.0.0-alpha"},
    {"1.0.0-alpha.1", "1-alpha.01"},
    {"1.0.0-alpha.beta"},
    {"1.0.0-beta"},
    {"1.0.0-beta.2"},
    {"1.0.0-beta.11"},
    {"1.0.0-rc.1"},
    {"1.0.0-rc-1"},
    {"1", "1.0", "1.0.0.0", "v1"},
    {"1.2", "01.2", "1.2.0"},
    {"1.2.0.1"},
    {"1.9"},
    {"1.10"},
    {"1.18.1"},
    {"1.100.0", "1.100+x-y.z"},
    {"2026.11.29"},
    {"99999999999999999999998.5"},
    {"99999999999999999999999", "V99999999999999999999999.0"},
};

static void ladder_is_in_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ladder); i++)
        for (size_t j = 0; j < COUNT(ladder); j++)
            for (size_t a = 0; a < 4 && ladder[i][a]; a++)
                for (size_t b = 0; b < 4 && ladder[j][b]; b++)
                    assert_int_equal(
                        version_compare(slice_of(ladder[i][a]), slice_of(ladder[j][b])),
                        (i > j) - (i < j));
}

static void versions_are_read(void **state)
{
    static const char *const wrong[] = {
        "",      " ",      "1.",     ".1",           "1..2",  "a",
        "1.x",   "1,2",    "1 ",     "1.2-",         "1.2+",  "-1",
        "1.2b3", "vv1",    "1.2-a_", "1-a.",         "1+a.",  "1.2 (7)",
        "v",     "1-a..b", "1+a+b",  "1.2-\xC3\xA9", "1.2\n", "+1",
    };
    const char *reason = NULL;
    (void)state;
    for (size_t i = 0; i < COUNT(ladder); i++)
        for (size_t a = 0; a < 4 && ladder[i][a]; a++)
            assert_true(version_read(slice_of(ladder[i][a]), &reason));
    for (size_t i = 0; i < COUNT(wrong); i++) {
        reason = NULL;
        assert_false(version_read(slice_of(wrong[i]), &reason));
        assert_non_null(reason);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ladder_is_in_order),
        cmocka_unit_test(versions_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
