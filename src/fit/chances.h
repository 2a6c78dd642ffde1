/* SPDX-License-Identifier: MIT
 *
 * chances -- a fit of chances that was found, and the Lua file that is written of it: a function for the part of each
 * feature, and one that makes a chance of the parts, so that an explanation shows each.
 */
#ifndef FIT_CHANCES_H
#define FIT_CHANCES_H

#include "fit/measures.h"
#include "fit/trees.h"

typedef struct fitted_chances {
    const config_fit *fit;
    fit_logistic model;
    bool has_trees; /* in the place of that */
    fit_trees trees;
    fit_measures logistic; /* of the logistic model on later dates */
    fit_feature_kind kinds[FIT_MOST_FEATURES];
    size_t against;             /* the feature of `alone` */
    fit_measures tested, alone; /* on later dates; of all features, and of one */
    double base_loss;           /* log loss of the chance that all had */
    double base_rate, test_rate;
    size_t trained_count, tested_count;
    const char *made_on, *rules;
} fitted_chances;

void fitted_chances_append_file(const fitted_chances *f, text *out);

#endif
