/* SPDX-License-Identifier: MIT
 *
 * What aggregates mean: of events and of their properties, of nothing, with missing values,
 * exactly, over local calendar units, and in the total order of events.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/world.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define NOON          "2026-03-31T12:00:00Z"

/* A shop with one busy customer, one whose purchases have no values, and one without. */
static world *shop(void)
{
    world *w = world_new("Europe/Berlin");
    world_kind(w, "buy",
               "amount decimal(2), qty int, weight number, store string, stay duration, "
               "due date, sent time, gift bool, friend person");
    world_kind(w, "look", "");
    world_trait(w, "points", "int");
    world_did(
        w, "ann", "buy", "2026-03-01T10:00:00Z",
        "amount=60.00, qty=1, weight=0.5, store=\"a\", stay=1 hour, due=2026-03-05, "
        "sent=2026-03-02T10:00Z, gift=true, friend=\"bob\"");
    world_did(w, "ann", "buy", "2026-03-10T10:00:00Z",
              "amount=60.01, qty=1, weight=0.25, store=\"b\", stay=30 minutes, "
              "due=2026-03-04, sent=2026-03-11T10:00Z, gift=false, friend=\"cid\"");
    world_did(w, "ann", "buy", "2026-03-20T10:00:00Z", "qty=2, store=\"a\"");
    world_did(w, "ann", "buy", "2026-03-31T12:00:00.000001Z",
              "amount=1000, qty=100, store=\"z\""); /* after now */
    world_did(w, "blank", "buy", "2026-03-10T10:00:00Z", "store=\"\"");
    world_did(w, "blank", "buy", "2026-03-11T10:00:00Z", "");
    world_has(w, "none", "points", NULL, "1");
    return w;
}

