/* SPDX-License-Identifier: MIT
 *
 * Mistakes in rules that read well but mean nothing: each is one message with its code,
 * at its place.
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

typedef struct mistake {
    const char *rules;
    const char *expected; /* "E0104 1:20, ...": all errors, by place */
} mistake;

static world *shop;

static int set_up(void **state)
{
    (void)state;
    shop = world_new("Europe/Berlin");
    world_kind(shop, "buy",
               "amount decimal(2), qty int, weight number, store string, gift bool, "
               "due date, stay duration, friend person");
    world_kind(shop, "look", "store string, amount string, app version");
    world_trait(shop, "app", "version");
    world_trait(shop, "points", "int");
    world_trait(shop, "country", "string");
    world_trait(shop, "flag", "bool");
    world_trait(shop, "at", "time");
    world_trait(shop, "born", "date");
    world_trait(shop, "mate", "person");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_free(shop);
    return 0;
}

static void list_errors(const world_rules *r, text *out)
{
    for (size_t i = 0; i < diags_count(r->diags); i++) {
        const diag *d = diags_get(r->diags, i);
        place at =
            d->where.file ? source_place(d->where.file, d->where.begin) : (place){0, 0};
        if (d->severity == DIAG_ERROR)
            text_append_format(out, "%s%s %u:%u", out->size > 0 ? ", " : "",
                               diag_code_text(d->code), at.line, at.column);
    }
}

static void check_mistakes(const mistake *cases, size_t count)
{
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        text errors;
        text_init(&errors);
        world_rules *r = world_compile(shop, cases[i].rules);
        list_errors(r, &errors);
        if (strcmp(errors.data, cases[i].expected) != 0) {
            wrong++;
            print_error("%s\n    is       %s\n    expected %s\n%s\n", cases[i].rules,
                        errors.data, cases[i].expected, r->messages);
        }
        world_rules_free(r);
        text_done(&errors);
    }
    if (wrong > 0)
        fail_msg("%zu of %zu cases are wrong", wrong, count);
}

/* ---- scenarios --------------------------------------------------------------------- */

