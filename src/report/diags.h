/* SPDX-License-Identifier: MIT
 *
 * diags -- what the user's rules and project file got wrong, collected.
 *
 * A pass reports and goes on; nothing is printed until the end:
 *
 *     diag_error(diags, name->where, E_UNKNOWN_EVENT, "no event is named \"%s\"", name);
 *     diag_hint(diags, "Did you mean \"%s\"?", similar);
 *     ...
 *     diags_print(diags, stderr, use_colour);
 *
 * Codes are listed once in report/codes.def. Equal messages at one place are kept once,
 * and of errors and of warnings the first DIAGS_MOST_KEPT each; the rest is counted.
 */
#ifndef REPORT_DIAGS_H
#define REPORT_DIAGS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/text.h"
#include "report/source.h"

typedef enum diag_code {
#define X(code, name, summary) code,
#include "report/codes.def"
#undef X
    DIAG_CODE_COUNT
} diag_code;

#define DIAGS_MOST_KEPT 1000

typedef enum diag_severity { DIAG_ERROR, DIAG_WARNING } diag_severity;

/* One more place that a message points at. */
typedef struct diag_note {
    span where;
    char *message;
} diag_note;

typedef struct diag {
    diag_severity severity;
    diag_code code;
    span where;
    char *message;
    char *hint; /* a sentence, or NULL */
    diag_note *notes;
    size_t note_count, note_capacity;
} diag;

typedef struct diags diags;

diags *diags_new(void);
void diags_free(diags *d);

/* Report at a place. The message is one line, lower case, without a full stop. */
CARPEL_PRINTF(4, 5)
void diag_error(diags *d, span where, diag_code code, const char *format, ...);
CARPEL_PRINTF(4, 5)
void diag_warning(diags *d, span where, diag_code code, const char *format, ...);

/* Add to the newest message (nothing is added to one that was there already): what to
 * do (a sentence), or another place with a word. */
CARPEL_PRINTF(2, 3) void diag_hint(diags *d, const char *format, ...);
CARPEL_PRINTF(3, 4) void diag_note_at(diags *d, span where, const char *format, ...);

bool diags_has_errors(const diags *d);
size_t diags_error_count(const diags *d);
size_t diags_warning_count(const diags *d);

/* How many messages of this code were counted only. */
size_t diags_unkept(const diags *d, diag_code code);

/* All kept messages in the order of files (as first met) and places. */
size_t diags_count(const diags *d);
const diag *diags_get(const diags *d, size_t index);

/* "E0104", "W0207". Its name, as a heading in docs/errors.md; what it means, a line. */
const char *diag_code_text(diag_code code);
const char *diag_code_name(diag_code code);
const char *diag_code_summary(diag_code code);

/* Print every message with its line and carets:
 *
 *     rules/shop.seg:7:14: error E0104: no event is named "purchse"
 *         7 |   when count(purchse in last 90 days) >= 3
 *           |              ^^^^^^^
 *     hint: Did you mean "purchase"?
 *
 * Notes follow in the same form, before the hint. Tabs keep their width; a span over
 * several lines is marked on its first; of a very long line the part around the span
 * is shown. What could upset a terminal is shown as U+FFFD. Of each kind of warning, and of
 * all errors, the first few are shown and the rest is counted. */
void diags_print(const diags *d, FILE *out, bool use_colour);
void diags_append(const diags *d, text *out, bool use_colour);

/* The same as one JSON array of {code, severity, file, line, column, end_line,
 * end_column, message, hint, notes: [{file, line, column, end_line, end_column,
 * message}]}. The end is the place behind the last character; null stands for what
 * is not there. */
void diags_append_json(const diags *d, text *out);

#endif
