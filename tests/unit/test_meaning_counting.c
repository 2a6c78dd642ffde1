/* SPDX-License-Identifier: MIT
 *
 * How many of these: of conditions, of events, of the last periods; and how long a state has lasted,
 * and values of each calendar unit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

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

/* ---- of events --------------------------------------------------------------------------- */

static void test_events(void **state)
{
    static const world_case cases[] = {
        /* how many of the kinds, however far apart */
        {"did at least 2 of (a, b, c)", NOON, "apart near same three tie"},
        {"did at least 1 of (a, b, c)", NOON, "apart near one same three tie"},
        {"did exactly 1 of (a, b, c)", NOON, "one"},
        {"did none of (a, b, c)", NOON, "none"},
        {"did at most 1 of (a, b, c)", NOON, "none one"},
        {"did fewer than 3 of (a, b, c)", NOON, "apart near none one same tie"},
        {"did more than 2 of (a, b, c)", NOON, "three"},
        {"did at least 2 of (a, b, c) in last 10 days", NOON, "near three tie"},
        {"did at least 2 of (a where (n = 2), b, c)", NOON, "near same three"},
        {"did at least 2 of ((a or b), c)", NOON, "apart three tie"},
        {"did at least 2 of (a, a, c)", NOON, "apart near one same three tie"},
        /* one event each, from the first to the last no longer than that */
        {"did at least 2 of (a, b, c) all within 3 days", NOON, "near same three tie"},
        {"did at least 2 of (a, b, c) all within 2 days", NOON, "same three tie"},
        {"did at least 3 of (a, b, c) all within 2 days", NOON, "three"},
        {"did at least 3 of (a, b, c) all within 47 hours", NOON, ""},
        {"did exactly 2 of (a, b, c) all within 47 hours", NOON, "same three tie"},
        {"did at most 1 of (a, b, c) all within 3 days", NOON, "apart none one"},
        {"did none of (a, b, c) all within 3 days", NOON, "none"},
        {"did at least 1 of (a, b, c) all within 1 second", NOON,
         "apart near one same three tie"},
        {"did at least 0 of (a, b, c) all within 1 second", NOON,
         "apart near none one same three tie"},
        {"did at least 4 of (a, b, c) all within 1 year", NOON, ""},
        /* at one instant; an event serves one of them only */
        {"did at least 2 of (a, c) all within 0 seconds", NOON, "tie"},
        {"did at least 2 of (a, a) all within 1 year", NOON, "same three"},
        {"did at least 2 of (anything, a) all within 1 hour", NOON, "same three tie"},
        {"did at least 2 of (a, b, c) with same n", NOON, "near same three"},
        {"did at least 2 of (a, b) all within 3 days with same n in last 10 days", NOON,
         "near three"},
        {"not (did at least 2 of (a, b, c) all within 3 days)", NOON, "apart none one"},
        {"did at least 2 of (a, b, c) all within 3 days", "2026-03-28T12:00:00Z",
         "near same tie"},
        {"did at least 2 of (a, b, c) all within 3 days", "2026-03-28T11:59:59.999999Z",
         "same tie"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "a", "n int");
    world_kind(w, "b", "n int");
    world_kind(w, "c", "n int");
    world_trait(w, "t", "int");
    world_did(w, "one", "a", "2026-03-01", "n=1");
    world_did(w, "apart", "a", "2026-01-01", "n=1");
    world_did(w, "apart", "c", "2026-03-30", "n=2");
    /* exactly three days */
    world_did(w, "near", "b", "2026-03-25T12:00", "n=2");
    world_did(w, "near", "a", "2026-03-28T12:00", "n=2");
    world_did(w, "same", "a", "2026-01-01", "n=2");
    world_did(w, "same", "a", "2026-01-01", "n=2");
    world_did(w, "same", "b", "2026-01-01", "n=2");
    world_did(w, "three", "a", "2026-03-22", "n=2");
    world_did(w, "three", "c", "2026-03-27", "");
    world_did(w, "three", "b", "2026-03-29", "n=5");
    world_did(w, "three", "a", "2026-03-29", "n=5");
    world_did(w, "tie", "c", "2026-03-26", "n=8");
    world_did(w, "tie", "a", "2026-03-26", "n=9");
    world_person(w, "none");
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

/* ---- in so many periods ------------------------------------------------------------------ */

static void test_rolling_periods(void **state)
{
    static const world_case cases[] = {
        {"did e in at least 3 of last 4 weeks", NOON, "daily weekly"},
        {"did e in at least 4 of last 4 weeks", NOON, "daily weekly"},
        {"did e at least 2 times in at least 3 of last 4 weeks", NOON, "daily"},
        {"did e in exactly 1 of last 4 weeks", NOON, "burst edge new"},
        {"did e at least 3 times in exactly 1 of last 4 weeks", NOON, "burst"},
        {"did e in none of last 4 weeks", NOON, "none old"},
        {"did e in fewer than 2 of last 4 weeks", NOON, "burst edge new none old"},
        {"did e in at most 0 of last 4 weeks", NOON, "none old"},
        {"did e in more than 1 of last 4 weeks", NOON, "daily weekly"},
        /* periods without any, also those before the first event */
        {"did e exactly 0 times in at least 3 of last 4 weeks", NOON,
         "burst edge new none old"},
        {"did e at most once in at least 4 of last 4 weeks", NOON,
         "edge new none old weekly"},
        {"did e fewer than 2 times in exactly 3 of last 4 weeks", NOON, "burst"},
        /* the last period ends at now, and begins after a week ago: "edge" is at that */
        {"did e in at least 1 of last 1 week", NOON, "burst daily new weekly"},
        {"did e in at least 1 of last 1 week", "2026-03-31T11:59:59.999999Z",
         "burst daily edge weekly"},
        {"did e in at least 1 of last 2 weeks", NOON, "burst daily edge new weekly"},
        {"not (did e in at least 3 of last 4 weeks)", NOON, "burst edge new none old"},
        /* with a where, another window, kinds, a sequence within each period */
        {"did e where (n = 2) in at least 2 of last 4 weeks", NOON, "daily"},
        {"did e in at least 2 of last 4 weeks since 2026-03-18", NOON, "daily weekly"},
        {"did e in at least 3 of last 4 weeks since 2026-03-18", NOON, ""},
        {"did (e or f) in at least 2 of last 4 weeks", NOON, "daily new weekly"},
        {"did (e then e) in at least 4 of last 4 weeks", NOON, "daily"},
        {"did (e then e) in at least 1 of last 4 weeks", NOON, "burst daily"},
        {"did (e then e within 8 days) in at least 1 of last 4 weeks", NOON,
         "burst daily"},
        /* by the calendar: March's 31st, 28 February, 31 January */
        {"did e in at least 2 of last 2 months", NOON, "daily"},
        {"did f in at least 2 of last 2 months", NOON, "new"},
        {"did f in at least 1 of last 1 month", NOON, "new"},
        {"did e in at least 1 of last 100 days", NOON, "burst daily edge new weekly"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "e", "n int");
    world_kind(w, "f", "");
    world_trait(w, "t", "int");
    for (int day = 1; day <= 62; day++) {
        char time[32];
        int of_month = day > 31 ? day - 31 : day;
        if (day > 31 && of_month > 28)
            break;
        snprintf(time, sizeof time, "2026-%s-%02dT08:00", day > 31 ? "02" : "03",
                 of_month);
        world_did(w, "daily", "e", time, day % 3 == 0 ? "n=2" : "n=1");
    }
    world_did(w, "weekly", "e", "2026-03-30T08:00", "n=1");
    world_did(w, "weekly", "e", "2026-03-23T08:00", "n=1");
    world_did(w, "weekly", "e", "2026-03-16T08:00", "n=1");
    world_did(w, "weekly", "e", "2026-03-09T08:00", "n=1");
    world_did(w, "burst", "e", "2026-03-26T08:00", "n=1");
    world_did(w, "burst", "e", "2026-03-26T08:00", "n=2");
    world_did(w, "burst", "e", "2026-03-26T09:00", "");
    world_did(w, "edge", "e", "2026-03-24T12:00", "");
    world_did(w, "new", "e", "2026-03-31T12:00", "");
    world_did(w, "new", "f", "2026-02-28T12:00", "");
    world_did(w, "new", "f", "2026-02-28T12:00:00.000001", "");
    world_did(w, "new", "f", "2026-03-12T12:00", "");
    world_did(w, "old", "e", "2025-03-03T12:00", "");
    world_person(w, "none");
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

static void test_full_periods(void **state)
{
    static const world_case cases[] = {
        /* now is Tuesday, 31 March: the weeks begin on the 23rd, 16th, 9th and 2nd */
        {"did e in at least 2 of last 2 full weeks", NOON, "weeks"},
        {"did e in at least 1 of last 1 full week", NOON, "last weeks"},
        {"did e in at least 1 of last 1 full day", NOON, "late"},
        {"did e in exactly 2 of last 3 full months", NOON, ""},
        {"did e in at least 1 of last 1 full month", NOON, "february"},
        /* 29 March has 23 hours in Berlin */
        {"did e in at least 3 of last 3 full days", "2026-04-01T00:00:00+02:00", ""},
        {"did e in at least 2 of last 2 full days", "2026-04-01T00:00:00+02:00", "late"},
        {"did e in at least 1 of last 3 full hours", "2026-03-30T02:30:00+02:00",
         "last late"},
    };
    world *w = world_new("Europe/Berlin");
    (void)state;
    world_kind(w, "e", "");
    world_trait(w, "t", "int");
    world_did(w, "weeks", "e", "2026-03-22T23:59:59.999999", "");
    world_did(w, "weeks", "e", "2026-03-23T00:00", "");
    world_did(w, "last", "e", "2026-03-29T23:59:59.999999", "");
    world_did(w, "late", "e", "2026-03-30T00:00", "");
    world_did(w, "late", "e", "2026-03-31T00:00", "");
    world_did(w, "february", "e", "2026-02-28T23:59:59.999999", "");
    world_person(w, "none");
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

/* ---- for so long ------------------------------------------------------------------------- */

static void test_lasting(void **state)
{
    static const world_case cases[] = {
        /* since ever; since exactly 7 days ago; a microsecond less */
        {"user.s = \"x\" for at least 7 days", NOON, "again both ever exact"},
        {"user.s = \"x\" for more than 7 days", NOON, "again both ever"},
        {"user.s = \"x\" for fewer than 7 days", NOON, "back short"},
        {"user.s = \"x\" for at most 7 days", NOON, "back exact short"},
        {"user.s = \"x\" for at least 1000 years", NOON, "both ever"},
        /* months by the calendar: 31 March less a month is 28 February */
        {"user.s = \"x\" for at least 1 month", NOON, "again both ever"},
        {"user.s = \"x\" for at least 1.5 hours", NOON,
         "again back both ever exact short"},
        /* missing before the first value, and ever since */
        {"user.s is missing for at least 1 year", NOON, "none"},
        {"user.s is missing for at least 7 days", "2026-03-20T12:00:00Z",
         "exact none short"},
        {"user.s != \"x\" for at least 7 days", NOON, "none other"},
        {"not (user.s = \"x\") for at least 7 days", NOON, "none other"},
        {"not (user.s = \"x\" for at least 7 days)", NOON, "back none other short"},
        /* several traits, several conditions: none of them need last by itself */
        {"user.s = \"x\" and user.n = 1 for at least 7 days", NOON, "both"},
        {"(user.s = \"x\" or user.n = 1) for at least 7 days", NOON,
         "again both ever exact"},
        {"(user.s = \"x\" or user.s = \"y\") for at least 7 days", NOON,
         "again back both ever exact other"},
        {"user.s in (\"x\", \"y\") for at least 7 days", NOON,
         "again back both ever exact other"},
        {"at least 1 of (user.s = \"x\", user.n = 2) for at least 7 days", NOON,
         "again both ever exact"},
        {"if user.n = 1 then user.s = \"x\" else user.s = \"y\" for at least 7 days",
         NOON, "both other"},
        /* at an earlier instant */
        {"user.s = \"x\" for at least 7 days", "2026-03-25T12:00:00Z",
         "again back both ever"},
        {"user.s = \"x\" for at least 7 days", "2026-03-31T11:59:59.999999Z",
         "again both ever"},
        {"user.s = \"x\" for at least 7 days", "2026-03-31T12:00:00.000001Z",
         "again both ever exact short"},
        /* whom an event is asked of does not matter */
        {"did e where (user.s = \"x\" for at least 7 days)", NOON, "ever"},
        {"exactly 1 of (user.s = \"x\" for at least 7 days, did e)", NOON,
         "again both exact"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "e", "");
    world_trait(w, "s", "string");
    world_trait(w, "n", "int");
    world_has(w, "ever", "s", NULL, "\"x\"");
    world_did(w, "ever", "e", "2026-03-01", "");
    world_has(w, "exact", "s", "2026-03-24T12:00", "\"x\"");
    world_has(w, "short", "s", "2026-03-24T12:00:00.000001", "\"x\"");
    /* set again to what it is: no break */
    world_has(w, "again", "s", "2026-01-01", "\"x\"");
    world_has(w, "again", "s", "2026-03-30", "\"x\"");
    /* away and back; at one instant the last value counts */
    world_has(w, "back", "s", NULL, "\"x\"");
    world_has(w, "back", "s", "2026-03-28", "\"y\"");
    world_has(w, "back", "s", "2026-03-29", "\"x\"");
    world_has(w, "both", "s", NULL, "\"x\"");
    world_has(w, "both", "s", "2026-03-28", "\"y\"");
    world_has(w, "both", "s", "2026-03-28", "\"x\"");
    world_has(w, "both", "n", "2026-03-01", "1");
    world_has(w, "other", "s", NULL, "\"y\"");
    world_person(w, "none");
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

/* ---- a value of each unit ---------------------------------------------------------------- */

static void test_per_unit(void **state)
{
    static const world_value_case cases[] = {
        /* ann: 1 + 2 on the 1st, 5 on the 2nd, nothing on the 3rd, 4 on the 4th */
        {"avg(sum(e.n) per day)", "ann", NOON, "4"},
        {"min(sum(e.n) per day)", "ann", NOON, "3"},
        {"max(sum(e.n) per day)", "ann", NOON, "5"},
        {"sum(max(e.n) per day)", "ann", NOON, "11"},
        {"median(sum(e.n) per day)", "ann", NOON, "4"},
        {"quantile(sum(e.n) per day, 25%)", "ann", NOON, "3.5"},
        {"stddev(sum(e.n) per day)", "ann", NOON, "1"},
        {"range(sum(e.n) per day)", "ann", NOON, "2"},
        {"max(count(e) per day)", "ann", NOON, "2"},
        {"avg(avg(e.n) per day)", "ann", NOON, "3.5"},
        {"max(count(e where (n < 3)) per day)", "ann", NOON, "2"},
        {"sum(sum(e.n) per month)", "ann", NOON, "12"},
        {"max(count((e then e)) per day)", "ann", NOON, "1"},
        /* a window cuts days, and what is left of them counts */
        /* the newest of the kind, before any `where` */
        {"sum(count(e where (n < 3)) per day in last 1 e)", "ann", NOON, "0"},
        {"sum(count(e where (n < 3)) per day in last 3 e)", "ann", NOON, "1"},
        {"sum(count(e where (n < 3)) per day else 0 in last 2 e)", "ann", NOON, "0"},
        {"max(sum(e.n where (n < 3)) per day else 0 in last 1 e)", "ann", NOON,
         "missing"},
        {"min(sum(e.n where (n > 3)) per day in last 2 e)", "ann", NOON, "4"},
        /* the newest as of each event */
        {"let busy = max(count(e) per day in last 2 e)\n"
         "score s = sum(e.n where ((busy as of time) = 2))",
         "ann", NOON, "2"},
        {"let few = sum(count(e where (n < 3)) per day in last 2 e)\n"
         "score s = sum(e.n where ((few as of time) = 0))",
         "ann", NOON, "4"},
        {"avg(sum(e.n) per day since 2026-03-01T12:00)", "ann", NOON, "3.66666666666667"},
        {"min(sum(e.n) per day since 2026-03-01T12:00)", "ann", NOON, "2"},
        {"avg(sum(e.n) per day before 2026-03-02)", "ann", NOON, "3"},
        {"sum(count(e) per week since 2026-03-01T12:00)", "ann", NOON, "3"},
        {"max(count(e) per week since 2026-03-01T12:00)", "ann", NOON, "2"},
        {"avg(sum(e.n) per day since first e + 12 hours)", "ann", NOON,
         "3.66666666666667"},
        /* the same when another rule looks further back, at more of the day */
        {"score longer = sum(count(e) per day)\n"
         "score s = avg(sum(e.n) per day since 2026-03-01T12:00)",
         "ann", NOON, "3.66666666666667"},
        {"score longer = sum(count(e) per day since 2026-02-01T12:00)\n"
         "score s = min(sum(e.n) per day since 2026-03-01T12:00)",
         "ann", NOON, "2"},
        /* all days, from the window's start to now, or from the first event */
        {"avg(sum(e.n) per day else 0)", "ann", "2026-03-04T23:59:59.999999Z", "3"},
        {"avg(sum(e.n) per day else 0)", "ann", "2026-03-06T00:00:00Z", "2"},
        {"avg(sum(e.n) per day else 0 since 2026-02-27)", "ann", "2026-03-04T12:00:00Z",
         "2"},
        {"avg(sum(e.n) per day else 0 between 2026-03-01 and 2026-03-03)", "ann", NOON,
         "2.66666666666667"},
        {"min(sum(e.n) per day else 0)", "ann", NOON, "0"},
        {"min(sum(e.n) per day else 0)", "ann", "2026-03-02T12:00:00Z", "3"},
        {"max(sum(e.n) per day else 0)", "ann", NOON, "5"},
        {"sum(count(e) per day else 0)", "ann", NOON, "4"},
        {"avg(count(e) per day else 0 in last 2 full days)", "ann", NOON, "0"},
        /* below 0, the others are the greatest */
        {"max(sum(e.n) per day else 0)", "low", NOON, "0"},
        {"max(sum(e.n) per day)", "low", NOON, "-2"},
        /* a day whose sum is too large for a value is no day without events */
        {"min(sum(e.n) per day else 0)", "large", "2026-03-02T12:00:00Z", "3"},
        {"min(sum(e.n) per day else 0)", "large", "2026-03-03T12:00:00Z", "0"},
        {"max(sum(e.n) per day else 0)", "large", "2026-03-02T12:00:00Z", "3"},
        {"avg(sum(e.n) per day else 0)", "large", "2026-03-02T12:00:00Z", "1.5"},
        /* days are numbered from that one on */
        {"max(count(e) per day)", "old", NOON, "1"},
        /* of nothing */
        {"avg(sum(e.n) per day)", "none", NOON, "missing"},
        {"sum(sum(e.n) per day)", "none", NOON, "0"},
        {"max(count(e) per day)", "none", NOON, "missing"},
        {"avg(sum(e.n) per day else 0)", "none", NOON, "missing"},
        {"avg(sum(e.n) per day else 0 in last 90 days)", "none", NOON, "0"},
        /* an event without a value is one of its day, and adds nothing */
        {"avg(sum(e.n) per day)", "blank", NOON, "0"},
        {"avg(max(e.n) per day)", "blank", NOON, "missing"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "e", "n int");
    world_trait(w, "t", "int");
    world_did(w, "ann", "e", "2026-03-01T00:00", "n=1");
    world_did(w, "ann", "e", "2026-03-01T23:59:59.999999", "n=2");
    world_did(w, "ann", "e", "2026-03-02T00:00", "n=5");
    world_did(w, "ann", "e", "2026-03-04T10:00", "n=4");
    world_did(w, "low", "e", "2026-03-01T10:00", "n=-2");
    world_did(w, "large", "e", "2026-03-01T10:00:00Z", "n=9223372036854775807");
    world_did(w, "large", "e", "2026-03-01T11:00:00Z", "n=1");
    world_did(w, "large", "e", "2026-03-02T10:00:00Z", "n=3");
    world_did(w, "blank", "e", "2026-03-01T10:00", "");
    world_did(w, "old", "e", "1970-01-01T10:00", "n=1");
    world_person(w, "none");
    world_check_values(w, cases, LENGTH(cases));
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conditions),      cmocka_unit_test(test_events),
        cmocka_unit_test(test_rolling_periods), cmocka_unit_test(test_full_periods),
        cmocka_unit_test(test_lasting),         cmocka_unit_test(test_per_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
