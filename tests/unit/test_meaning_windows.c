/* SPDX-License-Identifier: MIT
 *
 * What windows mean. Each row of the tables gives a window's two ends; people have an
 * event and a time trait on each end, one microsecond before it and one after it, and the
 * window is asked in every place where it may stand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "support/world.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

#define BERLIN    "Europe/Berlin"
#define SAO_PAULO "America/Sao_Paulo" /* its clocks changed at midnight */
#define APIA      "Pacific/Apia" /* UTC+13, +14 in summer; it had no 30 December 2011 */

typedef struct window_case {
    const char *zone;
    const char *now;
    const char *window;
    const char *edges; /* "[)": the first end belongs to it and the second does not */
    const char *from;  /* NULL: no such end */
    const char *to;
} window_case;

/* ---- people at the edges ------------------------------------------------------------- */

enum { MOST_PEOPLE = 12 };

/* Who did a visit, and has the trait, when. The last one has neither. */
typedef struct crowd {
    world *world;
    size_t count;
    int64_t times[MOST_PEOPLE];
    char ids[MOST_PEOPLE][8];
} crowd;

static void add_person(crowd *c, const char *id, int64_t time)
{
    world_value moment = {false, time, 0, NULL};
    size_t person = world_person(c->world, id);
    snprintf(c->ids[c->count], sizeof c->ids[0], "%s", id);
    c->times[c->count++] = time;
    world_add(c->world, (world_event){.person = person, .time = time});
    world_add(c->world, (world_event){.person = person,
                                      .is_trait = true,
                                      .time = TIME_MIN,
                                      .values = &moment});
}

/* Three people around an instant: "a0" just before, "a1" on it, "a2" just after. */
static void add_people_around(crowd *c, char letter, int64_t time)
{
    for (int i = 0; i < 3; i++) {
        char id[] = {letter, (char)('0' + i), '\0'};
        add_person(c, id, time + i - 1);
    }
}

static void crowd_init(crowd *c, const window_case *wc)
{
    *c = (crowd){.world = world_new(wc->zone)};
    world_kind(c->world, "visit", "");
    world_trait(c->world, "moment", "time");
    if (wc->from != NULL)
        add_people_around(c, 'a', world_time(c->world, wc->from));
    add_people_around(c, 'n', world_time(c->world, wc->now));
    if (wc->to != NULL)
        add_people_around(c, 't', world_time(c->world, wc->to));
    world_person(c->world, "z");
}

/* ---- asking ---------------------------------------------------------------------------- */

static bool is_inside(const crowd *c, const window_case *wc, int64_t time)
{
    int64_t from = wc->from == NULL ? INT64_MIN : world_time(c->world, wc->from);
    int64_t to = wc->to == NULL ? INT64_MAX : world_time(c->world, wc->to);
    bool is_late_enough = wc->edges[0] == '[' ? time >= from : time > from;
    bool is_early_enough = wc->edges[1] == ']' ? time <= to : time < to;
    return is_late_enough && is_early_enough;
}

/* Everyone whose time is inside; `sees_future`: also times after now. */
static void list_expected(const crowd *c, const window_case *wc, bool sees_future,
                          bool is_negated, text *out)
{
    int64_t now = world_time(c->world, wc->now);
    for (size_t i = 0; i < c->count; i++) {
        bool is_seen = sees_future || c->times[i] <= now;
        bool is_in = is_seen && is_inside(c, wc, c->times[i]);
        if (is_in != is_negated)
            text_append_format(out, "%s%s", out->size > 0 ? " " : "", c->ids[i]);
    }
    if (is_negated)
        text_append(out, " z");
}

static const struct position {
    const char *rule; /* %s: the window */
    bool sees_future, is_negated;
} positions[] = {
    {"did visit %s", false, false},
    {"did not visit %s", false, true},
    {"did visit at least once %s", false, false},
    {"did visit at most 0 times %s", false, true},
    {"count(visit %s) = 1", false, false},
    {"last visit %s", false, false},
    {"user.moment %s", true, false},
    {"not (user.moment %s)", true, true},
    {"user.moment not %s", true, true},
};

static size_t check_window(const window_case *wc)
{
    size_t wrong = 0;
    crowd c;
    crowd_init(&c, wc);
    for (size_t i = 0; i < LENGTH(positions); i++) {
        text expected;
        char condition[200], rules[300];
        text_init(&expected);
        list_expected(&c, wc, positions[i].sees_future, positions[i].is_negated,
                      &expected);
        snprintf(condition, sizeof condition, positions[i].rule, wc->window);
        snprintf(rules, sizeof rules, "segment s when %s", condition);
        char *members = world_members(c.world, rules, "s", wc->now);
        if (strcmp(members, expected.data) != 0) {
            wrong++;
            print_error("%s, %s at %s\n    is       %s\n    expected %s\n", condition,
                        wc->zone, wc->now, members, expected.data);
        }
        memory_free(members);
        text_done(&expected);
    }
    world_free(c.world);
    return wrong;
}

static void check_windows(const window_case *cases, size_t count)
{
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++)
        wrong += check_window(&cases[i]);
    assert_int_equal(wrong, 0);
}

