/* SPDX-License-Identifier: MIT
 *
 * left_out -- what Lua has and scripts have not, told to those who call it.
 */
#ifndef SCRIPT_LEFT_OUT_H
#define SCRIPT_LEFT_OUT_H

#include <lua.h>
#include <stdbool.h>

/* Push what is to stand behind an error of Lua about a value that is nil: that it is left out,
 * why, and what to use in its place. False, and nothing is pushed: it is no such error. */
bool left_out_push(lua_State *L, const char *message);

#endif
