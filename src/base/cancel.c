/* SPDX-License-Identifier: MIT
 *
 * The flag. Atomics without locks are what a signal handler may touch.
 */
#include "base/cancel.h"

#include <stddef.h>

_Static_assert(ATOMIC_BOOL_LOCK_FREE == 2 && ATOMIC_INT_LOCK_FREE == 2,
               "a signal handler may not wait for a lock");

void cancel_init(cancel *c)
{
    atomic_init(&c->is_asked, false);
    atomic_init(&c->holds, 0);
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
    if (c != NULL)
        atomic_fetch_add(&c->holds, 1);
}

void cancel_release(cancel *c)
{
    if (c != NULL)
        atomic_fetch_sub(&c->holds, 1);
}

bool cancel_is_held(const cancel *c)
{
    return c != NULL && atomic_load(&c->holds) > 0;
}

bool cancel_fail(carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
}
