/* SPDX-License-Identifier: MIT
 *
 * require -- files that other files use: `local util = require "util"`.
 *
 * A name is looked for in the folders of the set, which are those that the project's scripts
 * come from, and "lib.rate" is carpel's own. That happens once, when the set learns a file:
 * what was found is a module of the set, and belongs to it. A state that is made later reads
 * no file: it runs what the set has.
 *
 * A file is run once in a state and sealed at once, so that the files that share it cannot see
 * what each other does. What is wrong with one ends the load, whatever pcall() there is.
 */
#ifndef SCRIPT_REQUIRE_H
#define SCRIPT_REQUIRE_H

#include <lua.h>

#include "script/internals.h"

/* The function that scripts see. */
int require_file(lua_State *L);

/* Run a file that is not run yet: pushes its globals and the table that holds its functions,
 * which are to be sealed with require_seal(). */
void require_run(lua_State *L, module *m);

/* Seal what require_run() pushed, and keep it for this state; leaves the table of functions. */
void require_seal(lua_State *L, module *m);

/* Push the table of functions of a file, which is run and sealed when it is not yet. */
void require_push(lua_State *L, module *m);

/* Push the list of the variables outside of functions (sandbox_seal) of a file that is sealed
 * and of all that it requires. */
void require_push_variables(lua_State *L, const module *m);

/* Its requirements are all known: find out which files it is made of. */
void require_list_parts(module *m);

#endif
