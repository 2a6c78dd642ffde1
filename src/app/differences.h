/* SPDX-License-Identifier: MIT
 *
 * differences -- what a change of the rules changes, for people, for a pull request, and for
 * programs.
 */
#ifndef APP_DIFFERENCES_H
#define APP_DIFFERENCES_H

#include "app/command_line.h"
#include "base/text.h"
#include "config/project_changes.h"
#include "engine/comparison.h"

typedef struct differences {
    const comparison *comparison;
    const project_changes *project; /* of carpel.yaml */
    const zone *zone;
    const char *extracted[2]; /* folders that a revision was extracted into, or NULL */
} differences;

/* "events.purchase.amount is decimal(2), and was int" */
void differences_append_project(const project_change *c, text *out);

/* Append a line for each one who enters or leaves, for a spreadsheet. */
void differences_append_csv(const comparison *c, text *out);

/* Print them as --json, --markdown, --csv, or text. Returns the exit code. */
int differences_print(const differences *d, const command_line *line);

#endif
