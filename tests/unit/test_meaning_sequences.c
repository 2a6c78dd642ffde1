/* SPDX-License-Identifier: MIT
 *
 * What sequences mean.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/histories.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define LATER         "2026-03-20T00:00:00Z"

/* Some choice of events fits every bound, with some a, not every a. */
static void test_order(void **state)
{
    static const history people[] = {
        {"ab", "a0 b24"},       {"ba", "b0 a24"},          {"aab", "a0 a24 b26"},
        {"same", "a0 b0"},      {"same_back", "b0 a0"},    {"axb", "a0 x12 b24"},
        {"abc", "a0 b1 c2"},    {"acb", "a0 c1 b2"},       {"none", ""},
        {"late", "a24 b0 b25"}, {"babc", "b0 a1 b30 c31"},
    };
    static const world_case cases[] = {
        {"did (a then b)", LATER, "aab ab abc acb axb babc late same"},
        {"did not (a then b)", LATER, "ba none same_back"},
        {"did (b then a)", LATER, "ba babc late same_back"},
        {"did (a then b then c)", LATER, "abc babc"},
        {"did (a then a)", LATER, "aab"}, /* one event never serves two steps */
        {"did (a then b within 2 hours)", LATER, "aab abc acb late same"},
        {"did (a then b within 24 hours)", LATER, "aab ab abc acb axb late same"},
        {"did (a then b within 23 hours)", LATER, "aab abc acb late same"},
        {"did (a then b within 2 hours then c within 1 hour)", LATER, "abc"},
        {"did (a then b then c) all within 2 hours", LATER, "abc"},
        {"did (a then b then c) all within 119 minutes", LATER, ""},
        {"did (a then b then c) all within 30 hours", LATER, "abc babc"},
        {"did (a then b more than 0 seconds later)", LATER,
         "aab ab abc acb axb babc late"},
        {"did (a then b at least 24 hours later)", LATER, "aab ab axb babc"},
        {"did (a then b more than 24 hours later)", LATER, "aab babc"},
        {"did (a then b exactly 24 hours later)", LATER, "ab axb"},
        {"did (a then b at least 1 hour later at most 24 hours later)", LATER,
         "aab ab abc acb axb late"},
        {"did (a then b more than 1 hour later fewer than 24 hours later)", LATER,
         "aab acb"},
        {"did (a then b more than 1 hour later at most 24 hours later)", LATER,
         "aab ab acb axb"},
        {"did (a then b fewer than 24 hours later at least 1 hour later)", LATER,
         "aab abc acb late"},
        {"did (a then b more than 0 seconds later fewer than 25 hours later)", LATER,
         "aab ab abc acb axb late"},
        {"did (a then b more than 1 hour later within 24 hours)", LATER,
         "aab ab acb axb"},
        {"did (a then directly b)", LATER, "aab ab abc babc late same"},
        {"did (a then directly b then directly c)", LATER, "abc babc"},
        {"did ((a or b) then c)", LATER, "abc acb babc"},
        {"did (x then b)", LATER, "axb"},
        {"did (anything then anything)", LATER,
         "aab ab abc acb axb ba babc late same same_back"},
        /* before now only */
        {"did (a then b)", "2026-03-01T01:00:00Z", "abc same"},
        {"did (a then b)", "2026-03-01T00:59:59.999999Z", "same"},
    };
    (void)state;
    check_histories(people, LENGTH(people), cases, LENGTH(cases));
}

