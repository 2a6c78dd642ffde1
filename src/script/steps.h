/* SPDX-License-Identifier: MIT
 *
 * steps -- functions that are declared by a step and not by a call: what is known so far and
 * the values of one event become what is known then, from the first event to the last.
 *
 *     state = step(nil, a[1], b[1], other)
 *     state = step(state, a[2], b[2], other) ...
 *     result = finish(state, other)              without a finish: the state
 */
#ifndef SCRIPT_STEPS_H
#define SCRIPT_STEPS_H

#include <lua.h>

/* Push the function for the step and the finish (a function or nil) on top, which it takes.
 * Bit i of `lists` says whether argument i, from 0 on, is a list. */
void steps_push(lua_State *L, lua_Integer lists);

/* Is the value one? */
int steps_is(lua_State *L, int index);

#endif
