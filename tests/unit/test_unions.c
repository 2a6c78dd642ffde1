/* SPDX-License-Identifier: MIT
 *
 * Folds over events of several kinds: which of them need no common table of the rows, and
 * what comes out where kinds overlap, times are equal, or nothing is there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/text.h"
#include "support/world.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define NOON          "2026-03-31T12:00:00Z"

static const char declarations[] =
    "event big = a where (n >= 5)\n"
    "event red = a where (colour = \"red\")\n"
    "event both = (a or b)\n"
    "event either = (a or b) where (colour is not missing)\n"
    "event pair = (a then b within 1 day)\n"
    "event slow_pair = (a then b within 2 days)\n";

static world *make_world(void)
{
    world *w = world_new("UTC");
    world_kind(w, "a", "n int, m decimal(2), colour string, weight number, v version");
    world_kind(w, "b", "n int, m decimal(2), colour string, weight number, v version");
    world_kind(w, "c", "colour string");
    world_trait(w, "t", "int");
    return w;
}

/* ---- which of them need a union --------------------------------------------------------- */

static bool has_union_below(const graph *g, uint32_t id)
{
    const domain *d = graph_domain(g, id);
    bool found = d->kind == DOMAIN_UNION;
    for (size_t i = 0; i < d->member_count && !found; i++)
        found = has_union_below(g, d->members[i]);
    return found;
}

static bool has_union(const graph *g)
{
    bool found = false;
    for (size_t i = 0; i < g->node_count && !found; i++)
        found = has_union_below(g, g->nodes[i]->domain) ||
                has_union_below(g, g->nodes[i]->rows);
    return found;
}

static void check_unions(const char *const *conditions, size_t count, bool is_expected)
{
    world *w = make_world();
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        char rules[800];
        snprintf(rules, sizeof rules, "%ssegment s when %s", declarations, conditions[i]);
        world_rules *r = world_compile(w, rules);
        if (!r->graph)
            fail_msg("%s: %s", conditions[i], r->messages);
        if (has_union(r->graph) != is_expected) {
            print_error("%s a union: %s\n", is_expected ? "without" : "with",
                        conditions[i]);
            wrong++;
        }
        world_rules_free(r);
    }
    world_free(w);
    assert_int_equal(wrong, 0);
}

static void test_without_union(void **state)
{
    static const char *const conditions[] = {
        "did (a or b)",
        "did (a or b) at least 3 times in last 7 days",
        "count((a or b) where (colour = \"red\")) > 2",
        "count((a or b).n) > 2",
        "count(anything where (event = \"a\" or event = \"c\")) > 2",
        "count((a or big)) > 2",
        "count((big or red)) > 2",
        "count((big or red or b)) > 2",
        "count(either) > 2",
        "count((either or big) where (n > 1)) > 2",
        "min((a or b).n) > 2",
        "max((a or b).m) > 2",
        "max((big or red).m) > 2",
        "last (a or b) before 7 days ago",
        "first anything before 7 days ago",
        "share((a or b) where (n > 1)) > 20%",
        "did (a or b) in at least 2 of last 3 weeks",
        "sum((a or b).m) > 2",
        "avg((a or b).m) > 2",
        "sum((big or red or b).m) > 2",
        "distinct((a or b).colour) > 2",
        "distinct(anything.event) > 2",
        "days_with(anything in last 30 days) >= 3",
        "weeks_in_a_row((either or big) at least 2 times) > 2",
        "median((a or b).m) > 2",
        "stddev((a or b).n) > 2",
        "most_common((a or b).colour) = \"red\"",
        "min((a or b).weight) > 2",
        "max((a or b).v) > \"1.2\"",
        "first (a or b).colour = \"red\"",
        "last anything.colour = \"red\"",
        "last either.n > 1",
        "last anything in last 7 days and last anything.event = \"a\"",
    };
    (void)state;
    check_unions(conditions, LENGTH(conditions), false);
}

