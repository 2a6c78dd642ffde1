/* SPDX-License-Identifier: MIT
 *
 * Learning an uplift by logistic regression.
 */
#include "fit/uplift.h"

#include <math.h>
#include <stdint.h>

fit_arms fit_arms_of(const fit_examples *e)
{
    fit_arms a = {{0}, {0}};
    for (size_t i = 0; i < e->count; i++) {
        a.people[e->treated[i]]++;
        a.happened[e->treated[i]] += e->labels[i];
    }
    return a;
}

static const double *values_of(const fit_examples *e, size_t example)
{
    return e->values + example * e->feature_count;
}

static bool train_arm(fit_logistic *m, bool is_treated, const fit_examples *e,
                      const bool *is_truth, double penalty, carpel_error *err)
{
    fit_examples *arm = fit_examples_new(e->feature_count);
    for (size_t i = 0; i < e->count; i++)
        if (e->treated[i] == is_treated)
            fit_examples_add(arm, values_of(e, i), e->labels[i]);
    bool is_found = fit_logistic_train(m, arm, is_truth, penalty, SIZE_MAX, err);
    fit_examples_free(arm);
    return is_found;
}

/* Where both arms count alike, all weights together as many as there are examples, the chance of this is
 * (1 + uplift) / 2: half the chance of it with treatment, and half of its opposite without. */
static bool train_transformed(fit_logistic *m, const fit_examples *e,
                              const bool *is_truth, double penalty, carpel_error *err)
{
    fit_arms arms = fit_arms_of(e);
    fit_examples *all = fit_examples_new(e->feature_count);
    for (size_t i = 0; i < e->count; i++) {
        double people = (double)arms.people[e->treated[i]];
        fit_examples_add(all, values_of(e, i), e->labels[i] == e->treated[i]);
        fit_examples_weigh(all, (double)e->count / 2 / people);
    }
    bool is_found = fit_logistic_train(m, all, is_truth, penalty, SIZE_MAX, err);
    fit_examples_free(all);
    return is_found;
}

bool fit_uplift_train(fit_uplift *u, fit_uplift_method method, const fit_examples *e,
                      const bool *is_truth, double penalty, carpel_error *err)
{
    u->method = method;
    if (method == FIT_TRANSFORMED_OUTCOME)
        return train_transformed(&u->models[0], e, is_truth, penalty, err);
    return train_arm(&u->models[0], false, e, is_truth, penalty, err) &&
           train_arm(&u->models[1], true, e, is_truth, penalty, err);
}

double fit_uplift_of(const fit_uplift *u, const double *values)
{
    double first = fit_logistic_chance(&u->models[0], values);
    if (u->method == FIT_TRANSFORMED_OUTCOME)
        return 2 * first - 1;
    return fit_logistic_chance(&u->models[1], values) - first;
}
