/* SPDX-License-Identifier: MIT
 *
 * program -- another program of the machine, run to its end, and what it said.
 *
 *     const char *arguments[] = {"git", "rev-parse", "HEAD", NULL};
 *     program_end end;
 *     if (!program_run(arguments, &end, &err)) ...        // it could not be begun
 *     if (end.code != 0) ... end.said ...
 *     program_end_done(&end);
 *
 * It is found by PATH, reads nothing, and has both of its outputs taken together. No shell is in
 * between, so arguments are what they are.
 */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include "base/error.h"
#include "base/text.h"

typedef struct program_end {
    int code; /* its exit code; 128 and more: a signal ended it */
    text said;
} program_end;

bool program_run(const char *const *arguments, program_end *out, carpel_error *err);
void program_end_done(program_end *end);

#endif