static void test_scenarios(void **state)
{
    static const mistake cases[] = {
        {"segment s when did buy\nscenario \"x\"\n ann did buy at 2026-01-01T10:00\n"
         " expect ann in s at 2026-01-01T10:00",
         ""},
        /* what is told */
        {"scenario \"x\" ann did bye at 2026-01-01T10:00", "E0104 1:22"},
        {"event gift = buy where (gift)\nscenario \"x\" a did gift at 2026-01-01T10:00",
         "E0129 2:20"},
        {"scenario \"x\" a did s at 2026-01-01T10:00\nsegment s when did buy",
         "E0104 1:20"},
        {"scenario \"x\" a did buy at 2026-01-01T10:00 (amout = 1, nth = 2, x = 3)",
         "E0105 1:45, E0105 1:56, E0105 1:65"},
        {"scenario \"x\" a did buy at 2026-01-01T10:00 (amount = 1, amount = 2)",
         "E0107 1:57"},
        {"scenario \"x\" a has land = \"DE\"", "E0115 1:20"},
        {"scenario \"x\" a has user.country = \"DE\"", "E0115 1:20"},
        {"scenario \"x\" a has country = \"DE\", country = \"FR\"", "E0107 1:36"},
        /* of its type */
        {"scenario \"x\" a has country = 5", "E0108 1:30"},
        {"scenario \"x\" a has points = \"5\"", "E0108 1:29"},
        {"scenario \"x\" a has at = 2026-01-01", "E0108 1:25"},
        {"scenario \"x\" a has born = 2026-01-01T10:00", "E0108 1:27"},
        {"scenario \"x\" a has flag = 1", "E0108 1:27"},
        {"scenario \"x\" a did buy at 2026-01-01T10:00 (amount = 1 / 3)", "E0108 1:54"},
        {"scenario \"x\" a did buy at 2026-01-01T10:00 (stay = 2 months)", "E0108 1:52"},
        {"scenario \"x\" a did buy at 2026-01-01T10:00 (friend = \"bob\", weight = 1)",
         ""},
        /* a constant */
        {"scenario \"x\" a has at = now", "E0129 1:25"},
        {"scenario \"x\" a has at = 3 days ago", "E0129 1:25"},
        {"scenario \"x\" a has points = count(buy)", "E0129 1:29"},
        {"scenario \"x\" a has points = 1 + user.points", "E0129 1:29"},
        {"let n = count(buy)\nscenario \"x\" a has points = n", "E0129 2:29"},
        {"let n = 2 * 3\nscenario \"x\" a has points = n + 1, country = missing", ""},
        {"scenario \"x\" a has country = DE", "E0106 1:30"},
        {"let n = if n = 1 then 1 else 2\nscenario \"x\" a has points = n", "E0111 1:12"},
        /* what is expected */
        {"scenario \"x\" expect a in s at 2026-01-01T10:00", "E0106 1:26"},
        {"scenario \"x\" expect a in buy at 2026-01-01T10:00", "E0121 1:26"},
        {"groups g a otherwise\nscenario \"x\" expect a in g.b at 2026-01-01T10:00",
         "E0106 2:28"},
        {"score n = count(buy)\nscenario \"x\" expect a in n at 2026-01-01T10:00",
         "E0121 2:26"},
        {"scenario \"x\" expect a has n = 1 at 2026-01-01T10:00", "E0106 1:27"},
        {"segment s when did buy\nscenario \"x\" expect a has s = true at "
         "2026-01-01T10:00",
         "E0110 2:27"},
        {"scenario \"x\" expect a has country = \"DE\" at 2026-01-01T10:00",
         "E0129 1:27"},
        {"scenario \"x\" expect a has user.country = \"DE\" at 2026-01-01T10:00",
         "E0129 1:27"},
        {"score n = count(buy)\nscenario \"x\" expect a has n = \"1\", n = 2 at "
         "2026-01-01T10:00",
         "E0108 2:27, E0107 2:36"},
        {"score n = count(buy)\nscenario \"x\" expect a has n = n + 1 at "
         "2026-01-01T10:00",
         "E0129 2:31"},
        {"let n = 2 months\nscenario \"x\" expect a has n = 2 months at 2026-01-01T10:00",
         "E0108 2:27"},
        {"let n = 2 months\nscenario \"x\" expect a has n = missing at 2026-01-01T10:00",
         "E0108 2:27"},
        /* two of one name */
        {"segment s when did buy\nscenario \"x\" expect a in s at 2026-01-01T10:00\n"
         "scenario \"x\" expect a in s at 2026-01-02T10:00",
         "E0107 3:10"},
    };
    (void)state;
    check_mistakes(cases, LENGTH(cases));
}

/* ---- types that do not go together ----------------------------------------------------- */

