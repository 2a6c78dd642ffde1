/* SPDX-License-Identifier: MIT
 *
 * Events in a row: the window first, then the longest row among the events that count.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/histories.h"

#define LENGTH(array)    (sizeof(array) / sizeof *(array))
#define LATER            "2026-03-20T00:00:00Z"
#define RED              " where (colour = \"red\")"
#define AHEAD(condition) "segment s when in t as of 2026-03-10\nsegment t when " condition

static const history people[] = {
    {"three", "a0 a1 a2"},
    {"split", "a0 a1 b2 a3"},
    {"other", "a0 x1 a2 x3 a4"},
    {"same", "a0 a0 b0 a0"}, /* in the order of arrival */
    {"colours", "a0/red a1/red a2/blue a3/red"},
    {"none", ""},
    {"b", "b0 b1"},
};

static void test_longest_row(void **state)
{
    static const world_case cases[] = {
        {"did a at least 3 times in a row", LATER, "colours three"},
        {"did a at least 3 times in a row among (a or b)", LATER, "colours other three"},
        {"did a at least 3 times in a row among b", LATER, "colours other three"},
        {"did a at least 3 times in a row among a", LATER,
         "colours other same split three"},
        {"did a at least 3 times in a row among x", LATER, "colours same split three"},
        {"did a exactly twice in a row", LATER, "same split"},
        {"did a at most 1 time in a row", LATER, "b none other"},
        {"did a fewer than 3 times in a row", LATER, "b none other same split"},
        {"did a more than 3 times in a row", LATER, "colours"},
        {"did a at least 0 times in a row", LATER,
         "b colours none other same split three"},
        {"did (a or b) at least 4 times in a row", LATER, "colours same split"},
        {"did anything at least 5 times in a row", LATER, "other"},
        {"not (did a at least 3 times in a row)", LATER, "b none other same split"},
        {"did a in a row among b at least 3 times", LATER, "colours other three"},
    };
    (void)state;
    check_histories(people, LENGTH(people), cases, LENGTH(cases));
}

/* One of the kind that fails the `where` ends the row, also by another name. */
static void test_where(void **state)
{
    static const world_case cases[] = {
        {"did a" RED " at least 3 times in a row", LATER, ""},
        {"did a" RED " at least twice in a row", LATER, "colours"},
        {"did a" RED " exactly twice in a row among (a" RED " or b)", LATER, "colours"},
        {"event red = a" RED
         "\nsegment s when did red at least 3 times in a row among red",
         LATER, ""},
        {"did a where (nth <= 3) at least 3 times in a row", LATER, "colours three"},
        {"did a at least twice in a row among (a or b" RED ")", LATER,
         "colours other same split three"},
    };
    (void)state;
    check_histories(people, LENGTH(people), cases, LENGTH(cases));
}

/* What lies out of the window neither counts nor ends a row. */
static void test_windows(void **state)
{
    static const history edges[] = {
        {"edge", "a0 a24 a48"},
        {"past", "a0 a24 a48+1"},
        {"before", "b0-1 a0 a24 a48"},
        {"between", "a0 b12 a24 a48"},
        {"near", "x0 a1 b30 a47 x48 a49"},
    };
    static const world_case cases[] = {
        {"did a at least 3 times in a row between 2026-03-01T00:00Z and "
         "2026-03-03T00:00Z",
         LATER, "before edge"},
        {"did a at least 2 times in a row after 2026-03-01T12:00Z", LATER,
         "before between edge past"},
        {"did a at least 3 times in a row", "2026-03-03T00:00:00Z", "before edge"},
        {"did a at least twice in a row within 1 hour of any x", LATER, "near"},
        {"did a at least 3 times in a row among (a or b) within 1 hour of any x", LATER,
         "near"},
        {AHEAD("did a at least 3 times in a row"), "2026-03-03T00:00:00Z", "before edge"},
        {"did a where (did a before time at least 2 times in a row)", LATER,
         "before edge past"},
        {"did a where (did a where (time > 30 days ago) at least 2 times in a row before "
         "time)",
         LATER, "before edge past"},
    };
    (void)state;
    check_histories(edges, LENGTH(edges), cases, LENGTH(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_longest_row),
        cmocka_unit_test(test_where),
        cmocka_unit_test(test_windows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
