/* SPDX-License-Identifier: MIT
 *
 * What `did` means: how often, which events, with which properties; kinds by name, in
 * groups of alternatives, as `anything`, and declared; what every event has by itself.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/world.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define NOON          "2026-03-31T12:00:00Z"

static void check_and_free(world *w, const world_case *cases, size_t count)
{
    world_check(w, cases, count);
    world_free(w);
}

/* ---- how often ------------------------------------------------------------------------- */

/* p0 to p3 visited 0 to 3 times; `later` only after now; `trait` never did anything. */
static void test_repetition(void **state)
{
    static const world_case cases[] = {
        {"did visit", NOON, "p1 p2 p3"},
        {"did not visit", NOON, "later p0 trait"},
        {"not (did visit)", NOON, "later p0 trait"},
        {"did visit at least once", NOON, "p1 p2 p3"},
        {"did visit at least twice", NOON, "p2 p3"},
        {"did visit at least 2 times", NOON, "p2 p3"},
        {"did visit at least 1 time", NOON, "p1 p2 p3"},
        {"did visit at least 0 times", NOON, "later p0 p1 p2 p3 trait"},
        {"did visit at most once", NOON, "later p0 p1 trait"},
        {"did visit at most 2 times", NOON, "later p0 p1 p2 trait"},
        {"did visit at most 0 times", NOON, "later p0 trait"},
        {"did visit exactly once", NOON, "p1"},
        {"did visit exactly 0 times", NOON, "later p0 trait"},
        {"did visit exactly 3 times", NOON, "p3"},
        {"did visit more than once", NOON, "p2 p3"},
        {"did visit more than 3 times", NOON, ""},
        {"did visit fewer than twice", NOON, "later p0 p1 trait"},
        {"did visit fewer than 1 time", NOON, "later p0 trait"},
        {"did visit at least once and did visit at most twice", NOON, "p1 p2"},
        {"not (did visit at least twice)", NOON, "later p0 p1 trait"},
        /* both orders of window and repetition mean the same */
        {"did visit at least twice in last 1 day", NOON, "p2 p3"},
        {"did visit in last 1 day at least twice", NOON, "p2 p3"},
        {"did visit at most once in last 1 day", NOON, "later p0 p1 trait"},
        {"did visit at least once", "2026-04-01T00:00:00Z", "later p1 p2 p3"},
        {"did visit", "2020-01-01T00:00:00Z", ""},
        {"count(visit) = 0", "2020-01-01T00:00:00Z", "later p0 p1 p2 p3 trait"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "visit", "");
    world_kind(w, "other", "");
    world_trait(w, "t", "int");
    world_did(w, "p0", "other", NOON, "");
    world_did(w, "p1", "visit", NOON, "");
    for (int i = 0; i < 2; i++)
        world_did(w, "p2", "visit", NOON, ""); /* equal in all, but two */
    for (int i = 0; i < 3; i++)
        world_did(w, "p3", "visit", "2026-03-31T11:00:00Z", "");
    world_did(w, "later", "visit", "2026-03-31T12:00:00.000001Z", "");
    world_has(w, "trait", "t", NULL, "1");
    check_and_free(w, cases, LENGTH(cases));
}

/* ---- which ----------------------------------------------------------------------------- */

static void test_where(void **state)
{
    static const world_case cases[] = {
        {"did buy where (amount > 10)", NOON, "ann cid"},
        {"did not buy where (amount > 10)", NOON, "bob dan"},
        {"did buy where (not (amount > 10))", NOON, "ann bob cid"},
        {"did buy where (amount is missing)", NOON, "cid"},
        {"did buy where (amount != 5)", NOON, "ann cid"},
        /* both on one event, not one on each of two */
        {"did buy where (amount > 10 and store = \"x\")", NOON, "cid"},
        {"did buy where (amount > 10) and did buy where (store = \"x\")", NOON,
         "ann cid"},
        {"did buy where (amount > 100 or store = \"x\")", NOON, "ann bob cid"},
        {"did buy where (amount > limit)", NOON, "ann"}, /* properties of one event */
        {"did buy where (amount < limit)", NOON, "cid"},
        {"did buy where (amount != limit)", NOON, "ann bob cid"},
        {"did buy where (amount - limit = 10)", NOON, "ann"},
        {"did buy where (amount > user.bar)", NOON, "cid"},
        {"did buy where (amount > avg(buy.amount))", NOON, "ann"},
        {"did buy where (amount = max(buy.amount))", NOON, "ann bob cid"},
        {"did buy where (time = last buy)", NOON, "ann bob cid"},
        {"did buy where (time = first buy and amount = 20)", NOON, "ann"},
        {"did buy where (store in (\"x\", \"y\")) at least twice", NOON, "ann"},
        {"did buy where (time.weekday = \"sunday\" and time.hour = 23)", NOON, "ann"},
        {"did buy where (time.date = 2026-03-02)", NOON, "ann"},
        {"did buy where (time in last 1 day)", NOON, "cid"},
        {"did buy where (time between 2026-03-01 and 2026-03-01)", NOON, "ann"},
        {"did buy where (due on 2026-03-20)", NOON, "bob"},
        {"did buy where (due > time.date)", NOON, "bob"},
        {"did buy where (due in next 1 day)", NOON, "cid"},
        {"did buy where (event = \"buy\")", NOON, "ann bob cid"},
        {"did buy where (time > now - 1 day)", NOON, "cid"},
        {"did buy where (true)", NOON, "ann bob cid"},
        {"did buy where (false)", NOON, ""},
        {"did buy where (in s2)\nsegment s2 when user.bar > 0", NOON, "cid"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "buy", "amount decimal(2), limit decimal(1), store string, due date");
    world_trait(w, "bar", "int");
    world_did(w, "ann", "buy", "2026-03-01T23:30:00Z",
              "amount=20, limit=10, store=\"y\"");
    world_did(w, "ann", "buy", "2026-03-02T00:00:00Z", "amount=5, store=\"x\"");
    world_did(w, "bob", "buy", "2026-03-10", "amount=5, store=\"x\", due=2026-03-20");
    world_did(w, "cid", "buy", NOON,
              "amount=10.01, limit=11, store=\"x\", due=2026-03-31");
    world_did(w, "cid", "buy", NOON, "store=\"z\"");
    world_has(w, "cid", "bar", NULL, "10");
    world_person(w, "dan");
    check_and_free(w, cases, LENGTH(cases));
}

static void test_alternatives(void **state)
{
    static const world_case cases[] = {
        {"did (open or click)", NOON, "both click open"},
        {"did not (open or click)", NOON, "buy none"},
        {"did (open or click) at least twice", NOON, "both"},
        {"did (open or click) exactly once", NOON, "click open"},
        /* binds to both */
        {"did (open or click) where (mail = \"a\")", NOON, "both open"},
        {"did (open or click) where (mail = \"b\")", NOON, "both click"},
        /* binds to the last */
        {"did (open or click where (mail = \"b\"))", NOON, "both click open"},
        {"did (open where (mail = \"b\") or click)", NOON, "both click"},
        {"did (open where (mail = \"b\") or click where (mail = \"a\"))", NOON, ""},
        /* one kind has no such property: it is missing there */
        {"did (open or buy) where (amount > 5)", NOON, "buy"},
        {"did (open or buy) where (amount is missing)", NOON, "both open"},
        {"did (open or buy) where (amount != 6)", NOON, "both open"},
        {"did (open or buy) where (event = \"buy\")", NOON, "buy"},
        {"count((open or click) where (mail = \"a\")) = 1", NOON, "both open"},
        {"sum((open or buy).amount) > 5", NOON, "buy"},
        {"distinct((open or click).mail) = 2", NOON, "both"},
        {"days_with((open or click)) = 2", NOON, "both"},
        {"last ((open or click)) = 2026-03-02T00:00Z", NOON, "both click"},
        {"did (open or open)", NOON, "both open"},
        {"did (open or open) at least twice", NOON, ""}, /* one event is one event */
        {"did (open or open where (mail = \"a\")) at least twice", NOON, ""},
        {"did (open or click or buy)", NOON, "both buy click open"},
        {"did anything", NOON, "both buy click open"},
        {"did not anything", NOON, "none"},
        {"did anything at least twice", NOON, "both"},
        {"did anything where (amount > 5)", NOON, "buy"},
        {"did anything where (mail = \"b\")", NOON, "both click"},
        {"did anything where (event in (\"open\", \"buy\"))", NOON, "both buy open"},
        {"count(anything) = 1", NOON, "buy click open"},
        {"first anything < 2026-03-02", NOON, "both buy open"},
        {"last anything on 2026-03-02", NOON, "both click"},
        {"did (anything or open) at least twice", NOON, "both"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "open", "mail string");
    world_kind(w, "click", "mail string");
    world_kind(w, "buy", "amount int");
    world_trait(w, "t", "int");
    world_did(w, "open", "open", "2026-03-01", "mail=\"a\"");
    world_did(w, "click", "click", "2026-03-02", "mail=\"b\"");
    world_did(w, "both", "click", "2026-03-02", "mail=\"b\"");
    world_did(w, "both", "open", "2026-03-01", "mail=\"a\"");
    world_did(w, "buy", "buy", "2026-03-01", "amount=6");
    world_person(w, "none");
    check_and_free(w, cases, LENGTH(cases));
}

/* ---- what every event has by itself ---------------------------------------------------- */

#define GARDEN "event garden = buy where (sort = \"garden\")\n"

/* `nth` and `gap` are taken of the kind before any `where` or window; those of a selection
 * are had by declaring it. */
static void test_nth_and_gap(void **state)
{
    static const world_case cases[] = {
        {"did buy where (nth = 1 and sort = \"garden\")", NOON, "first"},
        {"did buy where (nth = 2 and sort = \"garden\")", NOON, "first second"},
        {"did buy where (nth >= 2) in last 1 day", NOON, "first second"},
        {"did buy where (nth = 3)", NOON, ""},
        {GARDEN "segment s when did garden", NOON, "first second"},
        {GARDEN "segment s when did garden where (nth = 1)", NOON, "first second"},
        {GARDEN "segment s when did garden where (nth = 2)", NOON, "first"},
        {GARDEN "segment s when did garden at least twice", NOON, "first"},
        {"did buy where (gap is missing)", NOON, "first other second"},
        {"did buy where (gap = 30 days)", NOON, "first second"},
        {"did buy where (gap > 30 days)", NOON, ""},
        {"did buy where (gap >= 30 days) in last 1 day", NOON, "first second"},
        {"did buy where (gap != 30 days) exactly once", NOON, "first other second"},
        {GARDEN "segment s when did garden where (gap is missing)", NOON, "first second"},
        {GARDEN "segment s when did garden where (gap = 30 days)", NOON, "first"},
        {"last buy.gap = 30 days", NOON, "first second"},
        {"first buy.gap is missing", NOON, "first other second"},
        {"max(buy.nth) = 2", NOON, "first second"},
        {"avg(buy.gap) = 30 days", NOON, "first second"},
        {GARDEN "segment s when avg(garden.gap) = 30 days", NOON, "first"},
        {GARDEN "segment s when sum(garden.amount) = 5", NOON, "first second"},
        {GARDEN "segment s when last garden.amount = 3", NOON, "first"},
        {GARDEN "segment s when count(garden where (amount > 2)) = 1", NOON,
         "first second"},
        {GARDEN "event dear = garden where (amount > 2)\n"
                "segment s when did dear where (nth = 1 and time on 2026-03-31)",
         NOON, "first second"},
        /* of an event of several kinds: each event's own kind, or the declared event */
        {"event act = (buy or look)\nsegment s when did act where (nth = 3)", NOON,
         "first"},
        {"event act = (buy or look)\n"
         "segment s when did act where (nth = 2 and event = \"look\")",
         NOON, "first"},
        {"event act = (buy or look)\nsegment s when did act where (gap = 29 days)", NOON,
         "first"},
        {"did (buy or look) where (nth = 1) at least twice", NOON, "first"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "buy", "sort string, amount int");
    world_kind(w, "look", "");
    world_did(w, "first", "buy", "2026-03-01T12:00:00Z", "sort=\"garden\", amount=2");
    world_did(w, "first", "look", "2026-03-02T12:00:00Z", "");
    world_did(w, "first", "buy", "2026-03-31T12:00:00Z", "sort=\"garden\", amount=3");
    world_did(w, "second", "buy", "2026-03-31T12:00:00Z", "sort=\"garden\", amount=5");
    world_did(w, "second", "buy", "2026-03-01T12:00:00Z", "sort=\"house\", amount=100");
    world_did(w, "other", "buy", "2026-03-01T12:00:00Z", "sort=\"house\"");
    check_and_free(w, cases, LENGTH(cases));
}

/* ---- names ----------------------------------------------------------------------------- */

/* A word after a dot is a name, backticks make anything a name, letters of any script. */
static void test_names(void **state)
{
    static const world_case cases[] = {
        {"did `Order Completed`", NOON, "ann"},
        {"did `Order Completed` where (`page.title` = \"x\")", NOON, "ann"},
        {"user.last = 1", NOON, "ann"},
        {"user.in = 2", NOON, "ann"},
        {"sum(`Order Completed`.count) = 3", NOON, "ann"},
        {"did \xC3\xBC"
         "ber_uns",
         NOON, "bob"},
        {"did $pageview", NOON, "bob"},
        {"did time where (today = 1)", NOON, "bob"},
        {"count(count) = 1", NOON, "bob"},
        {"did `when`", NOON, "bob"},
        {"let count_1 = count(count)\nsegment s when count_1 = 1", NOON, "bob"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "Order Completed", "page.title string, count int");
    world_kind(w,
               "\xC3\xBC"
               "ber_uns",
               "");
    world_kind(w, "$pageview", "");
    world_kind(w, "time", "today int");
    world_kind(w, "count", "");
    world_kind(w, "when", "");
    world_trait(w, "last", "int");
    world_trait(w, "in", "int");
    size_t ann = world_person(w, "ann");
    world_value values[] = {{false, 0, 0, "x"}, {false, 3, 0, NULL}};
    world_add(w, (world_event){.person = ann, .time = 0, .values = values});
    world_has(w, "ann", "last", NULL, "1");
    world_has(w, "ann", "in", NULL, "2");
    world_did(w, "bob",
              "\xC3\xBC"
              "ber_uns",
              "2026-03-01", "");
    world_did(w, "bob", "$pageview", "2026-03-01", "");
    world_did(w, "bob", "time", "2026-03-01", "today=1");
    world_did(w, "bob", "count", "2026-03-01", "");
    world_did(w, "bob", "when", "2026-03-01", "");
    check_and_free(w, cases, LENGTH(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_repetition),   cmocka_unit_test(test_where),
        cmocka_unit_test(test_alternatives), cmocka_unit_test(test_nth_and_gap),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
