/* SPDX-License-Identifier: MIT
 *
 * What values mean: missing ones, logic, exact numbers, texts, lists, times and their
 * parts, traits over time.
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

/* ---- two properties of an event ---------------------------------------------------------- */

static void test_two_properties_beside_each_other(void **state)
{
    static const world_case cases[] = {
        {"did view where (n < m)", NOON, "less"},
        {"did view where (n <= m)", NOON, "less same"},
        {"did view where (n = m)", NOON, "same"},
        {"did view where (n != m)", NOON, "less missing more"},
        {"did view where (m < n)", NOON, "more"},
        {"did view where (n < m) and max(view.m since 2026-03-20) > 1", NOON, "less"},
        {"did view where (m < n) since 2026-01-01 and max(view.n since 2026-03-20) > 5",
         NOON, "more"},
        {"did view where (bought < shipped)", NOON, "less"},
        {"did view where (bought = shipped)", NOON, "same"},
        {"did view where (shipped < bought)", NOON, "more"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "view", "n int, m int, bought time, shipped time");
    world_did(
        w, "less", "view", "2026-03-01T00:00:00Z",
        "n=1, m=2, bought=\"2026-01-01T00:00:00Z\", shipped=\"2026-01-02T00:00:00Z\"");
    world_did(w, "less", "view", "2026-03-25T00:00:00Z", "n=2, m=3");
    world_did(
        w, "same", "view", "2026-03-01T00:00:00Z",
        "n=7, m=7, bought=\"2026-01-03T00:00:00Z\", shipped=\"2026-01-03T00:00:00Z\"");
    world_did(
        w, "more", "view", "2026-03-01T00:00:00Z",
        "n=9, m=4, bought=\"2026-01-09T00:00:00Z\", shipped=\"2026-01-04T00:00:00Z\"");
    world_did(w, "more", "view", "2026-03-25T00:00:00Z", "n=8, m=6");
    world_did(w, "missing", "view", "2026-03-25T00:00:00Z", "n=5");
    check_and_free(w, cases, LENGTH(cases));
}

/* ---- missing --------------------------------------------------------------------------- */

/* A comparison with a missing operand is false; `!=`, `not in`, `not matches` are exactly the
 * negations of their positive forms. The empty text is not missing. */
static void test_missing_text(void **state)
{
    static const world_case cases[] = {
        {"user.country = \"DE\"", NOON, "de"},
        {"user.country != \"DE\"", NOON, "de_lower empty fr none"},
        {"not (user.country = \"DE\")", NOON, "de_lower empty fr none"},
        {"not (user.country != \"DE\")", NOON, "de"},
        {"user.country = \"\"", NOON, "empty"},
        {"user.country != \"\"", NOON, "de de_lower fr none"},
        {"user.country in (\"DE\", \"FR\")", NOON, "de fr"},
        {"user.country not in (\"DE\", \"FR\")", NOON, "de_lower empty none"},
        {"user.country matches \"^[A-Z]+$\"", NOON, "de fr"},
        {"user.country not matches \"^[A-Z]+$\"", NOON, "de_lower empty none"},
        {"user.country contains \"E\"", NOON, "de"},
        {"user.country not contains \"E\"", NOON, "de_lower empty fr none"},
        {"user.country contains \"\"", NOON, "de de_lower empty fr"},
        {"user.country starts with \"D\"", NOON, "de"},
        {"user.country not starts with \"D\"", NOON, "de_lower empty fr none"},
        {"user.country ends with \"R\"", NOON, "fr"},
        {"user.country not ends with \"R\"", NOON, "de de_lower empty none"},
        {"user.country is missing", NOON, "none"},
        {"user.country is not missing", NOON, "de de_lower empty fr"},
        {"not (user.country is missing)", NOON, "de de_lower empty fr"},
    };
    world *w = world_new("Europe/Berlin");
    (void)state;
    world_trait(w, "country", "string");
    world_has(w, "de", "country", NULL, "\"DE\"");
    world_has(w, "de_lower", "country", NULL, "\"de\"");
    world_has(w, "fr", "country", NULL, "\"FR\"");
    world_has(w, "empty", "country", NULL, "\"\"");
    world_person(w, "none");
    check_and_free(w, cases, LENGTH(cases));
}

static void test_missing_number(void **state)
{
    static const world_case cases[] = {
        {"user.points > 5", NOON, "ten"},
        {"not (user.points > 5)", NOON, "five none zero"},
        {"user.points <= 5", NOON, "five zero"},
        {"user.points > 5 or user.points <= 5", NOON, "five ten zero"},
        {"user.points = 0", NOON, "zero"},
        {"user.points != 0", NOON, "five none ten"},
        {"user.points = user.points", NOON, "five ten zero"},
        {"user.points != user.points", NOON, "none"},
        {"user.points = user.other", NOON, "five"},
        {"user.points != user.other", NOON, "none ten zero"},
        /* arithmetic on missing is missing */
        {"user.points + user.other > 0", NOON, "five"},
        {"user.points - user.points = 0", NOON, "five ten zero"},
        {"user.points * 0 = 0", NOON, "five ten zero"},
        {"-user.points <= 0", NOON, "five ten zero"},
        {"(user.points + user.other) is missing", NOON, "none ten zero"},
        /* so is division by zero, also of zero */
        {"10 / user.points = 2", NOON, "five"},
        {"10 / user.points != 2", NOON, "none ten zero"},
        {"(10 / user.points) is missing", NOON, "none zero"},
        {"user.points / user.points = 1", NOON, "five ten"},
        {"(user.points / 0) is missing", NOON, "five none ten zero"},
        {"user.points in (0, 10)", NOON, "ten zero"},
        {"user.points not in (0, 10)", NOON, "five none"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_trait(w, "points", "int");
    world_trait(w, "other", "int");
    world_has(w, "zero", "points", NULL, "0");
    world_has(w, "five", "points", NULL, "5");
    world_has(w, "five", "other", NULL, "5");
    world_has(w, "ten", "points", NULL, "10");
    world_person(w, "none");
    check_and_free(w, cases, LENGTH(cases));
}

static void test_logic(void **state)
{
    static const world_case cases[] = {
        {"true", NOON, "no none yes"},
        {"false", NOON, ""},
        {"not (false)", NOON, "no none yes"},
        {"user.flag", NOON, "yes"},
        {"not (user.flag)", NOON, "no none"},
        {"user.flag = true", NOON, "yes"},
        {"user.flag = false", NOON, "no"},
        {"user.flag != true", NOON, "no none"},
        {"user.flag is missing", NOON, "none"},
        {"user.flag or user.flag is missing", NOON, "none yes"},
        {"user.flag and user.flag is missing", NOON, ""},
        {"user.flag or (not (user.flag) and user.flag is not missing)", NOON, "no yes"},
        {"if user.flag then true else user.flag is missing", NOON, "none yes"},
        {"(if user.flag then 1 else 2) = 2", NOON, "no none"},
        {"(if user.flag = false then 1 else 2) = 2", NOON, "none yes"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_trait(w, "flag", "bool");
    world_has(w, "yes", "flag", NULL, "true");
    world_has(w, "no", "flag", NULL, "false");
    world_person(w, "none");
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

static void test_if_values(void **state)
{
    static const world_value_case cases[] = {
        {"if user.points > 5 then 100 else 1", "ten", NOON, "100"},
        {"if user.points > 5 then 100 else 1", "five", NOON, "1"},
        {"if user.points > 5 then 100 else 1", "none", NOON, "1"},
        {"if user.points > 5 then user.points else 0.5", "ten", NOON, "10.0"},
        {"if user.points > 5 then user.points else 0.5", "five", NOON, "0.5"},
        {"if true then user.points else 0", "none", NOON, "missing"},
        {"(if user.points > 5 then 1 else 2) + 10", "five", NOON, "12"},
        {"if user.points > 5 then 1 else if user.points > 3 then 2 else 3", "five", NOON,
         "2"},
        {"if user.points > 5 then 1 else if user.points > 3 then 2 else 3", "none", NOON,
         "3"},
        {"smaller(user.points, 7)", "ten", NOON, "7"},
        {"smaller(user.points, 7)", "five", NOON, "5"},
        {"larger(user.points, 7)", "five", NOON, "7"},
        {"larger(user.points, 7)", "none", NOON, "missing"},
        {"smaller(user.points, 7.25)", "five", NOON, "5.00"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_trait(w, "points", "int");
    world_has(w, "five", "points", NULL, "5");
    world_has(w, "ten", "points", NULL, "10");
    world_person(w, "none");
    world_check_values(w, cases, LENGTH(cases));
    world_free(w);
}

/* ---- numbers --------------------------------------------------------------------------- */

static void test_exact_numbers(void **state)
{
    static const world_case cases[] = {
        {"user.money >= 500", NOON, "at over"},
        {"user.money > 500", NOON, "over"},
        {"user.money = 500.00", NOON, "at"},
        {"user.money = 500.000", NOON, "at"},
        {"user.money >= 499.995", NOON, "at over"},
        {"user.money > 499.989", NOON, "at over under"},
        {"user.money > 499.99", NOON, "at over"},
        {"user.money < 499.991", NOON, "minus under"},
        {"user.money + 0.005 = 500.005", NOON, "at"},
        {"user.money * 1.1 = 550", NOON, "at"},
        {"user.money * 10% = 50", NOON, "at"},
        {"user.money * 60% = user.money * 0.6", NOON, "at minus over under"},
        {"0.1 + 0.2 = 0.3", NOON, "at minus over under"},
        {"user.money - 499.9 = 0.1", NOON, "at"},
        {"user.money / 3 = 1000 / 6", NOON, "at"},
        {"user.money / 3 > 166.666666666666666", NOON, "at over"},
        {"user.money / 3 < 166.666666666666667", NOON, "at minus under"},
        {"user.money / 1000 = 50%", NOON, "at"},
        {"user.money / 1000 >= 50%", NOON, "at over"},
        {"1 / 3 = 2 / 6", NOON, "at minus over under"},
        {"1 / 3 + 1 / 3 + 1 / 3 = 1", NOON, "at minus over under"},
        {"1 / 3 < 0.333333333333333334", NOON, "at minus over under"},
        {"1 / 3 > 0.333333333333333333", NOON, "at minus over under"},
        /* negative numbers */
        {"user.money < 0", NOON, "minus"},
        {"user.money / 2 = -0.5", NOON, "minus"},
        {"-user.money / 2 = 0.5", NOON, "minus"},
        {"1 / user.money < 0", NOON, "minus"},
        {"1 / user.money > -1.5 and 1 / user.money < 0", NOON, "minus"},
        {"user.money * -1 = 1", NOON, "minus"},
        {"0 - user.money > 0", NOON, "minus"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_trait(w, "money", "decimal(2)");
    world_has(w, "under", "money", NULL, "499.99");
    world_has(w, "at", "money", NULL, "500.00");
    world_has(w, "over", "money", NULL, "500.01");
    world_has(w, "minus", "money", NULL, "-1");
    check_and_free(w, cases, LENGTH(cases));
}

/* `number` is a double; a literal beside it is the nearest double. */
static void test_doubles(void **state)
{
    static const world_case cases[] = {
        {"user.score = 0.1", NOON, "tenth"},
        {"user.score >= 10%", NOON, "big tenth three"},
        {"user.score > 0.1", NOON, "big three"},
        {"user.score + user.score = 0.2", NOON, "tenth"},
        {"user.score + user.score + user.score = 0.3", NOON, ""}, /* as doubles do */
        {"user.score / 2 = 1.5", NOON, "three"},
        {"user.score / user.count = 1", NOON, "three"},
        {"user.score = user.count", NOON, "three"},
        {"user.score * 10 > 0", NOON, "tenth three"}, /* infinities are no values */
        {"(user.score * 10) is missing", NOON, "big"},
        {"(user.score - user.score) / (user.score - user.score) = 1", NOON, ""},
        {"user.score in (0.1, 3)", NOON, "tenth three"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_trait(w, "score", "number");
    world_trait(w, "count", "int");
    world_has(w, "tenth", "score", NULL, "0.1");
    world_has(w, "three", "score", NULL, "3");
    world_has(w, "three", "count", NULL, "3");
    world_has(w, "big", "score", NULL, "1e308");
    check_and_free(w, cases, LENGTH(cases));
}

/* What leaves 64 bits has no value. */
static void test_overflow(void **state)
{
    static const world_case cases[] = {
        {"user.n + 1 > 0", NOON, "one"},
        {"user.n + 1 <= 0", NOON, "least"},
        {"(user.n + 1) is missing", NOON, "most"},
        {"user.n - 2 < 0", NOON, "one"},
        {"(user.n - 2) is missing", NOON, "least"},
        {"(user.n * 2) is missing", NOON, "least most"},
        {"(user.n * user.n) is missing", NOON, "least most"},
        {"(-user.n) is missing", NOON, ""},
        {"-user.n > 999999999999999999", NOON, "least"},
        /* nor does what lies between the operands and the result: 18 digits behind the
           point leave room for one before it */
        {"(1 - user.n * 12) + 2.00000000000000001 = -8.99999999999999999", NOON, "one"},
        {"2.00000000000000001 - (user.n + 9) = -7.99999999999999999", NOON, "one"},
        {"((user.n + 92) + 0.00000000000000001) is missing", NOON, "least most one"},
        {"smaller(user.n + 20, 0.000000000000000001) > 0", NOON, "one"},
        {"smaller(0.000000000000000001, user.n + 20) = 0.000000000000000001", NOON,
         "one"},
        {"larger(user.n - 21, 0.000000000000000001) = 0.000000000000000001", NOON, "one"},
        {"larger(user.n + 20, 0.000000000000000001) is missing", NOON, "most one"},
        {"smaller(21, 0.000000000000000001) = 0.000000000000000001", NOON,
         "least most one"},
        {"12 - 9.00000000000000001 = 2.99999999999999999", NOON, "least most one"},
        /* comparing does not overflow, whatever the digits behind the point */
        {"user.n > 0.000000000000000001", NOON, "most one"},
        {"user.n >= 999999999999999999", NOON, "most"},
        {"user.n < 999999999999999999", NOON, "least one"},
        {"user.n > 0.5", NOON, "most one"},
        {"user.n = 1.00", NOON, "one"},
        {"user.n / 30 > 307445734561825860", NOON, "most"},
        {"user.n / 30 < 307445734561825861", NOON, "least most one"},
        {"user.n / user.n = 1", NOON, "least most one"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_trait(w, "n", "int");
    world_has(w, "most", "n", NULL, "9223372036854775807");
    world_has(w, "least", "n", NULL, "-9223372036854775807");
    world_has(w, "one", "n", NULL, "1");
    check_and_free(w, cases, LENGTH(cases));
}

static void test_number_values(void **state)
{
    static const world_value_case cases[] = {
        {"user.money + 1", "p", NOON, "13.50"},
        {"user.money * 2", "p", NOON, "25.00"},
        {"user.money * 1.5", "p", NOON, "18.750"},
        {"user.money / 4", "p", NOON, "3.125"},
        {"user.money * 50%", "p", NOON, "6.2500"},
        {"1 + 2 * 3", "p", NOON, "7"},
        {"(1 + 2) * 3", "p", NOON, "9"},
        {"10 - 3 - 2", "p", NOON, "5"},
        {"100 / 10 / 5", "p", NOON, "2"},
        {"2 - -3", "p", NOON, "5"},
        {"-user.money", "p", NOON, "-12.50"},
        {"user.none + 1", "p", NOON, "missing"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_trait(w, "money", "decimal(2)");
    world_trait(w, "none", "int");
    world_has(w, "p", "money", NULL, "12.50");
    world_check_values(w, cases, LENGTH(cases));
    world_free(w);
}

/* ---- texts and lists ------------------------------------------------------------------- */

static void test_patterns(void **state)
{
    static const world_case cases[] = {
        {"user.name matches \"Jo\"", NOON, "jo joe"}, /* anywhere in the text */
        {"user.name matches \"^Jo$\"", NOON, "jo"},
        {"user.name matches \"(?i)jo\"", NOON, "jo joe low"},
        {"user.name matches \"\\bJ\"", NOON, "jo joe"},
        {"user.name matches \"^.$\"", NOON, "accent"}, /* one character, two bytes */
        {"user.name matches \"^\\p{L}+$\"", NOON, "accent jo joe low"},
        {"user.name matches \"^a(?=b)\"", NOON, "ab"},
        {"user.name matches \"^$\"", NOON, "empty"},
        {"user.name matches \"\"", NOON, "ab accent empty jo joe low quote"},
        {"user.name = \"say \"\"hi\"\"\"", NOON, "quote"},
        {"user.name contains \"\"\"\"", NOON, "quote"},
        {"user.name contains \"b c\"", NOON, "ab"},
        {"user.name starts with \"Jo\"", NOON, "jo joe"},
        {"user.name ends with \"e\"", NOON, "joe"},
        {"user.name = \"\xC3\xA9\"", NOON, "accent"},
        {"user.name contains user.nick", NOON, "joe"},
        {"user.name = user.nick", NOON, ""},
    };
    world *w = world_new("UTC");
    (void)state;
    world_trait(w, "name", "string");
    world_trait(w, "nick", "string");
    world_has(w, "jo", "name", NULL, "\"Jo\"");
    world_has(w, "joe", "name", NULL, "\"Joe\"");
    world_has(w, "joe", "nick", NULL, "\"oe\"");
    world_has(w, "low", "name", NULL, "\"jo\"");
    world_has(w, "accent", "name", NULL, "\"\xC3\xA9\"");
    world_has(w, "ab", "name", NULL, "\"ab c\"");
    world_has(w, "empty", "name", NULL, "\"\"");
    world_has(w, "quote", "name", NULL, "say \"hi\"");
    world_person(w, "none");
    check_and_free(w, cases, LENGTH(cases));
}

#define LISTS                                                                            \
    "list dach = \"DE\", \"AT\", \"CH\"\n"                                               \
    "list prices = 1, 2.50, 3.000\n"                                                     \
    "list feasts = 2026-03-01, 2026-03-02\n"                                             \
    "list people = \"ann\", \"cid\", \"nobody\"\n"

static void test_lists(void **state)
{
    static const world_case cases[] = {
        {LISTS "segment s when user.country in dach", NOON, "ann"},
        {LISTS "segment s when user.country not in dach", NOON, "bob cid"},
        {LISTS "segment s when user.price in prices", NOON, "ann bob"},
        {LISTS "segment s when user.price not in prices", NOON, "cid"},
        {LISTS "segment s when user.day in feasts", NOON, "ann"},
        {LISTS "segment s when user.day not in feasts", NOON, "bob cid"},
        /* a list of person ids */
        {LISTS "segment s when in people", NOON, "ann cid"},
        {LISTS "segment s when not in people", NOON, "bob"},
        {LISTS "segment s when user.friend in people", NOON, "ann"},
        {LISTS "segment s when user.friend not in people", NOON, "bob cid"},
        {LISTS "segment s when did buy where (store in dach)", NOON, "bob"},
        {LISTS "segment s when did buy where (store not in dach)", NOON, "ann"},
        {"user.friend = \"cid\"", NOON, "ann"},
        {"user.friend in (\"cid\", \"dan\")", NOON, "ann bob"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "buy", "store string");
    world_trait(w, "country", "string");
    world_trait(w, "price", "decimal(2)");
    world_trait(w, "day", "date");
    world_trait(w, "friend", "person");
    world_has(w, "ann", "country", NULL, "\"AT\"");
    world_has(w, "ann", "price", NULL, "2.50");
    world_has(w, "ann", "day", NULL, "2026-03-02");
    world_has(w, "ann", "friend", NULL, "\"cid\"");
    world_has(w, "bob", "country", NULL, "\"DEU\"");
    world_has(w, "bob", "price", NULL, "3.00");
    world_has(w, "bob", "day", NULL, "2026-03-03");
    world_has(w, "bob", "friend", NULL, "\"dan\"");
    world_did(w, "ann", "buy", "2026-03-01", "");
    world_did(w, "bob", "buy", "2026-03-01", "store=\"CH\"");
    world_person(w, "cid");
    check_and_free(w, cases, LENGTH(cases));
}

/* ---- times and durations --------------------------------------------------------------- */

/* `time since` against months compares instants; now - 1 month is 28 February 14:00. */
static void test_time_since(void **state)
{
    static const world_case cases[] = {
        {"time since user.at >= 1 month", NOON, "edge old"},
        {"time since user.at > 1 month", NOON, "old"},
        {"time since user.at < 1 month", NOON, "future now young"},
        {"time since user.at <= 1 month", NOON, "edge future now young"},
        {"time since user.at = 1 month", NOON, "edge"},
        {"time since user.at != 1 month", NOON, "future none now old young"},
        {"1 month <= time since user.at", NOON, "edge old"},
        {"1 month > time since user.at", NOON, "future now young"},
        {"not (time since user.at >= 1 month)", NOON, "future none now young"},
        {"time since user.at >= 1 quarter", NOON, ""},
        {"time since user.at < 1 year", NOON, "edge future now old young"},
        {"time since user.at <= 0 months", NOON, "future now"},
        /* exact lengths: 30 days 23 hours in between, for the clocks went forward */
        {"time since user.at = 743 hours", NOON, "edge"},
        {"time since user.at > 743 hours", NOON, "old"},
        {"time since user.at >= 743 hours", NOON, "edge old"},
        {"time since user.at < 0 days", NOON, "future"},
        {"time since user.at >= 0 seconds", NOON, "edge now old young"},
        {"time until user.at > 0 seconds", NOON, "future"},
        {"time until user.at = 30 days", NOON, "future"},
        {"time until user.at >= 1 month", NOON, "future"}, /* 30 April 14:00 */
        {"time until user.at > 1 month", NOON, ""},
        {"time until user.at <= 1 month", NOON, "edge future now old young"},
        {"time until user.at < 1 month", NOON, "edge now old young"},
    };
    world *w = world_new("Europe/Berlin");
    (void)state;
    world_trait(w, "at", "time");
    world_has(w, "old", "at", NULL, "2026-02-28T12:59:59.999999Z");
    world_has(w, "edge", "at", NULL, "2026-02-28T13:00:00Z");
    world_has(w, "young", "at", NULL, "2026-02-28T13:00:00.000001Z");
    world_has(w, "now", "at", NULL, NOON);
    world_has(w, "future", "at", NULL, "2026-04-30T12:00:00Z");
    world_person(w, "none");
    check_and_free(w, cases, LENGTH(cases));
}

static void test_durations(void **state)
{
    static const world_case cases[] = {
        {"user.stay > 90 minutes", NOON, "long"},
        {"user.stay = 1.5 hours", NOON, "even"},
        {"user.stay >= 5400 seconds", NOON, "even long"},
        {"user.stay * 2 = 3 hours", NOON, "even"},
        {"user.stay / 3 = 30 minutes", NOON, "even"},
        {"user.stay / 1 hour = 1.5", NOON, "even"},
        {"user.stay / 7 minutes > 12.857142", NOON, "even long"},
        {"user.stay / 7 minutes = 90 / 7", NOON, "even"},
        {"user.stay + 30 minutes = 2 hours", NOON, "even"},
        {"user.stay - 1 day < 0 seconds", NOON, "even long"},
        {"1 day = 24 hours and 1 week = 7 days", NOON, "even long none"},
        {"user.at + user.stay = 2026-03-29T02:30Z", NOON, "even"},
        {"user.at - user.stay < 2026-03-29T00:00Z", NOON, "even"},
        {"now - user.at > 2 days", NOON, "even"},
        {"user.at + 1 day = 2026-03-30T01:00Z", NOON, "even"},
        {"user.at + 1 month = 2026-04-29T01:00Z", NOON, "even"}, /* 3:00 summer time */
        {"user.at < 2026-03-29T01:00:00.000001Z", NOON, "even"},
        {"user.at = 2026-03-29T03:00", NOON, "even"}, /* local */
    };
    world *w = world_new("Europe/Berlin");
    (void)state;
    world_trait(w, "stay", "duration");
    world_trait(w, "at", "time");
    world_has(w, "even", "stay", NULL, "90 minutes");
    world_has(w, "even", "at", NULL, "2026-03-29T01:00:00Z");
    world_has(w, "long", "stay", NULL, "91 minutes");
    world_person(w, "none");
    check_and_free(w, cases, LENGTH(cases));
}

static void test_dates_and_parts(void **state)
{
    static const world_case cases[] = {
        {"user.born = 2000-02-29", NOON, "leap"},
        {"user.born + 1 year = 2001-02-28", NOON, "leap"},
        {"user.born + 4 years = 2004-02-29", NOON, "leap"},
        {"user.born + 1 month = 2000-03-29", NOON, "leap"},
        {"user.born - 1 month = 2000-01-29", NOON, "leap"},
        {"user.born + 1 day = 2000-03-01", NOON, "leap"},
        {"user.born + 1 week = 2000-03-07", NOON, "leap"},
        {"user.born + 1 quarter = 2000-05-29", NOON, "leap"},
        {"user.born < 2000-03-01", NOON, "leap"},
        {"user.born.weekday = \"tuesday\"", NOON, "leap"},
        {"user.born.weekday != \"tuesday\"", NOON, "edge none"},
        {"user.born.day_of_month = 29 and user.born.month_of_year = 2", NOON, "leap"},
        {"user.born.year = 2000", NOON, "leap"},
        /* parts of a time are local: 31 December 23:30 UTC is New Year in Berlin */
        {"user.at.hour = 0", NOON, "edge"},
        {"user.at.day_of_month = 1", NOON, "edge"},
        {"user.at.month_of_year = 1", NOON, "edge"},
        {"user.at.year = 2026", NOON, "edge"},
        {"user.at.weekday = \"thursday\"", NOON, "edge"},
        {"user.at.date = 2026-01-01", NOON, "edge"},
        {"user.at.date + 1 month = 2026-02-01", NOON, "edge"},
        {"user.at.hour != 0", NOON, "leap none"},
        {"user.at.weekday in (\"thursday\", \"friday\")", NOON, "edge"},
        {"user.at.weekday starts with \"thu\"", NOON, "edge"},
        {"now.weekday = \"tuesday\" and now.hour = 14", NOON, "edge leap none"},
        {"now.date = 2026-04-01", "2026-03-31T22:00:00Z", "edge leap none"},
        {"now.date = 2026-03-31", "2026-03-31T21:59:59.999999Z", "edge leap none"},
        {"now.year - user.born.year = 26", NOON, "leap"},
        {"now.date - user.born > 26 * 365 days", NOON, "leap"},
        {"now.day_of_month = 31 and now.month_of_year = 3", NOON, "edge leap none"},
    };
    world *w = world_new("Europe/Berlin");
    (void)state;
    world_trait(w, "born", "date");
    world_trait(w, "at", "time");
    world_has(w, "leap", "born", NULL, "2000-02-29");
    world_has(w, "edge", "at", NULL, "2025-12-31T23:30:00Z");
    world_person(w, "none");
    check_and_free(w, cases, LENGTH(cases));
}

/* ---- versions -------------------------------------------------------------------------- */

/* 1.10 is more than 1.9, an absent part is 0, a pre-release is lower. */
static void test_versions(void **state)
{
    static const world_case cases[] = {
        {"user.app >= \"1.18.1\"", NOON, "a d"},
        {"user.app < \"1.18.1\"", NOON, "b c pre short"},
        {"\"1.18.1\" <= user.app", NOON, "a d"},
        {"user.app = \"1.18\"", NOON, "b short"},
        {"user.app != \"1.18\"", NOON, "a c d none pre"},
        {"user.app = \"v1.18.0+7\"", NOON, "b short"},
        {"user.app > \"1.18-alpha\" and user.app < \"1.18\"", NOON, "pre"},
        {"user.app in (\"1.18\", \"1.9.5.0\")", NOON, "b c short"},
        {"user.app not in (\"1.18\", \"1.9.5.0\")", NOON, "a d none pre"},
        {"list good = \"1.18\", \"1.100\"\nsegment s when user.app in good", NOON,
         "b d short"},
        {"let least = \"1.18.1\"\nsegment s when user.app >= least", NOON, "a d"},
        {"user.app is missing", NOON, "none"},
        {"user.app starts with \"1.18\"", NOON, "a b pre short"},
        {"did open where (app < user.app)", NOON, "a"},
        {"min(open.app) < max(open.app)", NOON, "a"},
        {"max(open.app) = user.app", NOON, "b"},
        {"smaller(user.app, first open.app) = \"1.9\"", NOON, "a"},
        {"larger(user.app, first open.app) = \"1.18.1\"", NOON, "a"},
        {"distinct(open.app) = 2", NOON, "a"},
        {"did (open then open) with same app", NOON, "a"},
        {"rank(user.app) = 1", NOON, "d"},
        {"rank(user.app) = 3", NOON, "b short"},
        {"rank(user.app within each user.app) = 1", NOON, "a b c d pre short"},
        {"(if user.app is missing then first open.app else user.app) > \"1.18\"", NOON,
         "a d"},
        {"last change of user.app = 2026-03-01T10:00Z", NOON, "a"},
        {"user.app as of 2026-03-02 = \"1.18.1\"", NOON, "a"},
    };
    static const world_value_case values[] = {
        {"user.app", "short", NOON, "1.18"}, /* as it came */
        {"user.app", "b", NOON, "1.18.0"},
        {"min(open.app)", "a", NOON, "1.9"},
        {"max(open.app)", "a", NOON, "v1.10"}, /* the first of several */
        {"most_common(open.app)", "a", NOON, "1.10.0"},
        {"max(open.app)", "none", NOON, "missing"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "open", "app version");
    world_trait(w, "app", "version");
    world_has(w, "a", "app", NULL, "\"1.17\"");
    world_has(w, "a", "app", "2026-03-01T10:00Z", "\"1.18.1\"");
    world_has(w, "a", "app", "2026-03-05T10:00Z", "\"1.18.1.0\""); /* no change */
    world_has(w, "b", "app", NULL, "\"1.18.0\"");
    world_has(w, "c", "app", NULL, "\"1.9.5\"");
    world_has(w, "d", "app", NULL, "\"1.100.0\"");
    world_has(w, "short", "app", NULL, "\"1.18\"");
    world_has(w, "pre", "app", NULL, "\"1.18-rc.1\"");
    world_did(w, "a", "open", "2026-03-01", "app=\"1.9\"");
    world_did(w, "a", "open", "2026-03-02", "app=\"v1.10\"");
    world_did(w, "a", "open", "2026-03-03", "app=\"1.10.0\"");
    world_did(w, "a", "open", "2026-03-04", "");
    world_did(w, "b", "open", "2026-03-04", "app=\"1.18\"");
    world_person(w, "none");
    world_check_values(w, values, LENGTH(values));
    check_and_free(w, cases, LENGTH(cases));
}

/* ---- traits ---------------------------------------------------------------------------- */

/* The last value set at or before now; of equal times the later arrival. */
static void test_traits_over_time(void **state)
{
    static const world_case cases[] = {
        {"user.plan = \"pro\"", "2026-03-01T10:00:00Z", "ann eve"},
        {"user.plan = \"pro\"", "2026-03-01T09:59:59.999999Z", "eve"},
        {"user.plan = \"free\"", "2026-03-01T09:59:59.999999Z", "ann"},
        {"user.plan = \"free\"", "2026-02-01T09:59:59.999999Z", ""},
        {"user.plan is missing", "2026-02-01T09:59:59.999999Z", "ann bob dan"},
        {"user.plan is missing", "2026-04-01T00:00:00Z", "dan"},
        {"user.plan = \"pro\"", "2026-04-01T00:00:00Z", "ann bob eve"},
        {"user.plan as of 2026-03-01T09:59:59.999999Z = \"free\"", "2026-04-01", "ann"},
        {"user.plan as of 2026-03-01T10:00Z = \"pro\"", "2026-04-01", "ann eve"},
        {"user.plan as of 31 days ago = \"free\"", "2026-04-01T09:00:00Z", "ann"},
        {"user.plan as of 1 month ago = \"pro\"", "2026-04-01T09:00:00Z", "eve"},
        {"user.plan as of first visit = \"free\"", "2026-04-01", "ann"},
        {"user.plan as of first visit != \"free\"", "2026-04-01", "bob dan eve"},
        {"user.plan as of first visit is missing", "2026-04-01", "bob dan eve"},
        /* the value at the event */
        {"did visit where (user.plan as of time = \"free\")", "2026-04-01", "ann"},
        {"count(visit where (user.plan as of time = \"pro\")) = 2", "2026-04-01", "ann"},
        {"did visit where (user.plan as of time is missing)", "2026-04-01", "dan"},
        {"did visit where (user.plan as of time != user.plan)", "2026-04-01", "ann dan"},
        {"did visit where (user.plan = \"pro\")", "2026-04-01", "ann"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "visit", "");
    world_trait(w, "plan", "string");
    world_has(w, "ann", "plan", "2026-03-01T10:00:00Z", "\"pro\"");
    world_has(w, "ann", "plan", "2026-02-01T10:00:00Z", "\"free\""); /* arrives late */
    world_has(w, "bob", "plan", "2026-03-15T10:00:00Z", "\"free\"");
    world_has(w, "bob", "plan", "2026-03-15T10:00:00Z", "\"pro\"");
    world_has(w, "eve", "plan", NULL, "\"pro\""); /* since ever */
    world_did(w, "ann", "visit", "2026-03-01T09:59:59.999999Z", "");
    world_did(w, "ann", "visit", "2026-03-01T10:00:00Z", "");
    world_did(w, "ann", "visit", "2026-03-20T10:00:00Z", "");
    world_did(w, "dan", "visit", "2026-03-20T10:00:00Z", "");
    check_and_free(w, cases, LENGTH(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_properties_beside_each_other),
        cmocka_unit_test(test_missing_text),
        cmocka_unit_test(test_missing_number),
        cmocka_unit_test(test_logic),
        cmocka_unit_test(test_if_values),
        cmocka_unit_test(test_exact_numbers),
        cmocka_unit_test(test_doubles),
        cmocka_unit_test(test_overflow),
        cmocka_unit_test(test_number_values),
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_time_since),
        cmocka_unit_test(test_durations),
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_dates_and_parts),
        cmocka_unit_test(test_traits_over_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
