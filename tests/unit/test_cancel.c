/* SPDX-License-Identifier: MIT
 *
 * cancel: asked from a thread and from a signal handler; held work.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "base/cancel.h"

static void nobody_has_asked(void **state)
{
    (void)state;
    cancel c;
    cancel_init(&c);
    assert_false(cancel_is_asked(&c));
    assert_false(cancel_is_asked(NULL));
}

static void *ask(void *c)
{
    cancel_ask(c);
    return NULL;
}

static void a_pause_ends_when_somebody_asks(void **state)
{
    (void)state;
    cancel c;
    pthread_t thread;
    cancel_init(&c);
    assert_true(cancel_pause(&c, 0));
    assert_true(cancel_pause(NULL, 0.001));
    assert_int_equal(pthread_create(&thread, NULL, ask, &c), 0);
    assert_false(cancel_pause(&c, 1e9));
    pthread_join(thread, NULL);
}

/* Work that has no other end. */
static void a_thread_stops_work(void **state)
{
    (void)state;
    cancel c;
    pthread_t thread;
    cancel_init(&c);
    assert_int_equal(pthread_create(&thread, NULL, ask, &c), 0);
    while (!cancel_is_asked(&c))
        ;
    pthread_join(thread, NULL);
    cancel_ask(&c);
    assert_true(cancel_is_asked(&c));
    cancel_init(&c);
    assert_false(cancel_is_asked(&c));
}

static cancel by_signal;

static void on_signal(int number)
{
    (void)number;
    cancel_ask(&by_signal);
}

static void a_signal_handler_may_ask(void **state)
{
    (void)state;
    struct sigaction action = {.sa_handler = on_signal}, before;
    cancel_init(&by_signal);
    sigaction(SIGUSR1, &action, &before);
    raise(SIGUSR1);
    sigaction(SIGUSR1, &before, NULL);
    assert_true(cancel_is_asked(&by_signal));
}

static void held_work_is_not_closed(void **state)
{
    (void)state;
    cancel c;
    cancel_init(&c);
    cancel_hold(&c);
    cancel_hold(&c);
    assert_false(cancel_close(&c));
    cancel_release(&c, false);
    assert_false(cancel_close(&c));
    assert_false(cancel_has_done(&c));
    cancel_release(&c, true);
    assert_true(cancel_has_done(&c));
    assert_true(cancel_close(&c));
    assert_true(cancel_close(&c));
    cancel_hold(NULL);
    cancel_release(NULL, true);
    assert_false(cancel_has_done(NULL));
}

static void failing_says_so(void **state)
{
    (void)state;
    carpel_error err;
    assert_false(cancel_fail(&err));
    assert_int_equal(err.code, CARPEL_E_CANCELLED);
    assert_string_equal(err.message, "the work was stopped");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_has_asked),
        cmocka_unit_test(a_pause_ends_when_somebody_asks),
        cmocka_unit_test(a_thread_stops_work),
        cmocka_unit_test(a_signal_handler_may_ask),
        cmocka_unit_test(held_work_is_not_closed),
        cmocka_unit_test(failing_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
