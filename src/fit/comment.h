/* SPDX-License-Identifier: MIT
 *
 * comment -- lines of a Lua file that say where it comes from.
 */
#ifndef FIT_COMMENT_H
#define FIT_COMMENT_H

#include "base/text.h"
#include "config/fits.h"

/* What each file begins with; the name of its fit follows. */
#define FIT_MARK "-- Written by \"carpel fit "

/* "-- key: value", in one line whatever the value has. */
void comment_append(const char *key, const char *value, text *out);

/* "-- key: 2026-05-01, 2026-06-01" */
void comment_append_dates(const char *key, const config_text *dates, size_t count,
                          text *out);

/* Each line of rules in a comment of its own, under a heading. */
void comment_append_rules(const text *rules, text *out);

#endif
