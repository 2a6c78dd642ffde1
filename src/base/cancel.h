/* SPDX-License-Identifier: MIT
 *
 * cancel -- one flag by which long work is asked to stop.
 *
 * Whoever wants the end asks, from any thread or from a signal handler; whoever works
 * looks at the flag every few thousand rows, gives back what it holds, and fails with
 * CARPEL_E_CANCELLED. The flag is its owner's storage and outlives the work. Once asked
 * it stays so, until cancel_init.
 *
 *     cancel stop;
 *     cancel_init(&stop);
 *     ... cancel_ask(&stop) ...                // a handler, another thread
 *     for each batch:
 *         if (cancel_is_asked(&stop))
 *             return cancel_fail(err);
 *
 * Some work must not be left in the middle, such as putting several files in place. It is
 * held: whoever would end the process by force has to close the flag first, which fails
 * while it is held; once closed, nobody gets hold of it any more.
 *
 *     cancel_hold(&stop);
 *     ... a few renames ...
 *     cancel_release(&stop, all_are_in_place);
 */
#ifndef BASE_CANCEL_H
#define BASE_CANCEL_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/error.h"

typedef struct cancel {
    atomic_bool is_asked;
    atomic_uint holds; /* how many, or that it is closed */
    atomic_bool has_done;
} cancel;

void cancel_init(cancel *c);

/* Any thread, any signal handler, any number of times. */
void cancel_ask(cancel *c);

/* Cheap; NULL is never asked. */
bool cancel_is_asked(const cancel *c);

/* Begin and end what has to be finished; `is_done` when it was, and not undone. Both may
 * be nested and accept NULL. A flag that is closed holds the caller until the process
 * ends. */
void cancel_hold(cancel *c);
void cancel_release(cancel *c, bool is_done);

/* Has anything that was held been done? */
bool cancel_has_done(const cancel *c);

/* Right before the process ends by force: true when nothing is held, and from now on
 * nothing will be. Any signal handler. */
bool cancel_close(cancel *c);

/* Do nothing for so long; false, at once, when somebody wants the end. */
bool cancel_pause(const cancel *c, double seconds);

/* Fail with CARPEL_E_CANCELLED: "the work was stopped". Returns false. */
bool cancel_fail(carpel_error *err);

#endif
