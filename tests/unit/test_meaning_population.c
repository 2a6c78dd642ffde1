/* SPDX-License-Identifier: MIT
 *
 * What needs the others or the past: rankings, members as values, judgements by the month,
 * splits; and the parts of the calendar that have names: anniversaries and occasions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "support/world.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define NOON          "2026-03-31T12:00:00Z"

/* ---- rankings -------------------------------------------------------------------------- */

/* p01 to p10 have 10 to 100 points; two more tie with p05 and p10; `none` has no points. */
static world *ranked(void)
{
    world *w = world_new("UTC");
    world_trait(w, "points", "int");
    world_trait(w, "good", "bool");
    for (int i = 1; i <= 10; i++) {
        char id[16], points[16];
        snprintf(id, sizeof id, "p%02d", i);
        snprintf(points, sizeof points, "%d", i * 10);
        world_has(w, id, "points", NULL, points);
        world_has(w, id, "good", NULL, i % 2 == 0 ? "true" : "false");
    }
    world_has(w, "t05", "points", NULL, "50");
    world_has(w, "t10", "points", NULL, "100");
    world_person(w, "none");
    return w;
}

static void test_ranks(void **state)
{
    /* from the top: p10 t10 p09 p08 p07 p06 p05 t05 p04 p03 p02 p01 */
    static const world_value_case cases[] = {
        {"rank(user.points)", "p10", NOON, "1"},
        {"rank(user.points)", "t10", NOON, "1"},
        {"rank(user.points)", "p09", NOON, "3"},
        {"rank(user.points)", "p05", NOON, "7"},
        {"rank(user.points)", "t05", NOON, "7"},
        {"rank(user.points)", "p04", NOON, "9"},
        {"rank(user.points)", "p01", NOON, "12"},
        {"rank(user.points)", "none", NOON, "missing"},
        {"rank(-user.points)", "p01", NOON, "1"},
        {"ntile(3, user.points)", "p01", NOON, "1"},
        {"ntile(3, user.points)", "p04", NOON, "1"}, /* 1 + floor(3 * 3 / 12) */
        {"ntile(3, user.points)", "p05", NOON, "2"},
        {"ntile(3, user.points)", "t05", NOON, "2"},
        {"ntile(3, user.points)", "p07", NOON, "2"}, /* 7 smaller: 1 + floor(21 / 12) */
        {"ntile(3, user.points)", "p08", NOON, "3"},
        {"ntile(3, user.points)", "t10", NOON, "3"},
        {"ntile(3, user.points)", "none", NOON, "missing"},
        {"ntile(100, user.points)", "p02", NOON, "9"}, /* 1 + floor(100 / 12) */
        {"percentile(user.points)", "p01", NOON, "0"},
        {"percentile(user.points)", "p04", NOON, "25"},
        {"percentile(user.points)", "p10", NOON, "83.3333333333333"},
        {"percentile(user.points)", "none", NOON, "missing"},
        /* among: only they take part */
        {"rank(user.points among even)\nsegment even when user.good", "p08", NOON, "2"},
        {"rank(user.points among even)\nsegment even when user.good", "p09", NOON,
         "missing"},
        {"ntile(2, user.points among even)\nsegment even when user.good", "p06", NOON,
         "1"},
        {"ntile(5, user.points among even)\nsegment even when user.good", "p06", NOON,
         "3"},
    };
    world *w = ranked();
    (void)state;
    world_check_values(w, cases, LENGTH(cases));
    world_free(w);
}