/* The order of rows of several kinds matters. */
static void test_with_union(void **state)
{
    static const char *const conditions[] = {
        "sum((a or b).weight) > 2",
        "stddev((a or b).weight) > 2",
        "did both where (gap > 1 day)",
        "did both where (n > 1) at least twice in a row",
        "did both where (n > 1) in last 3 both",
    };
    (void)state;
    check_unions(conditions, LENGTH(conditions), true);
}

/* ---- what comes out --------------------------------------------------------------------- */

/* ann did both kinds, some at the same instant and some on the same day; bob only b; cid
 * nothing but c; dea values that are missing, eve versions, and fay great numbers. */
static world *make_people(void)
{
    world *w = make_world();
    world_did(w, "ann", "b", "2026-03-01T10:00:00Z", "n=2, m=1.50, colour=\"blue\"");
    world_did(w, "ann", "a", "2026-03-01T10:00:00Z", "n=7, m=2.50, colour=\"red\"");
    world_did(w, "ann", "a", "2026-03-01T23:00:00Z", "n=7, m=9.25, colour=\"red\"");
    world_did(w, "ann", "b", "2026-03-30T08:00:00Z", "n=5, m=0.25, colour=\"red\"");
    world_did(w, "ann", "a", "2026-03-30T08:00:00Z", "n=1, m=3.00, colour=\"green\"");
    world_did(w, "bob", "b", "2026-03-10T08:00:00Z", "n=3, colour=\"blue\"");
    world_did(w, "cid", "c", "2026-03-10T08:00:00Z", "colour=\"red\"");
    world_did(w, "dea", "a", "2026-03-20T08:00:00Z", "n=6");
    world_did(w, "dea", "b", "2026-03-21T08:00:00Z", "");
    world_did(w, "eve", "b", "2026-03-20T08:00:00Z", "v=\"1.2.0\", weight=-0.0");
    world_did(w, "eve", "a", "2026-03-21T08:00:00Z", "v=\"1.2\", weight=0.0");
    world_did(w, "eve", "b", "2026-03-22T08:00:00Z", "v=\"1.10\"");
    world_did(w, "fay", "a", "2026-03-20T08:00:00Z", "n=9223372036854775807");
    world_did(w, "fay", "a", "2026-03-21T08:00:00Z", "n=9223372036854775807");
    world_did(w, "fay", "b", "2026-03-21T08:00:00Z", "n=-9223372036854775807");
    world_did(w, "fay", "b", "2026-03-21T08:00:00Z", "n=-9223372036854775805");
    world_did(w, "fay", "b", "2026-03-22T08:00:00Z", "n=9223372036854775807, weight=1");
    return w;
}

#define VALUE(expression, person, value)                                                 \
    {                                                                                    \
        expression, person, NOON, value                                                  \
    }

static void check_values(const world_value_case *cases, size_t count)
{
    world *w = make_people();
    world_value_case *whole = memory_alloc_array(count, sizeof *whole);
    for (size_t i = 0; i < count; i++) {
        char rules[800];
        whole[i] = cases[i];
        snprintf(rules, sizeof rules, "%sscore s = %s", declarations, cases[i].rules);
        whole[i].rules = arena_copy_string(w->memory, rules);
    }
    world_check_values(w, whole, count);
    memory_free(whole);
    world_free(w);
}

