/* SPDX-License-Identifier: MIT
 *
 * model -- the models whose parameters `carpel fit` finds, and what they look at. Their formulas are those
 * of rules/lib, which are called.
 */
#ifndef FIT_MODEL_H
#define FIT_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "config/fits.h"

enum { FIT_MOST_PARAMETERS = 4, FIT_MOST_COLUMNS = 3 };

typedef struct fit_parameter {
    const char *name; /* NULL behind the last */
    bool is_scale;    /* in the unit of the data, so that it begins at their average */
} fit_parameter;

typedef struct fit_model {
    const char *name, *file; /* "bg_nbd", "lib/bg_nbd.lua" */
    const char *source;      /* who described it */
    fit_rows rows;
    fit_parameter parameters[FIT_MOST_PARAMETERS + 1];
} fit_model;

/* NULL: it is none whose parameters are found. */
const fit_model *fit_model_find(const char *name);

size_t fit_model_parameter_count(const fit_model *m);

/* How many columns there are of each person. */
size_t fit_rows_columns(fit_rows rows);

#endif
