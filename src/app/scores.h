/* SPDX-License-Identifier: MIT
 *
 * scores -- what `carpel run` shows of scores: a line each in a table, or all that is
 * known of their distribution in JSON.
 */
#ifndef APP_SCORES_H
#define APP_SCORES_H

#include "exec/run.h"
#include "report/json.h"
#include "report/table.h"

/* The table of all scores; NULL when there are none. The caller frees it. */
table *scores_table(const run_result *r);

/* The key "scores" with an object for each; docs/commands.md names the keys. */
void scores_write(json_writer *w, const run_result *r);

/* The value of a person of the score, as JSON: a number, a text, true or false, or null.
 * Moments and durations are texts. */
void scores_write_value(json_writer *w, const run_score *score, size_t person);

#endif
