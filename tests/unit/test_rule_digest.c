/* SPDX-License-Identifier: MIT
 *
 * Digests of rules: what leaves them as they are, what changes them, and that those which
 * are on somebody's disk stay what they are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "graph/rule_digest.h"
#include "support/world.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static world *shop;

/* Kinds of the data and traits in one order or the other. */
static world *make_shop(bool is_reversed)
{
    static const char *const kinds[][2] = {
        {"buy", "amount decimal(2), qty int, weight number, store string, "
                "items [sku string, price decimal(2)]"},
        {"look", "store string, seconds duration, items [sku string, price decimal(2)]"},
        {"refund", "amount decimal(2), store string"}};
    static const char *const traits[][2] = {
        {"points", "int"},    {"country", "string"}, {"flag", "bool"},    {"at", "time"},
        {"birthday", "date"}, {"app", "version"},    {"friend", "person"}};
    world *w = world_new("Europe/Berlin");
    for (size_t i = 0; i < LENGTH(kinds); i++) {
        size_t k = is_reversed ? LENGTH(kinds) - 1 - i : i;
        world_kind(w, kinds[k][0], kinds[k][1]);
    }
    for (size_t i = 0; i < LENGTH(traits); i++) {
        size_t t = is_reversed ? LENGTH(traits) - 1 - i : i;
        world_trait(w, traits[t][0], traits[t][1]);
    }
    return w;
}

static int set_up(void **state)
{
    (void)state;
    shop = make_shop(false);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_free(shop);
    return 0;
}

static const rule_calendar BERLIN = {"Europe/Berlin", MONDAY};

/* The digest of the rule with this path. */
static digest find_digest(const world *w, const char *rules, const char *path,
                          rule_calendar calendar)
{
    world_rules *r = world_compile(w, rules);
    if (!r->graph)
        fail_msg("%s", r->messages);
    rule_digests *all = rule_digests_new(r->graph, &calendar);
    digest found = {0};
    for (size_t i = 0; i < r->graph->rule_count; i++)
        if (strcmp(r->graph->rules[i].path, path) == 0)
            found = rule_digests_of(all, i);
    rule_digests_free(all);
    world_rules_free(r);
    assert_true(found.high != 0 || found.low != 0);
    return found;
}

static digest digest_of(const char *condition)
{
    char rules[2000];
    snprintf(rules, sizeof rules, "segment s when %s", condition);
    return find_digest(shop, rules, "s", BERLIN);
}

/* Conditions of every kind that there is. */
static const char *const conditions[] = {
    "did buy",
    "did buy at least 3 times in last 90 days",
    "did (buy or look or refund) at least 3 times",
    "count((refund or look or buy)) + user.points > 7",
    "did (buy where (amount > 5) or refund where (store = \"a\")) in last 2 months",
    "sum((buy or refund).amount) > 100",
    "median((buy or refund).amount) > 100",
    "distinct((buy or look or refund).store) > 2",
    "most_common((look or buy).store) = \"a\"",
    "sum(buy.weight) / 3 + sum(buy.qty) > user.points * 2",
    "avg(buy.amount) > 2 * avg(buy.amount in last full month)",
    "user.country in (\"DE\", \"AT\", \"CH\")",
    "user.country matches \"^D.\" or user.country contains \"x\"",
    "weeks_with(buy) >= 3",
    "avg(sum(buy.amount) per week in last 20 weeks) > 3",
    "days_in_a_row((buy or look)) >= 3",
    "did buy in this week",
    "did buy in last 3 months",
    "did buy in last full week",
    "now.hour < 12 and did buy",
    "did (look then buy within 1 day)",
    "did (look then no refund then (buy or look) within 2 months) in last 90 days",
    "did (look and buy) in last 90 days",
    "did (look then directly buy)",
    "did (look then buy) with same store at least twice",
    "did (buy where (amount > 2) or look) where (gap > 1 day)",
    "did (look or buy) where (did items where (price > 5))",
    "sum(buy.(count(items))) > 1",
    "sum(buy.amount) in top 20%",
    "rank(user.points within each user.country) < 10",
    "user.app >= \"2.1\"",
    "user.flag",
    "did anything in last 7 days",
};

