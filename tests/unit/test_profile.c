/* SPDX-License-Identifier: MIT
 *
 * profile: what is told of a run that was asked for it, and that others are asked nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "exec/profile.h"
#include "support/world.h"

#define NOON "2026-03-31T12:00:00Z"

/* Two people; of six purchases, three lie in the last 30 days, and one is dear. */
static world *small_shop(void)
{
    world *w = world_new("UTC");
    world_kind(w, "buy", "amount decimal(2), store string");
    world_kind(w, "look", "page string");
    schema_add_sessions(w->schema, 24 * 3600 * MICROSECONDS_PER_SECOND, w->memory);
    world_did(w, "ann", "buy", "2025-01-01T10:00:00Z", "amount=5.00, store=\"a\"");
    world_did(w, "ann", "buy", "2026-03-02T10:00:00Z", "amount=50.00, store=\"a\"");
    world_did(w, "ann", "buy", "2026-03-03T10:00:00Z", "amount=500.00, store=\"b\"");
    world_did(w, "bob", "buy", "2025-02-01T10:00:00Z", "amount=5.00, store=\"a\"");
    world_did(w, "bob", "buy", "2025-03-01T10:00:00Z", "amount=5.00, store=\"a\"");
    world_did(w, "bob", "buy", "2026-03-31T10:00:00Z", "amount=5.00, store=\"a\"");
    world_did(w, "bob", "look", "2026-03-31T10:00:00Z", "page=\"x\"");
    return w;
}

/* A world that was judged. */
typedef struct judged {
    world *world;
    world_rules *rules;
    store *store;
    run_result *result;
} judged;

static judged judge_profiled(const char *text, size_t threads, bool is_profiled)
{
    carpel_error err;
    judged j = {.world = small_shop()};
    j.rules = world_compile(j.world, text);
    j.store = world_store(j.world);
    run_options options = {.as_of = world_time(j.world, NOON),
                           .threads = threads,
                           .block_people = 1,
                           .is_profiled = is_profiled};
    j.result = run_plan(j.rules->plan, j.store, &options, &err);
    assert_non_null(j.result);
    return j;
}

static void judged_done(judged *j)
{
    run_result_free(j->result);
    store_free(j->store);
    world_rules_free(j->rules);
    world_free(j->world);
}

static const profile_table *table_named(const run_profile *p, const char *name)
{
    for (size_t i = 0; i < p->table_count; i++)
        if (strstr(p->tables[i].name, name) == p->tables[i].name)
            return &p->tables[i];
    return NULL;
}

static const profile_value *value_with(const run_profile *p, const char *part)
{
    for (size_t i = 0; i < p->value_count; i++)
        if (strstr(p->values[i].what, part))
            return &p->values[i];
    return NULL;
}

/* Whoever did not ask is told nothing. */
static void test_not_asked(void **state)
{
    (void)state;
    judged j = judge_profiled("segment s when did buy", 1, false);
    assert_null(j.result->profile);
    judged_done(&j);
}

/* A table of which only windows are asked has rows that nobody looks at, whoever works. */
static void test_tables(void **state)
{
    (void)state;
    for (size_t threads = 1; threads <= 3; threads++) {
        judged j = judge_profiled("segment s when sum(buy.amount in last 30 days) > 100",
                                  threads, true);
        const run_profile *p = j.result->profile;
        const profile_table *buy = table_named(p, "buy");
        assert_int_equal(p->table_count, 1);
        assert_int_equal(buy->rows, 6);
        assert_int_equal(buy->reached, 3);
        assert_int_equal(buy->bytes, (3 * (4 + 16) + 7) / 8); /* as narrow as stored */
        judged_done(&j);
    }
}

/* One question about all of it, and all of it is looked at. */
static void test_whole_table(void **state)
{
    (void)state;
    judged j = judge_profiled("segment s when sum(buy.amount in last 30 days) > 100\n"
                              "segment t when max(buy.amount) > 100",
                              1, true);
    assert_int_equal(table_named(j.result->profile, "buy")->reached, 6);
    judged_done(&j);
}

