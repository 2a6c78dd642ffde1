/* SPDX-License-Identifier: MIT
 *
 * uplift -- how much more likely something is to happen when somebody is treated, learned of a randomised test, and
 * the Lua file that is written of it.
 *
 *     fit_uplift model;
 *     if (!fit_uplift_train(&model, FIT_TWO_MODELS, examples, is_truth, 1, &err)) ...
 *     double more = fit_uplift_of(&model, values);       // -1 to 1
 */
#ifndef FIT_UPLIFT_H
#define FIT_UPLIFT_H

#include "fit/balance.h"
#include "fit/parts.h"
#include "fit/uplift_measures.h"

typedef enum fit_uplift_method {
    /* A chance learned of the treated, less one learned of the others. */
    FIT_TWO_MODELS,
    /* How likely "it happened to a treated one, or not to another" is, where both arms count alike: twice that, less
     * 1 (Jaskowski and Jaroszewicz 2012). */
    FIT_TRANSFORMED_OUTCOME
} fit_uplift_method;

typedef struct fit_uplift {
    fit_uplift_method method;
    fit_logistic models
        [2]; /* of others [0] and treated [1]; TRANSFORMED_OUTCOME: the first alone */
} fit_uplift;

/* Learn from examples that are marked, of both arms. False: *err is filled. */
bool fit_uplift_train(fit_uplift *u, fit_uplift_method method, const fit_examples *e,
                      const bool *is_truth, double penalty, carpel_error *err);

double fit_uplift_of(const fit_uplift *u, const double *values);

/* Of the treated [1] and others [0], for how many the label holds. */
fit_arms fit_arms_of(const fit_examples *e);

/* ---- what is written ------------------------------------------------------------- */

typedef struct fitted_uplift {
    const config_fit *fit;
    const fit_feature_kind *kinds;
    fit_uplift model;
    fit_arms learned;
    fit_uplift_measures tested; /* of people or dates that were not learned from */
    fit_balance balance;
    const char *made_on, *rules;
} fitted_uplift;

/* "two models", "a transformed outcome" */
const char *fit_uplift_method_words(fit_uplift_method method);

void fitted_uplift_append_file(const fitted_uplift *f, text *out);

#endif