/* One rule a condition, from `first` on forwards or backwards, among others that are asked
 * for before and behind. */
static char *all_rules(size_t first, bool is_backwards)
{
    text rules;
    size_t step = is_backwards ? LENGTH(conditions) - 1 : 1;
    text_init(&rules);
    text_append(&rules, "segment other1 when did refund where (amount > 3)\n");
    for (size_t i = 0, c = first; i < LENGTH(conditions); i++) {
        text_append_format(&rules, "segment s%zu when %s\n", c, conditions[c]);
        c = (c + step) % LENGTH(conditions);
    }
    text_append(&rules, "segment other2 when count((look or refund)) > 4\n"
                        "segment j judged every month when user.points > 5 stay while "
                        "user.points > 3\n");
    return text_take(&rules);
}

/* What cannot be written down at all is a mistake of this test. */
static void test_all_conditions_are_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(conditions); i++)
        digest_of(conditions[i]);
}

/* ---- what leaves a digest as it is ------------------------------------------------------ */

/* The digests of all conditions in one order of rules and one order of the project. */
static void take_all(const world *w, size_t first, bool is_backwards, digest *out)
{
    char *rules = all_rules(first, is_backwards);
    world_rules *r = world_compile(w, rules);
    if (!r->graph)
        fail_msg("%s", r->messages);
    rule_digests *all = rule_digests_new(r->graph, &BERLIN);
    for (size_t i = 0; i < r->graph->rule_count; i++) {
        unsigned number;
        if (sscanf(r->graph->rules[i].path, "s%u", &number) == 1)
            out[number] = rule_digests_of(all, i);
    }
    rule_digests_free(all);
    world_rules_free(r);
    memory_free(rules);
}

static void check_same(const digest *a, const digest *b)
{
    for (size_t i = 0; i < LENGTH(conditions); i++)
        if (!digest_equals(a[i], b[i]))
            fail_msg("another digest: %s", conditions[i]);
}

static void test_other_rules_and_orders_do_not_matter(void **state)
{
    (void)state;
    digest alone[LENGTH(conditions)], together[LENGTH(conditions)];
    world *reversed = make_shop(true);
    for (size_t i = 0; i < LENGTH(conditions); i++)
        alone[i] = digest_of(conditions[i]);
    for (size_t first = 0; first < LENGTH(conditions); first++) {
        take_all(shop, first, first % 2 == 1, together);
        check_same(alone, together);
        take_all(reversed, first, first % 3 == 1, together);
        check_same(alone, together);
    }
    world_free(reversed);
}

static void test_one_meaning_has_one_digest(void **state)
{
    static const char *const pairs[][2] = {
        {"did buy", "count(buy) >= 1"},
        {"did buy", "0 < count(buy)"},
        {"did buy in last 7 days", "did buy after now - 7 days"},
        {"did buy and did look", "did look and did buy"},
        {"(did buy and did look) and user.flag", "did buy and (user.flag and did look)"},
        {"user.points >= 5.00", "user.points >= 5"},
        {"user.country in (\"DE\", \"AT\")", "user.country in (\"AT\", \"DE\", \"AT\")"},
        {"did (buy or look)", "did look or did buy"},
        {"count((buy or look or refund)) > 3", "count((refund or look or buy)) > 3"},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(pairs); i++)
        if (!digest_equals(digest_of(pairs[i][0]), digest_of(pairs[i][1])))
            fail_msg("%s | %s", pairs[i][0], pairs[i][1]);
}