/* What is made stands beside what it is made of, also when two passes make it. */
static void test_made(void **state)
{
    (void)state;
    judged j = judge_profiled(
        "event dear = buy where (amount > 100)\n"
        "segment s when count(dear in last 10 full days) > 1 and max(dear.nth) = 1\n"
        "segment t when rank(count(dear where (gap > 1 day))) = 1 and did dear",
        2, true);
    const profile_table *dear = table_named(j.result->profile, "buy where");
    assert_non_null(dear);
    assert_int_equal(dear->rows, 6);
    assert_int_equal(dear->reached, 1);
    judged_done(&j);
}

/* Sessions of a window need the rows of the gap in front of it; the one that these cut is none
 * of theirs. */
static void test_sessions(void **state)
{
    (void)state;
    judged j =
        judge_profiled("segment s when did session since 2026-03-02T22:00Z", 1, true);
    const run_profile *p = j.result->profile;
    assert_int_equal(table_named(p, "(buy or look)")->reached, 4);
    assert_int_equal(table_named(p, "sessions")->reached, 1);
    judged_done(&j);
}

/* Costs are of what rules share, and name all of them. */
static void test_values(void **state)
{
    (void)state;
    judged j = judge_profiled("segment s when sum(buy.amount in last 30 days) > 100\n"
                              "segment t when sum(buy.amount in last 30 days) > 1000\n"
                              "segment u when did look",
                              1, true);
    const run_profile *p = j.result->profile;
    const profile_value *sum = value_with(p, " sum over buy");
    assert_non_null(sum);
    assert_int_equal(sum->values, 2);
    assert_int_equal(sum->rule_count, 2);
    assert_string_equal(sum->rules[0], "s");
    assert_string_equal(sum->rules[1], "t");
    double all = 0;
    for (size_t i = 0; i < p->value_count; i++) {
        assert_true(p->values[i].seconds > 0);
        assert_true(i == 0 || p->values[i].seconds <= p->values[i - 1].seconds);
        all += p->values[i].seconds;
    }
    assert_true(all > 0.99 * p->value_seconds && all < 1.01 * p->value_seconds);
    judged_done(&j);
}

/* A ranking needs a pass before it. */
static void test_phases(void **state)
{
    (void)state;
    static const profile_phase wanted[] = {{PHASE_BIND, 0, 0},
                                           {PHASE_BETWEEN, 1, 0},
                                           {PHASE_PASS, 1, 0},
                                           {PHASE_BETWEEN, 2, 0},
                                           {PHASE_PASS, 2, 0}};
    judged j = judge_profiled("segment s when rank(count(buy)) = 1", 1, true);
    const run_profile *p = j.result->profile;
    assert_int_equal(p->phase_count, 5);
    for (size_t i = 0; i < p->phase_count; i++) {
        assert_int_equal(p->phases[i].kind, wanted[i].kind);
        assert_int_equal(p->phases[i].pass, wanted[i].pass);
        assert_true(p->phases[i].seconds >= 0);
    }
    judged_done(&j);
}

/* A function has the time of all its calls, with whatever arguments and in whatever rule. */
static void test_functions(void **state)
{
    (void)state;
    judged j = judge_profiled("use lib.rate\nuse lib.habit\n"
                              "score few = rate.low(count(buy), 10)\n"
                              "score looks = rate.low(count(look), 10)\n"
                              "score likely = habit.logistic(count(buy))\n"
                              "score plain = count(buy)\n",
                              1, true);
    const run_profile *p = j.result->profile;
    double seconds = 0;
    uint64_t of_rate = 0, of_habit = 0;
    assert_int_equal(p->function_count, 2);
    for (size_t i = 0; i < 2; i++) {
        const profile_function *f = &p->functions[i];
        seconds += f->seconds;
        if (strcmp(f->name, "rate.low") == 0)
            of_rate = f->values;
        else if (strcmp(f->name, "habit.logistic") == 0)
            of_habit = f->values;
    }
    assert_int_equal(of_rate, 4);
    assert_int_equal(of_habit, 2);
    assert_true(p->functions[0].seconds >= p->functions[1].seconds);
    assert_true(seconds > 0 && seconds <= p->value_seconds);
    judged_done(&j);
    j = judge_profiled("score plain = count(buy)", 1, true);
    assert_int_equal(j.result->profile->function_count, 0);
    judged_done(&j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_functions), cmocka_unit_test(test_not_asked),
        cmocka_unit_test(test_tables),    cmocka_unit_test(test_whole_table),
        cmocka_unit_test(test_made),      cmocka_unit_test(test_sessions),
        cmocka_unit_test(test_values),    cmocka_unit_test(test_phases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
