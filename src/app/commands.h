/* SPDX-License-Identifier: MIT
 *
 * commands -- the sub-commands, each in a file of its name. Each returns the exit code
 * and has printed whatever there is to say.
 */
#ifndef APP_COMMANDS_H
#define APP_COMMANDS_H

#include "app/command_line.h"

#define COMMAND(id, name, arguments, least, most, summary, description)                  \
    int command_##name(const command_line *line);
#include "app/commands.def"

#endif
