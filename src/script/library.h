/* SPDX-License-Identifier: MIT
 *
 * library -- the Lua files that come with carpel (rules/lib), which are part of the program.
 */
#ifndef SCRIPT_LIBRARY_H
#define SCRIPT_LIBRARY_H

#include "base/text.h"

/* The text of "lib/rate.lua"; of what is none of them, without data. */
slice library_file(const char *path);

#endif
