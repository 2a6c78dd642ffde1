/* SPDX-License-Identifier: MIT
 *
 * What rules mean to each other: the universe, groups, `among`, references, `as of`, scores
 * as a plan of points.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "support/world.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define NOON          "2026-03-31T12:00:00Z"

/* ann buys often, bob bought once long ago, cid only now, dan never; eve is only a trait. */
static world *shop(void)
{
    world *w = world_new("UTC");
    world_kind(w, "buy", "amount decimal(2)");
    world_kind(w, "look", "");
    world_trait(w, "country", "string");
    world_did(w, "ann", "buy", "2026-01-01T12:00:00Z", "amount=10");
    world_did(w, "ann", "buy", "2026-02-01T12:00:00Z", "amount=20.50");
    world_did(w, "ann", "buy", "2026-03-30T12:00:00Z", "amount=30");
    world_did(w, "bob", "buy", "2025-06-01T12:00:00Z", "amount=500");
    world_did(w, "cid", "buy", NOON, "amount=-5");
    world_did(w, "dan", "look", "2026-03-31T11:00:00Z", "");
    world_has(w, "eve", "country", NULL, "\"DE\"");
    world_has(w, "ann", "country", "2026-03-15T00:00:00Z", "\"DE\"");
    return w;
}

static void check_shop(const world_case *cases, size_t count)
{
    world *w = shop();
    world_check(w, cases, count);
    world_free(w);
}

/* Everyone whom any source has named, events or not. */
static void test_universe(void **state)
{
    static const world_case cases[] = {
        {"true", NOON, "ann bob cid dan eve"},
        {"did not buy", NOON, "dan eve"},
        {"count(buy) = 0", NOON, "dan eve"},
        {"did buy at most once", NOON, "bob cid dan eve"},
        {"did not anything", NOON, "eve"},
        {"user.country is missing", NOON, "bob cid dan"},
        {"sum(buy.amount) < 0", NOON, "cid"},
        {"sum(buy.amount) <= 0", NOON, "cid dan eve"},
        /* long before anything happened */
        {"did not anything", "1999-01-01", "ann bob cid dan eve"},
        {"user.country = \"DE\"", "1999-01-01", "eve"},
    };
    (void)state;
    check_shop(cases, LENGTH(cases));
}

/* ---- groups ---------------------------------------------------------------------------- */

#define JOURNEY                                                                          \
    "groups journey\n"                                                                   \
    "  prospect when did not buy\n"                                                      \
    "  new      when first buy in last 30 days\n"                                        \
    "  active   when last buy in last 60 days\n"                                         \
    "  lapsed   otherwise\n"

#define LOOSE                                                                            \
    "groups loose\n"                                                                     \
    "  two when did buy at least twice\n"                                                \
    "  one when did buy\n"

/* The first group that holds wins; without `otherwise` some are in none. */
static void test_groups(void **state)
{
    static const world_case cases[] = {
        {JOURNEY "segment s when in journey.prospect", NOON, "dan eve"},
        {JOURNEY "segment s when in journey.new", NOON, "cid"},
        {JOURNEY "segment s when in journey.active", NOON, "ann"},
        {JOURNEY "segment s when in journey.lapsed", NOON, "bob"},
        {JOURNEY "segment s when not in journey.lapsed", NOON, "ann cid dan eve"},
        {JOURNEY "segment s when in journey.new or in journey.active", NOON, "ann cid"},
        {JOURNEY "segment s when in journey.new and in journey.active", NOON, ""},
        {LOOSE "segment s when in loose.two", NOON, "ann"},
        {LOOSE "segment s when in loose.one", NOON, "bob cid"},
        {LOOSE "segment s when not in loose.one and not in loose.two", NOON, "dan eve"},
        {"groups g\n  a when true\n  b when did buy\n  c otherwise\n"
         "segment s when in g.b or in g.c",
         NOON, ""},
        {"groups g\n  a when false\n  b otherwise\nsegment s when in g.b", NOON,
         "ann bob cid dan eve"},
        /* a missing comparison is false, so `otherwise` takes the rest */
        {"groups g\n  cheap when avg(buy.amount) < 100\n  dear when avg(buy.amount) >= "
         "100\n"
         "  none otherwise\nsegment s when in g.none",
         NOON, "dan eve"},
        /* groups of some people only: `otherwise` means the others among them */
        {"groups g among buyers\n  one when did buy exactly once\n  more otherwise\n"
         "segment buyers when did buy\nsegment s when in g.more",
         NOON, "ann"},
        {"groups g among buyers\n  one when did buy exactly once\n  more otherwise\n"
         "segment buyers when did buy\nsegment s when not in g.more and not in g.one",
         NOON, "dan eve"},
        /* a group may ask for an earlier set of groups */
        {JOURNEY "groups g among journey.active\n  rich when sum(buy.amount) > 60\n"
                 "  poor otherwise\nsegment s when in g.rich",
         NOON, "ann"},
    };
    (void)state;
    check_shop(cases, LENGTH(cases));
}