static void test_counts(void **state)
{
    static const world_value_case cases[] = {
        VALUE("count((a or b))", "ann", "5"),
        VALUE("count((a or b))", "bob", "1"),
        VALUE("count((a or b))", "cid", "0"),
        VALUE("count(anything)", "ann", "5"),
        VALUE("count(anything)", "cid", "1"),
        VALUE("count((a or b) in last 7 days)", "ann", "2"),
        VALUE("count((a or b).colour)", "dea", "0"),
        VALUE("count((a or b).n)", "dea", "1"),
        VALUE("count((a or b) where (event = \"b\"))", "ann", "2"),
        /* a row that is several of the events counts once */
        VALUE("count((a or big))", "ann", "3"),
        VALUE("count((big or red))", "ann", "2"),
        VALUE("count((big or red))", "dea", "1"),
        VALUE("count((big or red or b))", "ann", "4"),
        VALUE("count((big or red or b where (n > 2)))", "ann", "3"),
        VALUE("count((big or red) where (n > 6))", "ann", "2"),
        VALUE("count((either or big) where (n >= 5))", "ann", "3"),
        VALUE("count((either or big))", "dea", "1"),
        /* a match is a row beside the event that completes it */
        VALUE("count(pair)", "ann", "0"),
        VALUE("count((pair or b))", "dea", "2"),
        /* and one row for all sequences that it completes */
        VALUE("count((pair or slow_pair))", "dea", "1"),
    };
    (void)state;
    check_values(cases, LENGTH(cases));
}

static void test_sums(void **state)
{
    static const world_value_case cases[] = {
        VALUE("sum((a or b).m)", "ann", "16.50"),
        VALUE("sum((a or b).m in last 7 days)", "ann", "3.25"),
        VALUE("sum((a or b).m where (colour = \"red\"))", "ann", "12.00"),
        VALUE("sum((a or b).m)", "cid", "0.00"),
        VALUE("sum((big or red or b).m)", "ann", "13.50"),
        VALUE("avg((a or b).n)", "ann", "4.4"),
        VALUE("median((a or b).n)", "ann", "5"),
        VALUE("median((a or b).n)", "cid", "missing"),
        VALUE("stddev((a or b).n where (n > 4))", "ann", "1.15470053837925"),
        VALUE("distinct((a or b).colour)", "ann", "3"),
        VALUE("distinct((a or b or c).colour)", "cid", "1"),
        VALUE("distinct(anything.event)", "ann", "2"),
        VALUE("distinct((a or b).v)", "eve", "2"),
        VALUE("most_common((a or b).colour)", "ann", "red"),
        VALUE("most_common((a or b).n)", "ann", "7"),
        VALUE("most_common((a or b).event)", "dea", "b"), /* of two the one met last */
        VALUE("most_common((a or b).event)", "cid", "missing"),
        /* each part fits 64 bits, and their sum does, but not what lies between */
        VALUE("sum((a or b).n where (weight is missing))", "fay", "2"),
        VALUE("sum((a or b).n)", "fay", "missing"),
    };
    (void)state;
    check_values(cases, LENGTH(cases));
}

static void test_single_rows(void **state)
{
    static const world_value_case cases[] = {
        /* at one instant what arrived first is first */
        VALUE("first (a or b).n", "ann", "2"),
        VALUE("first (a or b).colour", "ann", "blue"),
        VALUE("last (a or b).n", "ann", "1"),
        VALUE("last (a or b).event", "ann", "a"),
        VALUE("last ((a or b).colour before 7 days ago)", "ann", "red"),
        VALUE("last (a where (n > 1) or b).n", "ann", "5"),
        VALUE("first ((a or b).m where (colour = \"red\"))", "ann", "2.50"),
        VALUE("last anything.colour", "cid", "red"),
        VALUE("last (a or b).n", "cid", "missing"),
        /* the row counts although its value is missing */
        VALUE("last (a or b).n", "dea", "missing"),
        VALUE("last either.n", "dea", "missing"),
        VALUE("first ((a or b).n in last 11 days)", "dea", "missing"),
        VALUE("min((a or b).n)", "ann", "1"),
        VALUE("max((a or b).m)", "ann", "9.25"),
        VALUE("max((big or red).n)", "dea", "6"),
        /* of equal values the first row's: 1.2 and 1.2.0 are one version, 0 and -0 one number */
        VALUE("min((a or b).v)", "eve", "1.2.0"),
        VALUE("max((a or b).v)", "eve", "1.10"),
        VALUE("min((a or b).weight)", "eve", "-0"),
        VALUE("max((a or b).weight)", "eve", "-0"),
    };
    (void)state;
    check_values(cases, LENGTH(cases));
}