/* A `no` between two steps forbids it between them; at the end, up to its bound or now. */
static void test_no(void **state)
{
    static const history people[] = {
        {"a", "a0"},         {"edge_in", "a0 x24"},   {"edge_out", "a0 x24+1"},
        {"soon", "a0 x1"},   {"twice", "a0 x1 a100"}, {"before", "x0 a1"},
        {"same", "a0 x0"},   {"axb", "a0 x1 b2"},     {"ab", "a0 b2"},
        {"abx", "a0 b2 x3"}, {"aaxb", "a0 x1 a2 b3"}, {"none", ""},
    };
    static const world_case cases[] = {
        {"did (a then no x)", LATER, "a aaxb ab before twice"},
        {"did (a then no x within 24 hours)", LATER,
         "a aaxb ab before edge_out same twice"},
        /* the span is over at now */
        {"did (a then no x within 24 hours)", "2026-03-02T00:00:00Z",
         "a ab edge_out same"},
        {"did (a then no x within 24 hours)", "2026-03-01T23:59:59.999999Z", ""},
        {"did (a then no x within 24 hours)", "2026-03-05T04:00:00Z",
         "a aaxb ab before edge_out same"}, /* the second a of `twice` is not a day old */
        {"did (a then no x then b)", LATER, "aaxb ab abx"},
        {"did (a then no x within 1 hour then b)", LATER, "aaxb ab abx"},
        {"did (a then no x then b then no x)", LATER, "aaxb ab"},
        {"did (a then b then no x within 1 hour)", LATER, "aaxb ab axb"},
        {"did (a then no (x or b) within 24 hours)", LATER,
         "a before edge_out same twice"},
        {"did (x then a)", LATER, "aaxb before twice"},
    };
    (void)state;
    check_histories(people, LENGTH(people), cases, LENGTH(cases));
}

/* All steps, negated ones too, are equal on the property. */
static void test_same(void **state)
{
    static const history people[] = {
        {"red", "a0/red b1/red"},
        {"mixed", "a0/red b1/blue"},
        {"cross", "a0/red a1/blue b2/red"},
        {"without", "a0 b1"},
        {"half", "a0/red b1"},
        {"other_x", "a0/red x1/blue"},
        {"same_x", "a0/red x1/red"},
        {"empty", "a0/ b1/"},
    };
    static const world_case cases[] = {
        {"did (a then b) with same colour", LATER, "cross empty red"},
        {"did (a then b)", LATER, "cross empty half mixed red without"},
        {"did (a then b within 1 hour) with same colour", LATER, "empty red"},
        {"did (a then no x within 24 hours) with same colour", LATER,
         "cross empty half mixed other_x red"},
        {"did (a then no x within 24 hours)", LATER,
         "cross empty half mixed red without"},
        {"did (a where (colour = \"red\") then b where (colour = \"blue\"))", LATER,
         "mixed"},
    };
    (void)state;
    check_histories(people, LENGTH(people), cases, LENGTH(cases));
}

/* Non-overlapping matches, each as early as it completes; the windows of the whole. */
static void test_counting(void **state)
{
    static const history people[] = {
        {"one", "a0 b1"},          {"two", "a0 b1 a2 b3"},
        {"nested", "a0 a1 b2 b3"}, {"three", "a0 b1 a2 b3 a4 b5"},
        {"early", "a0 b300"},      {"old", "a0 b1 a300 b301"},
    };
    static const world_case cases[] = {
        {"did (a then b) at least twice", LATER, "old three two"},
        {"count((a then b)) = 1", LATER, "early nested one"},
        {"count((a then b)) = 3", LATER, "three"},
        {"did (a then b) exactly once", LATER, "early nested one"},
        {"did not (a then b) in last 7 days", "2026-03-14", "early nested one three two"},
        {"did (a then b) in last 7 days", "2026-03-14",
         "old"}, /* both events are in it */
        {"did (a then b) since 2026-03-02", LATER, "old"},
        {"did (a then b) before 2026-03-02", LATER, "nested old one three two"},
        {"event e = (a then b)\nsegment s when count(e) = 2", LATER, "old two"},
        {"event e = (a then b)\nsegment s when last e on 2026-03-13", LATER, "early old"},
        {"event e = (a then b)\nsegment s when first e = 2026-03-01T01:00Z", LATER,
         "old one three two"},
        {"event e = (a then b)\nsegment s when did e where (time.hour = 3)", LATER,
         "nested three two"},
    };
    (void)state;
    check_histories(people, LENGTH(people), cases, LENGTH(cases));
}

/* ---- steps in any order ---------------------------------------------------------------- */

