/* SPDX-License-Identifier: MIT
 *
 * Judging one person after another: what is told of each, and of whom nothing is. That the
 * answers are those of judging everyone is asked in test_run, in all tests of meaning and
 * in the differential test.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "exec/judge.h"
#include "exec/scratch.h"
#include "support/world.h"

#define NEW_YEAR INT64_C(1767225600000000) /* 2026-01-01 */

typedef struct fixture {
    world *world;
    world_rules *rules;
    store *store;
    judge *judge;
} fixture;

static fixture begin(world *w, const char *rules, run_options options)
{
    fixture f = {.world = w, .rules = world_compile(w, rules)};
    if (f.rules->plan == NULL)
        fail_msg("%s", f.rules->messages);
    f.store = world_store(w);
    carpel_error err;
    f.judge = judge_new(f.rules->plan, f.store, &options, &err);
    if (f.judge == NULL)
        fail_msg("%s", err.message);
    return f;
}

static void end(fixture *f)
{
    judge_free(f->judge);
    store_free(f->store);
    world_rules_free(f->rules);
    world_free(f->world);
}

static bool turn_to(const fixture *f, const char *id, carpel_error *err)
{
    uint32_t number = dictionary_find(f->store->persons, id, strlen(id));
    assert_int_not_equal(number, DICTIONARY_NONE);
    return judge_person(f->judge, number, err);
}

static void ask_about(const fixture *f, const char *id)
{
    carpel_error err;
    if (!turn_to(f, id, &err))
        fail_msg("%s", err.message);
}

/* The only trouble of the person at hand. */
static const run_trouble *trouble_of(const fixture *f)
{
    size_t count;
    const run_trouble *troubles = judge_troubles(f->judge, &count);
    assert_int_equal(count, 1);
    return troubles;
}

static void assert_no_trouble(const fixture *f)
{
    size_t count;
    judge_troubles(f->judge, &count);
    assert_int_equal(count, 0);
}

/* ---- what went wrong ------------------------------------------------------ */

static world *world_of_numbers(void)
{
    world *w = world_new("UTC");
    world_kind(w, "pay", "n int");
    world_did(w, "ann", "pay", "2025-06-01T00:00:00Z", "n=9223372036854775807");
    world_did(w, "bob", "pay", "2025-06-01T00:00:00Z", "n=5");
    return w;
}

static void test_texts_are_read_by_their_codes(void **state)
{
    (void)state;
    world *w = world_new("UTC");
    world_kind(w, "pay", "shop string");
    world_did(w, "ann", "pay", "2025-06-01T00:00:00Z", "shop=Berlin");
    world_did(w, "bob", "pay", "2025-06-01T00:00:00Z", "shop=Rome");
    fixture f =
        begin(w, "score place = last pay.shop\n", (run_options){.as_of = NEW_YEAR});
    static const char *const expected[][2] = {{"bob", "Rome"}, {"ann", "Berlin"}};
    for (size_t i = 0; i < 2; i++) {
        ask_about(&f, expected[i][0]);
        const uint32_t *code = judge_value(f.judge, 0);
        assert_non_null(code);
        slice place = judge_text(f.judge, 0, *code);
        assert_int_equal(place.size, strlen(expected[i][1]));
        assert_memory_equal(place.data, expected[i][1], place.size);
    }
    end(&f);
}

static void test_troubles_are_told_of_their_person(void **state)
{
    (void)state;
    fixture f = begin(world_of_numbers(), "score triple = sum(pay.n) * 3\n",
                      (run_options){.as_of = NEW_YEAR});
    for (int round = 0; round < 2; round++) {
        ask_about(&f, "bob");
        assert_no_trouble(&f);
        assert_int_equal(*(const int64_t *)judge_value(f.judge, 0), 15);
        ask_about(&f, "ann");
        assert_null(judge_value(f.judge, 0));
        const run_trouble *t = trouble_of(&f);
        assert_int_equal(t->kind, TROUBLE_NUMBER);
        assert_string_equal(t->person, "ann");
        assert_int_equal(t->people, 1);
        assert_int_equal(t->count, 1);
        assert_string_equal(t->rule, "triple");
    }
    end(&f);
}

static void test_strict_refuses_only_whom_it_concerns(void **state)
{
    (void)state;
    fixture f = begin(world_of_numbers(), "score triple = sum(pay.n) * 3\n",
                      (run_options){.as_of = NEW_YEAR, .is_strict = true});
    carpel_error err;
    assert_false(turn_to(&f, "ann", &err));
    assert_non_null(strstr(err.message, "ann"));
    assert_true(turn_to(&f, "bob", &err));
    end(&f);
}