static void test_names_do_not_matter(void **state)
{
    (void)state;
    digest a = find_digest(shop,
                           "let big = sum(buy.amount) > 100\nevent dear = buy where "
                           "(amount > 3)\nsegment vip \"The best\" when big and did dear",
                           "vip", BERLIN);
    digest b =
        find_digest(shop,
                    "event costly = buy where (amount > 3)\nlet large = "
                    "sum(buy.amount) > 100\nsegment best when did costly and large",
                    "best", BERLIN);
    assert_true(digest_equals(a, b));
}

/* ---- what changes one ------------------------------------------------------------------- */

static void test_other_meanings_have_other_digests(void **state)
{
    static const char *const others[] = {
        "did look",
        "did refund",
        "did buy in last 90 days",
        "did buy in last 91 days",
        "did buy in last 3 weeks",
        "did buy where (amount > 5)",
        "did buy where (amount > 6)",
        "did buy where (qty > 5)",
        "did look where (store = \"a\")",
        "did buy where (store = \"a\")",
        "did buy where (store = \"b\")",
        "user.points - count(buy) > 3",
        "count(buy) - user.points > 3",
        "weeks_with(buy) >= 4",
        "months_with(buy) >= 3",
        "days_in_a_row(buy) >= 3",
        "quantile(buy.amount, 20%) > 3",
        "quantile(buy.amount, 30%) > 3",
        "did (buy then look)",
        "did (look then buy)",
        "did (look then buy within 2 days)",
        "did (look then buy) all within 1 day",
        "did (look then no buy)",
        "did (look then buy then look)",
        "rank(user.points) < 10",
        "rank(-user.points) < 10",
        "not (user.flag)",
    };
    (void)state;
    digest all[LENGTH(conditions) + LENGTH(others)];
    for (size_t i = 0; i < LENGTH(conditions); i++)
        all[i] = digest_of(conditions[i]);
    for (size_t i = 0; i < LENGTH(others); i++)
        all[LENGTH(conditions) + i] = digest_of(others[i]);
    for (size_t i = 0; i < LENGTH(all); i++)
        for (size_t k = 0; k < i; k++)
            if (digest_equals(all[i], all[k]))
                fail_msg("%zu and %zu", i, k);
}

/* The first of two alternatives that share a row gives it its number. */
static void test_order_counts_where_it_has_a_meaning(void **state)
{
    (void)state;
    static const char *const rules =
        "event a = (look then buy)\nevent b = (refund then buy)\n"
        "segment ab when did (a or b) where (nth = 2)\n"
        "segment ba when did (b or a) where (nth = 2)\n";
    assert_false(digest_equals(find_digest(shop, rules, "ab", BERLIN),
                               find_digest(shop, rules, "ba", BERLIN)));
}

/* Does another zone, or another first day of the week, change the condition? */
static void test_the_calendar_counts_where_it_is_asked(void **state)
{
    static const struct {
        const char *condition;
        bool asks_zone, asks_week;
    } cases[] = {
        {"did buy", false, false},
        {"did buy in last 7 days", false, false},
        {"did buy in last 2 weeks", false, false},
        {"did buy in last 2 months", true, false},
        {"did buy in this month", true, false},
        {"did buy in this week", true, true},
        {"weeks_with(buy) > 2", true, true},
        {"days_with(buy) > 2", true, false},
        {"now.hour < 12 and did buy", true, false},
        {"did (look then buy within 1 day)", false, false},
        {"did (look then buy within 1 month)", true, false},
        {"user.country = \"DE\"", false, false},
        {"user.app >= \"2.1\"", false, false},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        char rules[2000];
        snprintf(rules, sizeof rules, "segment s when %s", cases[i].condition);
        digest own = find_digest(shop, rules, "s", BERLIN);
        digest paris =
            find_digest(shop, rules, "s", (rule_calendar){"Europe/Paris", MONDAY});
        digest sunday =
            find_digest(shop, rules, "s", (rule_calendar){"Europe/Berlin", SUNDAY});
        if (digest_equals(own, paris) == cases[i].asks_zone)
            fail_msg("zone: %s", cases[i].condition);
        if (digest_equals(own, sunday) == cases[i].asks_week)
            fail_msg("week: %s", cases[i].condition);
    }
}

