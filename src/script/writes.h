/* SPDX-License-Identifier: MIT
 *
 * writes -- could code change a variable that is not its function's own?
 */
#ifndef SCRIPT_WRITES_H
#define SCRIPT_WRITES_H

#include <lua.h>
#include <stdbool.h>

/* Has the function of Lua on top of the stack, or a function inside of it, an instruction
 * that sets a variable of a function around it? Most scripts have none, and then nobody has to
 * look after each call whether such a variable is still what it was. True also when Lua's
 * code cannot be read. */
bool script_writes_outside(lua_State *L);

#endif