static void test_values(void **state)
{
    static const world_value_case cases[] = {
        {"count(buy)", "ann", NOON, "3"},
        {"count(buy)", "blank", NOON, "2"},
        {"count(buy)", "none", NOON, "0"},
        {"count(buy.amount)", "ann", NOON, "2"}, /* of a property: those with a value */
        {"count(buy.amount)", "blank", NOON, "0"},
        {"count(buy.store)", "blank", NOON, "1"}, /* the empty text is not missing */
        {"sum(buy.amount)", "ann", NOON, "120.01"},
        {"sum(buy.amount)", "blank", NOON, "0.00"},
        {"sum(buy.amount)", "none", NOON, "0.00"},
        {"sum(buy.qty)", "ann", NOON, "4"},
        {"sum(buy.weight)", "ann", NOON, "0.75"},
        {"sum(buy.weight)", "none", NOON, "0"},
        {"sum(buy.stay)", "ann", NOON, "1 hour 30 minutes"},
        {"sum(buy.(amount * qty))", "ann", NOON, "120.01"},
        {"sum(buy.(amount * qty) where (store = \"b\"))", "ann", NOON, "60.01"},
        {"avg(buy.amount)", "ann", NOON, "60.005"},
        {"avg(buy.amount)", "blank", NOON, "missing"},
        {"avg(buy.amount)", "none", NOON, "missing"},
        {"avg(buy.qty) * 3", "ann", NOON, "4"}, /* 4/3, not 1.33 */
        {"avg(buy.weight)", "ann", NOON, "0.375"},
        {"avg(buy.stay) / 1 minute", "ann", NOON, "45"},
        {"min(buy.amount)", "ann", NOON, "60.00"},
        {"max(buy.amount)", "ann", NOON, "60.01"},
        {"max(buy.amount)", "blank", NOON, "missing"},
        {"min(buy.weight)", "ann", NOON, "0.25"},
        {"max(buy.stay)", "ann", NOON, "1 hour"},
        {"min(buy.due)", "ann", NOON, "2026-03-04"},
        {"range(buy.amount)", "ann", NOON, "0.01"},
        {"range(buy.qty)", "ann", NOON, "1"},
        {"range(buy.weight)", "ann", NOON, "0.25"},
        {"range(buy.(amount * qty) where (store = \"b\"))", "ann", NOON,
         "0.00"}, /* of one */
        {"range(buy.stay)", "ann", NOON, "30 minutes"},
        {"range(buy.due)", "ann", NOON, "1 day"},
        {"range(buy.sent)", "ann", NOON, "9 days"},
        {"range(buy.time)", "ann", NOON, "19 days"},
        {"range(buy.amount)", "blank", NOON, "missing"},
        {"range(buy.sent)", "none", NOON, "missing"},
        {"max(buy.sent)", "ann", NOON, "2026-03-11T10:00:00Z"},
        {"max(buy.time)", "ann", NOON, "2026-03-20T10:00:00Z"},
        {"distinct(buy.store)", "ann", NOON, "2"},
        {"distinct(buy.store)", "blank", NOON, "1"},
        {"distinct(buy.store)", "none", NOON, "0"},
        {"distinct(buy.qty)", "ann", NOON, "2"},
        {"distinct(buy.friend)", "ann", NOON, "2"},
        {"distinct(buy.gift)", "ann", NOON, "2"},
        {"distinct(buy.due)", "blank", NOON, "0"},
        {"distinct(buy.time.hour)", "ann", NOON, "1"},
        {"share(buy where (store = \"a\"))", "ann", NOON, "0.666666666666667"},
        {"share(buy where (store = \"x\"))", "ann", NOON, "0"},
        {"share(buy where (amount > 0))", "blank", NOON, "0"},
        {"share(buy where (store = \"a\"))", "none", NOON, "missing"},
        {"share(buy where (store = \"a\") in last 15 days)", "ann", NOON, "1"},
        {"share(buy where (store = \"a\") in last 1 hour)", "ann", NOON, "missing"},
        /* that event's property, missing or not */
        {"last buy.amount", "ann", NOON, "missing"},
        {"last buy.qty", "ann", NOON, "2"},
        {"first buy.amount", "ann", NOON, "60.00"},
        {"last buy.amount where (amount is not missing)", "ann", NOON, "60.01"},
        {"last buy.amount where (store = \"a\")", "ann", NOON, "missing"},
        {"first (buy.amount where (store = \"b\") in last 30 days)", "ann", NOON,
         "60.01"},
        {"last (buy.qty before 2026-03-20)", "ann", NOON, "1"},
        {"last buy", "ann", NOON, "2026-03-20T10:00:00Z"},
        {"first buy", "ann", NOON, "2026-03-01T10:00:00Z"},
        {"last buy", "none", NOON, "missing"},
        {"last buy.qty", "none", NOON, "missing"},
        {"last buy where (store = \"b\")", "ann", NOON, "2026-03-10T10:00:00Z"},
        {"last (buy in last 5 days)", "ann", NOON, "missing"},
        {"last buy.time.day_of_month", "ann", NOON, "20"},
        {"last buy.gift", "ann", NOON, "missing"},
        {"first buy.gift", "ann", NOON, "true"},
        {"first buy.due", "ann", NOON, "2026-03-05"},
        {"count(buy in last 30 days)", "ann", NOON, "2"},
        {"count(buy where (qty = 1))", "ann", NOON, "2"},
        {"count((buy or look))", "ann", NOON, "3"},
        {"count(look)", "ann", NOON, "0"},
        {"days_with(buy)", "ann", NOON, "3"},
        {"weeks_with(buy)", "ann", NOON, "3"},
        {"months_with(buy)", "ann", NOON, "1"},
        {"days_with(buy)", "none", NOON, "0"},
        {"time since last buy", "ann", NOON, "11 days 2 hours"},
        {"(time since last buy) / 1 day > 11", "ann", NOON, "true"},
    };
    world *w = shop();
    (void)state;
    world_check_values(w, cases, LENGTH(cases));
    world_free(w);
}

#define FADING "let fading = count(e) with half-life 1 day\n"

