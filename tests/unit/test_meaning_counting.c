/* SPDX-License-Identifier: MIT
 *
 * How many of these: of conditions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/world.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define NOON          "2026-03-31T12:00:00Z"

/* ---- of conditions --------------------------------------------------------------------- */

static void test_conditions(void **state)
{
    static const world_case cases[] = {
        {"at least 2 of (did a, did b, did c)", NOON, "three two"},
        {"at least 1 of (did a, did b, did c)", NOON, "one three two"},
        {"at least 3 of (did a, did b, did c)", NOON, "three"},
        {"at most 1 of (did a, did b, did c)", NOON, "none one"},
        {"exactly 1 of (did a, did b, did c)", NOON, "one"},
        {"exactly 2 of (did a, did b, did c)", NOON, "two"},
        {"exactly 3 of (did a, did b, did c)", NOON, "three"},
        {"exactly 0 of (did a, did b, did c)", NOON, "none"},
        {"more than 1 of (did a, did b, did c)", NOON, "three two"},
        {"fewer than 2 of (did a, did b, did c)", NOON, "none one"},
        {"none of (did a, did b, did c)", NOON, "none"},
        {"not (none of (did a, did b, did c))", NOON, "one three two"},
        {"none of (did a)", NOON, "none"},
        {"at least 1 of (did b)", NOON, "three two"},
        /* more than there are, and no fewer than none */
        {"at least 4 of (did a, did b, did c)", NOON, ""},
        {"exactly 4 of (did a, did b, did c)", NOON, ""},
        {"at most 3 of (did a, did b, did c)", NOON, "none one three two"},
        {"fewer than 0 of (did a, did b, did c)", NOON, ""},
        {"at least 0 of (did a, did b, did c)", NOON, "none one three two"},
        /* each counts as often as it stands there */
        {"at least 2 of (did a, did a, did c)", NOON, "one three two"},
        {"exactly 1 of (did b, did b, did b)", NOON, ""},
        /* what is missing does not hold; its negation does */
        {"at least 2 of (user.t = 1, did a, did b)", NOON, "one three two"},
        {"exactly 1 of (user.t = 1, user.t != 1)", NOON, "none one three two"},
        /* among other conditions, and inside each other */
        {"did a and at least 1 of (did b, did c)", NOON, "three two"},
        {"at most 1 of (did c, none of (did a, did b), did b)", NOON, "none one two"},
        {"at least 2 of (if did c then did a else did b, did a and did b, user.t = 1)",
         NOON, "three two"},
        /* inside a where, one event at a time; as of another day */
        {"did a where (at least 2 of (n = 1, s = \"x\", time.hour = 9))", NOON, "one"},
        {"at least 2 of (did a, did b, did c)", "2026-03-03T09:59:59.999999Z", ""},
        {"at least 2 of (did a, did b, did c)", "2026-03-03T10:00:00Z", "three two"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "a", "n int, s string");
    world_kind(w, "b", "");
    world_kind(w, "c", "");
    world_trait(w, "t", "int");
    world_has(w, "one", "t", NULL, "1");
    world_did(w, "one", "a", "2026-03-01T09:00", "n=1");
    world_did(w, "two", "a", "2026-03-02T10:00", "n=1");
    world_did(w, "two", "b", "2026-03-03T10:00", "");
    world_did(w, "three", "a", "2026-03-02T10:00", "s=\"x\"");
    world_did(w, "three", "b", "2026-03-03T10:00", "");
    world_did(w, "three", "c", "2026-03-04T10:00", "");
    world_person(w, "none");
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conditions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
