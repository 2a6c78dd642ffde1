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
#include <stdbool.h>

/* Load the libraries that the allow list draws from. Once for a state. */
void sandbox_open(lua_State *L);

/* Push a new, empty table of globals for one module, which sees the allowed functions
 * through it. */
void sandbox_push_globals(lua_State *L);

/* Lock the globals at `index` of a module that has been run: they can be read, and no
 * longer be set. */
void sandbox_lock_globals(lua_State *L, int index);

/* Seal a module whose globals are locked: everything that outlives a call, from the table at
 * `functions` and the globals at `globals` on. Tables can be read, and changing one ends
 * the call and is remembered (guard.is_impure). Pushes an array of the variables outside of
 * functions, three elements each: a function, the number of its upvalue, the value. Raises
 * for what cannot be sealed: an iterator that is kept. */
void sandbox_seal(lua_State *L, int functions, int globals);

/* If the table at `index` is sealed, put the table with its contents in its place. */
void sandbox_look_inside(lua_State *L, int index);
/* Is the function at `index` one of the allow list? Those keep nothing. */
bool sandbox_has(lua_State *L, int index);
bool sandbox_is_sealed(lua_State *L, int index);

#endif
