/* SPDX-License-Identifier: MIT
 *
 * chance_rules -- the rules that a fit of chances judges, and the score that uses what was found.
 */
#ifndef FIT_CHANCE_RULES_H
#define FIT_CHANCE_RULES_H

#include <stdbool.h>

#include "base/text.h"
#include "config/fits.h"
#include "fit/words.h"

/* A score P_NAME of each feature; segments P_among and P_label, the label as fit_label_read gives it; and of an
 * uplift P_treatment. `words` (may be NULL) learns what of it somebody said. */
void fit_chance_rules_append(const config_fit *f, const char *prefix, const char *label,
                             fit_words *words, text *out);

/* `use`, and a score of the fit's name; `has_parts`: of parts of the features, and not of themselves. */
void fit_chance_score_append(const config_fit *f, bool has_parts, text *out);
void fit_uplift_score_append(const config_fit *f, bool has_two_models, text *out);

#endif
