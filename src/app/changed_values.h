/* SPDX-License-Identifier: MIT
 *
 * changed_values -- `carpel sources --changed`: each value that cleaning makes another of.
 */
#ifndef APP_CHANGED_VALUES_H
#define APP_CHANGED_VALUES_H

#include "app/command_line.h"
#include "engine/engine.h"

/* Of a source, or of all (NULL). Returns the exit code. */
int changed_values_print(engine *e, const char *source, const command_line *line);

#endif
