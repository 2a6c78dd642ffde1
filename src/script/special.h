/* SPDX-License-Identifier: MIT
 *
 * special -- functions of mathematics that models of behaviour need and Lua has not, and
 * the units of time, as scripts see them in `carpel`.
 */
#ifndef SCRIPT_SPECIAL_H
#define SCRIPT_SPECIAL_H

#include <lua.h>

/* Pushes the table that scripts see as `carpel`. */
int special_open(lua_State *L);

#endif
