/* SPDX-License-Identifier: MIT
 *
 * ticker -- the timer behind guard_begin_row(), between guard.c and ticker.c.
 *
 * Lua's count hook makes each instruction a call of a C function. So calls in a row go
 * without it: a timer of the thread's processor time sends SIGURG some times within the limit of
 * a call, and the handler sets the hook, which Lua allows in a signal handler, only when
 * one and the same call was going on at too many ticks. SIGURG is ignored by default,
 * so that a late one harms nobody.
 */
#ifndef SCRIPT_TICKER_H
#define SCRIPT_TICKER_H

#include <time.h>

#include "script/guard.h"

/* Lua's hook, in guard.c. */
void guard_look_at_clock(lua_State *L, lua_Debug *event);

/* How long the calls that begin may take: longer while lines are noted. */
void guard_set_limit(guard *g, int64_t microseconds);

int64_t guard_read_clock(const guard *g, clockid_t clock); /* in microseconds */

/* How long the call that goes on took at least, as ticks tell. */
int64_t guard_ticked_microseconds(const guard *g);

#endif
