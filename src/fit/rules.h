/* SPDX-License-Identifier: MIT
 *
 * rules -- what a model looks at, in the words of the language: the rules that a fit judges, and those
 * that use what was found. Both are made here, so that they say the same.
 *
 * Names begin with a prefix, so that they meet no name of the project.
 */
#ifndef FIT_RULES_H
#define FIT_RULES_H

#include "fit/model.h"
#include "fit/words.h"

/* `event P_events = ...`, and what that is made of. */
void fit_rules_append_events(const config_fit *f, const char *prefix, text *out);

/* What the model's functions take of a person, by number: "days_with(P_events) - 1". */
void fit_rules_append_argument(const config_fit *f, const char *prefix, size_t column,
                               text *out);

/* The events, and a score of each of these: P_1, P_2 and P_3; durations are in weeks. Only people who are
 * new since "from" have them. `words` (may be NULL) learns what of it somebody said. */
void fit_rules_append(const config_fit *f, const char *prefix, fit_words *words,
                      text *out);

#endif
