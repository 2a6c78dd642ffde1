/* SPDX-License-Identifier: MIT
 *
 * define -- carpel.define{...}, with which a file of Lua declares a function for rules.
 *
 *     define_begin(L);                   // declarations are taken from here on
 *     ... the file is run ...
 *     define_end(L, functions, outer);   // and no more; checks and completes `functions`
 *     define_signature(L, "risk", &s);   // for each function that was found
 */
#ifndef SCRIPT_DEFINE_H
#define SCRIPT_DEFINE_H

#include <lua.h>
#include <stdbool.h>

#include "script/signature.h"

/* carpel.define itself. Raises when the declaration is not as it should be. */
int define_function(lua_State *L);

/* Pushes the declarations of the file around this one, which requires it. */
void define_begin(lua_State *L);

/* Puts the functions that declarations brought along into the table at `functions`; raises
 * when a declared function is not there. `outer` is where define_begin() pushed. */
void define_end(lua_State *L, int functions, int outer);

/* A file that is run by a line of a console failed: nothing is taken any more. */
void define_forget(lua_State *L);

/* What the file that was run last declares of the function of this name: false when
 * nothing. *out is filled piece by piece and owned by the caller, also when a limit ends
 * the work. */
bool define_signature(lua_State *L, const char *name, script_signature **out);

#endif