/* Every set of groups divides: nobody is in two. */
static void test_group_members(void **state)
{
    world *w = shop();
    (void)state;
    static const struct {
        const char *path, *members;
    } cases[] = {{"journey.prospect", "dan eve"},
                 {"journey.new", "cid"},
                 {"journey.active", "ann"},
                 {"journey.lapsed", "bob"}};
    for (size_t i = 0; i < LENGTH(cases); i++) {
        char *members = world_members(w, JOURNEY, cases[i].path, NOON);
        assert_string_equal(members, cases[i].members);
        memory_free(members);
    }
    world_free(w);
}

/* ---- among and references -------------------------------------------------------------- */

static void test_among(void **state)
{
    static const world_case cases[] = {
        {"segment s among buyers when did not look\nsegment buyers when did buy", NOON,
         "ann bob cid"},
        {"segment s among buyers when true\nsegment buyers when did buy", NOON,
         "ann bob cid"},
        {"segment s among buyers when did look\nsegment buyers when did buy", NOON, ""},
        {"segment s when not in rich\nsegment rich among buyers when sum(buy.amount) > "
         "50\n"
         "segment buyers when did buy",
         NOON, "cid dan eve"},
        {"segment s among a when true\nsegment a among b when did buy at most twice\n"
         "segment b when did buy",
         NOON, "bob cid"},
        {JOURNEY "segment s among journey.lapsed when sum(buy.amount) > 0", NOON, "bob"},
        {"list vip = \"ann\", \"dan\", \"zoe\"\nsegment s when in vip and did buy", NOON,
         "ann"},
    };
    (void)state;
    check_shop(cases, LENGTH(cases));
}

static void test_references(void **state)
{
    static const world_case cases[] = {
        {"let spent = sum(buy.amount)\nsegment s when spent > 60", NOON, "ann bob"},
        /* the order of declarations does not matter */
        {"segment s when spent > 60\nlet spent = sum(buy.amount)", NOON, "ann bob"},
        {"let buyer = did buy\nsegment s when buyer", NOON, "ann bob cid"},
        {"let buyer = did buy\nsegment s when not (buyer)", NOON, "dan eve"},
        {"let seen = last buy\nsegment s when seen in last 30 days", NOON, "ann cid"},
        {"let orders = count(buy)\nlet mean = sum(buy.amount) / orders\n"
         "segment s when mean = 60.5 / 3",
         NOON, "ann"},
        /* a diamond */
        {"segment s when in left or in right\n"
         "segment left when in base and did buy exactly once\n"
         "segment right when in base and did buy at least 3 times\n"
         "segment base when sum(buy.amount) > 0",
         NOON, "ann bob"},
        {"segment s when in left and in right\n"
         "segment left when in base\nsegment right when in base\n"
         "segment base when did buy",
         NOON, "ann bob cid"},
        {"segment s when not in other\nsegment other when not in looker\n"
         "segment looker when did look",
         NOON, "dan"},
        {"score points = count(buy) * 10\nsegment s when points >= 30", NOON, "ann"},
        {"score points = count(buy) * 10\nlet part = points / 2\nsegment s when part = 5",
         NOON, "bob cid"},
        {"segment s when if in buyers then sum(buy.amount) > 100 else user.country = "
         "\"DE\"\n"
         "segment buyers when did buy",
         NOON, "bob eve"},
        {"segment s when did buy where (amount > average)\nlet average = avg(buy.amount)",
         NOON, "ann"},
    };
    (void)state;
    check_shop(cases, LENGTH(cases));
}

/* ---- as of ------------------------------------------------------------------------------ */

