/* SPDX-License-Identifier: MIT
 *
 * pattern_cost -- how long a search with a Lua pattern can take at worst.
 */
#ifndef SCRIPT_PATTERN_COST_H
#define SCRIPT_PATTERN_COST_H

#include <stdbool.h>

#include "base/text.h"

/* A bound on the steps of Lua's matcher for any text of this length. A step is some
 * ten nanoseconds. `anchors`: is a leading ^ an anchor? */
double pattern_cost(slice pattern, size_t text_size, bool anchors);

#endif
