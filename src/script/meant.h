/* SPDX-License-Identifier: MIT
 *
 * meant -- which script somebody meant by a name that leads to none.
 */
#ifndef SCRIPT_MEANT_H
#define SCRIPT_MEANT_H

#include "base/text.h"

/* The name of a script of carpel's library that "rate", "rate.lua", "lib.rate", "lib/rate.lua" or
 * "lib.rate.low" stand for; NULL: none has it. */
const char *script_meant_library(slice wanted);

/* A file of Lua in the folder, or in folders in it, that has the name that `wanted` has without its
 * own folders and ending: "scores/churn.lua" for "churn"; NULL: there is none, or there are several.
 * Release with memory_free. */
char *script_meant_file(const char *directory, const char *wanted);

/* What is nearest to a path that leads nowhere: a file in the folder, or "lib/rate.lua"; NULL: none.
 * Release with memory_free. */
char *script_meant_path(const char *directory, const char *wanted);

#endif