static void test_any_order(void **state)
{
    static const history people[] = {
        {"ab", "a0 b24"},          {"ba", "b0 a24"},
        {"same", "a0 b0"},         {"a", "a0"},
        {"aa", "a0 a24"},          {"red", "a0/red"},
        {"red_a", "a0/red a5"},    {"a_red", "a0 a5/red"},
        {"cab", "c0 a1 b2"},       {"edge", "a0 b48"},
        {"far", "a0 b48+1"},       {"again", "a0 b60 a70"},
        {"twice", "a0 b1 b2 a3"},  {"none", ""},
        {"reds", "b0/red a1/red"}, {"mixed", "b0/red a1/blue"},
    };
    static const world_case cases[] = {
        {"did (a and b)", LATER, "ab again ba cab edge far mixed reds same twice"},
        {"did not (a and b)", LATER, "a a_red aa none red red_a"},
        {"did (a and b and c)", LATER, "cab"},
        {"did (a and b) all within 2 days", LATER,
         "ab again ba cab edge mixed reds same twice"},
        {"did (a and b) all within 10 hours", LATER, "again cab mixed reds same twice"},
        /* one event never serves two steps */
        {"did (a and a)", LATER, "a_red aa again red_a twice"},
        {"did (a where (colour = \"red\") and a)", LATER, "a_red red_a"},
        {"did (a and a and a)", LATER, ""},
        {"count((a and b)) = 2", LATER, "twice"},
        {"did (a and b) since 2026-03-02", LATER, "again"},
        {"did (a and b) with same colour", LATER, "reds"},
    };
    (void)state;
    check_histories(people, LENGTH(people), cases, LENGTH(cases));
}

/* ---- windows from anchors -------------------------------------------------------------- */

static void test_anchors(void **state)
{
    static const history people[] = {
        {"after", "a0 b24"},           {"edge", "a0 b72"},
        {"past", "a0 b72+1"},          {"same", "a0 b0"},
        {"before", "b0 a24"},          {"second", "a0 a100 b110"},
        {"first_only", "a0 b10 a100"}, {"no_a", "b10"},
        {"red", "a0/red b1/red"},      {"blue", "a0/red b1/blue"},
    };
    static const world_case cases[] = {
        {"did b within 3 days after any a", LATER,
         "after blue edge first_only red same second"},
        {"did b within 3 days before any a", LATER, "before same"},
        {"did b within 3 days of any a", LATER,
         "after before blue edge first_only red same second"},
        {"did b within 3 days after first a", LATER,
         "after blue edge first_only red same"},
        {"did b within 3 days after last a", LATER, "after blue edge red same second"},
        {"did b within 1 day after any a", LATER,
         "after blue first_only red same second"},
        {"did b within 1 day before last a", LATER, "before same"},
        {"did not b within 3 days after any a", LATER, "before no_a past"},
        {"did b within 3 days after any a with same colour", LATER, "red"},
        {"did b within 3 days after any a where (colour = \"red\")", LATER, "blue red"},
        /* an event is not near itself */
        {"did a within 3 days of any a", LATER, ""},
        {"did a within 5 days of any a", LATER, "first_only second"},
        {"count(b within 3 days after any a) = 1", LATER,
         "after blue edge first_only red same second"},
        {"last b within 3 days after first a", LATER,
         "after blue edge first_only red same"},
        {"did b in week after first a", LATER, "after edge past second"},
        {"did b in day of first a", LATER, "blue first_only red same"},
        {"did b in day after first a", LATER, "after"},
        {"did a in day before last b", LATER, "after"},
        {"did a in week of last b", LATER, "blue first_only red same second"},
        {"did a in week before last b", LATER, "after edge past second"},
        /* among the newest n of the kind, before any `where` */
        {"did a in last 1 a", LATER,
         "after before blue edge first_only past red same second"},
        {"count(a in last 2 a) = 2", LATER, "first_only second"},
        {"did a where (time < 2026-03-02) in last 1 a", LATER,
         "after blue edge past red same"},
        {"did a where (time < 2026-03-02) in last 2 a", LATER,
         "after blue edge first_only past red same second"},
    };
    (void)state;
    check_histories(people, LENGTH(people), cases, LENGTH(cases));
}

