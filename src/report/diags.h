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

/* A part of a source and what is to stand there instead; `fix` tells which edits belong
 * together. */
typedef struct diag_edit {
    size_t fix;
    span where;
    char *replacement;
} diag_edit;

typedef struct diag {
    diag_severity severity;
    diag_code code;
    span where;
    char *message;
    char *hint;   /* a sentence, or NULL */
    char *mended; /* the whole declaration when all hints are followed, or NULL */
    diag_note *notes;
    size_t note_count, note_capacity;
    diag_edit *edits; /* in the order of `fix` */
    size_t edit_count, edit_capacity;
    size_t fix_count; /* ways to put it right, the likeliest first; often none */
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

/* Add a way to put it right, which a program can apply: what is written instead of `where`
 * (an empty span: before that place). diag_fix begins one more way; diag_fix_also adds an
 * edit to the newest, elsewhere in the same file. What was put right compiles and means
 * what was meant; where that is not known, there is only a hint.
 *
 *     diag_hint(d, "Write \"when\" instead.");
 *     diag_fix(d, token->where, "when");
 */
CARPEL_PRINTF(3, 4) void diag_fix(diags *d, span where, const char *format, ...);
CARPEL_PRINTF(3, 4) void diag_fix_also(diags *d, span where, const char *format, ...);

/* Both at once, for what people can copy as it is: the hint "Write: REPLACEMENT.", and the
 * fix. */
CARPEL_PRINTF(3, 4) void diag_propose(diags *d, span where, const char *format, ...);

/* The same with a sentence of its own, in which %s is the replacement. */
CARPEL_PRINTF(4, 5)
void diag_offer(diags *d, span where, const char *sentence, const char *format, ...);

/* Two ways, the likelier first: each stands at a %s of the sentence. */
void diag_offer_either(diags *d, span where, const char *sentence, const char *first,
                       const char *second);

/* The text of a place as it was written, for use in messages; lives as long as `d`. */
const char *diag_words(diags *d, span where);

/* The declaration that kept message `index` is about, put right as a whole. */
void diags_set_mended(diags *d, size_t index, slice declaration);

/* Its fixes stay. */
void diags_drop_hint(diags *d, size_t index);

/* Take what kept message `index` says to do away: it leads nowhere. */
void diags_clear_advice(diags *d, size_t index);

/* In its place, a hint. */
CARPEL_PRINTF(3, 4)
void diags_set_hint(diags *d, size_t index, const char *format, ...);

/* In its place: the declaration, which stands at `where`, may be one of these instead. */
void diags_set_readings(diags *d, size_t index, span where, const char *const *rules,
                        size_t count);

/* Say below all messages that not all of the declarations with mistakes were read anew. */
void diags_leave_unread(diags *d);
bool diags_are_unread(const diags *d);

/* Append `whole`, the text of the file, with one of the fixes applied. */
void diag_apply(const diag *message, size_t fix, slice whole, text *out);

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
 * Where it takes several hints, the rule as it is with all of them follows, behind "mended:".
 * Notes follow in the same form, before the hint. Tabs keep their width; a span over
 * several lines is marked on its first; of a very long line the part around the span
 * is shown. What could upset a terminal is shown as U+FFFD. Of each kind of warning, and of
 * all errors, the first few are shown and the rest is counted. */
void diags_print(const diags *d, FILE *out, bool use_colour);
void diags_append(const diags *d, text *out, bool use_colour);

/* The same as one JSON array of {code, severity, file, line, column, end_line,
 * end_column, message, hint, mended, notes: [{file, line, column, end_line, end_column,
 * message}], fixes: [{edits: [{file, line, column, end_line, end_column, replacement}]}]}.
 * The end is the place behind the last character; null stands for what is not there. */
void diags_append_json(const diags *d, text *out);

#endif
