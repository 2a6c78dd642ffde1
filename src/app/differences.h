/* SPDX-License-Identifier: MIT
 *
 * differences -- what a change of the rules changes, for people, for a pull request, and for
 * programs.
 */
#ifndef APP_DIFFERENCES_H
#define APP_DIFFERENCES_H

#include "app/command_line.h"
#include "engine/comparison.h"

typedef struct differences {
    const comparison *comparison;
    const zone *zone;
    const char *extracted[2]; /* folders that a revision was extracted into, or NULL */
} differences;

/* Print them as --json, --markdown, or text. Returns the exit code. */
int differences_print(const differences *d, const command_line *line);

#endif
