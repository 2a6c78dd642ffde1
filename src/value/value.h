/* SPDX-License-Identifier: MIT
 *
 * value -- texts that stand for values: in data files, rules and options.
 *
 * Every reader takes all of the text or fails with a reason that fits behind
 * "cannot read \"12,5\" as decimal(2): ", and never rounds.
 */
#ifndef VALUE_VALUE_H
#define VALUE_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "value/calendar.h"
#include "value/type.h"

/* "-12.50" with at most `scale` digits that are not trailing zeros after the point. */
bool value_read_decimal(slice s, unsigned scale, int64_t *out, const char **reason);

/* A finite double: "12.5", "1e-3". */
bool value_read_number(slice s, double *out, const char **reason);

/* true/false, yes/no, 1/0, t/f, y/n in any letter case. */
bool value_read_bool(slice s, bool *out, const char **reason);

/* "2026-03-01". With a format: see value_read_time; time parts must be zero or absent. */
bool value_read_date(slice s, const char *format, int64_t *out, const char **reason);

/* An instant. Without a format: ISO 8601, "2026-03-01", "2026-03-01T10:00[:00[.123456]]",
 * blank or T between, then nothing, Z, +hh, +hhmm or +hh:mm. A format is made of %Y %m %d
 * %H %I %p %M %S %f (fraction of a second, 1 to 9 digits; beyond 6 must be 0) %y (1969 to
 * 2068) %b %B (English month names) %a %A (weekday, ignored) %j %z (Z, +hh, +hhmm,
 * +hh:mm) %Z (a word, must be UTC, GMT or Z) %%; a blank stands for any run of blanks.
 * One digit does for %m %d %H %I %M %S, but not right beside a number. Or one of the
 * names unix, unix_ms, unix_us (a count since 1970, may have a fraction that is exact in
 * microseconds). Without a zone in the text, `local` (not NULL) gives it. */
bool value_read_time(slice s, const char *format, const zone *local, int64_t *out,
                     const char **reason);

/* "90 seconds", "1.5 hours", "2 days"; a plain number when unit_microseconds > 0. Months
 * and longer have no fixed length and are refused. */
bool value_read_duration(slice s, int64_t unit_microseconds, int64_t *out,
                         const char **reason);

/* Does the text fit the format, or without one ISO 8601? Counts since 1970 never do. */
bool value_fits_format(slice s, const char *format);

/* Is the format one that value_read_time understands? Else a reason. */
bool value_check_time_format(const char *format, const char **reason);

/* Can times be written in the format, which need not have all parts? Else a reason. */
bool value_check_written_format(const char *format, const char **reason);

/* "2026-03-01T10:00:00Z" (with a fraction if there is one); in `z` with its offset. */
void value_append_time(int64_t instant, const zone *z, text *out);
void value_append_date(int64_t date, text *out);

/* In a format of value_check_written_format, as a clock in `z` (NULL: UTC) shows it. */
void value_append_time_as(int64_t instant, const zone *z, const char *format, text *out);
void value_append_decimal(int64_t value, unsigned scale, text *out);
void value_append_duration(int64_t microseconds, text *out); /* "1 day 2 hours" */

#endif