static void test_types(void **state)
{
    static const mistake cases[] = {
        {"segment s when user.points = \"5\"", "E0108 1:16"},
        {"segment s when user.country > 5", "E0108 1:16"},
        {"segment s when sum(buy.amount) > 3 days", "E0108 1:16"},
        {"segment s when user.at > 2 days", "E0108 1:16"},
        {"segment s when user.born = \"2000-01-01\"", "E0108 1:16"},
        {"segment s when user.points + user.country > 1", "E0108 1:16"},
        {"segment s when user.country + \"x\" = \"y\"", "E0108 1:16"},
        {"segment s when user.at + user.at > now", "E0108 1:16"},
        {"segment s when now.month = 3", "E0105 1:20"},
        {"segment s when now.hour = \"noon\"", "E0108 1:16"},
        {"segment s when now.date.year = 2026", "E0101 1:24"},
        {"segment s when stddev(buy.gap) > 3", "E0108 1:16"},
        {"segment s when user.app >= \"1.x\"", "E0108 1:28"},
        {"segment s when user.app in (\"1.2\", \"two\")", "E0108 1:36"},
        {"list l = \"1.2\", \"two\"\nsegment s when user.app in l", "E0108 1:17"},
        {"let x = \"two\"\nsegment s when user.app < x", "E0108 1:9"},
        {"segment s when user.app > 1.2", "E0108 1:16"},
        {"segment s when user.app > user.country", "E0108 1:16"},
        {"segment s when user.app + 1 > 2", "E0108 1:16"},
        {"segment s when median(look.app) > \"1.2\"", "E0108 1:23"},
        {"segment s when sum(look.app) > 1", "E0108 1:20"},
        {"segment s when range(look.app) > 1", "E0108 1:22"},
        {"segment s when user.country >= \"1.18.1\"", "E0108 1:16"},
        {"scenario \"x\" a has app = \"1.x\"", "E0108 1:26"},
        {"scenario \"x\" a has app = 1.2", "E0108 1:26"},
        {"score s = avg(buy.amount) with half-life 3 days", "E0117 1:42"},
        {"score s = count(buy) with half-life 1 month", "E0103 1:37"},
        {"score s = count(buy) with half-life 0 days", "E0103 1:37"},
        {"score s = count(buy) with half-life 0.0001 seconds", "E0103 1:37"},
        {"score s = count(buy) with half-life 1000000000 weeks", "E0103 1:37"},
        {"score s = sum(buy.store) with half-life 3 days", "E0108 1:15"},
        {"score s = sum(buy) with half-life 3 days", "E0117 1:15"},
        {"segment s when count(buy) with half-life 3 days > 2 days", "E0108 1:16"},
        {"segment s when stddev(buy.time) > 3", "E0108 1:23"},
        {"segment s when quantile(buy.time, 50%) > now", "E0108 1:25"},
        {"segment s when user.at * 2 > now", "E0108 1:16"},
        {"segment s when -user.country = 1", "E0108 1:16"},
        {"segment s when user.points contains \"5\"", "E0108 1:16"},
        {"segment s when user.country contains 5", "E0108 1:38"},
        {"segment s when user.country matches 5", "E0114 1:37"},
        {"segment s when user.country in (\"DE\", 5)", "E0108 1:39"},
        {"segment s when user.points in last 3 days", "E0108 1:16"},
        {"segment s when user.flag > false", "E0108 1:16"},
        {"segment s when (if user.flag then 1 else \"x\") = 1", "E0108 1:17"},
        {"segment s when smaller(user.points, \"x\") = 1", "E0117 1:16"},
        {"segment s when did buy where (amount > store)", "E0108 1:31"},
        {"segment s when sum(buy.store) > 1", "E0108 1:20"},
        {"segment s when range(buy.store) > 1", "E0108 1:22"},
        {"segment s when range(buy.amount) > 1 day", "E0108 1:16"},
        {"segment s when range(buy.time) > 1", "E0108 1:16"},
        {"segment s when range(buy) > 1", "E0117 1:22"},
        {"segment s when avg(buy.gift) > 1", "E0108 1:20"},
        {"segment s when sum(buy.due) > 1", "E0108 1:20"},
        /* months have no fixed length */
        {"segment s when now - user.at > 2 months", "E0108 1:16"},
        {"segment s when max(buy.stay) > 1 year", "E0108 1:16"},
        {"segment s when (time since user.at) / 1 month > 2", "E0108 1:16"},
        {"segment s when 2 months is missing", "E0108 1:16"},
    };
    (void)state;
    check_mistakes(cases, LENGTH(cases));
}

/* ---- conditions and values ------------------------------------------------------------- */

static void test_conditions_and_values(void **state)
{
    static const mistake cases[] = {
        {"segment s when user.points", "E0109 1:16"},
        {"segment s when count(buy)", "E0109 1:16"},
        {"segment s when 5", "E0109 1:16"},
        {"segment s when last buy", "E0109 1:16"},
        {"segment s when not (user.points)", "E0109 1:21"},
        {"segment s when user.flag and user.points", "E0109 1:30"},
        {"segment s when if user.points then true else false", "E0109 1:19"},
        {"segment s when did buy where (amount)", "E0109 1:31"},
        {"groups g\n  a when user.points", "E0109 2:10"},
        {"score s\n  plus 5 when user.points", "E0109 2:15"},
        {"let x = count(buy)\nsegment s when x", "E0109 2:16"},
        /* an event is no condition and no value */
        {"segment s when buy", "E0110 1:16"},
        {"segment s when did buy or look", "E0110 1:27"},
        {"segment s when buy > 3", "E0110 1:16"},
        {"segment s when buy.amount > 100", "E0110 1:16"},
        {"score s = buy", "E0110 1:11"},
    };
    (void)state;
    check_mistakes(cases, LENGTH(cases));
}

