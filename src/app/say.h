/* SPDX-License-Identifier: MIT
 *
 * say -- what the command tells its user, and the exit codes of failures.
 *
 * Results go to standard output, everything else to standard error with "carpel: " before
 * it, so that a script can tell them apart.
 */
#ifndef APP_SAY_H
#define APP_SAY_H

#include "base/error.h"
#include "base/text.h"

/* "carpel: MESSAGE", "hint: SENTENCE", "warning: MESSAGE", "note: MESSAGE" on standard
 * error. */
CARPEL_PRINTF(1, 2) void say_error(const char *format, ...);
CARPEL_PRINTF(1, 2) void say_hint(const char *format, ...);
CARPEL_PRINTF(1, 2) void say_warning(const char *format, ...);
CARPEL_PRINTF(1, 2) void say_note(const char *format, ...);

/* Say what failed and return the exit code that goes with it. */
int say_failure(const carpel_error *err);

/* Write to standard output. Returns 0, or the exit code when it cannot be written. */
int say_result(const text *result);

/* Append a value, or the id of a person, to a line of a result. What would end the cell or the line is
 * written as \t, \n, \r; of a value a backslash is doubled, while ids stay what they are, so that a
 * list of them can be read again. On a terminal what it would obey is a mark; --json has all as they
 * are. */
void say_cell(slice value, text *out);
void say_id(slice id, text *out);

/* Append paragraphs ("\n" between them) in lines of at most 78 columns, `indent` of them
 * blank. */
void say_wrap(const char *paragraphs, size_t indent, text *out);

#endif