/* Ten rows beside ten each are too many for ann; bob's four are not. */
static void test_who_has_too_many_rows_is_left_out(void **state)
{
    (void)state;
    world *w = world_new("UTC");
    world_kind(w, "buy", "amount int");
    for (int i = 0; i < 14; i++) {
        char time[40];
        snprintf(time, sizeof time, "2025-06-%02dT00:00:00Z", i % 10 + 1);
        world_did(w, i < 10 ? "ann" : "bob", "buy", time, "amount=1");
    }
    fixture f = begin(w,
                      "let past = count(buy where (now - time >= 0 days))\n"
                      "let again = count(buy where ((past as of time) >= 2))\n"
                      "segment x when again >= 3\n"
                      "segment y when not (again >= 3)\n"
                      "segment z when did buy\n"
                      "score n = again\n",
                      (run_options){.as_of = NEW_YEAR, .most_rows_beside = 81});
    ask_about(&f, "ann");
    assert_false(judge_holds(f.judge, 0));
    assert_false(judge_holds(f.judge, 1));
    assert_true(judge_holds(f.judge, 2));
    assert_null(judge_value(f.judge, 3));
    assert_int_equal(trouble_of(&f)->kind, TROUBLE_ROWS);
    assert_string_equal(trouble_of(&f)->person, "ann");
    ask_about(&f, "bob");
    assert_no_trouble(&f);
    assert_true(judge_holds(f.judge, 0));
    assert_int_equal(*(const int64_t *)judge_value(f.judge, 3), 3);
    end(&f);
}

/* ---- whom it is about ----------------------------------------------------- */

static void test_who_is_not_known_yet_is_in_nothing(void **state)
{
    (void)state;
    world *w = world_of_numbers();
    world_did(w, "eve", "pay", "2026-06-01T00:00:00Z", "n=1");
    fixture f = begin(w, "segment all when true\nscore n = count(pay)\n",
                      (run_options){.as_of = NEW_YEAR});
    ask_about(&f, "eve");
    assert_false(judge_holds(f.judge, 0));
    assert_null(judge_value(f.judge, 1));
    ask_about(&f, "ann");
    assert_true(judge_holds(f.judge, 0));
    assert_int_equal(*(const int64_t *)judge_value(f.judge, 1), 1);
    end(&f);
}

/* The others' places are those of everyone, whoever is asked about. */
static void test_rankings_are_among_everyone(void **state)
{
    (void)state;
    fixture f = begin(world_of_numbers(), "score place = rank(sum(pay.n))\n",
                      (run_options){.as_of = NEW_YEAR});
    ask_about(&f, "bob");
    assert_int_equal(*(const int64_t *)judge_value(f.judge, 0), 2);
    ask_about(&f, "ann");
    assert_int_equal(*(const int64_t *)judge_value(f.judge, 0), 1);
    end(&f);
}

/* ---- passing buffers ------------------------------------------------------ */

static void test_passing_buffers_are_free_again_at_once(void **state)
{
    (void)state;
    scratch *s = scratch_new_passing();
    char *first = scratch_take(s, 24), *second = scratch_take(s, 100);
    assert_true(second >= first + 24);
    assert_int_equal((uintptr_t)second % 16, 0);
    scratch_give(s, first);
    assert_ptr_not_equal(scratch_take(s, 24), first);
    char *large = scratch_take(s, 100000);
    memset(large, 1, 100000);
    scratch_pass(s);
    assert_ptr_equal(scratch_take(s, 8), first);
    scratch_give(s, large);
    assert_ptr_equal(scratch_take(s, 70000), large);
    for (int i = 0; i < 1000; i++) /* more than the chunk holds */
        memset(scratch_take(s, 1000), i, 1000);
    scratch_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts_are_read_by_their_codes),
        cmocka_unit_test(test_troubles_are_told_of_their_person),
        cmocka_unit_test(test_strict_refuses_only_whom_it_concerns),
        cmocka_unit_test(test_who_has_too_many_rows_is_left_out),
        cmocka_unit_test(test_who_is_not_known_yet_is_in_nothing),
        cmocka_unit_test(test_rankings_are_among_everyone),
        cmocka_unit_test(test_passing_buffers_are_free_again_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
