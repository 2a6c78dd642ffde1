/* SPDX-License-Identifier: MIT
 *
 * project_changes -- what two project files say otherwise of events, traits, times and sources: what
 * changes the results of rules that are the same.
 *
 *     project_changes c = project_changes_between(before, now, memory);
 *     c.items[0]     "events.purchase.amount": "int", now "decimal(2)"
 *
 * Of what is new, or gone, the parts are not told.
 */
#ifndef CONFIG_PROJECT_CHANGES_H
#define CONFIG_PROJECT_CHANGES_H

#include "base/arena.h"
#include "config/project.h"

typedef struct project_change {
    const char *key;
    const char *before, *now; /* NULL: it was not there, it is gone; "": it has parts */
} project_change;

typedef struct project_changes {
    project_change *items; /* in the order of now, then those that are gone */
    size_t count;
} project_changes;

/* In the memory; either may be NULL, then nothing is told. */
project_changes project_changes_between(const project *before, const project *now,
                                        arena *memory);

#endif