/* With a half-life, each event counts 2^(-(now - time) / half-life): half after one. */
static void test_half_lives(void **state)
{
    static const world_value_case cases[] = {
        {"count(e) with half-life 1 day", "ann", "2026-03-12T10:00:00Z", "1.75"},
        {"count(e) with half-life 24 hours", "ann", "2026-03-13T10:00:00Z", "0.875"},
        {"count(e) with half-life 1 day", "ann", "2026-03-11T10:00:00Z", "1.5"},
        {"count(e) with half-life 1 day", "ann", "2026-03-10T10:00:00Z", "1"},
        {"count(e) with half-life 1 day", "ann", "2026-03-10T09:59:59.999999Z", "0"},
        {"count(e.n) with half-life 1 day", "ann", "2026-03-12T10:00:00Z", "1.25"},
        {"sum(e.n) with half-life 1 day", "ann", "2026-03-12T10:00:00Z", "9"},
        {"sum(e.money) with half-life 2 days", "ann", "2026-03-12T10:00:00Z",
         "0.603553390593274"},
        {"sum(e.weight) with half-life 1 day", "ann", "2026-03-12T10:00:00Z", "1"},
        {"sum(e.(2 * n)) with half-life 1 day", "ann", "2026-03-12T10:00:00Z", "18"},
        {"sum(e.stay) with half-life 1 day", "ann", "2026-03-12T10:00:00Z", "45 minutes"},
        {"sum(e.stay) with half-life 1 day", "none", NOON, "0 seconds"},
        {"sum(e.n) with half-life 1 day", "none", NOON, "0"},
        {"count(e) with half-life 1 day", "none", NOON, "0"},
        /* windows and conditions are as always, and say nothing of the weight */
        {"count(e in last 2 days) with half-life 1 day", "ann", "2026-03-12T10:00:00Z",
         "1.5"},
        {"sum(e.n where (n > 8)) with half-life 1 day", "ann", "2026-03-12T10:00:00Z",
         "3"},
        {"count(e in last 1 e) with half-life 1 day", "ann", "2026-03-12T10:00:00Z", "1"},
        {"count((e then e)) with half-life 1 day", "ann", "2026-03-12T10:00:00Z", "0.5"},
        {"count(anything) with half-life 1 day", "ann", "2026-03-12T10:00:00Z", "1.75"},
        {"count((e or f)) with half-life 1 day", "ann", "2026-03-12T10:00:00Z", "1.75"},
        {FADING "score s = fading as of 1 day ago", "ann", "2026-03-12T10:00:00Z", "1.5"},
        {FADING "score s = fading as of 2026-03-10T10:00Z", "ann", NOON, "1"},
        {FADING "score s = fading", "ann", "2031-03-12T10:00:00Z", "0"},
    };
    static const world_case conditions[] = {
        {"count(e) with half-life 1 day = 1.75", "2026-03-12T10:00:00Z", "ann"},
        {FADING "segment s when did e where (fading as of time = 1.5)", NOON, "ann"},
        {FADING "segment s when did e where (fading as of time = 1.75)", NOON, "ann"},
        {FADING "segment s when did e where (fading as of time = 1)", NOON, "ann"},
        {FADING "segment s when did e where (fading = 1.75)", "2026-03-12T10:00:00Z",
         "ann"},
        {"did e where (count(e before time) with half-life 1 day = 1.5 / 2)",
         "2026-03-12T10:00:00Z", "ann"},
    };
    world *w = world_new("Europe/Berlin");
    (void)state;
    world_kind(w, "e", "n int, money decimal(2), weight number, stay duration");
    world_kind(w, "f", "");
    world_trait(w, "t", "int");
    world_did(w, "ann", "e", "2026-03-10T10:00:00Z",
              "n=12, money=0.50, weight=4, stay=1 hour");
    world_did(w, "ann", "e", "2026-03-11T10:00:00Z", "money=0.50, stay=1 hour");
    world_did(w, "ann", "e", "2026-03-12T10:00:00Z", "n=6");
    world_person(w, "none");
    world_check_values(w, cases, LENGTH(cases));
    world_check(w, conditions, LENGTH(conditions));
    world_free(w);
}

