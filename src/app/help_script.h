/* SPDX-License-Identifier: MIT
 *
 * help_script -- the part of `carpel help` that a project's scripts answer.
 */
#ifndef APP_HELP_SCRIPT_H
#define APP_HELP_SCRIPT_H

#include "app/command_line.h"
#include "base/text.h"

/* Append what the project of the line, if there is one, says on a function of its scripts,
 * or on all of a script. */
void help_append_scripts(const command_line *line, const char *topic, text *out);

/* The same of the scripts that come with carpel: "lib" is all of them, a line for each function. */
void help_append_library(const char *topic, text *out);

#endif