/* ---- rolling windows ------------------------------------------------------------------- */

#define NOON "2026-03-31T12:00:00Z"

static void test_rolling(void **state)
{
    static const window_case cases[] = {
        /* in last D = after D ago = (now - D, now] */
        {BERLIN, NOON, "in last 30 days", "(]", "2026-03-01T12:00:00Z", NOON},
        {BERLIN, NOON, "in last 1 second", "(]", "2026-03-31T11:59:59Z", NOON},
        {BERLIN, NOON, "in last 90 minutes", "(]", "2026-03-31T10:30:00Z", NOON},
        {BERLIN, NOON, "in last 1 week", "(]", "2026-03-24T12:00:00Z", NOON},
        /* exact lengths: one day is 24 hours, also over a change of the clocks */
        {BERLIN, "2026-03-29T12:00:00Z", "in last 1 day", "(]", "2026-03-28T12:00:00Z",
         "2026-03-29T12:00:00Z"},
        {BERLIN, "2026-10-25T12:00:00Z", "in last 1 day", "(]", "2026-10-24T12:00:00Z",
         "2026-10-25T12:00:00Z"},
        /* in previous D = (now - 2D, now - D] */
        {BERLIN, NOON, "in previous 15 days", "(]", "2026-03-01T12:00:00Z",
         "2026-03-16T12:00:00Z"},
        {BERLIN, NOON, "in previous 1 hour", "(]", "2026-03-31T10:00:00Z",
         "2026-03-31T11:00:00Z"},
    };
    (void)state;
    check_windows(cases, LENGTH(cases));
}

/* Months, quarters and years: the local clock, clamped to the month's last day. */
static void test_rolling_months(void **state)
{
    static const window_case cases[] = {
        /* 31 March 14:00 summer time to 28 February 14:00 winter time */
        {BERLIN, NOON, "in last 1 month", "(]", "2026-02-28T13:00:00Z", NOON},
        {BERLIN, NOON, "in last 13 months", "(]", "2025-02-28T13:00:00Z", NOON},
        /* two months before 31 March, not one month before 28 February */
        {BERLIN, NOON, "in previous 1 month", "(]", "2026-01-31T13:00:00Z",
         "2026-02-28T13:00:00Z"},
        {BERLIN, NOON, "in last 1 quarter", "(]", "2025-12-31T13:00:00Z", NOON},
        {BERLIN, NOON, "in last 1 year", "(]", "2025-03-31T12:00:00Z", NOON},
        {BERLIN, "2028-02-29T12:00:00Z", "in last 1 year", "(]", "2027-02-28T12:00:00Z",
         "2028-02-29T12:00:00Z"},
        {BERLIN, "2028-02-29T12:00:00Z", "in last 4 years", "(]", "2024-02-29T12:00:00Z",
         "2028-02-29T12:00:00Z"},
        {BERLIN, "2029-02-28T12:00:00Z", "in last 1 year", "(]", "2028-02-28T12:00:00Z",
         "2029-02-28T12:00:00Z"},
        /* 29 March 2:30 does not exist: the instant of the jump */
        {BERLIN, "2026-04-29T00:30:00Z", "in last 1 month", "(]", "2026-03-29T01:00:00Z",
         "2026-04-29T00:30:00Z"},
        /* 25 October 2:30 is there twice: the earlier one */
        {BERLIN, "2026-11-25T01:30:00Z", "in last 1 month", "(]", "2026-10-25T00:30:00Z",
         "2026-11-25T01:30:00Z"},
        /* the local day decides: in UTC it is still 30 April, in Apia 1 May */
        {APIA, "2026-04-30T12:00:00Z", "in last 2 months", "(]", "2026-02-28T12:00:00Z",
         "2026-04-30T12:00:00Z"},
        {APIA, "2026-03-30T22:00:00Z", "in last 1 month", "(]", "2026-02-27T22:00:00Z",
         "2026-03-30T22:00:00Z"},
        /* 15 October 14:00 at +14 to 15 September 14:00 at +13 */
        {APIA, "2020-10-15T00:00:00Z", "in last 1 month", "(]", "2020-09-15T01:00:00Z",
         "2020-10-15T00:00:00Z"},
    };
    (void)state;
    check_windows(cases, LENGTH(cases));
}

