/* SPDX-License-Identifier: MIT
 *
 * code -- what the code of a file shows without running it: could it change a variable that is not
 * its function's own, and on which lines is something to run?
 */
#ifndef SCRIPT_CODE_H
#define SCRIPT_CODE_H

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>

/* Has the function of Lua on top of the stack, or a function inside of it, an instruction
 * that sets a variable of a function around it? Most scripts have none, and then nobody has to
 * look after each call whether such a variable is still what it was. True also when Lua's
 * code cannot be read. */
bool script_code_writes(lua_State *L);

/* Set can_run[line] for each line from 1 up to `most` that has an instruction of that function or
 * of one inside of it. The `end` of a function does not count, where it returns only if nothing
 * before it did. False when Lua's code cannot be read. */
bool script_code_lines(lua_State *L, bool *can_run, size_t most);

#endif
