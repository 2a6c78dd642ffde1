/* SPDX-License-Identifier: MIT
 *
 * sandbox -- the functions that a script sees: an allow list, made safe.
 *
 * Every function here is bounded or looks at the clock itself, and gives the same
 * result for the same arguments; docs/scripting.md lists them and says what differs
 * from plain Lua.
 */
#ifndef SCRIPT_SANDBOX_H
#define SCRIPT_SANDBOX_H

#include <lua.h>

/* Load the libraries that the allow list draws from. Once for a state. */
void sandbox_open(lua_State *L);

/* Push a new, empty table of globals for one module, which sees the allowed functions
 * through it. */
void sandbox_push_globals(lua_State *L);

/* Lock the globals at `index` of a module that has been run: they can be read, and no
 * longer be set. */
void sandbox_lock_globals(lua_State *L, int index);

#endif
