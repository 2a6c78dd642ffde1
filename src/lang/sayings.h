/* SPDX-License-Identifier: MIT
 *
 * sayings -- what a rule that cannot be read may mean. sayings.def is a loose grammar beside
 * the real one: each row tells how a thing is said elsewhere, and how it is said here. A rule
 * is read with it in all ways that use each of its words; what comes out is text of the
 * language, which the caller compiles before anybody sees it.
 *
 *     readings found;
 *     sayings_read(slice_of("segment x when bought 3+ times"), book, memory, &found);
 *     puts(found.rules[0]);    // segment x when did purchase at least 3 times
 *
 * Needs: a book whose names are declared. All that is found lives in `memory`.
 */
#ifndef LANG_SAYINGS_H
#define LANG_SAYINGS_H

#include "lang/rulebook.h"

#define MOST_READINGS 12
#define MOST_UNKNOWN  4

typedef struct readings {
    const char *rules[MOST_READINGS]; /* the likeliest first */
    unsigned costs[MOST_READINGS];    /* equal: neither is likelier */
    size_t count;
    const char *unknown[MOST_UNKNOWN]; /* words that no saying and no data have */
    size_t unknown_count;
} readings;

void sayings_read(slice rule, const rulebook *book, arena *memory, readings *out);

#endif
