/* SPDX-License-Identifier: MIT
 *
 * logistic -- the chance that something happens, as a logistic function of features: 1 / (1 + exp(-s)), where
 * s is a number for everybody and a part for each feature.
 *
 *     fit_logistic model;
 *     if (!fit_logistic_train(&model, examples, is_truth, 1, SIZE_MAX, &err)) ...
 *     double chance = fit_logistic_chance(&model, values);
 *
 * What is made as small as can be is the sum of all log losses and penalty / 2 times the sum of the squares of the
 * weights (a ridge), with NLopt's L-BFGS.
 */
#ifndef FIT_LOGISTIC_H
#define FIT_LOGISTIC_H

#include "base/error.h"
#include "config/project.h"
#include "fit/examples.h"

typedef struct fit_logistic {
    size_t feature_count;
    fit_scale scales[FIT_MOST_FEATURES];
    double base;                       /* of everybody */
    double weights[FIT_MOST_FEATURES]; /* by standard deviation */
    double missing[FIT_MOST_FEATURES]; /* the part of a feature that is missing */
} fit_logistic;

/* Learn from examples. `only` is the one feature that is looked at; SIZE_MAX: all. False: *err is filled. */
bool fit_logistic_train(fit_logistic *m, const fit_examples *e, const bool *is_truth,
                        double penalty, size_t only, carpel_error *err);

/* The part of a feature, and the chance of a row of values. */
double fit_logistic_part(const fit_logistic *m, size_t feature, double value);
double fit_logistic_chance(const fit_logistic *m, const double *values);

#endif
