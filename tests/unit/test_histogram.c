/* SPDX-License-Identifier: MIT
 *
 * histogram: many counts of one window by the text of the rows, worked out together, are what
 * each would be alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "support/world.h"

#define NOON "2026-03-31T12:00:00Z"

enum { VIEWERS = 150, DAYS = 60, CATEGORIES = 7, UNUSED = 2 };

/* What somebody looked at, so many days ago: CATEGORIES means nothing at all, and one more
 * that the event says no category. */
static int seen(int person, int day)
{
    return (person * 31 + day * day * 7 + day) % (CATEGORIES + 2);
}

static world *viewers(void)
{
    world *w = world_new("UTC");
    world_kind(w, "view", "category string");
    for (int person = 0; person < VIEWERS; person++)
        for (int day = DAYS; day-- > 0;) {
            char id[16], time[32], category[32] = "";
            int what = seen(person, day);
            if (what == CATEGORIES)
                continue;
            snprintf(id, sizeof id, "p%03d", person);
            snprintf(time, sizeof time, "2026-%02d-%02dT08:00:00Z",
                     day > 58   ? 1
                     : day > 30 ? 2
                                : 3,
                     day > 58   ? 90 - day
                     : day > 30 ? 59 - day
                                : 31 - day);
            if (what < CATEGORIES)
                snprintf(category, sizeof category, "category=\"c%d\"", what);
            world_did(w, id, "view", time, category);
        }
    return w;
}

static int64_t expected(int person, int category, int days)
{
    int64_t count = 0;
    for (int day = 0; day < days; day++)
        count += seen(person, day) == category;
    return count;
}

/* One score a category and window; some are of texts that nobody has. */
static void append_scores(text *rules, int days)
{
    for (int c = 0; c < CATEGORIES + UNUSED; c++)
        text_append_format(
            rules,
            "score of_%d_%d = count(view where (category = \"c%d\") in last %d days)\n",
            c, days, c, days);
}

static void check_scores(const run_result *r, size_t first, int days)
{
    for (size_t c = 0; c < CATEGORIES + UNUSED; c++) {
        const int64_t *counts = r->scores[first + c].values;
        for (int person = 0; person < VIEWERS; person++)
            assert_int_equal(counts[person],
                             c < CATEGORIES ? expected(person, (int)c, days) : 0);
    }
}

static void counts_are_those_of_each(void **state)
{
    (void)state;
    text rules;
    text_init(&rules);
    append_scores(&rules, 30);
    append_scores(&rules, 7);
    text_append(&rules, "score place = rank(count(view where (category = \"c1\") in last "
                        "30 days))\n" /* which a later pass is given */
                        "segment busy when place <= 10 and of_1_30 > of_2_30\n");
    world *w = viewers();
    world_rules *r = world_compile(w, rules.data);
    assert_string_equal(r->messages ? r->messages : "", "");
    assert_int_equal(r->plan->histograms->count, 2);
    store *s = world_store(w);
    static const size_t blocks[] = {1, 64, 100, 0};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        run_result *result = world_run(w, r, s, world_time(w, NOON), i + 1, blocks[i]);
        check_scores(result, 0, 30);
        check_scores(result, CATEGORIES + UNUSED, 7);
        run_result_free(result);
    }
    store_free(s);
    world_rules_free(r);
    world_free(w);
    text_done(&rules);
}

/* Windows that lie one in the other, that overlap, and that lie apart: (first day, days). */
static const int windows[][2] = {{0, 30}, {0, 29}, {0, 7}, {5, 20}, {40, 10}, {41, 17}};
enum { WINDOW_COUNT = sizeof windows / sizeof *windows };

static int64_t expected_in(int person, int category, const int window[2])
{
    return expected(person, category, window[0] + window[1]) -
           expected(person, category, window[0]);
}

static void append_count(text *rules, int category, const int window[2])
{
    text_append_format(rules, "count(view where (category = \"c%d\") ", category);
    if (window[0] == 0)
        text_append_format(rules, "in last %d days)", window[1]);
    else
        text_append_format(rules, "since %d days ago before %d days ago)",
                           window[0] + window[1], window[0]);
}

/* More of c0 than of each other, or as many; nobody asks for the counts themselves, but for
 * that of c1. */
static void append_orders(text *rules, size_t w)
{
    for (int c = 1; c < CATEGORIES; c++) {
        text_append_format(rules, "segment order_%d_%zu when ", c, w);
        append_count(rules, 0, windows[w]);
        text_append(rules, c % 2 ? " > " : " >= ");
        append_count(rules, c, windows[w]);
        text_append(rules, "\n");
    }
    text_append_format(rules, "score of_1_%zu = ", w);
    append_count(rules, 1, windows[w]);
    text_append(rules, "\n");
}

static void check_orders(const run_result *r, size_t w)
{
    for (int c = 1; c < CATEGORIES; c++) {
        const run_segment *order = &r->segments[w * (CATEGORIES - 1) + (size_t)c - 1];
        for (int person = 0; person < VIEWERS; person++) {
            int64_t x = expected_in(person, 0, windows[w]),
                    y = expected_in(person, c, windows[w]);
            assert_int_equal(bitmap_get(order->members, (size_t)person),
                             c % 2 ? x > y : x >= y);
        }
    }
    for (int person = 0; person < VIEWERS; person++)
        assert_int_equal(((const int64_t *)r->scores[w].values)[person],
                         expected_in(person, 1, windows[w]));
}

static void counts_are_compared_in_all_windows(void **state)
{
    (void)state;
    text rules;
    text_init(&rules);
    for (size_t w = 0; w < WINDOW_COUNT; w++)
        append_orders(&rules, w);
    world *w = viewers();
    world_rules *r = world_compile(w, rules.data);
    assert_int_equal(r->plan->histograms->count, WINDOW_COUNT);
    assert_int_equal(r->plan->histograms->items[0].order_count, CATEGORIES - 1);
    store *s = world_store(w);
    static const size_t blocks[] = {1, 64, 100, 0};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        run_result *result = world_run(w, r, s, world_time(w, NOON), i + 1, blocks[i]);
        for (size_t k = 0; k < WINDOW_COUNT; k++)
            check_orders(result, k);
        run_result_free(result);
    }
    store_free(s);
    world_rules_free(r);
    world_free(w);
    text_done(&rules);
}

/* Few counts keep their masks, and so do counts by something else than one text. */
static void few_counts_stay_alone(void **state)
{
    static const char rules[] =
        "score a = count(view where (category = \"c1\") in last 30 days)\n"
        "score b = count(view where (category = \"c2\") in last 30 days)\n"
        "score c = count(view where (category in (\"c3\", \"c4\")) in last 30 days)\n"
        "score d = count(view where (category contains \"c\") in last 30 days)\n"
        "score e = count(view where (category = \"c3\") in last 29 days)\n"
        "score f = count(view in last 30 days)\n";
    (void)state;
    world *w = viewers();
    world_rules *r = world_compile(w, rules);
    assert_string_equal(r->messages ? r->messages : "", "");
    assert_int_equal(r->plan->histograms->count, 0);
    world_rules_free(r);
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_those_of_each),
        cmocka_unit_test(counts_are_compared_in_all_windows),
        cmocka_unit_test(few_counts_stay_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