/* One rule alone, so that nothing but the fold over several kinds asks for all matches. */
static void test_all_matches(void **state)
{
    static const world_value_case cases[] = {
        {"event lone = (a then no b)\nscore s = last ((lone or b).n)", "ann", NOON, "3"},
        {"event lone = (a then no b)\nscore s = first ((lone or b).n since 2026-03-02)",
         "ann", NOON, "2"},
        {"event lone = (a then no b)\nscore s = days_with((lone or b))", "ann", NOON,
         "3"},
        {"event lone = (a then no b)\nscore s = days_in_a_row((lone or b))", "ann", NOON,
         "2"},
        {"event lone = (a then no b)\nscore s = distinct((lone or b).n)", "ann", NOON,
         "3"},
        {"event lone = (a then no b)\nscore s = sum((lone or b).n)", "ann", NOON, "6"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "a", "n int");
    world_kind(w, "b", "n int");
    world_did(w, "ann", "a", "2026-03-01", "n=1");
    world_did(w, "ann", "a", "2026-03-10", "n=2");
    world_did(w, "ann", "a", "2026-03-11", "n=3");
    world_check_values(w, cases, LENGTH(cases));
    world_free(w);
}

/* ---- days ------------------------------------------------------------------------------- */

/* A zone, times of a and b in turn, and what is said of them. */
typedef struct day_case {
    const char *zone;
    const char *times[8];
    const char *expression, *value;
} day_case;

#define BERLIN                                                                           \
    "Europe/Berlin",                                                                     \
    {                                                                                    \
        "2026-03-28T23:30:00+01:00", "2026-03-29T00:30:00+01:00",                        \
            "2026-03-29T23:30:00+02:00", "2026-03-30T00:30:00+02:00"                     \
    }
/* Midnight is left out: the day begins at one. */
#define SAO_PAULO                                                                        \
    "America/Sao_Paulo",                                                                 \
    {                                                                                    \
        "2018-11-03T23:59:59-03:00", "2018-11-04T01:00:00-02:00",                        \
            "2018-11-04T23:00:00-02:00"                                                  \
    }
/* At a minute past midnight the clocks go back to the day before. */
#define ST_JOHNS                                                                         \
    "America/St_Johns",                                                                  \
    {                                                                                    \
        "2006-10-29T02:30:30Z", "2006-10-29T02:40:00Z", "2006-10-29T03:45:00Z",          \
            "2006-10-29T03:46:00Z"                                                       \
    }
/* Few rows, far apart. */
#define YEARS                                                                            \
    "Europe/Berlin",                                                                     \
    {                                                                                    \
        "2010-12-31T23:30:00Z", "2015-01-01T10:00:00Z", "2015-01-01T10:00:00Z",          \
            "2020-02-29T10:00:00Z"                                                       \
    }
#define ST_JOHNS_AND_YEARS                                                               \
    "America/St_Johns",                                                                  \
    {                                                                                    \
        "2006-10-29T02:30:30Z", "2006-10-29T02:40:00Z", "2006-10-29T03:45:00Z",          \
            "2016-10-29T03:45:00Z"                                                       \
    }

static void check_days(const day_case *c)
{
    world *w = world_new(c->zone);
    world_kind(w, "a", "n int");
    world_kind(w, "b", "n int");
    for (size_t i = 0; i < LENGTH(c->times) && c->times[i]; i++) {
        char number[20];
        snprintf(number, sizeof number, "n=%zu", i);
        world_did(w, "ann", i % 2 == 0 ? "a" : "b", c->times[i], number);
    }
    char rules[200];
    snprintf(rules, sizeof rules, "score s = %s", c->expression);
    char *value = world_score(w, rules, "s", "ann", NOON);
    if (strcmp(value, c->value) != 0)
        fail_msg("%s in %s: %s, not %s", c->expression, c->zone, value, c->value);
    memory_free(value);
    world_free(w);
}

/* ---- more kinds than a word has bits ------------------------------------------------------ */

enum { KIND_COUNT = 70 };

/* "@" stands for "(e00 or e01 or ... or e65)". */
static char *many_kinds(const char *format)
{
    text out;
    text_init(&out);
    for (const char *c = format; *c != '\0'; c++) {
        if (*c != '@') {
            text_append_char(&out, *c);
            continue;
        }
        for (int k = 0; k < KIND_COUNT - 4; k++)
            text_append_format(&out, "%se%02d", k == 0 ? "(" : " or ", k);
        text_append(&out, ")");
    }
    return out.data;
}

static world *world_of_many_kinds(void)
{
    world *w = world_new("UTC");
    char kind[16];
    for (int k = 0; k < KIND_COUNT; k++) {
        snprintf(kind, sizeof kind, "e%02d", k);
        world_kind(w, kind, "n int");
    }
    for (int k = 0; k < KIND_COUNT - 4; k++) {
        char time[40];
        snprintf(kind, sizeof kind, "e%02d", k);
        snprintf(time, sizeof time, "2026-03-01T%02d:%02d:00Z", k / 60, k % 60);
        world_did(w, "all", kind, time, "n=1");
        if (k >= KIND_COUNT - 7)
            world_did(w, "last", kind, time, "n=2");
    }
    world_did(w, "broken", "e65", "2026-03-01T00:00:00Z", "n=1");
    world_did(w, "broken", "e69", "2026-03-01T00:01:00Z", "n=1");
    world_did(w, "broken", "e65", "2026-03-01T00:02:00Z", "n=1");
    world_did(w, "broken", "e64", "2026-03-01T00:03:00Z", "n=1");
    return w;
}

static void test_many_kinds(void **state)
{
    static const char *const cases[][2] = {
        {"did @ at least 66 times in a row", "all"},
        {"did @ at least 3 times in a row", "all last"},
        {"did @ at least 2 times in a row", "all broken last"},
        {"did @ at least 3 times in a row among @", "all broken last"},
        {"did @ where (n >= 2) at least 3 times in a row", "last"},
        {"did (e65 then e65) with only @ where (n >= 1)", ""},
        {"did (e63 then e65) with only @ where (n >= 1)", "all last"},
        {"did (e63 then e65) with only @ where (n >= 2)", "last"},
        {"count(@) >= 66", "all"},
        {"count(@ where (n >= 2)) = 3", "last"},
        {"sum(@.n) = 6", "last"},
        {"(last @.n) = 2", "last"},
        {"distinct(@.event) = 2", "broken"},
        {"days_with(@) = 1", "all broken last"},
        {"did (@ then no @ within 1 day)", "all broken last"},
        {"did (e69 then @)", "broken"},
        {"count(anything) = 4", "broken"},
    };
    (void)state;
    world *w = world_of_many_kinds();
    world_case filled[LENGTH(cases)];
    for (size_t i = 0; i < LENGTH(cases); i++)
        filled[i] = (world_case){many_kinds(cases[i][0]), NOON, cases[i][1]};
    world_check(w, filled, LENGTH(cases));
    for (size_t i = 0; i < LENGTH(cases); i++)
        memory_free((void *)filled[i].rules);
    world_free(w);
}

/* Each has a set of days of their own, and midnight begins the next day. */
static void test_days_of_several_people(void **state)
{
    static const world_value_case cases[] = {
        {"score s = days_with((a or b))", "abe", NOON, "3"},
        {"score s = days_with((a or b))", "ann", NOON, "1"},
        {"score s = days_with((a or b))", "zoe", NOON, "2"},
        {"score s = days_in_a_row((a or b) at least 2 times)", "abe", NOON, "0"},
        {"score s = days_in_a_row((a or b) at least 2 times)", "ann", NOON, "1"},
        {"score s = days_in_a_row((a or b) at least 2 times)", "zoe", NOON, "0"},
    };
    (void)state;
    world *w = make_world();
    world_did(w, "abe", "a", "2026-03-01T10:00:00Z", "");
    world_did(w, "abe", "b", "2026-03-02T10:00:00Z", "");
    world_did(w, "abe", "a", "2026-03-03T10:00:00Z", "");
    world_did(w, "ann", "a", "2026-03-02T10:00:00Z", "");
    world_did(w, "ann", "b", "2026-03-02T11:00:00Z", "");
    world_did(w, "zoe", "a", "2026-03-01T23:59:59.999999Z", "");
    world_did(w, "zoe", "a", "2026-03-02T00:00:00Z", "");
    world_check_values(w, cases, LENGTH(cases));
    world_free(w);
}

static void test_days(void **state)
{
    static const day_case cases[] = {
        {BERLIN, "days_with((a or b))", "3"},
        {BERLIN, "days_with(a)", "2"},
        {BERLIN, "days_in_a_row((a or b))", "3"},
        {BERLIN, "days_with((a or b) where (n != 3))", "2"},
        {BERLIN, "days_with((a or b) at least 2 times)", "1"},
        {BERLIN, "days_with((a or b) at most 1 time)", "2"},
        {BERLIN, "days_in_a_row((a or b) at most 1 time)", "1"},
        {BERLIN, "weeks_with((a or b))", "2"},
        {BERLIN, "months_with((a or b))", "1"},
        {BERLIN, "days_with((a or b) since 2026-03-29T12:00)", "2"},
        {BERLIN, "days_with((a or b) since 2026-04-29)", "0"},
        {SAO_PAULO, "days_with((a or b))", "2"},
        {SAO_PAULO, "days_with((a or b) at least 2 times)", "1"},
        {ST_JOHNS, "days_with((a or b))", "2"},
        {ST_JOHNS, "days_in_a_row((a or b))", "2"},
        {ST_JOHNS, "days_with((a or b) at least 2 times)", "1"},
        {ST_JOHNS, "days_with((a or b) at least 3 times)", "1"},
        {ST_JOHNS, "days_with(a)", "1"},
        {YEARS, "days_with((a or b))", "3"},
        {YEARS, "days_with((a or b) at least 2 times)", "1"},
        {YEARS, "years_with((a or b))", "3"},
        {YEARS, "years_in_a_row((a or b))", "1"},
        {ST_JOHNS_AND_YEARS, "days_with((a or b))", "3"},
        {ST_JOHNS_AND_YEARS, "days_in_a_row((a or b))", "2"},
        {ST_JOHNS_AND_YEARS, "days_with((a or b) at least 2 times)", "1"},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++)
        check_days(&cases[i]);
}

/* Rows of different kinds at one instant stand in the order of their arrival, whichever kind has
 * more of them. */
static void test_one_instant(void **state)
{
#define FIRST_IS(kind)                                                                   \
    "event e = (a or b)\nsegment s when did e where (nth = 1 and event = \"" kind "\")"
    static const world_case cases[] = {
        {FIRST_IS("a"), "2026-03-01T00:00:00Z", "aab ab abb"},
        {FIRST_IS("b"), "2026-03-01T00:00:00Z", "ba baa bba"},
    };
    static const char *const people[] = {"ab", "aab", "abb", "ba", "baa", "bba"};
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "a", "");
    world_kind(w, "b", "");
    for (size_t p = 0; p < sizeof people / sizeof *people; p++)
        for (const char *c = people[p]; *c; c++)
            world_did(w, people[p], *c == 'a' ? "a" : "b", "2026-02-01T00:00:00Z", "");
    world_check(w, cases, sizeof cases / sizeof *cases);
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_instant), cmocka_unit_test(test_without_union),
        cmocka_unit_test(test_with_union),  cmocka_unit_test(test_counts),
        cmocka_unit_test(test_sums),        cmocka_unit_test(test_single_rows),
        cmocka_unit_test(test_all_matches), cmocka_unit_test(test_days),
        cmocka_unit_test(test_many_kinds),  cmocka_unit_test(test_days_of_several_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