static void test_top(void **state)
{
    static const world_case cases[] = {
        {"user.points in top 1", NOON, "p10 t10"}, /* ties are in together */
        {"user.points in top 2", NOON, "p10 t10"},
        {"user.points in top 3", NOON, "p09 p10 t10"},
        {"user.points in bottom 1", NOON, "p01"},
        {"user.points in bottom 5", NOON, "p01 p02 p03 p04 p05 t05"},
        {"user.points in top 100", NOON,
         "p01 p02 p03 p04 p05 p06 p07 p08 p09 p10 t05 t10"},
        {"user.points in top 25%", NOON, "p09 p10 t10"}, /* 3 of 12 */
        {"user.points in top half", NOON, "p06 p07 p08 p09 p10 t10"},
        {"user.points in bottom third", NOON, "p01 p02 p03 p04"},
        {"user.points in bottom quarter", NOON, "p01 p02 p03"},
        {"user.points in top 100%", NOON,
         "p01 p02 p03 p04 p05 p06 p07 p08 p09 p10 t05 t10"},
        {"user.points not in top half", NOON, "none p01 p02 p03 p04 p05 t05"},
        {"not (user.points in top half)", NOON, "none p01 p02 p03 p04 p05 t05"},
        {"segment s when user.points in top 1 among even\nsegment even when user.good",
         NOON, "p10"},
        {"segment s when user.points in top 2 among odd\n"
         "segment odd when user.good = false",
         NOON, "p07 p09"},
        /* a ranking without `among` ranks everyone, whatever the rule's own `among` */
        {"segment s among odd when user.points in top 3\n"
         "segment odd when user.good = false",
         NOON, "p09"},
    };
    world *w = ranked();
    (void)state;
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

/* Values whose order takes many digits, signs and both zeros to tell; several people share
 * each, and some have none. */
static const char *const spread_values[] = {"-1000000000000.5",
                                            "-70000.25",
                                            "-256.5",
                                            "-1.5",
                                            "-0.25",
                                            "-0.0",
                                            "0.0",
                                            "0.0000000001",
                                            "0.25",
                                            "1.5",
                                            "255.5",
                                            "256.5",
                                            "1.0",
                                            "65536.5",
                                            "16777216.5",
                                            "4294967296.5",
                                            NULL,
                                            "1000000000000.5"};

enum { SPREAD_PEOPLE = 300, PLACES = 3, SPREAD_VALUES = LENGTH(spread_values) };

static size_t spread_value_of(size_t person)
{
    return person * 7919 % SPREAD_VALUES;
}

static world *spread(void)
{
    world *w = world_new("UTC");
    world_trait(w, "weight", "number");
    world_trait(w, "place", "string");
    for (size_t i = 0; i < SPREAD_PEOPLE; i++) {
        char id[16], place[16];
        snprintf(id, sizeof id, "p%03zu", i);
        snprintf(place, sizeof place, "\"place %zu\"", i % PLACES);
        world_has(w, id, "place", NULL, place);
        if (spread_values[spread_value_of(i)])
            world_has(w, id, "weight", NULL, spread_values[spread_value_of(i)]);
    }
    return w;
}

/* 1 + how many others, of the same place when `within`, have more than a person. */
static int64_t expected_rank(size_t person, bool within)
{
    double own = strtod(spread_values[spread_value_of(person)], NULL);
    int64_t rank = 1;
    for (size_t i = 0; i < SPREAD_PEOPLE; i++) {
        const char *other = spread_values[spread_value_of(i)];
        if (other && (!within || i % PLACES == person % PLACES))
            rank += strtod(other, NULL) > own;
    }
    return rank;
}

static void test_ranks_of_many(void **state)
{
    world *w = spread();
    world_rules *r = world_compile(w, "score of_all = rank(user.weight)\n"
                                      "score of_place = rank(user.weight within each "
                                      "user.place)\n");
    store *s = world_store(w);
    (void)state;
    assert_string_equal(r->messages ? r->messages : "", "");
    run_result *result = world_run(w, r, s, world_time(w, NOON), 2, 64);
    for (size_t score = 0; score < 2; score++) {
        const int64_t *ranks = result->scores[score].values;
        for (size_t i = 0; i < SPREAD_PEOPLE; i++) {
            bool has_value = spread_values[spread_value_of(i)] != NULL;
            assert_int_equal(bitmap_get(result->scores[score].present, i), has_value);
            if (has_value)
                assert_int_equal(ranks[i], expected_rank(i, score == 1));
        }
    }
    run_result_free(result);
    store_free(s);
    world_rules_free(r);
    world_free(w);
}

/* ---- members as values ------------------------------------------------------------------ */

static void test_value_in_segment(void **state)
{
    static const world_case cases[] = {
        {"segment s when did refer where (friend in buyers)\nsegment buyers when did buy",
         NOON, "ann"},
        {"segment s when did refer where (friend not in buyers)\nsegment buyers when did "
         "buy",
         NOON, "ann dan"},
        {"segment s when distinct(refer.friend where (friend in buyers)) >= 2\n"
         "segment buyers when did buy",
         NOON, ""},
        {"segment s when count(refer where (friend in buyers)) = 2\n"
         "segment buyers when did buy",
         NOON, "ann"},
        {"segment s when user.mate in buyers\nsegment buyers when did buy", NOON,
         "bob cid"},
        {"segment s when user.mate not in buyers\nsegment buyers when did buy", NOON,
         "ann dan"},
        {"segment s when user.mate in g.a\ngroups g\n  a when did buy\n  b otherwise",
         NOON, "bob cid"},
        /* through two people */
        {"segment s when user.mate in b\nsegment b when user.mate in buyers\n"
         "segment buyers when did buy",
         NOON, "dan"},
        /* a value that is missing for everyone names nobody */
        {"segment s when last (refer.friend where (1 = 2)) in buyers\n"
         "segment buyers when did buy",
         NOON, ""},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "buy", "");
    world_kind(w, "refer", "friend person");
    world_trait(w, "mate", "person");
    world_did(w, "ann", "buy", "2026-03-01", "");
    world_did(w, "ann", "refer", "2026-03-02", "friend=\"ann\"");
    world_did(w, "ann", "refer", "2026-03-02", "friend=\"ann\"");
    world_did(w, "ann", "refer", "2026-03-03", "friend=\"stranger\"");
    world_did(w, "dan", "refer", "2026-03-03", "");
    world_has(w, "bob", "mate", NULL, "\"ann\"");
    world_has(w, "cid", "mate", NULL, "\"ann\"");
    world_has(w, "dan", "mate", NULL, "\"cid\"");
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

/* ---- judged by the month --------------------------------------------------------------- */

/* In when A holds, or when in at the judgement before and B holds; at each first instant. */
static void test_judged(void **state)
{
#define CLUB                                                                             \
    "segment s judged every month when count(buy in last 40 days) >= 2\n"                \
    "  stay while did buy in last 40 days"
    static const world_case cases[] = {
        {CLUB, "2026-01-31T23:59:59Z", ""},
        {CLUB, "2026-02-01", "stays"}, /* 10 and 20 January */
        {CLUB, "2026-02-15", "stays"},
        {CLUB, "2026-02-28", "stays"},
        {CLUB, "2026-03-01", "late stays"}, /* one order since 20 January: stays */
        {CLUB, "2026-03-31", "late stays"},
        {CLUB, "2026-04-01", "late"},
        {CLUB, "2026-05-01", ""},
        /* without `stay while`, only A */
        {"segment s judged every month when did buy in last 40 days", "2026-04-10",
         "late once"},
        {"segment s when in m\nsegment m judged every month when did buy in last 40 days",
         "2026-04-10", "late once"},
        /* the judgement of the day: what came after it is not seen */
        {"segment s judged every month when did buy", "2026-03-15", "late stays"},
        {"segment s judged every month when did buy", "2026-04-01", "late once stays"},
        /* nobody is judged before their first event, nor ever without one */
        {"segment s judged every month when did not buy", "2026-02-28", "never"},
        {"segment s judged every month when did not buy", "2026-03-01", "never sharp"},
        {"segment s judged every month when did not buy", "2026-03-31", "never sharp"},
        {"segment s judged every month when did not buy", "2026-04-01",
         "fresh never sharp"},
        {"segment s judged every month when false stay while true", "2026-04-01", ""},
        /* ... so what held then is nothing to stay in */
        {"segment s judged every month when count(buy) = 0\n  stay while did buy",
         "2026-04-30", "fresh never sharp"},
        {"segment s judged every month when did look at least once in last 1 month\n"
         "  stay while true",
         "2026-12-31", "fresh never sharp"},
        {"segment s judged every week when did buy", "2026-03-22T23:59:59Z",
         "late stays"},
        {"segment s judged every week when did buy", "2026-03-23", "late once stays"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "buy", "");
    world_kind(w, "look", "");
    world_trait(w, "plan", "string");
    world_did(w, "stays", "buy", "2026-01-10", "");
    world_did(w, "stays", "buy", "2026-01-20", "");
    world_did(w, "stays", "buy", "2026-02-10", "");
    world_did(w, "late", "buy", "2026-02-20", "");
    world_did(w, "late", "buy", "2026-02-20", "");
    world_did(w, "late", "buy", "2026-03-10", "");
    world_did(w, "once", "buy", "2026-03-20", "");
    world_did(w, "never", "look", "2026-01-01", "");
    world_did(w, "sharp", "look", "2026-03-01", "");
    world_did(w, "fresh", "look", "2026-03-01T00:00:00.000001Z", "");
    world_has(w, "quiet", "plan", "2026-01-05", "\"free\"");
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

/* ---- accounts without events ------------------------------------------------------------ */

/* The universe of accounts are all that a trait names; test_meaning_accounts.c has the rest. */
static void test_quiet_accounts(void **state)
{
    static const world_case cases[] = {
        {"segment s for each account when true", NOON, "acme calm"},
        {"segment s for each account when did not login", NOON, "calm"},
        {"segment s for each account when count(login) < 3", NOON, "calm"},
        {"segment s for each account when did login at most twice", NOON, "calm"},
        {"segment s for each account when count(user) = 1", NOON, "calm"},
        {"segment s when did login", NOON, "ann bob free"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "login", "");
    world_trait(w, "seats", "int");
    world_trait(w, "company", "string");
    schema_add_accounts(w->schema, 1, w->memory);
    world_has(w, "ann", "company", NULL, "\"acme\"");
    world_has(w, "bob", "company", NULL, "\"acme\"");
    world_has(w, "dan", "company", NULL, "\"calm\"");
    world_did(w, "ann", "login", "2026-01-01T09:00:00Z", "");
    world_did(w, "ann", "login", "2026-03-20T09:00:00Z", "");
    world_did(w, "bob", "login", "2026-03-20T10:00:00Z", "");
    world_did(w, "free", "login", "2026-03-20T10:00:00Z", ""); /* in no account */
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

/* ---- splits ---------------------------------------------------------------------------- */

static char *arm(const world *w, const char *rules, const char *path)
{
    return world_members(w, rules, path, NOON);
}

/* Stable for ever: the arm of a person depends on the id and the text alone. */
static void test_split(void **state)
{
    (void)state;
    world *w = world_new("UTC");
    world_trait(w, "t", "int");
    for (int i = 0; i < 400; i++) {
        char id[16];
        snprintf(id, sizeof id, "p%d", i);
        world_person(w, id);
    }
    char *a = arm(w, "split x by \"1\"\n  a 10%\n  b 90%", "x.a");
    char *renamed = arm(w, "split y by \"1\"\n  one 10%\n  two 50%", "y.one");
    char *other = arm(w, "split x by \"2\"\n  a 10%\n  b 90%", "x.a");
    char *some = arm(w,
                     "split x among few by \"1\"\n  a 10%\n  b 90%\n"
                     "segment few when in ids\nlist ids = \"p1\", \"p2\", \"p3\", \"p4\"",
                     "x.b");
    assert_string_equal(a, renamed);
    assert_string_not_equal(a, other);
    size_t count = 0;
    for (const char *at = a; at != NULL; at = strchr(at + 1, ' '))
        count++;
    assert_in_range(count, 20, 60); /* 10% of 400 */
    assert_true(strlen(some) <= strlen("p1 p2 p3 p4"));
    memory_free(a);
    memory_free(renamed);
    memory_free(other);
    memory_free(some);
    world_free(w);
}

/* ---- anniversaries and occasions ------------------------------------------------------- */

/* Today's while today lasts; 29 February falls on 28 February in common years. */
static void test_anniversaries(void **state)
{
    static const world_case cases[] = {
        {"next anniversary of user.born in next 7 days", "2026-02-25T12:00:00Z",
         "leap march"},
        {"next anniversary of user.born on 2026-02-28", "2026-02-25T12:00:00Z", "leap"},
        {"next anniversary of user.born on 2028-02-29", "2028-02-25T12:00:00Z", "leap"},
        {"next anniversary of user.born today", "2026-02-28T00:00:00Z", "leap"},
        {"next anniversary of user.born today", "2026-02-28T22:59:59.999999Z", "leap"},
        /* the 28th is over in Berlin, where it is 1 March now */
        {"next anniversary of user.born today", "2026-02-28T23:00:00Z", "march"},
        {"next anniversary of user.born on 2027-02-28", "2026-02-28T23:00:00Z", "leap"},
        {"next anniversary of user.born in next 1 day", "2026-02-28T12:00:00Z",
         "leap march"},
        {"next anniversary of user.born is missing", "2026-02-28T12:00:00Z", "none"},
        {"next anniversary of user.born = 2026-12-31", NOON, "eve"},
        {"next anniversary of user.born = 2027-03-01", NOON, "march"},
        {"next anniversary of user.born not in next 7 days", "2026-02-25T12:00:00Z",
         "eve none"},
    };
    world *w = world_new("Europe/Berlin");
    (void)state;
    world_trait(w, "born", "date");
    world_has(w, "leap", "born", NULL, "2000-02-29");
    world_has(w, "march", "born", NULL, "1990-03-01");
    world_has(w, "eve", "born", NULL, "1970-12-31");
    world_person(w, "none");
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

/* Samoa had no 30 December 2011: the date is a day of an occasion, and nobody's today. */
static void test_date_that_was_left_out(void **state)
{
    static const world_case cases[] = {
        {"occasion o on december 30\nsegment s when (user.joined.date + 1 day) during o",
         "2012-01-05T00:00:00Z", "ann"},
        {"segment s when (user.joined.date + 1 day) between 2011-12-29 and 2011-12-31",
         "2012-01-05T00:00:00Z", ""},
    };
    world *w = world_new("Pacific/Apia");
    (void)state;
    world_trait(w, "joined", "time");
    world_has(w, "ann", "joined", NULL,
              "2011-12-30T09:29:59Z"); /* the 29th, half past 23 */
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

static void test_occasions(void **state)
{
    static const world_case cases[] = {
        /* the fourth Friday of November: 28 in 2025 */
        {"occasion sales on fourth friday of november\nsegment s when did buy during "
         "sales",
         NOON, "f0 f1"},
        {"occasion season on november 20 to december 31\n"
         "segment s when did buy during season",
         NOON, "f0 f1 fm fp s0 s1"},
        {"occasion eve on december 31\nsegment s when did buy during eve", NOON, "s1"},
        {"occasion two on dates 2025-11-20, 2026-01-01\nsegment s when did buy during "
         "two",
         NOON, "s0 y"},
        {"occasion winter on december 30 to january 2\nsegment s when did buy during "
         "winter",
         NOON, "s1 y"},
        {"occasion last_day on last friday of november\n"
         "segment s when did buy during last_day",
         NOON, "f0 f1"},
        {"occasion sales on fourth friday of november\n"
         "segment s when did not buy during sales",
         NOON, "fm fp s0 s1 sm y"},
        {"occasion season on november 20 to december 31\n"
         "segment s when last buy during season",
         NOON, "f0 f1 fm fp s0 s1"},
    };
    world *w = world_new("Europe/Berlin");
    (void)state;
    world_kind(w, "buy", "");
    world_did(w, "fm", "buy", "2025-11-27T22:59:59.999999Z", "");
    world_did(w, "f0", "buy", "2025-11-27T23:00:00Z", "");
    world_did(w, "f1", "buy", "2025-11-28T22:59:59.999999Z", "");
    world_did(w, "fp", "buy", "2025-11-28T23:00:00Z", "");
    world_did(w, "sm", "buy", "2025-11-19T22:59:59.999999Z", "");
    world_did(w, "s0", "buy", "2025-11-19T23:00:00Z", "");
    world_did(w, "s1", "buy", "2025-12-31T22:59:59.999999Z", "");
    world_did(w, "y", "buy", "2025-12-31T23:00:00Z", "");
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

/* ---- when a trait became different ----------------------------------------------------- */

static void test_last_change(void **state)
{
    static const world_case cases[] = {
        {"last change of user.plan on 2026-03-10", NOON, "up"},
        {"last change of user.plan on 2026-03-20", NOON, "twice"},
        {"last change of user.plan on 2026-03-10", "2026-03-15", "twice up"},
        /* the first that is known is no change, whenever it was set */
        {"last change of user.plan is missing", NOON, "ever none one same"},
        {"last change of user.plan is not missing", NOON, "back late twice up"},
        {"last change of user.plan in last 30 days", NOON, "back late twice up"},
        {"time since last change of user.plan > 60 days", NOON, ""},
        {"last change of user.plan is missing", "2026-03-09T23:59:59.999999Z",
         "back ever late none one same twice up"},
        {"last change of user.plan is missing", "2026-03-10",
         "back ever late none one same"},
        {"last change of user.plan on 2026-03-12", NOON,
         "late"}, /* since ever at first */
    };
    world *w = world_new("UTC");
    (void)state;
    world_trait(w, "plan", "string");
    world_has(w, "up", "plan", "2026-01-01", "\"free\"");
    world_has(w, "up", "plan", "2026-03-10", "\"pro\"");
    world_has(w, "up", "plan", "2026-03-20", "\"pro\""); /* no different */
    world_has(w, "same", "plan", "2026-01-01", "\"pro\"");
    world_has(w, "same", "plan", "2026-03-20", "\"pro\"");
    world_has(w, "twice", "plan", "2026-01-01", "\"free\"");
    world_has(w, "twice", "plan", "2026-03-10", "\"pro\"");
    world_has(w, "twice", "plan", "2026-03-20", "\"free\"");
    world_has(w, "back", "plan", "2026-03-05", "\"free\"");
    world_has(w, "back", "plan", "2026-03-25", "\"pro\"");
    world_has(w, "one", "plan", "2026-03-10", "\"pro\"");
    world_has(w, "late", "plan", NULL, "\"free\"");
    world_has(w, "late", "plan", "2026-03-12", "\"pro\"");
    world_has(w, "ever", "plan", NULL, "\"free\"");
    world_has(w, "ever", "plan", NULL, "\"pro\"");
    world_person(w, "none");
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranks),
        cmocka_unit_test(test_top),
        cmocka_unit_test(test_ranks_of_many),
        cmocka_unit_test(test_value_in_segment),
        cmocka_unit_test(test_judged),
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_anniversaries),
        cmocka_unit_test(test_date_that_was_left_out),
        cmocka_unit_test(test_occasions),
        cmocka_unit_test(test_last_change),
        cmocka_unit_test(test_quiet_accounts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
