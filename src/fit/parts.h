/* SPDX-License-Identifier: MIT
 *
 * parts -- Lua functions of what was learned: one for the part of each feature, and one that makes a chance of the
 * parts, so that an explanation shows each.
 */
#ifndef FIT_PARTS_H
#define FIT_PARTS_H

#include "base/text.h"
#include "config/fits.h"
#include "fit/logistic.h"

/* What a feature is; a duration is in days. */
typedef enum fit_feature_kind { FIT_NUMBER, FIT_DURATION, FIT_TRUTH } fit_feature_kind;

/* The type of an argument: "duration(days)". */
const char *fit_feature_declared(fit_feature_kind kind);

/* Functions PREFIXNAME of the features. */
void fit_parts_append(const config_fit *f, const fit_feature_kind *kinds,
                      const fit_logistic *model, const char *prefix, const char *help,
                      text *out);

/* What makes a number of the parts: `top` / (1 + exp(-sum)), and what stands behind that. */
typedef struct fit_whole {
    const char *name, *help, *result, *top, *behind;
} fit_whole;

void fit_whole_append(const config_fit *f, const fit_logistic *model, const fit_whole *w,
                      text *out);

/* The features as parameters of a Lua function: "x_orders, x_silent". One may be called like a word of Lua, so
 * there its name begins with x_. */
void fit_parameters_append(const config_fit *f, const char *between, text *out);

#endif
