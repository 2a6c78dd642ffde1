/* SPDX-License-Identifier: MIT
 *
 * lua_hints -- what to do about a line of Lua that failed.
 */
#ifndef APP_LUA_HINTS_H
#define APP_LUA_HINTS_H

#include "script/script.h"

/* Says on standard error what was probably meant, if that is known: a function or a script of
 * a similar name, or quotes. `reason` is what was said of the line. */
void lua_hint_line(const script_set *set, slice typed, const char *reason);

#endif