/* Rows that are no such x lie before, between and behind those that are. */
static void test_masked_no(void **state)
{
    static const history people[] = {
        {"a", "a0"},
        {"red", "a0 x1/red"},
        {"blue", "a0 x1/blue"},
        {"past", "x0/red a1 b2 x3/blue"},
        {"second", "a0 x1/red a2 b3 x4/blue"},
        {"both", "a0 x1/red a2 b3 x4/blue x5/red"},
        {"same_red", "a0/blue x1/red a2/red b3/red x4/blue"},
    };
    static const world_case cases[] = {
        {"did (a then no x where (colour = \"red\") within 1 day)", LATER,
         "a blue past same_red second"},
        {"did (a then no x where (colour = \"red\"))", LATER,
         "a blue past same_red second"},
        {"did (a then b then no x where (colour = \"red\"))", LATER,
         "past same_red second"},
        {"did (a then no x where (colour = \"red\") within 1 day) with same colour",
         LATER, "same_red"},
    };
    (void)state;
    check_histories(people, LENGTH(people), cases, LENGTH(cases));
}

/* March has 31 days, and April 30: a month goes to the same day of the next. */
static void test_months(void **state)
{
    static const history people[] = {
        {"month", "a0 b744"},    {"after", "a0 b744+1"},     {"of_30", "a0 b720"},
        {"april", "a744 b1464"}, {"april_31", "a744 b1488"}, {"days_31", "a24 x48 b768"},
    };
    static const world_case cases[] = {
        {"did (a then b within 1 month)", "2026-06-01T00:00:00Z",
         "april days_31 month of_30"},
        {"did (a then b at least 1 month later)", "2026-06-01T00:00:00Z",
         "after april april_31 days_31 month"},
        {"did (a then b more than 1 month later)", "2026-06-01T00:00:00Z",
         "after april_31"},
        {"did (a then b) all within 1 month", "2026-06-01T00:00:00Z",
         "april days_31 month of_30"},
        {"did (a and b) all within 1 month", "2026-06-01T00:00:00Z",
         "april days_31 month of_30"},
        {"did (a then no b within 1 month)", "2026-06-01T00:00:00Z", "after april_31"},
    };
    (void)state;
    check_histories(people, LENGTH(people), cases, LENGTH(cases));
}

/* ---- a judgement that lies ahead ------------------------------------------------------- */

#define AHEAD(condition) "segment s when in t as of 2026-03-10\nsegment t when " condition

/* Judged on 3 March, hour 48, as of a later day: what happens in between does not exist. */
static void test_as_of_ahead(void **state)
{
    static const char now[] = "2026-03-03T00:00:00Z";
    static const history people[] = {
        {"a", "a0"},
        {"ax", "a0 x24"},
        {"ax_later", "a0 x50"},
        {"ab", "a0 b24"},
        {"ab_later", "a0 b50"},
        {"ba", "b24 a30"},
        {"ba_later", "b24 a50"},
    };
    static const world_case cases[] = {
        {AHEAD("did (a then no x)"), now, "a ab ab_later ax_later ba"},
        {AHEAD("did (a then no x within 3 days)"), now, "a ab ab_later ax_later ba"},
        {AHEAD("did (a then b)"), now, "ab"},
        {AHEAD("did a in last 1 a"), now, "a ab ab_later ax ax_later ba"},
        {AHEAD("did b within 3 days before any a"), now, "ba"},
        {AHEAD("did b within 3 days of any a"), now, "ab ba"},
        {AHEAD("did b within 3 days after any a"), now, "ab"},
    };
    (void)state;
    check_histories(people, LENGTH(people), cases, LENGTH(cases));
}

/* In any order, an event may come last as one step or as another. */
static void test_endings_of_several_steps(void **state)
{
    static const history ends[] = {
        {"first", "c0/blue b1/red"},
        {"second", "a0/blue b1/red"},
        {"either", "b0/blue b1/red"},
        {"blue", "a0/red b1/blue"},
        {"one", "b1/red"},
        {"two", "a0/blue a1/red"},
    };
    static const world_case cases[] = {
        {"event both = ((a or b) and (b or c))\nsegment s when did both where "
         "(colour = \"red\")",
         LATER, "either first second"},
    };
    (void)state;
    check_histories(ends, LENGTH(ends), cases, LENGTH(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_no),
        cmocka_unit_test(test_same),
        cmocka_unit_test(test_counting),
        cmocka_unit_test(test_anchors),
        cmocka_unit_test(test_any_order),
        cmocka_unit_test(test_as_of_ahead),
        cmocka_unit_test(test_masked_no),
        cmocka_unit_test(test_endings_of_several_steps),
        cmocka_unit_test(test_months),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
