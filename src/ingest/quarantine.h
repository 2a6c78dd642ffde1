/* SPDX-License-Identifier: MIT
 *
 * quarantine -- the rows that did not fit, with their place and the reason.
 *
 * All are counted, by source and reason; as many as the limits of the list allow are
 * written to a CSV file (file, line, reason), which appears when it is closed and only
 * when there are any.
 *
 *     quarantine *q = quarantine_new(path, false);
 *     for each source:
 *         quarantine_begin_source(q);
 *         ... quarantine_add(q, file, line, reason, err) ...
 *     quarantine_finish(q, err);
 *
 * Reasons that differ only in the value that they quote, or in a number, count as one; the
 * first of them is shown. Memory is bounded whatever the data hold.
 */
#ifndef INGEST_QUARANTINE_H
#define INGEST_QUARANTINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

typedef struct quarantine quarantine;

/* A reason that quotes a value of the data begins the quote with the first and ends it
 * with the second of these. */
#define REASON_QUOTE_BEGIN "cannot read \""
#define REASON_QUOTE_END   "\" as "

/* The same for a name of the data. */
#define REASON_NAME_BEGIN "is named \""
#define REASON_NAME_END   "\""

/* Stands in the place of a value that is not to be told. */
#define REASON_REMOVED "(removed)"

/* `path`: the list to write (NULL: only count). In strict mode the first row is an
 * error: quarantine_add returns false with "FILE:LINE: REASON". */
quarantine *quarantine_new(const char *path, bool is_strict);

/* How long the list may get; what is beyond is counted only. Without it there is no limit. */
void quarantine_limit_list(quarantine *q, uint64_t rows, uint64_t bytes);

/* Rows that are added from here on are of the next source. Sources are numbered from 0;
 * without a call all rows are of source 0. */
void quarantine_begin_source(quarantine *q);

/* Append what is added from now on to `kept` as well (NULL: no longer), so that
 * quarantine_repeat can add it again in another run: the rows of the list one by one, the
 * others counted by reason when keeping ends. `kept` outlives the keeping. */
void quarantine_keep(quarantine *q, text *kept);

/* Is a value of the data that a reason quotes to be left out of it, or a person? */
typedef bool value_is_hidden(void *context, slice value);

/* Rows that are added from here on are told with REASON_REMOVED in the place of such values. */
void quarantine_hide(quarantine *q, value_is_hidden *is_hidden, void *context);

/* Rows of these people are not told of, counted or kept from here on (NULL: all are). */
void quarantine_leave_out(quarantine *q, value_is_hidden *is_left_out, void *context);

/* Leave these values out of what was kept. */
void quarantine_hide_kept(text *kept, value_is_hidden *is_hidden, void *context);

/* Add what was kept. In strict mode its first row is an error. */
bool quarantine_repeat(quarantine *q, slice kept, carpel_error *err);

bool quarantine_add(quarantine *q, const char *file, uint64_t line, const char *reason,
                    carpel_error *err);

/* The same for a row of which it is known whose it is, unless `person` is empty. */
bool quarantine_add_of(quarantine *q, slice person, const char *file, uint64_t line,
                       const char *reason, carpel_error *err);

/* All rows; those that are not in the list, because it is full; those of a source. */
uint64_t quarantine_count(const quarantine *q);
uint64_t quarantine_unlisted(const quarantine *q);
uint64_t quarantine_source_count(const quarantine *q, size_t source);

/* The most frequent reasons of a source (or of all, each source for itself), most first;
 * at most `limit`. The texts live as long as the quarantine. Returns how many there are. */
#define QUARANTINE_ALL SIZE_MAX
typedef struct quarantine_reason {
    const char *reason; /* of the first row */
    uint64_t count;
    uint64_t unlisted; /* as many of them are not in the list */
    const char *first_file;
    uint64_t first_line;
} quarantine_reason;
size_t quarantine_reasons(const quarantine *q, size_t source, quarantine_reason *out,
                          size_t limit);

/* Put the list in place; when there are no rows, remove an older list. */
bool quarantine_finish(quarantine *q, carpel_error *err);

/* Why there is no list although one was asked for: the place is one that this user can only read,
 * or there is no room. NULL: it is not so. Rows are counted all the same. */
const char *quarantine_hindrance(const quarantine *q);
const char *quarantine_path(const quarantine *q);
void quarantine_free(quarantine *q);

#endif