static void test_instants(void **state)
{
    static const window_case cases[] = {
        {BERLIN, NOON, "after 30 days ago", "()", "2026-03-01T12:00:00Z", NULL},
        {BERLIN, NOON, "since 30 days ago", "[]", "2026-03-01T12:00:00Z", NOON},
        {BERLIN, NOON, "before 30 days ago", "()", NULL, "2026-03-01T12:00:00Z"},
        {BERLIN, NOON, "before now", "()", NULL, NOON},
        {BERLIN, NOON, "before 1 month ago", "()", NULL, "2026-02-28T13:00:00Z"},
        {BERLIN, NOON, "between 90 days ago and 30 days ago", "[]",
         "2025-12-31T12:00:00Z", "2026-03-01T12:00:00Z"},
        {BERLIN, NOON, "between 30 days ago and now", "[]", "2026-03-01T12:00:00Z", NOON},
        {BERLIN, NOON, "since 2026-03-02T10:00", "[]", "2026-03-02T09:00:00Z", NOON},
        {BERLIN, NOON, "after 2026-03-02T10:00", "()", "2026-03-02T09:00:00Z", NULL},
        {BERLIN, NOON, "before 2026-03-02T10:00:30.5Z", "()", NULL,
         "2026-03-02T10:00:30.5Z"},
        {BERLIN, NOON, "between 2026-03-02T10:00+01:00 and 2026-03-02T10:00Z", "[]",
         "2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z"},
        {BERLIN, NOON, "between 2026-03-02T10:00Z and 2026-03-02T10:00Z", "[]",
         "2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z"},
        {BERLIN, NOON, "at or after 30 days ago", "[)", "2026-03-01T12:00:00Z", NULL},
        {BERLIN, NOON, "at or after 2026-03-02T10:00Z", "[)", "2026-03-02T10:00:00Z",
         NULL},
        {BERLIN, NOON, "at or after now", "[)", NOON, NULL},
        {BERLIN, NOON, "at or after now + 1 day", "[)", "2026-04-01T12:00:00Z", NULL},
        {BERLIN, NOON, "until 30 days ago", "(]", NULL, "2026-03-01T12:00:00Z"},
        {BERLIN, NOON, "at or before 30 days ago", "(]", NULL, "2026-03-01T12:00:00Z"},
        {BERLIN, NOON, "until now", "(]", NULL, NOON},
        {BERLIN, NOON, "until 2026-03-02T10:00:30.5Z", "(]", NULL,
         "2026-03-02T10:00:30.5Z"},
        {BERLIN, NOON, "since now", "[]", NOON, NOON},
        {BERLIN, NOON, "since now - 3 days", "[]", "2026-03-28T12:00:00Z", NOON},
        {BERLIN, NOON, "between now - 1 month and now - 1 day", "[]",
         "2026-02-28T13:00:00Z", "2026-03-30T12:00:00Z"},
        /* the clock shows 2:30 twice: a time without a zone is the earlier one */
        {BERLIN, NOON, "since 2025-10-26T02:30", "[]", "2025-10-26T00:30:00Z", NOON},
    };
    (void)state;
    check_windows(cases, LENGTH(cases));
}

/* ---- dates stand for whole local days -------------------------------------------------- */

static void test_dates(void **state)
{
    static const window_case cases[] = {
        {BERLIN, NOON, "on 2026-03-01", "[)", "2026-02-28T23:00:00Z",
         "2026-03-01T23:00:00Z"},
        {BERLIN, NOON, "since 2026-03-01", "[]", "2026-02-28T23:00:00Z", NOON},
        {BERLIN, NOON, "at or after 2026-03-01", "[)", "2026-02-28T23:00:00Z", NULL},
        {BERLIN, NOON, "until 2026-03-01", "()", NULL, "2026-03-01T23:00:00Z"},
        {BERLIN, NOON, "at or before 2026-03-29", "()", NULL, "2026-03-29T22:00:00Z"},
        {BERLIN, NOON, "after 2026-03-01", "[)", "2026-03-01T23:00:00Z", NULL},
        {BERLIN, NOON, "before 2026-03-01", "()", NULL, "2026-02-28T23:00:00Z"},
        {BERLIN, NOON, "between 2026-03-01 and 2026-03-02", "[)", "2026-02-28T23:00:00Z",
         "2026-03-02T23:00:00Z"},
        {BERLIN, NOON, "between 2026-03-01 and 2026-03-01", "[)", "2026-02-28T23:00:00Z",
         "2026-03-01T23:00:00Z"},
        {BERLIN, NOON, "between 2026-03-01 and 2026-03-02T10:00", "[]",
         "2026-02-28T23:00:00Z", "2026-03-02T09:00:00Z"},
        {BERLIN, NOON, "between 2026-03-01T10:00 and 2026-03-02", "[)",
         "2026-03-01T09:00:00Z", "2026-03-02T23:00:00Z"},
        {BERLIN, NOON, "between 2026-03-01 and now", "[]", "2026-02-28T23:00:00Z", NOON},
        /* days of 23 and of 25 hours */
        {BERLIN, NOON, "on 2026-03-29", "[)", "2026-03-28T23:00:00Z",
         "2026-03-29T22:00:00Z"},
        {BERLIN, NOON, "on 2025-10-26", "[)", "2025-10-25T22:00:00Z",
         "2025-10-26T23:00:00Z"},
        {BERLIN, "2028-03-05T12:00:00Z", "on 2028-02-29", "[)", "2028-02-28T23:00:00Z",
         "2028-02-29T23:00:00Z"},
        /* a day that begins at 1:00, and one whose last hour comes twice */
        {SAO_PAULO, NOON, "on 2018-11-04", "[)", "2018-11-04T03:00:00Z",
         "2018-11-05T02:00:00Z"},
        {SAO_PAULO, NOON, "on 2018-02-17", "[)", "2018-02-17T02:00:00Z",
         "2018-02-18T03:00:00Z"},
        {SAO_PAULO, NOON, "after 2018-02-17", "[)", "2018-02-18T03:00:00Z", NULL},
        {SAO_PAULO, NOON, "before 2018-11-04", "()", NULL, "2018-11-04T03:00:00Z"},
        {APIA, NOON, "on 2026-03-02", "[)", "2026-03-01T11:00:00Z",
         "2026-03-02T11:00:00Z"},
        {APIA, NOON, "on 2020-09-27", "[)", "2020-09-26T11:00:00Z",
         "2020-09-27T10:00:00Z"},
        {APIA, NOON, "on 2021-04-04", "[)", "2021-04-03T10:00:00Z",
         "2021-04-04T11:00:00Z"},
        /* the day that was left out has no instant */
        {APIA, NOON, "on 2011-12-30", "[)", "2011-12-30T10:00:00Z",
         "2011-12-30T10:00:00Z"},
        {APIA, NOON, "between 2011-12-29 and 2011-12-31", "[)", "2011-12-29T10:00:00Z",
         "2011-12-31T10:00:00Z"},
    };
    (void)state;
    check_windows(cases, LENGTH(cases));
}

