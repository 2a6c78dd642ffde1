/* SPDX-License-Identifier: MIT
 *
 * fitted -- what was found, and the Lua file that is written of it.
 *
 * The file stands alone: it holds the model's formulas as they are now, so a score means the same until
 * somebody fits anew.
 */
#ifndef FIT_FITTED_H
#define FIT_FITTED_H

#include "fit/model.h"

typedef struct fitted {
    const config_fit *fit;
    const fit_model *model;
    double parameters[FIT_MOST_PARAMETERS], errors[FIT_MOST_PARAMETERS];
    bool has_errors; /* else the standard errors say nothing */
    double log_likelihood;
    size_t people;
    const char *from, *to; /* the window of the data; from: "" is all before */
    const char *made_on;   /* the day on which it was fitted */
    const char *rules;     /* a digest of what the rules mean */
} fitted;

void fitted_append_file(const fitted *f, text *out);

#endif
