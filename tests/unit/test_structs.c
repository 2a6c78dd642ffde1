/* SPDX-License-Identifier: MIT
 *
 * Structs of plugins that know fewer members than the host, or more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "plugin/structs.h"

/* The struct of the host; `count` is its last member in 1.0. */
typedef struct own {
    size_t struct_size;
    size_t count;
    const char *later;
} own;

/* That of a plugin that is newer. */
typedef struct newer {
    own known;
    const char *unknown;
    size_t unknown_count;
} newer;

enum { LEAST = 2 * sizeof(size_t) };

static bool take(const void *at, size_t size, own *out, carpel_error *err)
{
    const foreign_struct s = {"source_mine.so", "carpel_own", at, size, LEAST, 0};
    memset(out, 0xff, sizeof *out);
    return struct_take(&s, out, sizeof *out, err);
}

static void expect_refused(const void *at, size_t size, const char *message)
{
    own out;
    carpel_error err;
    assert_false(take(at, size, &out, &err));
    assert_int_equal(err.code, CARPEL_E_PLUGIN);
    if (!slice_fits(slice_of(err.message), slice_of(message)))
        fail_msg("expected: %s\nis: %s", message, err.message);
}

static void test_sizes(void **state)
{
    const newer from = {.known = {sizeof from, 7, "later"}};
    own out;
    carpel_error err;
    (void)state;
    assert_true(take(&from, LEAST, &out, &err)); /* an older plugin */
    assert_int_equal(out.count, 7);
    assert_null(out.later);
    assert_true(take(&from, sizeof(own), &out, &err));
    assert_string_equal(out.later, "later");
    assert_true(take(&from, sizeof from, &out, &err)); /* it uses nothing new */
    assert_string_equal(out.later, "later");
}

static void test_members_that_are_not_known(void **state)
{
    newer from = {.known = {sizeof from, 7, "later"}};
    (void)state;
    from.unknown_count = (size_t)1 << (8 * sizeof(size_t) - 1);
    expect_refused(
        &from, sizeof from,
        "the carpel_own in \"source_mine.so\" has members that interface * does "
        "not know: it needs a newer carpel");
    from.unknown_count = 0;
    from.unknown = "new";
    expect_refused(&from, sizeof from, "*it needs a newer carpel");
    expect_refused(&from, offsetof(newer, unknown_count), "*it needs a newer carpel");
}

static void test_sizes_that_cannot_be(void **state)
{
    const own from = {sizeof from, 7, NULL};
    (void)state;
    expect_refused(&from, 0,
                   "*says that it has 0 bytes; interface * has at least 16: set "
                   "its struct_size");
    expect_refused(&from, LEAST - 1, "*says that it has 15 bytes; *");
    expect_refused(&from, SIZE_MAX, "*says that it has * bytes, which it has not");
    expect_refused((const void *)(uintptr_t)64, sizeof from,
                   "*says that it has 24 bytes, which it has not");
}

static void test_zero(void **state)
{
    const char bytes[] = {0, 0, 1};
    (void)state;
    assert_true(struct_is_zero(bytes, 0));
    assert_true(struct_is_zero(bytes, 2));
    assert_false(struct_is_zero(bytes, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_members_that_are_not_known),
        cmocka_unit_test(test_sizes_that_cannot_be),
        cmocka_unit_test(test_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
