/* SPDX-License-Identifier: MIT
 *
 * source_lints -- warnings about what is valid below a source and seldom meant: comparisons and
 * patterns of other tools, rules that are never reached, ids that are those of people. They are
 * called while a source is read, by connectors.c, and change nothing of it.
 */
#ifndef CONFIG_SOURCE_LINTS_H
#define CONFIG_SOURCE_LINTS_H

#include "config/reader.h"

/* W0302: `when: {total: "< 0"}`, `skip: {email: "%@example.com"}`. */
void source_lint_condition(const reader *r, const config_condition *condition);

/* W0305: a rule for the event that an earlier one always takes. */
void source_lint_order(const reader *r, const config_source *s);

/* W0306: `id` and `person` are one field. */
void source_lint_id(const reader *r, const config_source *s);

#endif
