/* SPDX-License-Identifier: MIT
 *
 * The flag. Atomics without locks are what a signal handler may touch.
 */
#include "base/cancel.h"

#include <limits.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

_Static_assert(ATOMIC_BOOL_LOCK_FREE == 2 && ATOMIC_INT_LOCK_FREE == 2,
               "a signal handler may not wait for a lock");

#define CLOSED UINT_MAX

/* So long nobody looks at the flag. */
#define LONGEST_SLEEP_SECONDS 0.05

void cancel_init(cancel *c)
{
    atomic_init(&c->is_asked, false);
    atomic_init(&c->holds, 0);
    atomic_init(&c->has_done, false);
}

void cancel_ask(cancel *c)
{
    atomic_store(&c->is_asked, true);
}

bool cancel_is_asked(const cancel *c)
{
    return c != NULL && atomic_load_explicit(&c->is_asked, memory_order_relaxed);
}

void cancel_hold(cancel *c)
{
    unsigned holds = c != NULL ? atomic_load(&c->holds) : 0;
    while (c != NULL) {
        if (holds == CLOSED)
            pause(); /* whoever closed it is about to end the process */
        else if (atomic_compare_exchange_weak(&c->holds, &holds, holds + 1))
            return;
    }
}

void cancel_release(cancel *c, bool is_done)
{
    if (c == NULL)
        return;
    if (is_done)
        atomic_store(&c->has_done, true);
    atomic_fetch_sub(&c->holds, 1);
}

bool cancel_has_done(const cancel *c)
{
    return c != NULL && atomic_load(&c->has_done);
}

bool cancel_close(cancel *c)
{
    unsigned none = 0;
    return atomic_compare_exchange_strong(&c->holds, &none, CLOSED) || none == CLOSED;
}

bool cancel_pause(const cancel *c, double seconds)
{
    double end = clock_monotonic_seconds() + seconds, left = seconds;
    for (; left > 0 && !cancel_is_asked(c); left = end - clock_monotonic_seconds()) {
        double part = left < LONGEST_SLEEP_SECONDS ? left : LONGEST_SLEEP_SECONDS;
        const struct timespec pause = {0, (long)(part * 1e9)};
        nanosleep(&pause, NULL);
    }
    return !cancel_is_asked(c);
}

bool cancel_fail(carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
}