/* ---- names ----------------------------------------------------------------------------- */

static void test_names(void **state)
{
    static const mistake cases[] = {
        {"segment s when did bux", "E0104 1:20"},
        {"segment s when count(bux in last 3 days) > 1", "E0104 1:22"},
        {"segment s when did (buy or bux)", "E0104 1:28"},
        {"segment s when last bux.amount > 1", "E0104 1:21"},
        {"segment s when did buy where (amuont > 1)", "E0105 1:31"},
        {"segment s when sum(buy.amuont) > 1", "E0105 1:24"},
        {"segment s when did (buy or look) where (qty2 > 1)", "E0105 1:41"},
        {"segment s when user.pionts > 1", "E0115 1:21"},
        {"segment s when in nowhere", "E0106 1:19"},
        {"segment s among nowhere when true", "E0106 1:17"},
        {"segment s when user.country in nowhere", "E0106 1:32"},
        {"segment s when nothing > 5", "E0106 1:16"},
        {"segment s when fancy(3) > 5", "E0116 1:16"},
        {"segment s when churn.risk(3) > 5", "E0116 1:16"},
        {"groups g\n  a when did buy\nsegment s when in g.b", "E0106 3:21"},
        {"segment s when true\nsegment s when false", "E0107 2:9"},
        {"segment buy when true", "E0107 1:9"},
        {"let x = 1\nlist x = 1, 2\nsegment s when true", "E0107 2:6"},
        {"groups g\n  a when did buy\n  a otherwise", "E0107 3:3"},
        {"segment last when true", "E0123 1:9"},
        {"let time = 1", "E0123 1:5"},
        {"groups g\n  count when did buy", "E0123 2:3"},
        /* a score or a value has no members */
        {"score p = 1\nsegment s when in p", "E0121 2:19"},
        {"let x = 1\nsegment s when in x", "E0121 2:19"},
        {"let x = 1\nsegment s among x when true", "E0121 2:17"},
    };
    (void)state;
    check_mistakes(cases, LENGTH(cases));
}

/* The type of a property is one over all kinds that have it. */
static void test_disagreeing_kinds(void **state)
{
    static const mistake cases[] = {
        {"segment s when did (buy or look) where (amount > 1)", "E0108 1:41"},
        {"segment s when did anything where (amount = \"x\")", "E0108 1:36"},
        {"segment s when did (buy or look) where (store = \"x\")", ""},
        {"segment s when did (buy where (amount > 1) or look where (amount = \"x\"))",
         ""},
    };
    (void)state;
    check_mistakes(cases, LENGTH(cases));
}

/* ---- windows --------------------------------------------------------------------------- */