static void test_judged_again_and_again(void **state)
{
    static const char *const rules =
        "segment a judged every month when user.points > 5 stay while user.points > 3\n"
        "segment b judged every month when user.points > 5 stay while user.points > 4\n"
        "segment c judged every week when user.points > 5 stay while user.points > 3\n"
        "segment d judged every month when user.points > 6 stay while user.points > 3\n"
        "segment e judged every month when user.points > 5 stay while user.points > 3\n";
    (void)state;
    digest a = find_digest(shop, rules, "a", BERLIN);
    assert_true(digest_equals(a, find_digest(shop, rules, "e", BERLIN)));
    assert_false(digest_equals(a, find_digest(shop, rules, "b", BERLIN)));
    assert_false(digest_equals(a, find_digest(shop, rules, "c", BERLIN)));
    assert_false(digest_equals(a, find_digest(shop, rules, "d", BERLIN)));
}

/* ---- what is on disks ------------------------------------------------------------------- */

/* A digest that is another one here takes a new RULE_DIGEST_VERSION. */
static void test_digests_of_version_1(void **state)
{
    static const struct {
        const char *condition, *expected;
    } cases[] = {
        {"did buy", "4cad3a241b4a32dbf7a0dd1eff295ffb"},
        {"did (buy or look or refund) at least 3 times",
         "8874e28e3d8563c2441f699e1a564019"},
        {"median((buy or refund).amount) > 100", "1bf455a80de01ba62a1543ec5e17d932"},
        {"user.country in (\"DE\", \"AT\", \"CH\")", "f8b2be26dbaf23a53fa4c4f784135781"},
        {"did (look then no refund then (buy or look) within 2 months) in last 90 days",
         "41d9e07314e6828261a4ae8e5a033f7a"},
        {"rank(user.points within each user.country) < 10",
         "d7ac17dd6748b4df359fc3eb22304b8f"},
        {"did buy in this week", "3f971719394fc303a11350a15e71c65f"},
    };
    (void)state;
    bool is_good = true;
    assert_int_equal(RULE_DIGEST_VERSION, 1);
    for (size_t i = 0; i < LENGTH(cases); i++) {
        text found;
        text_init(&found);
        digest_append(digest_of(cases[i].condition), &found);
        if (strcmp(found.data, cases[i].expected) != 0)
            print_message("{\"%s\",\n \"%s\"},\n", cases[i].condition, found.data);
        is_good = is_good && strcmp(found.data, cases[i].expected) == 0;
        text_done(&found);
    }
    assert_true(is_good);
}

/* What was taken before the end counts as what was kept. */
static void test_pieces_have_the_digest_of_all(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 4000, 8192, 100000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        digest_input whole, pieces;
        digest_begin(&whole);
        digest_begin(&pieces);
        for (size_t k = 0; k < counts[i]; k++) {
            digest_put_number(&whole, k);
            digest_put_number(&pieces, k);
            digest_settle(&pieces);
        }
        assert_int_equal(pieces.taken != NULL, counts[i] >= 8192);
        assert_true(digest_equals(digest_end(&whole), digest_end(&pieces)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_conditions_are_rules),
        cmocka_unit_test(test_other_rules_and_orders_do_not_matter),
        cmocka_unit_test(test_one_meaning_has_one_digest),
        cmocka_unit_test(test_names_do_not_matter),
        cmocka_unit_test(test_other_meanings_have_other_digests),
        cmocka_unit_test(test_order_counts_where_it_has_a_meaning),
        cmocka_unit_test(test_the_calendar_counts_where_it_is_asked),
        cmocka_unit_test(test_judged_again_and_again),
        cmocka_unit_test(test_digests_of_version_1),
        cmocka_unit_test(test_pieces_have_the_digest_of_all),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
