/* SPDX-License-Identifier: MIT
 *
 * trial -- one check of a plugin, in a child process that it may take with it.
 *
 * A check says what it is about to ask of the plugin before it does, in memory that the parent sees
 * too: so a crash, a hang and an exit are told with the place. What it finds is said in lines; a check
 * that says nothing has passed.
 */
#ifndef KIT_TRIAL_H
#define KIT_TRIAL_H

#include "kit/subject.h"

enum { KIT_STEP_SIZE = 200 };

typedef struct kit_trial {
    const kit_subject *subject;
    char *step; /* what the plugin is asked for now; KIT_STEP_SIZE bytes */
    text *said;
    double
        patience; /* seconds after which a plugin at work is asked to stop; 0: it never is */
    bool is_skipped; /* `said` tells why */
} kit_trial;

/* Say what comes now. */
CARPEL_PRINTF(2, 3) void kit_step(kit_trial *t, const char *format, ...);

/* Say what is wrong, in a line. Returns false. */
CARPEL_PRINTF(2, 3) bool kit_fail(kit_trial *t, const char *format, ...);

/* The check does not fit this plugin. */
CARPEL_PRINTF(2, 3) void kit_skip(kit_trial *t, const char *format, ...);

/* Has it failed so far? */
bool kit_has_failed(const kit_trial *t);

/* A message of the plugin that is as it should be: one line, and not empty. */
bool kit_check_message(kit_trial *t, const char *where, const carpel_error *err);

/* Do the same again and again: does the process have more memory, files or threads after each? */
void kit_check_growth(kit_trial *t, bool (*once)(kit_trial *t));

/* Numbers that look random, and come again with the same seed. */
uint64_t kit_draw(uint64_t *state, uint64_t below);

#endif
