/* SPDX-License-Identifier: MIT
 *
 * Days with events, different values: windows over the same rows are answered by one walk when
 * several rules ask (unit_families.h, distinct_families.h). A rule alone has a walk of its own, and
 * the same answer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/text.h"
#include "support/world.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define NOW           INT64_C(1774265400000000) /* 2026-03-23 11:30 */
#define HOUR          INT64_C(3600000000)

static const char *const counts[] = {
    "days_with(a%s)",
    "days_with(a where (n < 4)%s)",
    "days_with(a where (n >= 4)%s)",
    "days_with((a or b where (n < 4))%s)",
    "days_with(anything%s)",
    "weeks_with((a or c)%s)",
    "months_with(b where (n > 2)%s)",
    "distinct(a.n%s)",
    "distinct(a.n where (n > 3)%s)",
    "distinct(b.n%s)",
    "distinct((a or b).n%s)",
    "distinct(b.m%s)",
};

/* Ends at the beginning of a day and in the midst of one, several in one day; one within the
 * other, one behind the other, and far from all. */
static const char *const windows[] = {
    "",
    " since 7 days ago",
    " in last 7 days",
    " since 9 days ago before 2 days ago",
    " since 2 hours ago",
    " since 5 hours ago before 2 hours ago",
    " since 30 hours ago before 3 hours ago",
    " between 2026-03-05 and 2026-03-09",
    " between 2026-03-09 and 2026-03-10",
    " between 2025-10-20 and 2025-10-28",
    " before 12 days ago",
    " since 3 months ago",
    " since 2026-06-01",
};

/* The widest is the only one that begins where it does, and the one that ends last. */
static const char *const nested[] = {
    " since 5 days ago before 1 day ago",
    " since 9 days ago before 3 days ago",
    " since 2 days ago",
};

/* ---- histories ------------------------------------------------------------ */

static uint64_t draw(uint64_t *state, uint64_t below)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*state >> 33) % below;
}

static void add_history(world *w, size_t person, size_t count, uint64_t *random)
{
    for (size_t i = 0; i < count; i++) {
        world_value values[2] = {
            {.integer = (int64_t)draw(random, 10)},
            {.is_missing = draw(random, 3) == 0, .integer = (int64_t)draw(random, 4)}};
        int64_t days = (int64_t)draw(random, draw(random, 3) == 0 ? 170 : 14);
        world_add(w, (world_event){.person = person,
                                   .kind = (size_t)draw(random, 3),
                                   .time = NOW - days * 24 * HOUR -
                                           (int64_t)draw(random, 48) * HOUR / 2,
                                   .values = values});
    }
}

static world *world_of_histories(const char *zone)
{
    static const size_t lengths[] = {1, 2, 3, 5, 9, 20, 60};
    world *w = world_new(zone);
    uint64_t random = 3;
    world_kind(w, "a", "n int, m int");
    world_kind(w, "b", "n int, m int");
    world_kind(w, "c", "n int, m int");
    for (size_t i = 0; i < 10 * LENGTH(lengths); i++) {
        char id[16];
        snprintf(id, sizeof id, "p%zu", i);
        add_history(w, world_person(w, id), lengths[i % LENGTH(lengths)], &random);
    }
    return w;
}

/* ---- rules ----------------------------------------------------------------- */

/* All counts in so many windows. */
typedef struct rule_list {
    const char *const *windows;
    size_t window_count;
} rule_list;

static size_t rule_count(const rule_list *l)
{
    return LENGTH(counts) * l->window_count;
}

static void append_score(const rule_list *l, size_t i, text *out)
{
    text_append_format(out, "score n%zu = ", i);
    text_append_format(out, counts[i / l->window_count], l->windows[i % l->window_count]);
    text_append_char(out, '\n');
}

static run_result *judge(const world *w, const store *s, const char *rules,
                         size_t block_people)
{
    world_rules *compiled = world_compile(w, rules);
    if (!compiled->plan)
        fail_msg("%s\n%s", compiled->messages, rules);
    run_result *r = world_run(w, compiled, s, NOW, 1, block_people);
    world_rules_free(compiled);
    return r;
}

static size_t check_rule(const world *w, const store *s, const rule_list *l, size_t i,
                         const run_score *found)
{
    text rule;
    text_init(&rule);
    append_score(l, i, &rule);
    run_result *alone = judge(w, s, rule.data, 0);
    const int64_t *expected = alone->scores[0].values, *values = found->values;
    size_t some = 0;
    for (size_t p = 0; p < alone->people.count; p++) {
        if (values[p] != expected[p])
            fail_msg("%s: person %zu: %d in place of %d", rule.data, p, (int)values[p],
                     (int)expected[p]);
        some += expected[p] > 1;
    }
    run_result_free(alone);
    text_done(&rule);
    return some;
}

/* How many values say more than that there is something. */
static size_t check_rules(const world *w, const store *s, const rule_list *l)
{
    static const size_t block_sizes[] = {0, 1, 7};
    size_t some = 0;
    text rules;
    text_init(&rules);
    for (size_t i = 0; i < rule_count(l); i++)
        append_score(l, i, &rules);
    for (size_t k = 0; k < LENGTH(block_sizes); k++) {
        run_result *r = judge(w, s, rules.data, block_sizes[k]);
        for (size_t i = 0; i < rule_count(l); i++)
            some += check_rule(w, s, l, i, &r->scores[i]);
        run_result_free(r);
    }
    text_done(&rules);
    return some;
}

static void check_zone(const char *zone)
{
    world *w = world_of_histories(zone);
    store *s = world_store(w);
    size_t some = check_rules(w, s, &(rule_list){windows, LENGTH(windows)});
    assert_true(some > 2000); /* or the histories ask nothing */
    some = check_rules(w, s, &(rule_list){nested, LENGTH(nested)});
    assert_true(some > 500);
    store_free(s);
    world_free(w);
}

static void test_families_count_what_each_does(void **state)
{
    (void)state;
    check_zone("UTC");
    check_zone("Europe/Berlin");
    check_zone("America/New_York");
}

/* At a minute past midnight the clocks went back to the day before: the first row is of the
 * 29th, the second of the 28th, the others of the 29th. */
static void test_a_day_that_comes_twice_is_one(void **state)
{
    (void)state;
    static const world_case cases[] = {
        {"segment s when days_with(a since 10 days ago) = 2\n"
         "segment t when days_with(a since 12 days ago) = 2\n",
         "2006-11-02T00:00:00Z", "ann"},
        {"segment s when days_with(a since 12 days ago) = 1\n"
         "segment t when days_with(a since 10 days ago) = 1\n",
         "2006-11-02T00:00:00Z", "bob"},
    };
    world *w = world_new("America/St_Johns");
    world_kind(w, "a", "");
    world_did(w, "ann", "a", "2006-10-29T02:30:30Z", "");
    world_did(w, "ann", "a", "2006-10-29T02:40:00Z", "");
    world_did(w, "ann", "a", "2006-10-29T03:45:00Z", "");
    world_did(w, "ann", "a", "2006-10-29T03:46:00Z", "");
    world_did(w, "bob", "a", "2006-10-29T02:30:30Z", "");
    world_did(w, "bob", "a", "2006-10-29T03:45:00Z", "");
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_families_count_what_each_does),
        cmocka_unit_test(test_a_day_that_comes_twice_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
