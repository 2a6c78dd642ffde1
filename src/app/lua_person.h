/* SPDX-License-Identifier: MIT
 *
 * lua_person -- `carpel lua FILE FUNCTION EXPRESSION... --person ID`: the call as a rule of the
 * project makes it for one person, with what each argument is.
 */
#ifndef APP_LUA_PERSON_H
#define APP_LUA_PERSON_H

#include "app/command_line.h"

/* What a function prints is a note of the command. */
void lua_say_line(void *data, slice line);

/* The exit code. */
int lua_of_person(const command_line *line);

#endif