static void test_conditions(void **state)
{
    static const world_case cases[] = {
        {"count(buy) = 0", NOON, "none"},
        {"count(buy) < 1", NOON, "none"},
        {"sum(buy.amount) = 0", NOON, "blank none"},
        {"sum(buy.amount) <= 120.01", NOON, "ann blank none"},
        {"sum(buy.amount) < 120.01", NOON, "blank none"},
        {"avg(buy.amount) = 60.005", NOON, "ann"},
        {"avg(buy.amount) >= 60.005", NOON, "ann"},
        {"avg(buy.amount) > 60.005", NOON, ""},
        {"avg(buy.amount) > 60.0049", NOON, "ann"},
        {"avg(buy.amount) < 1000", NOON, "ann"},
        {"avg(buy.amount) is missing", NOON, "blank none"},
        {"not (avg(buy.amount) >= 60)", NOON, "blank none"},
        {"avg(buy.qty) = 4 / 3", NOON, "ann"},
        {"avg(buy.qty) > 1.33333333333333333", NOON, "ann"},
        {"sum(buy.amount) / count(buy.amount) = avg(buy.amount)", NOON, "ann"},
        {"share(buy where (store = \"a\")) = 2 / 3", NOON, "ann"},
        {"share(buy where (store = \"a\")) >= 66%", NOON, "ann"},
        {"share(buy where (store = \"a\")) < 66%", NOON, "blank"},
        {"share(buy where (store = \"a\")) != 2 / 3", NOON, "blank none"},
        {"count(buy in last 30 days) / count(buy in previous 30 days) <= 50%", NOON, ""},
        {"count(buy in last 15 days) / count(buy in previous 15 days) <= 100%", NOON,
         "ann blank"},
        {"first buy.friend in (\"bob\")", NOON, "ann"},
        {"first buy.gift", NOON, "ann"},
        {"last buy.gift", NOON, ""},
        {"not (last buy.gift)", NOON, "ann blank none"},
        {"last buy.store = \"a\"", NOON, "ann"},
        {"last buy.store is missing", NOON, "blank none"},
        {"last buy > first buy", NOON, "ann blank"},
        {"last buy - first buy = 19 days", NOON, "ann"},
        {"last buy.time.weekday = \"friday\"", NOON, "ann"},
        {"max(buy.amount) < 100", NOON, "ann"},
        {"distinct(buy.store) > 1", NOON, "ann"},
    };
    world *w = shop();
    (void)state;
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

/* 3 of 5 is 60%, at whatever place a quotient stands. */
static void test_exact_shares(void **state)
{
    static const world_case cases[] = {
        {"share(e where (good)) >= 60%", NOON, "five"},
        {"share(e where (good)) = 60%", NOON, "five"},
        {"share(e where (good)) > 60%", NOON, ""},
        {"share(e where (good)) <= 0.6", NOON, "five three"},
        {"count(e where (good)) / count(e) = 60%", NOON, "five"},
        {"count(e where (good)) / count(e) = 1 / 3", NOON, "three"},
        {"count(e where (good)) / count(e) = 2 / 6", NOON, "three"},
        {"share(e where (good)) = 0.333333333333333333", NOON, ""},
        {"share(e where (good)) + share(e where (not (good))) = 1", NOON, "five three"},
        {"share(e where (good)) * 3 = 1", NOON, "three"},
        {"count(e) * 60% = count(e where (good))", NOON, "five none"},
        {"count(e where (good)) / count(e) is missing", NOON, "none"},
        {"avg(e.x) = 0.1", NOON, "five"}, /* ten cents each time */
        {"sum(e.x) = 0.5", NOON, "five"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "e", "good bool, x decimal(1)");
    world_trait(w, "t", "int");
    for (int i = 0; i < 5; i++)
        world_did(w, "five", "e", "2026-03-01",
                  i < 3 ? "good=true, x=0.1" : "good=false, x=0.1");
    for (int i = 0; i < 3; i++)
        world_did(w, "three", "e", "2026-03-01", i < 1 ? "good=true" : "good=false");
    world_person(w, "none");
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

/* A sum is exact whatever it passes on its way; outside 64 bits it has no value. */
static void test_big_sums(void **state)
{
    static const world_case cases[] = {
        {"sum(e.n) = 9000000000000000 * 1000", NOON, "back"},
        {"sum(e.n) is missing", NOON, "far"},
        {"sum(e.n) > 0", NOON, "back"},
        {"sum(e.n) < 0", NOON, "minus"},
        /* an average has no value when its sum has none */
        {"avg(e.n) = 3000000000000000 * 1000", NOON, "back"},
        {"avg(e.n) > 0", NOON, "back"},
        {"max(e.n) = 9000000000000000 * 1000", NOON, "back far"},
        {"min(e.n) < 0", NOON, "back minus"},
        {"avg(e.n) * 2 = -1.5", NOON, "minus"},
        {"sum(e.n) = -3", NOON, "minus"},
        {"avg(e.n) < -0.74", NOON, "minus"},
        {"avg(e.n) = -3 / 4", NOON, "minus"},
        {"count(e where (n < 0)) = 2", NOON, "minus"},
        {"last e.n = -1", NOON, "minus"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "e", "n int");
    world_did(w, "back", "e", "2026-03-01", "n=9000000000000000000");
    world_did(w, "back", "e", "2026-03-02", "n=9000000000000000000");
    world_did(w, "back", "e", "2026-03-03", "n=-9000000000000000000");
    world_did(w, "far", "e", "2026-03-01", "n=9000000000000000000");
    world_did(w, "far", "e", "2026-03-02", "n=9000000000000000000");
    world_did(w, "minus", "e", "2026-03-01", "n=-7");
    world_did(w, "minus", "e", "2026-03-02", "n=0");
    world_did(w, "minus", "e", "2026-03-02", "n=5");
    world_did(w, "minus", "e", "2026-03-03", "n=-1");
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

/* Local units of the calendar: days of 23 and 25 hours, weeks from Monday. */
static void test_units_with(void **state)
{
    static const world_value_case cases[] = {
        /* 29 March has 23 hours in Berlin: 28 March 23:00Z is its first instant */
        {"days_with(e)", "spring", NOON, "2"},
        {"weeks_with(e)", "spring", NOON, "1"},
        {"months_with(e)", "spring", NOON, "1"},
        {"days_with(e)", "monday", NOON, "2"},
        {"weeks_with(e)", "monday", NOON, "2"},
        {"months_with(e)", "newyear", NOON, "2"},
        {"quarters_with(e)", "newyear", NOON, "2"},
        {"years_with(e)", "newyear", NOON, "2"},
        {"weeks_with(e)", "newyear", NOON, "1"}, /* a week over the turn of the year */
        {"days_with(e)", "same", NOON, "1"},
        {"days_with(e in last 1 hour)", "same", NOON, "0"},
        {"quarters_with(e)", "quarters", NOON, "4"},
        {"years_with(e)", "quarters", NOON, "2"},
        {"months_with(e)", "quarters", NOON, "5"},
    };
    world *w = world_new("Europe/Berlin");
    (void)state;
    world_kind(w, "e", "");
    world_did(w, "spring", "e", "2026-03-28T22:59:59.999999Z", "");
    world_did(w, "spring", "e", "2026-03-28T23:00:00Z", "");
    world_did(w, "spring", "e", "2026-03-29T21:59:59.999999Z", "");
    world_did(w, "monday", "e", "2026-03-29T21:59:59.999999Z", "");
    world_did(w, "monday", "e", "2026-03-29T22:00:00Z", "");
    world_did(w, "newyear", "e", "2025-12-31T22:59:59.999999Z", "");
    world_did(w, "newyear", "e", "2025-12-31T23:00:00Z", "");
    world_did(w, "same", "e", "2026-03-01T10:00:00Z", "");
    world_did(w, "same", "e", "2026-03-01T10:00:00Z", "");
    world_did(w, "quarters", "e", "2025-01-15", "");
    world_did(w, "quarters", "e", "2025-03-15", "");
    world_did(w, "quarters", "e", "2025-04-15", "");
    world_did(w, "quarters", "e", "2025-12-15", "");
    world_did(w, "quarters", "e", "2026-01-15", "");
    world_check_values(w, cases, LENGTH(cases));
    world_free(w);
}

/* The total order: time, then arrival. Equal timestamps never depend on luck. */
static void test_equal_times(void **state)
{
    static const world_value_case cases[] = {
        {"first a.n", "p", NOON, "3"},
        {"last a.n", "p", NOON, "1"},
        {"first ((a or b).n)", "p", NOON, "3"},
        {"last ((a or b).n)", "p", NOON, "7"},
        {"last ((a or b).n where (n < 7))", "p", NOON, "1"},
        {"first ((a or b).n where (event = \"b\"))", "p", NOON, "5"},
        {"count((a or b))", "p", NOON, "5"},
        {"first b.nth", "p", NOON, "1"},
        {"last b.nth", "p", NOON, "2"},
        {"last a.gap / 1 second", "p", NOON, "0"},
        /* arrival, not time, is late */
        {"last a.n", "late", NOON, "1"},
        {"first a.n", "late", NOON, "2"},
        {"first a.nth", "late", NOON, "1"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "b", "n int");
    world_kind(w, "a", "n int");
    world_did(w, "p", "a", "2026-03-01T10:00:00Z", "n=3");
    world_did(w, "p", "b", "2026-03-01T10:00:00Z", "n=5");
    world_did(w, "p", "a", "2026-03-01T10:00:00Z", "n=2");
    world_did(w, "p", "a", "2026-03-01T10:00:00Z", "n=1");
    world_did(w, "p", "b", "2026-03-01T10:00:00Z", "n=7");
    world_did(w, "late", "a", "2026-03-02T10:00:00Z", "n=1");
    world_did(w, "late", "a", "2026-03-01T10:00:00Z", "n=2");
    world_check_values(w, cases, LENGTH(cases));
    static const world_case kinds[] = {
        {"first anything.event = \"a\"", NOON, "late p"},
        {"last anything.event = \"b\"", NOON, "p"},
        {"last anything.n = 7", NOON, "p"},
    };
    world_check(w, kinds, LENGTH(kinds));
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),      cmocka_unit_test(test_half_lives),
        cmocka_unit_test(test_conditions),  cmocka_unit_test(test_exact_shares),
        cmocka_unit_test(test_big_sums),    cmocka_unit_test(test_units_with),
        cmocka_unit_test(test_equal_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
