/* SPDX-License-Identifier: MIT
 *
 * progress -- a bar on a terminal's stderr for work of more than a second.
 *
 * Nothing is shown elsewhere, in the first second, or when switched off. The line is
 * redrawn at most ten times a second and taken away at the end.
 *
 *     progress *p = progress_new(stderr, !quiet);
 *     progress_stage(p, "reading purchases", "MB", total);
 *     progress_update(p, done);               // any thread
 *     progress_free(p);
 */
#ifndef REPORT_PROGRESS_H
#define REPORT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/text.h"

typedef struct progress progress;

progress *progress_new(FILE *stream, bool is_wanted);
void progress_free(progress *p); /* clears the line; accepts NULL */

/* Begin a stage; `unit` is "bytes" (shown as kB, MB, GB) or a word such as "people".
 * A total of 0 is not known: no bar and no remaining time then. */
void progress_stage(progress *p, const char *title, const char *unit, uint64_t total);
void progress_update(progress *p, uint64_t done);

/* Take the line away before something else is written to the terminal; the next
 * update draws it again. Accepts NULL, as the two above do. */
void progress_hide(progress *p);

/* The line that would be drawn after `seconds` of the stage; for tests. */
void progress_append_line(const char *title, const char *unit, uint64_t done,
                          uint64_t total, double seconds, size_t width, text *out);

#endif
