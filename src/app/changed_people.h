/* SPDX-License-Identifier: MIT
 *
 * changed_people -- how `carpel changes` prints who entered, left and moved: of all segments how
 * many, of one that is named a line for each.
 */
#ifndef APP_CHANGED_PEOPLE_H
#define APP_CHANGED_PEOPLE_H

#include "app/command_line.h"
#include "runs/run_changes.h"
#include "value/calendar.h"

/* What is compared with what: two remembered runs, or two instants, whose runs have no number. */
typedef struct changed_people {
    const zone *zone;
    const remembered_run *before, *now; /* before NULL: there is none */
    const run_changes *changes;
} changed_people;

/* Print what the line asks for, as text, --csv or --json. Returns the exit code. */
int changed_people_print(const changed_people *p, const command_line *line);

#endif