/* ---- calendar units -------------------------------------------------------------------- */

#define SUNDAY_NOON "2026-03-29T12:00:00Z" /* the clocks went forward at night */

static void test_days(void **state)
{
    static const window_case cases[] = {
        {BERLIN, SUNDAY_NOON, "today", "[)", "2026-03-28T23:00:00Z",
         "2026-03-29T22:00:00Z"},
        {BERLIN, SUNDAY_NOON, "in this day", "[)", "2026-03-28T23:00:00Z",
         "2026-03-29T22:00:00Z"},
        {BERLIN, SUNDAY_NOON, "yesterday", "[)", "2026-03-27T23:00:00Z",
         "2026-03-28T23:00:00Z"},
        {BERLIN, "2026-03-30T12:00:00Z", "yesterday", "[)", "2026-03-28T23:00:00Z",
         "2026-03-29T22:00:00Z"},
        {BERLIN, SUNDAY_NOON, "in last full day", "[)", "2026-03-27T23:00:00Z",
         "2026-03-28T23:00:00Z"},
        {BERLIN, SUNDAY_NOON, "in last 7 full days", "[)", "2026-03-21T23:00:00Z",
         "2026-03-28T23:00:00Z"},
        {BERLIN, "2026-03-31T12:00:00Z", "in last 2 full days", "[)",
         "2026-03-28T23:00:00Z", "2026-03-30T22:00:00Z"},
        /* the very first instant of a day is in it */
        {BERLIN, "2026-03-28T23:00:00Z", "today", "[)", "2026-03-28T23:00:00Z",
         "2026-03-29T22:00:00Z"},
        {BERLIN, "2026-03-28T22:59:59.999999Z", "today", "[)", "2026-03-27T23:00:00Z",
         "2026-03-28T23:00:00Z"},
        {APIA, "2026-03-02T12:00:00Z", "today", "[)", "2026-03-02T11:00:00Z",
         "2026-03-03T11:00:00Z"},
        {APIA, "2020-09-27T00:00:00Z", "today", "[)", "2020-09-26T11:00:00Z",
         "2020-09-27T10:00:00Z"},
        {SAO_PAULO, "2018-02-18T02:30:00Z", "today", "[)", "2018-02-17T02:00:00Z",
         "2018-02-18T03:00:00Z"},
        {SAO_PAULO, "2018-02-18T12:00:00Z", "yesterday", "[)", "2018-02-17T02:00:00Z",
         "2018-02-18T03:00:00Z"},
    };
    (void)state;
    check_windows(cases, LENGTH(cases));
}