static void test_windows(void **state)
{
    static const mistake cases[] = {
        /* only times look ahead */
        {"segment s when did buy in next 3 days", "E0113 1:24"},
        {"segment s when count(buy in next 3 days) > 1", "E0113 1:26"},
        {"segment s when user.at in next 3 days", ""},
        {"segment s when did buy tomorrow", "E0113 1:24"},
        {"segment s when did buy in next full week", "E0113 1:24"},
        {"segment s when did buy in next 2 full weeks", "E0113 1:24"},
        {"segment s when user.at tomorrow", ""},
        {"segment s when user.at in next 2 full weeks", ""},
        {"segment s when user.at in next 0 full weeks", "E0113 1:24"},
        /* pairs that never meet */
        {"segment s when did buy between 2026-02-01 and 2026-01-01", "E0113 1:24"},
        {"segment s when did buy between 10 days ago and 20 days ago", "E0113 1:24"},
        {"segment s when did buy since 2026-02-01 before 2026-01-01", "E0113 1:41"},
        {"segment s when did buy in last 7 days before 30 days ago", "E0113 1:39"},
        {"segment s when did buy in last 30 days before 7 days ago", ""},
        {"segment s when did buy in last 15 days in previous 15 days", "E0113 1:40"},
        {"segment s when did buy since 2026-02-01 before 2026-02-01", "E0113 1:41"},
        {"segment s when did buy on 2026-02-01 on 2026-02-02", "E0113 1:38"},
        {"segment s when did buy in last 0 days", "E0113 1:32"},
        {"segment s when did buy within 0 days after first buy", ""},
        {"segment s when did buy within 0 seconds of any buy", ""},
        {"segment s when did buy since user.points", "E0113 1:30"},
        {"segment s when did buy until user.points", "E0113 1:30"},
        {"segment s when user.at at or after user.points", "E0113 1:36"},
        /* several windows on one time; of a date, today is on both sides of now */
        {"segment s when user.at since 2026-01-01 before 2026-02-01", ""},
        {"segment s when user.at since 5 days ago in next 3 days", "E0113 1:41"},
        {"segment s when user.at at or after 5 days ago in next 3 days", ""},
        {"segment s when user.at after now in last 3 days", "E0113 1:34"},
        {"segment s when user.at yesterday tomorrow", "E0113 1:34"},
        {"segment s when user.at not until 2026-01-01 after 2026-02-01", "E0113 1:45"},
        {"segment s when user.at until 2026-01-01 on 2026-01-01", ""},
        {"segment s when user.points since 2026-01-01 before now", "E0108 1:16"},
        /* `time since` alone is a window in a `where`, and nowhere else */
        {"segment s when did buy where (time since user.at)", ""},
        {"segment s when did buy where (time until user.at before now)", ""},
        {"segment s when did buy where (time since user.points)", "E0113 1:42"},
        {"segment s when did buy where (time since user.at > 3 days)", ""},
        {"segment s when did buy where (time since user.at + 3 days)", ""},
        {"segment s when time since user.at", "E0109 1:16"},
        {"segment s when did buy between 1 and 2", "E0113 1:32"},
        {"segment s when did buy on 2026-02-30", "E0103 1:27"},
    };
    (void)state;
    check_mistakes(cases, LENGTH(cases));
}

/* ---- the rest -------------------------------------------------------------------------- */

static void test_patterns_and_lists(void **state)
{
    static const mistake cases[] = {
        {"segment s when user.country matches \"(\"", "E0114 1:39"},
        {"segment s when user.country matches \"[a\"", "E0114 1:40"},
        {"list l = 1, \"x\"\nsegment s when user.points in l", "E0122 1:13"},
        {"list l = user.points\nsegment s when user.points in l", "E0122 1:10"},
        {"list l = 1, 2\nsegment s when user.country in l", "E0108 2:16"},
        {"list l = 1, 2\nsegment s when in l", "E0108 2:16"},
        {"segment s when smaller(1) = 1", "E0117 1:16"},
        {"segment s when larger(1, 2, 3) = 1", "E0117 1:16"},
        {"segment s when share(buy) > 50%", "E0117 1:16"},
        {"segment s when sum(buy) > 1", "E0117 1:20"},
        {"segment s when distinct(buy) > 1", "E0117 1:25"},
        {"groups g\n  a otherwise\n  b when did buy", "E0118 2:3"},
        {"segment s when did buy at least 2 times at most 3 times", "E0117 1:41"},
    };
    (void)state;
    check_mistakes(cases, LENGTH(cases));
}

static void test_cycles(void **state)
{
    static const mistake cases[] = {
        {"segment a when in b\nsegment b when in a", "E0111 2:19"},
        {"segment a when in a", "E0111 1:19"},
        {"let x = y + 1\nlet y = x\nsegment s when y > 1", "E0111 2:9"},
        {"segment a among b when true\nsegment b when in a", "E0111 2:19"},
        {"segment a when in g.one\ngroups g\n  one when in a\n  two otherwise",
         "E0111 3:15"},
        {"event e = buy where (in s)\nsegment s when did e", "E0111 2:20"},
        /* as of an earlier time it is still a circle */
        {"segment a when in a as of 1 day ago", "E0111 1:19"},
    };
    (void)state;
    check_mistakes(cases, LENGTH(cases));
}

