/* SPDX-License-Identifier: MIT
 *
 * Strict sequences: what may lie between the steps, and how they follow each other.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/histories.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define LATER         "2026-03-20T00:00:00Z"

static const history people[] = {
    {"abc", "a0 b1 c2"},         {"axbc", "a0 x1 b2 c3"},   {"aabc", "a0 a1 b2 c3"},
    {"abbc", "a0 b1 b2 c3"},     {"abac", "a0 b1 a2 c3"},   {"acbc", "a0 c1 b2 c3"},
    {"same", "a0 b0 c0"},        {"half_same", "a0 b1 c1"}, {"none", ""},
    {"again", "a0 x1 a2 b3 c4"}, {"abxc", "a0 b1 x2 c3"},
};

static void test_only(void **state)
{
    static const world_case cases[] = {
        {"did (a then b then c)", LATER,
         "aabc abac abbc abc abxc acbc again axbc half_same same"},
        {"did (a then directly b then directly c)", LATER,
         "aabc abc again half_same same"},
        {"did (a then b then c) with only (a or b or c)", LATER,
         "aabc abac abbc abc acbc again half_same same"},
        {"did (a then b then c) with only x", LATER,
         "aabc abc abxc again axbc half_same same"},
        {"did (a then b then c) with only (x or b)", LATER,
         "aabc abbc abc abxc again axbc half_same same"},
        /* between the first and the last event, not outside of them */
        {"did (b then c) with only a", LATER,
         "aabc abac abbc abc acbc again axbc half_same same"},
        {"count((a then b) with only x) = 1", LATER,
         "aabc abac abbc abc abxc again axbc half_same same"},
        {"did not (a then c) with only b", LATER, "abxc axbc none"},
    };
    (void)state;
    check_histories(people, LENGTH(people), cases, LENGTH(cases));
}

static void test_without_repeats(void **state)
{
    static const world_case cases[] = {
        {"did (a then b then c) without repeats", LATER,
         "aabc abbc abc abxc acbc again axbc half_same same"},
        {"did (a then c) without repeats", LATER,
         "aabc abac abbc abc abxc acbc again axbc half_same same"},
        {"did (a then b then c at least 2 hours later) without repeats", LATER, "abxc"},
        {"did (a then b at least 2 hours later) without repeats", LATER,
         "abbc acbc axbc"},
        {"did (b then b then c) without repeats", LATER, "abbc"},
    };
    (void)state;
    check_histories(people, LENGTH(people), cases, LENGTH(cases));
}

/* An event may repeat several steps at once. */
static void test_repeats_of_several_steps(void **state)
{
    static const history both[] = {
        {"between", "a0 b1 c3 x4"}, {"none", "a0 c3 x4"},      {"second", "a0 b3 x4"},
        {"behind", "a0 c3 b4 x5"},  {"before", "b0 a1 c4 x5"}, {"last", "a0 c3 x4 b5"},
    };
    static const world_case cases[] = {
        {"did ((a or b) then (b or c) more than 2 hours later then x) without repeats",
         LATER, "before behind last none second"},
        {"did ((b or c) then (a or b) then x) without repeats", LATER, "behind"},
    };
    (void)state;
    check_histories(both, LENGTH(both), cases, LENGTH(cases));
}

static void test_strictly_later(void **state)
{
    static const history edges[] = {
        {"same", "a0 b0 c0"},    {"half", "a0 b1 c1"},     {"apart", "a0 b0+1 c0+2"},
        {"next", "a0 b0 b1 c2"}, {"aac", "a0 a0 b0+1 c1"},
    };
    static const world_case cases[] = {
        {"did (a then b then c) strictly later", LATER, "aac apart next"},
        {"did (a then b) strictly later", LATER, "aac apart half next"},
        {"did (a then b at least 0 seconds later) strictly later", LATER,
         "aac apart half next"},
        {"did (a then b at most 0 seconds later) strictly later", LATER, ""},
        {"did (a then a) strictly later", LATER, ""},
        {"did (a then no x within 1 hour) strictly later", LATER,
         "aac apart half next same"},
    };
    (void)state;
    check_histories(edges, LENGTH(edges), cases, LENGTH(cases));
}

/* `with same`: an event of another colour is no repeat; but it lies between. */
static void test_with_same(void **state)
{
    static const history colours[] = {
        {"other", "a0/red b1/red b2/blue c3/red"},
        {"both", "a0/red b1/red b2/red c3/red"},
        {"between", "a0/red b1/red a2/blue c3/red"},
        {"again", "a0/red b1/red a2/red c3/red"},
    };
    static const world_case cases[] = {
        {"did (a then b then c) with same colour without repeats", LATER,
         "between both other"},
        {"did (a then b then c) with same colour with only b", LATER, "both other"},
        {"event abc = (a then b then c) without repeats\nsegment s when did abc where "
         "(colour = \"red\")",
         LATER, "both other"},
        {"did (a then b then c) with same colour without repeats with only (a or b) "
         "strictly "
         "later all within 3 hours",
         LATER, "between both other"},
    };
    (void)state;
    check_histories(colours, LENGTH(colours), cases, LENGTH(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only),
        cmocka_unit_test(test_without_repeats),
        cmocka_unit_test(test_repeats_of_several_steps),
        cmocka_unit_test(test_strictly_later),
        cmocka_unit_test(test_with_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