static void test_units(void **state)
{
    static const window_case cases[] = {
        /* weeks begin on Monday: Sunday is the last day of this one */
        {BERLIN, SUNDAY_NOON, "in this week", "[)", "2026-03-22T23:00:00Z",
         "2026-03-29T22:00:00Z"},
        {BERLIN, "2026-03-29T22:00:00Z", "in this week", "[)", "2026-03-29T22:00:00Z",
         "2026-04-05T22:00:00Z"},
        {BERLIN, SUNDAY_NOON, "in last full week", "[)", "2026-03-15T23:00:00Z",
         "2026-03-22T23:00:00Z"},
        {BERLIN, SUNDAY_NOON, "in last 2 full weeks", "[)", "2026-03-08T23:00:00Z",
         "2026-03-22T23:00:00Z"},
        /* not cut: what is planned for later this month is in it */
        {BERLIN, SUNDAY_NOON, "in this month", "[)", "2026-02-28T23:00:00Z",
         "2026-03-31T22:00:00Z"},
        {BERLIN, SUNDAY_NOON, "in last full month", "[)", "2026-01-31T23:00:00Z",
         "2026-02-28T23:00:00Z"},
        {BERLIN, "2028-03-31T12:00:00Z", "in last full month", "[)",
         "2028-01-31T23:00:00Z", "2028-02-29T23:00:00Z"},
        {BERLIN, SUNDAY_NOON, "in last 3 full months", "[)", "2025-11-30T23:00:00Z",
         "2026-02-28T23:00:00Z"},
        {BERLIN, SUNDAY_NOON, "in this quarter", "[)", "2025-12-31T23:00:00Z",
         "2026-03-31T22:00:00Z"},
        {BERLIN, SUNDAY_NOON, "in last full quarter", "[)", "2025-09-30T22:00:00Z",
         "2025-12-31T23:00:00Z"},
        {BERLIN, SUNDAY_NOON, "in this year", "[)", "2025-12-31T23:00:00Z",
         "2026-12-31T23:00:00Z"},
        {BERLIN, SUNDAY_NOON, "in last full year", "[)", "2024-12-31T23:00:00Z",
         "2025-12-31T23:00:00Z"},
        /* in UTC it is still February */
        {APIA, "2026-02-28T11:00:00Z", "in this month", "[)", "2026-02-28T11:00:00Z",
         "2026-03-31T11:00:00Z"},
        {APIA, "2026-02-28T10:59:59.999999Z", "in this month", "[)",
         "2026-01-31T11:00:00Z", "2026-02-28T11:00:00Z"},
        {APIA, "2020-10-10T00:00:00Z", "in last full month", "[)", "2020-08-31T11:00:00Z",
         "2020-09-30T10:00:00Z"},
        /* the week without a Friday */
        {APIA, "2011-12-31T12:00:00Z", "in this week", "[)", "2011-12-26T10:00:00Z",
         "2012-01-01T10:00:00Z"},
        {SAO_PAULO, "2018-11-10T12:00:00Z", "in last full week", "[)",
         "2018-10-29T03:00:00Z", "2018-11-05T02:00:00Z"},
    };
    (void)state;
    check_windows(cases, LENGTH(cases));
}

