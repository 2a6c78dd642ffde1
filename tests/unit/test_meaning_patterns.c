/* SPDX-License-Identifier: MIT
 *
 * What is left of the aggregates and of derived events: the values in the middle, the most
 * common ones, repetition within a unit, streaks of the calendar, and sessions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/world.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define NOON          "2026-03-31T12:00:00Z"

/* ---- in the middle --------------------------------------------------------------------- */

static void test_middle(void **state)
{
    static const world_value_case cases[] = {
        {"median(e.n)", "odd", NOON, "3"},
        {"median(e.n)", "even", NOON, "2.5"},
        {"median(e.n)", "one", NOON, "7"},
        {"median(e.n)", "blank", NOON, "missing"},
        {"median(e.n)", "none", NOON, "missing"},
        {"median(e.n where (n > 1))", "even", NOON, "3"},
        /* between order statistics, linearly: at (n - 1) * q */
        {"quantile(e.n, 50%)", "even", NOON, "2.5"},
        {"quantile(e.n, 0%)", "odd", NOON, "1"},
        {"quantile(e.n, 100%)", "odd", NOON, "100"},
        {"quantile(e.n, 25%)", "odd", NOON, "2"},
        {"quantile(e.n, 90%)", "odd", NOON, "61.6"}, /* 4 + 0.6 * 96 */
        {"quantile(e.n, 90%)", "one", NOON, "7"},
        {"quantile(e.n, 90%)", "none", NOON, "missing"},
        {"stddev(e.n)", "none", NOON, "missing"},
        {"most_common(e.n)", "odd", NOON, "100"}, /* a tie of all: met last */
        {"most_common(e.n)", "often", NOON, "5"},
        {"most_common(e.n)", "tie", NOON, "8"},
        {"most_common(e.n)", "none", NOON, "missing"},
        {"most_common(e.n)", "blank", NOON, "missing"},
        {"median(e.gap) / 1 day", "odd", NOON, "1"},
        {"median(e.at)", "none", NOON, "missing"},
    };
    static const world_case conditions[] = {
        {"median(e.n) = 2.5", NOON, "even"},
        {"median(e.n) > 2.5", NOON, "odd often one tie"},
        {"median(e.n) != 2.5", NOON, "blank none odd often one tie"},
        {"quantile(e.n, 50%) = median(e.n)", NOON, "even odd often one tie"},
        {"most_common(e.s) = \"y\"", NOON, "often"},
        {"most_common(e.s) = \"x\"", NOON, "tie"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "e", "n int, s string, at duration");
    world_trait(w, "t", "int");
    static const char *const odd[] = {"n=4", "n=2", "n=3", "n=1", "n=100"};
    static const char *const odd_days[] = {"2026-03-01", "2026-03-02", "2026-03-03",
                                           "2026-03-04", "2026-03-05"};
    for (size_t i = 0; i < LENGTH(odd); i++)
        world_did(w, "odd", "e", odd_days[i], odd[i]);
    static const char *const even[] = {"n=4", "n=1", "n=2", "n=3"};
    for (size_t i = 0; i < LENGTH(even); i++)
        world_did(w, "even", "e", "2026-03-01", even[i]);
    static const char *const often[] = {"n=5, s=\"x\"", "n=5, s=\"y\"", "n=9, s=\"y\""};
    for (size_t i = 0; i < LENGTH(often); i++)
        world_did(w, "often", "e", odd_days[i], often[i]);
    static const char *const tie[] = {"n=8, s=\"y\"", "n=9, s=\"x\"", "n=9",
                                      "n=8, s=\"x\""};
    for (size_t i = 0; i < LENGTH(tie); i++)
        world_did(w, "tie", "e", odd_days[i], tie[i]);
    world_did(w, "one", "e", "2026-03-01", "n=7");
    world_did(w, "blank", "e", "2026-03-01", "");
    world_person(w, "none");
    world_check_values(w, cases, LENGTH(cases));
    world_check(w, conditions, LENGTH(conditions));
    world_free(w);
}

/* ---- units with so many events --------------------------------------------------------- */

static void test_units_with_times(void **state)
{
    static const world_case cases[] = {
        {"days_with(e at least 2 times) = 1", NOON, "double"},
        {"days_with(e at least 2 times) = 2", NOON, "busy"},
        {"days_with(e at least 2 times) = 0", NOON, "none single"},
        {"days_with(e at least 2 times in last 10 days) = 1", NOON, "busy"},
        {"days_with(e) >= 2", NOON, "busy"},
        {"months_with(e at least 4 times) = 1", NOON, "busy"},
        {"months_with(e at least twice) = 1", NOON, "busy double"},
        {"weeks_with(e at least twice) = 2", NOON, "busy"},
        {"weeks_with(e at least twice) = 1", NOON, "double"},
        {"quarters_with(e at least 4 times) = 1", NOON, "busy"},
        {"years_with(e at least once) = 1", NOON, "busy double single"},
        {"days_with(e where (n = 1) at least twice) = 1", NOON, "double"},
    };
    world *w = world_new("Europe/Berlin");
    (void)state;
    world_kind(w, "e", "n int");
    world_trait(w, "t", "int");
    world_did(w, "single", "e", "2026-03-01T10:00", "n=1");
    world_did(w, "double", "e", "2026-03-01T10:00", "n=1");
    world_did(w, "double", "e", "2026-03-01T10:00", "n=1");
    world_did(w, "busy", "e", "2026-03-10T00:00", "n=1");
    world_did(w, "busy", "e", "2026-03-10T23:59:59.999999", "n=2");
    world_did(w, "busy", "e", "2026-03-29T01:00", "n=1"); /* a day of 23 hours */
    world_did(w, "busy", "e", "2026-03-29T23:00", "n=2");
    world_person(w, "none");
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

/* ---- streaks --------------------------------------------------------------------------- */

/* A person's events, on local days. */
static void did_on(world *w, const char *person, const char *const *days, size_t count)
{
    for (size_t i = 0; i < count; i++)
        world_did(w, person, "e", days[i], "");
}

static world *streaks(void)
{
    static const char *const summer[] = {"2026-03-28T23:59:59.999999", "2026-03-29T12:00",
                                         "2026-03-30T00:00"};
    static const char *const two_runs[] = {"2026-03-01", "2026-03-02", "2026-03-04",
                                           "2026-03-05", "2026-03-06"};
    static const char *const alternate[] = {"2026-03-10", "2026-03-12", "2026-03-14"};
    static const char *const months[] = {"2025-11-30", "2025-12-01", "2026-01-31",
                                         "2026-03-01"};
    static const char *const often[] = {"2026-03-08T10:00", "2026-03-08T11:00",
                                        "2026-03-09T10:00", "2026-03-10T10:00",
                                        "2026-03-10T11:00"};
    world *w = world_new("Europe/Berlin");
    world_kind(w, "e", "n int");
    world_trait(w, "t", "int");
    did_on(w, "summer", summer, LENGTH(summer));
    did_on(w, "two_runs", two_runs, LENGTH(two_runs));
    did_on(w, "alternate", alternate, LENGTH(alternate));
    did_on(w, "months", months, LENGTH(months));
    did_on(w, "often", often, LENGTH(often));
    world_person(w, "none");
    return w;
}

/* The longest run of units, one after the other, each with such an event. */
static void test_in_a_row(void **state)
{
    static const world_value_case cases[] = {
        {"days_in_a_row(e)", "summer", NOON, "3"},
        {"days_in_a_row(e)", "two_runs", NOON, "3"},
        {"days_in_a_row(e)", "two_runs", "2026-03-05T12:00Z", "2"},
        {"days_in_a_row(e before 2026-03-05)", "two_runs", NOON, "2"},
        {"days_in_a_row(e)", "alternate", NOON, "1"},
        {"days_in_a_row(e)", "months", NOON, "2"},
        {"days_in_a_row(e)", "none", NOON, "0"},
        {"weeks_in_a_row(e)", "often", NOON, "2"}, /* from Sunday to Monday */
        {"weeks_in_a_row(e)", "alternate", NOON, "1"},
        {"months_in_a_row(e)", "months", NOON, "3"},
        {"quarters_in_a_row(e)", "months", NOON, "2"},
        {"years_in_a_row(e)", "months", NOON, "2"},
        /* with a number of times, only units that hold so many */
        {"days_in_a_row(e at least twice)", "often", NOON, "1"},
        {"days_in_a_row(e at least once)", "often", NOON, "3"},
    };
    world *w = streaks();
    (void)state;
    world_check_values(w, cases, LENGTH(cases));
    world_free(w);
}

/* ---- how far values are spread -------------------------------------------------------- */

/* The sample standard deviation: of 1, 3, 5 it is sqrt((4 + 0 + 4) / 2). */
static void test_spread(void **state)
{
    static const world_value_case cases[] = {
        {"stddev(e.n)", "three", NOON, "2"},
        {"stddev(e.money)", "three", NOON, "0.2"},
        {"stddev(e.weight)", "three", NOON, "2"},
        {"stddev(e.n where (n > 1))", "three", NOON, "1.4142135623731"},
        {"stddev(e.weight where (n > 1))", "three", NOON, "1.4142135623731"},
        {"stddev(e.n)", "equal", NOON, "0"},
        {"stddev(e.weight)", "equal", NOON, "0"},
        {"stddev(e.n)", "one", NOON, "missing"},
        {"stddev(e.weight)", "one", NOON, "missing"},
        {"stddev(e.n)", "one_and_blank", NOON, "missing"},
        {"stddev(e.n)", "none", NOON, "missing"},
        /* of durations it is a duration, to the nearest microsecond */
        {"stddev(e.stay) / 1 hour", "three", NOON, "2"},
        {"stddev(e.gap) / 1 day", "three", NOON, "0"},
        {"stddev(e.stay where (n > 1)) / 1 second", "three", NOON, "5091.168825"},
        {"stddev(e.stay) / 1 hour", "equal", NOON, "0"},
        {"stddev(e.stay) / 1 hour", "one", NOON, "missing"},
        {"stddev(e.stay) / 1 hour", "none", NOON, "missing"},
    };
    static const world_case conditions[] = {
        {"stddev(e.stay) = 2 hours", NOON, "three"},
        {"stddev(e.stay) < 2 hours", NOON, "equal"},
        {"stddev(e.n) = 2", NOON, "three"},
        {"stddev(e.n) < 2", NOON, "equal ninth"},
        {"stddev(e.money) <= 0.2", NOON, "equal three"},
        /* a third each: 1 and 1.00 are the same number to the last bit */
        {"stddev(e.money) = stddev(e.n)", NOON, "equal ninth"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "e", "n int, money decimal(2), weight number, stay duration");
    world_trait(w, "t", "int");
    static const char *const three[] = {"n=1, money=0.10, weight=1, stay=1 hour",
                                        "n=3, money=0.30, weight=3, stay=3 hours",
                                        "n=5, money=0.50, weight=5, stay=5 hours"};
    for (size_t i = 0; i < LENGTH(three); i++) {
        world_did(w, "three", "e", "2026-03-01", three[i]);
        world_did(w, "equal", "e", "2026-03-01", three[2]);
    }
    for (size_t i = 0; i < 9; i++)
        world_did(w, "ninth", "e", "2026-03-01",
                  i == 0 ? "n=1, money=1.00" : "n=0, money=0.00");
    world_did(w, "three", "e", "2026-03-01", "");
    world_did(w, "one", "e", "2026-03-01", three[0]);
    world_did(w, "one_and_blank", "e", "2026-03-01", three[0]);
    world_did(w, "one_and_blank", "e", "2026-03-02", "");
    world_person(w, "none");
    world_check_values(w, cases, LENGTH(cases));
    world_check(w, conditions, LENGTH(conditions));
    world_free(w);
}

/* ---- sessions -------------------------------------------------------------------------- */

/* Runs of events of any kind without a longer gap than 30 minutes; a session is at its
 * start. */
static void test_sessions(void **state)
{
    static const world_case cases[] = {
        {"count(session) = 0", NOON, "none"},
        {"count(session) = 1", NOON, "edge one two_kinds"},
        {"count(session) = 2", NOON, "split"},
        {"did session where (events = 2)", NOON, "edge two_kinds"},
        {"did session where (events >= 2) at least once", NOON, "edge two_kinds"},
        {"did session where (duration = 30 minutes)", NOON, "edge"},
        {"did session where (duration = 0 seconds)", NOON, "one split"},
        {"sum(session.duration) = 10 minutes", NOON, "two_kinds"},
        {"last session = 2026-03-01T10:00Z", NOON, "edge one two_kinds"},
        {"last session > 2026-03-01T10:00Z", NOON, "split"},
        {"did session after 2026-03-01T10:00Z", NOON, "split"},
        {"did session on 2026-03-01", NOON, "edge one split two_kinds"},
        {"did not session", NOON, "none"},
        /* what comes after now does not lengthen it */
        {"did session where (events = 1)", "2026-03-01T10:05:00Z",
         "edge one split two_kinds"},
        {"did session where (duration > 0 seconds)", "2026-03-01T10:05:00Z", ""},
        /* ... nor as of an instant after now */
        {"segment s when in t as of 2026-03-02\nsegment t when did session where (events "
         "= 1)",
         "2026-03-01T10:05:00Z", "edge one split two_kinds"},
        /* derived events are no events of `anything` */
        {"count(anything) = 1", NOON, "one"},
        /* a session that began before the window is none of it, wherever that cuts it, */
        {"did session since 2026-03-01T10:00Z", NOON, "edge one split two_kinds"},
        {"did session since 2026-03-01T10:00:00.000001Z", NOON, "split"},
        {"did session since 2026-03-01T10:05Z", NOON, "split"},
        {"did session since 2026-03-01T10:30Z", NOON, "split"},
        {"did session since 2026-03-01T10:30:00.000001Z", NOON, "split"},
        {"did session since 2026-03-01T10:30:00.000002Z", NOON, ""},
        {"last (session since 2026-03-01T10:15Z) > 2026-03-01T10:00Z", NOON, "split"},
        /* and one that begins in it has all of its events */
        {"sum(session.duration since 2026-03-01T10:00Z) = 30 minutes", NOON, "edge"},
        {"count(session where (events = 2) since 2026-03-01T10:00Z) = 1", NOON,
         "edge two_kinds"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "look", "");
    world_kind(w, "buy", "");
    world_trait(w, "t", "int");
    schema_add_sessions(w->schema, 30 * 60 * MICROSECONDS_PER_SECOND, w->memory);
    world_did(w, "one", "look", "2026-03-01T10:00:00Z", "");
    world_did(w, "edge", "look", "2026-03-01T10:00:00Z", "");
    world_did(w, "edge", "look", "2026-03-01T10:30:00Z", "");
    world_did(w, "split", "look", "2026-03-01T10:00:00Z", "");
    world_did(w, "split", "look", "2026-03-01T10:30:00.000001Z", "");
    world_did(w, "two_kinds", "look", "2026-03-01T10:00:00Z", "");
    world_did(w, "two_kinds", "buy", "2026-03-01T10:10:00Z", "");
    world_person(w, "none");
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_middle),   cmocka_unit_test(test_in_a_row),
        cmocka_unit_test(test_spread),   cmocka_unit_test(test_units_with_times),
        cmocka_unit_test(test_sessions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
