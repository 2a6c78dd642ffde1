/* SPDX-License-Identifier: MIT
 *
 * A name changes nothing: what a `where` behind the name of a sequence asks is asked of the
 * event that the last step takes; windows, anchors, `nth` and `gap` speak of the match.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/histories.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define LATER         "2026-03-20T00:00:00Z"
#define AB(condition) "event ab = (a then b)\nsegment s when " condition
#define ABC(condition)                                                                   \
    "event ab = (a then b)\nevent abc = (ab then c)\nsegment s when " condition
#define RED " where (colour = \"red\")"

static const history people[] = {
    {"first", "a0 b1/red"},
    {"second",
     "a0 b1/blue b2/red"}, /* the red one ends no match that is as early as it can be */
    {"twice", "a0 b1/red a2 b3/red"},
    {"blue", "a0 b1/blue"},
    {"before", "b0/red a1 b2/blue"},
    {"none", ""},
};

static void test_where_is_of_the_last_step(void **state)
{
    static const world_case cases[] = {
        {"did (a then b" RED ")", LATER, "first second twice"},
        {AB("did ab" RED), LATER, "first second twice"},
        {AB("did not ab" RED), LATER, "before blue none"},
        {AB("did ab" RED " exactly once"), LATER, "first second"},
        {AB("count(ab" RED ") = 2"), LATER, "twice"},
        {AB("share(ab" RED ") = 1"), LATER, "first second twice"},
        {AB("last (ab" RED ") = 2026-03-01T02:00Z"), LATER, "second"},
        {AB("did ab where (time.hour = 2)"), LATER, "before second"},
        {AB("did ab where (event = \"b\" and colour = \"red\")"), LATER,
         "first second twice"},
        {AB("did ab where (user.t is missing and colour = \"red\")"), LATER,
         "first second twice"},
        {AB("did (ab or c)" RED), LATER, "first second twice"},
        {AB("did (c or ab" RED ")"), LATER, "first second twice"},
    };
    (void)state;
    check_histories(people, LENGTH(people), cases, LENGTH(cases));
}

/* What asks which of the matches it is needs them as they are. */
static void test_where_is_of_the_match(void **state)
{
    static const world_case cases[] = {
        {AB("did ab where (nth = 1 and colour = \"red\")"), LATER, "first twice"},
        {AB("did ab where (nth = 2 and colour = \"red\")"), LATER, "twice"},
        {AB("did ab where (colour = \"red\" and gap = 2 hours)"), LATER, "twice"},
        {AB("did ab" RED " in last 1 ab"), LATER, "first twice"},
        {AB("sum(count(ab" RED ") per day in last 1 ab) > 0"), LATER, "first twice"},
        {AB("max(count(ab" RED ") per day else 0 in last 1 ab) > 0"), LATER,
         "first twice"},
        {AB("did (ab or c) where (nth = 1 and colour = \"red\")"), LATER, "first twice"},
        {AB("did (ab where (nth = 1) or c)" RED), LATER, "first twice"},
        /* the number of another event is none of the match */
        {AB("did ab where (did b where (nth = 1) before time and colour = \"red\")"),
         LATER, "second twice"},
        {AB("did ab" RED " before 2026-03-01T02:00Z"), LATER, "first twice"},
    };
    (void)state;
    check_histories(people, LENGTH(people), cases, LENGTH(cases));
}

static void test_names_of_names(void **state)
{
    static const history longer[] = {
        {"one", "a0 b1 c2/red"},       {"two", "a0 b1 c2/blue c3/red"},
        {"blue", "a0 b1 c2/blue"},     {"inner", "a0 b1/blue b2/red c3"},
        {"x", "x0 a1 b2/blue b3/red"},
    };
    static const world_case cases[] = {
        {ABC("did abc" RED), LATER, "one two"},
        {"event ab = (a then b)\nevent same = ab\nsegment s when did same" RED, LATER,
         "inner x"},
        {"event ab = (a then b)\nevent red = ab" RED "\nsegment s when did red", LATER,
         "inner x"},
        {"event ab = (a then b)\nevent red = ab" RED
         "\nsegment s when did red where (nth = 1)",
         LATER, "inner x"},
        {"event ab = (a then b)\nevent red = ab" RED
         "\nsegment s when did red where (time.hour = 3)",
         LATER, "x"},
        {AB("did (ab" RED " then c)"), LATER, "inner"},
        {AB("did (x then ab" RED ")"), LATER, "x"},
        {AB("did c within 1 hour after any ab" RED), LATER, "inner"},
        {"event xab = (x then ab)\nevent ab = (a then b)\nsegment s when did xab" RED,
         LATER, "x"},
    };
    (void)state;
    check_histories(longer, LENGTH(longer), cases, LENGTH(cases));
}

/* In any order it is asked of whichever comes last. */
static void test_any_order(void **state)
{
    static const history either[] = {
        {"ab", "a0 b1/red"},
        {"ba", "b0 a1/red"},
        {"a_red", "a0/red b1"},
        {"b_again", "a0 b1 b2/red"},
        {"a_again", "b0 a1 a2/red"},
        {"b_first", "b0/red a1/blue"},
        {"x_ab", "x0 a1/blue b2/blue b3/red"},
        {"ab_x", "a0 b1/red x2"},
        {"abb_x", "a0 b1/blue b2/red x3"},
    };
    static const world_case cases[] = {
        {"event both = (a and b)\nsegment s when did both" RED, LATER,
         "a_again ab ab_x abb_x b_again ba x_ab"},
        {"event both = (a and b)\nsegment s when did both where (event = \"a\")", LATER,
         "a_again b_first ba"},
        {"event ab = (a then b)\nevent both = (x and ab)\nsegment s when did both" RED,
         LATER, "x_ab"},
    };
    (void)state;
    check_histories(either, LENGTH(either), cases, LENGTH(cases));
}

/* Matches of one name share no event, so one of the second lies before its end. */
static void test_directly_behind(void **state)
{
    static const history rows[] = {
        {"two", "a0 a1"},
        {"three", "a0 a1 a2"},
        {"four", "a0 a1 a2 a3"},
        {"apart", "a0 b1 a2"},
    };
    static const world_case cases[] = {
        {"event run = (a then directly a)\nsegment s when did (run then run)", LATER,
         "four"},
        {"event run = (a then directly a)\nsegment s when did (run then directly run)",
         LATER, ""},
        {"event run = (a then directly a)\nsegment s when did (run then directly a)",
         LATER, "four three"},
        {"event run = (a then directly a)\nsegment s when did (a then directly run)",
         LATER, "four three two"},
    };
    (void)state;
    check_histories(rows, LENGTH(rows), cases, LENGTH(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_where_is_of_the_last_step),
        cmocka_unit_test(test_where_is_of_the_match),
        cmocka_unit_test(test_names_of_names),
        cmocka_unit_test(test_any_order),
        cmocka_unit_test(test_directly_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