/* "weeks start on Monday unless the YAML says otherwise" */
static void test_week_start(void **state)
{
    static const world_case cases[] = {
        {"did visit in this week", "2026-03-29T12:00:00Z", "sunday"},
        {"did visit in last full week", "2026-03-29T12:00:00Z", "monday saturday"},
        {"weeks_with(visit) = 1", "2026-03-29T12:00:00Z", "monday saturday sunday"},
        {"weeks_with((visit or look)) = 1", "2026-03-29T12:00:00Z",
         "both monday saturday sunday"},
    };
    world *w = world_new("UTC");
    (void)state;
    w->week_start = SUNDAY;
    world_kind(w, "visit", "");
    world_kind(w, "look", "");
    world_did(w, "monday", "visit", "2026-03-23T12:00:00Z", "");
    world_did(w, "saturday", "visit", "2026-03-28T23:59:59.999999Z", "");
    world_did(w, "sunday", "visit", "2026-03-29T00:00:00Z", "");
    world_did(w, "both", "look", "2026-03-22T00:00:00Z", "");
    world_did(w, "both", "look", "2026-03-28T12:00:00Z", "");
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

static void add_start(world *w, const char *id, const char *at)
{
    world_value start = {false, world_time(w, at), 0, NULL};
    world_add(w, (world_event){.person = world_person(w, id),
                               .is_trait = true,
                               .time = TIME_MIN,
                               .values = &start});
}

/* Days of a window with more rows than days: sets of days, which span what the instants of the
 * window do; or, when its ends are a person's own, what its rows do. */
static void test_days_in_windows(void **state)
{
    static const char now[] = "2026-03-29T12:00:00Z", midnight[] = "2026-03-29T00:00:00Z";
    static const world_case cases[] = {
        {"days_with(visit) = 20", now, "often"},
        {"days_with(visit) = 1", now, "once"},
        {"days_with(visit since 3 days ago) = 4", now, "often"},
        {"days_with(visit since user.start) = 4", now, "often"},
        {"days_with((visit or look) since 3 days ago) = 4", now, "often"},
        {"days_with(visit since 3 days ago) = 4", midnight, "often"},
        {"days_with(visit since 5 days ago before 2 days ago) = 3", midnight, "often"},
        {"days_with(visit since 7 days ago before 2 days ago) = 6", now, "often"},
        {"days_with(visit before 7 days ago) = 13", now, "often"},
        {"days_with((visit or look) before 7 days ago) = 14", now, "often"},
        {"days_with((visit or look) before 7 days ago) = 1", now, "once"},
        {"days_with(visit at least 12 times before 7 days ago) = 13", now, "often"},
        {"days_with(visit at least 13 times before 7 days ago) = 12", now, "often"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "visit", "");
    world_kind(w, "look", "");
    world_trait(w, "start", "time");
    for (int hour = 0; hour < 19 * 24 + 12; hour++) {
        char at[32];
        snprintf(at, sizeof at, "2026-03-%02dT%02d:00:00Z", 10 + hour / 24, hour % 24);
        world_did(w, "often", "visit", at, "");
    }
    world_did(w, "often", "look", "2026-03-02T00:00:00Z", "");
    world_did(w, "once", "visit", "2026-03-01T12:00:00Z", "");
    add_start(w, "often", "2026-03-26T12:00:00Z");
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

/* ---- windows of time values ------------------------------------------------------------ */

/* in next D mirrors in last D; it sees times that are still to come. */
static void test_next(void **state)
{
    static const world_case cases[] = {
        {"user.moment in next 1 day", NOON, "b1 b2 b3 n2"},
        {"user.moment not in next 1 day", NOON, "b4 n0 n1 z"},
        {"user.moment in next 1 month", NOON, "b1 b2 b3 b4 n2"},
        {"user.moment in next 1 minute", NOON, "n2"},
        {"user.moment tomorrow", NOON, "b1 b2 b3 b4"},
        {"user.moment in next full day", NOON, "b1 b2 b3 b4"},
        {"user.moment in next 1 full day", NOON, "b1 b2 b3 b4"},
        {"user.moment in next full month", NOON, "b1 b2 b3 b4"},
        {"user.moment in next full week", NOON, ""},
        {"user.moment in next full hour", NOON, ""},
        {"user.moment in next 10 full hours", NOON, "b1"},
        {"user.moment after now", NOON, "b1 b2 b3 b4 n2"},
        {"user.moment at or after now", NOON, "b1 b2 b3 b4 n1 n2"},
        {"user.moment since now", NOON, "n1"},
        {"user.moment until now", NOON, "n0 n1"},
        {"user.moment before now", NOON, "n0"},
        /* several: all must hold, and a `not` negates them together */
        {"user.moment after now before now + 1 day", NOON, "b1 b2 n2"},
        {"user.moment at or after now until now + 1 day", NOON, "b1 b2 b3 n1 n2"},
        {"user.moment not after now before now + 1 day", NOON, "b3 b4 n0 n1 z"},
        {"not (user.moment after now before now + 1 day)", NOON, "b3 b4 n0 n1 z"},
        {"user.moment tomorrow in next 1 day after now", NOON, "b1 b2 b3"},
        {"user.moment since 1 minute ago before now", NOON, "n0"},
    };
    world *w = world_new(BERLIN);
    (void)state;
    world_trait(w, "moment", "time");
    world_has(w, "n0", "moment", NULL, "2026-03-31T11:59:59.999999Z");
    world_has(w, "n1", "moment", NULL, "2026-03-31T12:00:00Z");
    world_has(w, "n2", "moment", NULL, "2026-03-31T12:00:00.000001Z");
    world_has(w, "b1", "moment", NULL, "2026-03-31T22:00:00Z");
    world_has(w, "b2", "moment", NULL, "2026-04-01T11:59:59.999999Z");
    world_has(w, "b3", "moment", NULL, "2026-04-01T12:00:00Z");
    world_has(w, "b4", "moment", NULL, "2026-04-01T12:00:00.000001Z");
    world_person(w, "z");
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

/* A date is in a rolling window when any instant of its day is. */
static void test_date_values(void **state)
{
    /* now is 14:00 of the 31st in Berlin; a day that touches the window counts. */
    static const world_case cases[] = {
        {"user.day in last 1 day", NOON, "d30 d31"},
        {"user.day in last 2 days", NOON, "d29 d30 d31"},
        {"user.day in last 1 hour", NOON, "d31"},
        {"user.day in next 1 day", NOON, "a01 d31"},
        {"user.day in next 2 hours", NOON, "d31"},
        {"user.day in next 10 hours", NOON, "a01 d31"},
        {"user.day in next 599 minutes", NOON, "d31"},
        {"user.day in previous 1 day", NOON, "d29 d30"},
        {"user.day in last 1 month", NOON, "d28 d29 d30 d31 f28"},
        {"user.day before now", NOON, "d28 d29 d30 d31 f28"},
        {"user.day since now", NOON, "d31"},
        {"user.day at or after now", NOON, "a01 a02 d31"},
        {"user.day until now", NOON, "d28 d29 d30 d31 f28"},
        {"user.day after now", NOON, "a01 a02 d31"},
        {"user.day after 2 days ago", NOON, "a01 a02 d29 d30 d31"},
        {"user.day between 2 days ago and 1 day ago", NOON, "d29 d30"},
        {"user.day between 2026-03-29T22:00Z and 2026-03-30T22:00Z", NOON, "d30 d31"},
        {"user.day between 2026-03-29T21:59:59.999999Z and 2026-03-30T21:59:59.999999Z",
         NOON, "d29 d30"},
        /* at the last microsecond of a day and the first of the next */
        {"user.day in last 1 day", "2026-03-30T21:59:59.999999Z", "d30"},
        {"user.day in last 1 day", "2026-03-30T22:00:00Z", "d30 d31"},
        {"user.day in next 1 day", "2026-03-30T21:59:59.999999Z", "d31"},
        {"user.day in next 1 day", "2026-03-30T22:00:00Z", "a01 d31"},
        /* days and calendar units */
        {"user.day today", NOON, "d31"},
        {"user.day yesterday", NOON, "d30"},
        {"user.day in this month", NOON, "d28 d29 d30 d31"},
        {"user.day in last full month", NOON, "f28"},
        {"user.day in this week", NOON, "a01 a02 d30 d31"},
        {"user.day in last full week", NOON, "d28 d29"},
        {"user.day in last 2 full days", NOON, "d29 d30"},
        {"user.day on 2026-03-29", NOON, "d29"},
        {"user.day since 2026-03-29", NOON, "d29 d30 d31"},
        {"user.day at or after 2026-03-29", NOON, "a01 a02 d29 d30 d31"},
        {"user.day until 2026-03-29", NOON, "d28 d29 f28"},
        {"user.day at or before 2026-03-29", NOON, "d28 d29 f28"},
        {"user.day tomorrow", NOON, "a01"},
        {"user.day in next full day", NOON, "a01"},
        {"user.day in next 2 full days", NOON, "a01 a02"},
        {"user.day in next full month", NOON, "a01 a02"},
        {"user.day in next full week", NOON, ""},
        {"user.day in next 2 full quarters", NOON, "a01 a02"},
        {"user.day since 2026-03-29 before 2026-03-31", NOON, "d29 d30"},
        {"user.day not since 2026-03-29 before 2026-03-31", NOON,
         "a01 a02 d28 d31 f28 z"},
        /* a day that is not over is on both sides of now */
        {"user.day in last 1 day in next 1 day", NOON, "d31"},
        {"user.day after 2026-03-29", NOON, "a01 a02 d30 d31"},
        {"user.day before 2026-03-29", NOON, "d28 f28"},
        {"user.day between 2026-03-29 and 2026-03-30", NOON, "d29 d30"},
        {"user.day not between 2026-03-29 and 2026-03-30", NOON, "a01 a02 d28 d31 f28 z"},
        {"not (user.day in last 1 day)", NOON, "a01 a02 d28 d29 f28 z"},
    };
    world *w = world_new(BERLIN);
    (void)state;
    world_trait(w, "day", "date");
    world_has(w, "f28", "day", NULL, "2026-02-28");
    world_has(w, "d28", "day", NULL, "2026-03-28");
    world_has(w, "d29", "day", NULL, "2026-03-29");
    world_has(w, "d30", "day", NULL, "2026-03-30");
    world_has(w, "d31", "day", NULL, "2026-03-31");
    world_has(w, "a01", "day", NULL, "2026-04-01");
    world_has(w, "a02", "day", NULL, "2026-04-02");
    world_person(w, "z");
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

/* Ends that are values of the person; on a missing instant a window holds for nothing. */
static void test_ends_of_a_person(void **state)
{
    static const world_case cases[] = {
        {"did visit since user.joined", NOON, "both on"},
        {"did visit after user.joined", NOON, "both"},
        {"did visit before user.joined", NOON, "both early"},
        {"did not visit since user.joined", NOON, "early lost nobody"},
        {"did visit at most 0 times before user.joined", NOON, "lost nobody on"},
        {"did visit at or after user.joined", NOON, "both on"},
        {"did visit until user.joined", NOON, "both early on"},
        {"did visit until user.day", NOON, "both early on"},
        {"did visit since user.joined until user.joined + 1 day", NOON, "on"},
        {"last visit since user.joined until user.joined + 1 day", NOON, "on"},
        {"last visit not since user.joined until user.joined + 1 day", NOON,
         "both early lost nobody"},
        {"did visit where (time since user.joined)", NOON, "both on"},
        {"did visit where (time until user.joined)", NOON, "both early on"},
        {"did visit where (time since user.joined + 1 hour)", NOON, "both"},
        {"did visit where (time since user.joined until user.joined + 1 hour)", NOON,
         "on"},
        {"did visit where (time not since user.joined)", NOON, "both early lost"},
        {"did visit where (not (time since user.joined))", NOON, "both early lost"},
        {"did visit where (time since user.joined or time until user.joined)", NOON,
         "both early on"},
        {"did visit where (if nth = 1 then time until user.joined else time since now)",
         NOON, "both early on"},
        {"did visit where (time since user.joined >= 0 days)", NOON, "both early on"},
        {"did visit between user.joined and user.joined + 1 day", NOON, "on"},
        {"did visit between user.joined and user.left", NOON, ""},
        {"did not visit between user.joined and user.left", NOON,
         "both early lost nobody on"},
        {"user.joined since first visit", NOON, "both early on"},
        {"user.joined after first visit", NOON, "both early"},
        /* the whole day of a date */
        {"did visit since user.day", NOON, "both on"},
        {"did visit after user.day", NOON, "both"},
        {"did visit before user.day", NOON, "both early"},
        {"count(visit since user.joined) >= 1", NOON, "both on"},
        {"last visit before user.joined", NOON, "early"},
        {"last visit not before user.joined", NOON, "both lost nobody on"},
        {"last visit not since user.joined", NOON, "early lost nobody"},
    };
    world *w = world_new(BERLIN);
    (void)state;
    world_kind(w, "visit", "");
    world_trait(w, "joined", "time");
    world_trait(w, "left", "time");
    world_trait(w, "day", "date");
    static const char *const people[] = {"on", "early", "both"};
    for (size_t i = 0; i < LENGTH(people); i++) {
        world_has(w, people[i], "joined", NULL, "2026-03-01T10:00:00Z");
        world_has(w, people[i], "day", NULL, "2026-03-01");
    }
    world_did(w, "on", "visit", "2026-03-01T10:00:00Z", "");
    world_did(w, "early", "visit", "2026-02-28T22:59:59.999999Z", "");
    world_did(w, "both", "visit", "2026-02-28T22:59:59.999999Z", "");
    world_did(w, "both", "visit", "2026-03-02T23:00:00Z", "");
    world_did(w, "lost", "visit", "2026-03-02T10:00:00Z", ""); /* never joined */
    world_person(w, "nobody");
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

/* Several windows: all must hold. */
static void test_several_windows(void **state)
{
    static const world_case cases[] = {
        {"did visit in last 30 days before 2026-03-20", NOON, "old"},
        {"did visit in last 30 days in this week", NOON, "new twice"},
        {"last visit in last 30 days before now", NOON, "old"},
        {"last visit not in last 30 days before now", NOON, "new twice"},
        {"first visit since 2026-03-10 until 2026-03-30", NOON, "new old"},
        {"first visit after 2026-03-10T12:00Z before 2026-03-30T12:00Z", NOON, ""},
        {"count(visit in last 30 days since 2026-03-20) = 1", NOON, "twice"},
        {"did visit at least twice in last 60 days before now", NOON, "twice"},
        {"did visit in last 60 days at least twice before now", NOON, "twice"},
        {"did not visit in last 30 days before 2026-03-20", NOON, "new twice"},
    };
    world *w = world_new(BERLIN);
    (void)state;
    world_kind(w, "visit", "");
    world_did(w, "old", "visit", "2026-03-10T12:00:00Z", "");
    world_did(w, "new", "visit", "2026-03-30T12:00:00Z", "");
    world_did(w, "new", "visit", NOON, "");
    world_did(w, "twice", "visit", "2026-02-10T12:00:00Z", "");
    world_did(w, "twice", "visit", "2026-02-10T12:00:00Z", "");
    world_did(w, "twice", "visit", NOON, "");
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

/* A window belongs to the `did` or the aggregate it stands in. */
static void test_window_reach(void **state)
{
    static const world_case cases[] = {
        {"did visit in last 1 day and did visit", NOON, "new"},
        {"did visit in last 1 day or did visit", NOON, "new old"},
        {"did visit and did visit in last 1 day", NOON, "new"},
        {"count(visit) > count(visit in last 1 day)", NOON, "old"},
    };
    world *w = world_new(BERLIN);
    (void)state;
    world_kind(w, "visit", "");
    world_did(w, "old", "visit", "2026-03-10T12:00:00Z", "");
    world_did(w, "new", "visit", "2026-03-31T11:00:00Z", "");
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

/* Ends that each row has for itself go forward, back, or stay, by little or by much. */
static void test_ends_of_rows(void **state)
{
#define SEEN "let seen = count(a)\nsegment s when count(b where (seen as of due = "
    static const world_case cases[] = {
        {SEEN "9)) = 1", NOON, "ann"}, {SEEN "8)) = 2", NOON, "ann"},
        {SEEN "7)) = 2", NOON, "ann"}, {SEEN "2)) = 1", NOON, "ann"},
        {SEEN "1)) = 1", NOON, "ann"}, {SEEN "0)) = 1", NOON, "ann"},
    };
    static const char *const
        dues[] = {"2026-03-12T00:00:00Z",
                  "2026-03-08T23:59:59.999999Z", /* a microsecond before the last one */
                  "2026-03-02T00:00:00Z",
                  "2026-03-01T12:00:00Z",
                  "2026-02-01T00:00:00Z",
                  "2026-03-07T12:00:00Z",
                  "2026-03-07T12:00:00Z",
                  "2026-03-08T00:00:00Z"};
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "a", "");
    world_kind(w, "b", "due time");
    for (int day = 1; day <= 9; day++) {
        char at[32];
        snprintf(at, sizeof at, "2026-03-%02dT00:00:00Z", day);
        world_did(w, "ann", "a", at, "");
    }
    for (int i = 0; i < (int)LENGTH(dues); i++) {
        char at[32], due[64];
        snprintf(at, sizeof at, "2026-03-%02dT00:00:00Z", 20 + i);
        snprintf(due, sizeof due, "due=%s", dues[i]);
        world_did(w, "ann", "b", at, due);
    }
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rolling),
        cmocka_unit_test(test_rolling_months),
        cmocka_unit_test(test_instants),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_days),
        cmocka_unit_test(test_units),
        cmocka_unit_test(test_week_start),
        cmocka_unit_test(test_days_in_windows),
        cmocka_unit_test(test_next),
        cmocka_unit_test(test_date_values),
        cmocka_unit_test(test_ends_of_a_person),
        cmocka_unit_test(test_several_windows),
        cmocka_unit_test(test_window_reach),
        cmocka_unit_test(test_ends_of_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
