/* SPDX-License-Identifier: MIT
 *
 * lua_repl -- `carpel lua repl`: lines of Lua, with the functions of the project and what is known of
 * its people.
 */
#ifndef APP_LUA_REPL_H
#define APP_LUA_REPL_H

#include "app/command_line.h"

/* The exit code: of input that is no terminal EXIT_FAULT when a line failed. */
int lua_repl(const command_line *line);

#endif