/* The same judgement at T: windows move, later events do not exist, traits are the old ones. */
static void test_as_of(void **state)
{
    static const world_case cases[] = {
        {"segment s when in active as of 30 days ago\n"
         "segment active when last buy in last 60 days",
         NOON, "ann"},
        {"segment s when in active as of 9 months ago\n"
         "segment active when last buy in last 60 days",
         NOON, "bob"},
        {"segment s when in buyers as of 2026-03-31\nsegment buyers when did buy", NOON,
         "ann bob"},
        {"segment s when not in buyers as of 2026-03-31\nsegment buyers when did buy",
         NOON, "cid dan eve"},
        {"segment s when in buyers and not in buyers as of 1 second ago\n"
         "segment buyers when did buy",
         NOON, "cid"},
        /* at the very instant, and one microsecond before it */
        {"segment s when in buyers as of 2026-03-31T12:00Z\nsegment buyers when did buy",
         "2026-04-30", "ann bob cid"},
        {"segment s when in buyers as of 2026-03-31T11:59:59.999999Z\n"
         "segment buyers when did buy",
         "2026-04-30", "ann bob"},
        {JOURNEY "segment s when in journey.prospect as of 1 year ago", NOON,
         "ann bob cid dan eve"},
        {JOURNEY "segment s when in journey.lapsed as of 4 months ago", NOON, "bob"},
        {JOURNEY "segment s when in journey.new as of 2026-01-02 and in journey.active",
         NOON, "ann"},
        {"let spent = sum(buy.amount)\nsegment s when spent as of 2026-02-15 = 30.5",
         NOON, "ann"},
        {"let spent = sum(buy.amount)\nsegment s when spent > spent as of 60 days ago",
         NOON, "ann"},
        {"let recency = time since last buy\n"
         "segment s when recency as of 2026-01-02T12:00Z = 1 day",
         NOON, "ann"},
        {"let deep = count(buy in last 31 days)\nlet then_ = deep as of "
         "2026-02-01T12:00Z\n"
         "segment s when then_ = 1",
         NOON, "ann"}, /* 1 January 12:00 is just outside */
        {"score points = count(buy)\nsegment s when points as of 2026-02-15 = 2", NOON,
         "ann"},
        {"segment s when in de as of 2026-03-14\nsegment de when user.country = \"DE\"",
         NOON, "eve"},
        {"segment s when in de\nsegment de when user.country as of 2026-03-14 = \"DE\"",
         NOON, "eve"},
        {"segment s when in de as of 2026-03-20\nsegment de when user.country = \"DE\"",
         NOON, "ann eve"},
        /* one judgement inside another */
        {"segment s when in b as of 30 days ago\nsegment b when in a as of 30 days ago\n"
         "segment a when did buy at least once in last 31 days",
         NOON, "ann"}, /* 30 January: the order of 1 January */
        /* the person's own instant */
        {"let orders = count(buy)\nsegment s when orders as of last buy = 3", NOON,
         "ann"},
        {"let orders = count(buy)\nsegment s when orders as of first buy = 1", NOON,
         "ann bob cid"},
        {"segment s when in buyers as of first look\nsegment buyers when did buy", NOON,
         ""},
    };
    (void)state;
    check_shop(cases, LENGTH(cases));
}

/* ---- scores ---------------------------------------------------------------------------- */

#define PLAN                                                                             \
    "score s\n"                                                                          \
    "  plus 20 when user.country = \"DE\"\n"                                             \
    "  plus 10 each buy at most 25\n"                                                    \
    "  minus 30 when did not buy in last 90 days\n"                                      \
    "  plus 1 each look in last 1 day\n"                                                 \
    "  minus 2 each buy where (amount > 25)\n"

static void test_points(void **state)
{
    static const world_value_case cases[] = {
        {PLAN, "ann", NOON, "43"},  /* 20 + 25 (of 30) - 2 */
        {PLAN, "bob", NOON, "-22"}, /* 10 - 30 - 2 */
        {PLAN, "cid", NOON, "10"},
        {PLAN, "dan", NOON, "-29"},
        {PLAN, "eve", NOON, "-10"},
        {PLAN, "ann", "2026-02-15", "20"},
        {"score s\n  plus 0.5 each buy at most 1.25", "ann", NOON, "1.25"},
        {"score s\n  plus 0.5 each buy at most 1.25", "cid", NOON, "0.50"},
        {"score s\n  minus 10 each buy at most 15", "ann", NOON, "-15"},
        {"score s\n  plus 1 when avg(buy.amount) > 0", "dan", NOON, "0"},
        {"score s = 100 - count(buy)", "ann", NOON, "97"},
        {"score s = sum(buy.amount) / count(buy)", "dan", NOON, "missing"},
        {"score s = if did buy then 1 else 0", "dan", NOON, "0"},
    };
    world *w = shop();
    (void)state;
    world_check_values(w, cases, LENGTH(cases));
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_universe),      cmocka_unit_test(test_groups),
        cmocka_unit_test(test_group_members), cmocka_unit_test(test_among),
        cmocka_unit_test(test_references),    cmocka_unit_test(test_as_of),
        cmocka_unit_test(test_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