/* One mistake is one message, and every mistake of a file is reported. */
static void test_all_at_once(void **state)
{
    static const mistake cases[] = {
        {"let x = bad.thing\nlet y = x + 1\nsegment s when y > 1 and x < 5 and y = \"a\"",
         "E0106 1:9"},
        {"segment a when did bux\nsegment b when user.pionts > 1\nsegment c when "
         "user.points",
         "E0104 1:20, E0115 2:21, E0109 3:16"},
        {"segment a when did bux and did lok and user.points = \"x\"",
         "E0104 1:20, E0104 1:32, E0108 1:40"},
        {"segment a when in b and in c\nsegment b when did bux",
         "E0106 1:28, E0104 2:20"},
        {"segment s when did buy where (amuont > 1 and stroe = \"x\" and qty = \"y\")",
         "E0105 1:31, E0105 1:46, E0108 1:62"},
    };
    (void)state;
    check_mistakes(cases, LENGTH(cases));
}

/* Places are counted in characters, not bytes. */
static void test_columns(void **state)
{
    static const mistake cases[] = {
        {"segment s when user.country = \"\xC3\xA9\xC3\xA9\" and did bux", "E0104 1:44"},
        {"\n\n  # \xE2\x82\xAC\nsegment s\n\twhen did bux", "E0104 5:11"},
    };
    (void)state;
    check_mistakes(cases, LENGTH(cases));
}

/* ---- strict sequences ------------------------------------------------------------------ */

static void test_strictness(void **state)
{
    static const mistake cases[] = {
        {"segment s when did (look then buy) with only (look or buy) without repeats "
         "strictly "
         "later",
         ""},
        {"segment s when did (look then buy) with only bye", "E0104 1:46"},
        {"segment s when did (look then buy) with only look where (qty > 1)",
         "E0105 1:58"},
        {"segment s when did (look then buy) with only look with only buy", "E0127 1:61"},
        {"segment s when did (look then buy) without repeats without repeats",
         "E0127 1:52"},
        {"segment s when did (look then buy) strictly later strictly later",
         "E0127 1:51"},
        {"segment s when did (look and buy) strictly later", "E0127 1:35"},
        {"segment s when did (look and buy) without repeats", "E0127 1:35"},
        {"segment s when did (look and buy) with only look", "E0127 1:45"},
        {"event lb = (look then buy)\nsegment s when did (look then buy) with only lb",
         "E0117 2:46"},
        {"event e = (look then buy) with only e", "E0111 1:37, E0117 1:37"},
    };
    (void)state;
    check_mistakes(cases, LENGTH(cases));
}

/* ---- events in a row ---------------------------------------------------------------- */

static void test_rows(void **state)
{
    static const mistake cases[] = {
        {"segment s when did buy at least 3 times in a row among (buy or look) in last 9 "
         "days",
         ""},
        {"event b = buy where (gift)\nsegment s when did b in a row at least twice", ""},
        {"segment s when did buy in a row", "E0117 1:24"},
        {"segment s when did buy at least twice in a row in a row", "E0117 1:48"},
        {"segment s when did buy at least twice in a row in last 5 buy", "E0117 1:48"},
        {"segment s when did (look then buy) at least twice in a row", "E0117 1:20"},
        {"event lb = (look then buy)\nsegment s when did lb at least twice in a row",
         "E0117 2:20"},
        {"event lb = (look then buy)\nsegment s when did buy at least twice in a row "
         "among lb",
         "E0117 2:54"},
        {"segment s when did buy at least twice in a row among bye", "E0104 1:54"},
        {"segment s when did buy at least twice in a row among look where (qty > 1)",
         "E0105 1:66"},
        {"segment s when count(buy in a row) > 2", "E0117 1:26"},
        {"score x = days_with(buy at least twice in a row)", "E0117 1:40"},
    };
    (void)state;
    check_mistakes(cases, LENGTH(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_strictness),
        cmocka_unit_test(test_scenarios),
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_conditions_and_values),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_disagreeing_kinds),
        cmocka_unit_test(test_windows),
        cmocka_unit_test(test_patterns_and_lists),
        cmocka_unit_test(test_cycles),
        cmocka_unit_test(test_all_at_once),
        cmocka_unit_test(test_columns),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
