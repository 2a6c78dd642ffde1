/* SPDX-License-Identifier: MIT
 *
 * failures -- what of the data did not become part of a result: rows that were refused,
 * values that are missing because a function or a pattern failed.
 *
 * Every command that reads data tells them, also with --quiet: in the foot of a table, in
 * its JSON document, or on standard error.
 */
#ifndef APP_FAILURES_H
#define APP_FAILURES_H

#include "app/session.h"
#include "base/text.h"
#include "report/json.h"

/* The reasons of refused rows, for below a table; nothing when there are none. */
void failures_append_refused(const engine *e, text *out);

/* The same on standard error, source by source. */
void failures_say_refused(const engine *e);

/* Warnings on standard error of values that are missing. */
void failures_say_missing(const run_result *r);

/* The keys "sources", "refused_list", "failures" and "notes" of an object. */
void failures_write_json(const session *s, json_writer *w);

#endif
