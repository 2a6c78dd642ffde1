/* SPDX-License-Identifier: MIT
 *
 * What is tried again: how long it is waited, by a clock and a chance of the test's own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "engine/retrying.h"

/* Hands out chances, and notes what is waited and told. */
typedef struct timekeeper {
    double chance;
    double waited[20];
    size_t count, told_count;
    cancel *asked_in; /* during the wait with the number `asked_at` */
    size_t asked_at;
    char told[700];
} timekeeper;

static bool note_pause(void *context, const cancel *c, double seconds)
{
    timekeeper *k = context;
    k->waited[k->count++] = seconds;
    assert_int_equal(k->told_count, k->count); /* who waits knows why */
    if (k->asked_in && k->count == k->asked_at)
        cancel_ask(k->asked_in);
    return !cancel_is_asked(c);
}

static double next_chance(void *context)
{
    return ((timekeeper *)context)->chance;
}

static void note_line(void *context, const char *line)
{
    timekeeper *k = context;
    k->told_count++;
    snprintf(k->told, sizeof k->told, "%s", line);
}

/* A try that failed, and wants to be left alone for so long. */
static bool fails(retrying *r, double wish, carpel_error *err)
{
    const host_listener nobody = {.plugin = "p"};
    plugin_host *host = host_new(NULL, NULL, &nobody);
    carpel_fail(err, CARPEL_E_LATER, "busy");
    if (wish != 0)
        host_interface(host)->retry_after(host_interface(host), wish);
    host_note_later(host, err);
    bool again = retrying_wait(r, host, err);
    host_free(host);
    return again;
}

typedef struct trial {
    timekeeper keeper;
    retrying_clock clock;
    engine_listener listener;
    config_retry limits;
    cancel cancel;
    retrying retrying;
    carpel_error error;
} trial;

static void trial_init(trial *t, int64_t attempts, int64_t longest, double chance)
{
    *t = (trial){.keeper.chance = chance, .limits = {attempts, longest}};
    cancel_init(&t->cancel);
    t->clock = (retrying_clock){&t->keeper, note_pause, next_chance};
    t->listener = (engine_listener){.context = &t->keeper, .waits = note_line};
    retrying_init(&t->retrying, &t->limits, &t->cancel, &t->listener);
    t->retrying.clock = &t->clock;
}

static void waits_double_up_to_the_longest(void **state)
{
    static const double expected[] = {1, 2, 4, 8, 10, 10};
    trial t;
    (void)state;
    trial_init(&t, 7, 10, 0);
    for (size_t i = 0; i < 6; i++) {
        assert_true(fails(&t.retrying, 0, &t.error));
        assert_true(t.keeper.waited[i] == expected[i]);
    }
    assert_string_equal(t.keeper.told,
                        "busy; it is tried again in 10.0 seconds (attempt 7 of 7)");
    assert_false(fails(&t.retrying, 0, &t.error));
    assert_int_equal(t.keeper.count, 6);
    assert_int_equal(t.keeper.told_count, 6);
    assert_string_equal(t.error.message, "busy (tried 7 times)");
    assert_int_equal(t.error.code, CARPEL_E_SYSTEM);
}

static void chance_takes_up_to_a_half(void **state)
{
    trial t;
    (void)state;
    trial_init(&t, 9, 60, 0.5);
    assert_true(fails(&t.retrying, 0, &t.error));
    assert_true(fails(&t.retrying, 0, &t.error));
    assert_true(t.keeper.waited[0] == 0.75 && t.keeper.waited[1] == 1.5);
}

static void a_wish_is_the_least(void **state)
{
    trial t;
    (void)state;
    trial_init(&t, 9, 60, 0);
    assert_true(fails(&t.retrying, 30, &t.error));
    assert_true(t.keeper.waited[0] == 30);
    assert_true(fails(&t.retrying, 0, &t.error));
    assert_true(t.keeper.waited[1] == 2);
    assert_true(fails(&t.retrying, -5, &t.error));
    assert_true(t.keeper.waited[2] == 4);
    assert_false(fails(&t.retrying, 61, &t.error));
    assert_int_equal(t.keeper.count, 3);
}

static void one_attempt_is_one(void **state)
{
    trial t;
    (void)state;
    trial_init(&t, 1, 60, 0);
    assert_false(fails(&t.retrying, 0, &t.error));
    assert_int_equal(t.keeper.count, 0);
    assert_string_equal(t.error.message, "busy");
}

static void other_failures_are_final(void **state)
{
    const host_listener nobody = {.plugin = "p"};
    trial t;
    (void)state;
    trial_init(&t, 9, 60, 0);
    plugin_host *host = host_new(NULL, NULL, &nobody);
    carpel_fail(&t.error, CARPEL_E_SYSTEM, "gone");
    assert_false(retrying_wait(&t.retrying, host, &t.error));
    host_note_later(host, &t.error);
    instance_break(host_failure(host), "it lies");
    assert_false(retrying_wait(&t.retrying, host, &t.error));
    assert_int_equal(t.keeper.count, 0);
    host_free(host);
}

static void stopping_ends_a_wait(void **state)
{
    trial t;
    (void)state;
    trial_init(&t, 9, 60, 0);
    t.keeper.asked_in = &t.cancel;
    t.keeper.asked_at = 2;
    assert_true(fails(&t.retrying, 0, &t.error));
    assert_false(fails(&t.retrying, 0, &t.error));
    assert_int_equal(t.error.code, CARPEL_E_CANCELLED);
    assert_false(fails(&t.retrying, 0, &t.error));
    assert_int_equal(t.keeper.count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_double_up_to_the_longest),
        cmocka_unit_test(chance_takes_up_to_a_half),
        cmocka_unit_test(a_wish_is_the_least),
        cmocka_unit_test(one_attempt_is_one),
        cmocka_unit_test(other_failures_are_final),
        cmocka_unit_test(stopping_ends_a_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
