/* SPDX-License-Identifier: MIT
 *
 * Training. What NLopt moves is one row of numbers: the base, the weights, and the parts of what is
 * missing.
 */
#include "fit/logistic.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/memory.h"

#ifdef CARPEL_HAVE_NLOPT
#include <nlopt.h>
#endif

double fit_logistic_part(const fit_logistic *m, size_t feature, double value)
{
    return isnan(value) ? m->missing[feature]
                        : m->weights[feature] * fit_scale_of(&m->scales[feature], value);
}

double fit_logistic_chance(const fit_logistic *m, const double *values)
{
    double sum = m->base;
    for (size_t i = 0; i < m->feature_count; i++)
        sum += fit_logistic_part(m, i, values[i]);
    return 1 / (1 + exp(-sum));
}

#ifdef CARPEL_HAVE_NLOPT

enum { MOST_STEPS = 2000 };

typedef struct training {
    const fit_examples *examples;
    double *distances; /* example after example; where one is missing 0 */
    bool *is_missing;
    double penalty;
    size_t count; /* features */
} training;

/* ln(1 + exp(x)) */
static double softplus(double x)
{
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

/* Adds an example to the loss and to its gradient. */
static double add_example(const training *t, size_t example, const double *at,
                          double *gradient)
{
    const double *distances = t->distances + example * t->count;
    const bool *is_missing = t->is_missing + example * t->count;
    double sum = at[0];
    for (size_t i = 0; i < t->count; i++)
        sum += is_missing[i] ? at[1 + t->count + i] : at[1 + i] * distances[i];
    bool label = t->examples->labels[example];
    double weight = t->examples->weights ? t->examples->weights[example] : 1;
    double slope = weight * (1 / (1 + exp(-sum)) - (label ? 1 : 0));
    gradient[0] += slope;
    for (size_t i = 0; i < t->count; i++)
        if (is_missing[i])
            gradient[1 + t->count + i] += slope;
        else
            gradient[1 + i] += slope * distances[i];
    return weight * softplus(label ? -sum : sum);
}

static double loss(unsigned count, const double *at, double *gradient, void *data)
{
    const training *t = data;
    double sum = 0, unused[1 + 2 * FIT_MOST_FEATURES];
    double *to = gradient ? gradient : unused;
    memset(to, 0, count * sizeof *to);
    for (size_t i = 0; i < t->examples->count; i++)
        sum += add_example(t, i, at, to);
    for (unsigned i = 1; i < count; i++) {
        sum += t->penalty / 2 * at[i] * at[i];
        to[i] += t->penalty * at[i];
    }
    return sum;
}

static void measure(training *t, const fit_logistic *m, size_t only)
{
    size_t cells = t->examples->count * t->count;
    t->distances = memory_alloc_array(cells + 1, sizeof *t->distances);
    t->is_missing = memory_alloc_array(cells + 1, sizeof *t->is_missing);
    for (size_t i = 0; i < t->examples->count; i++)
        for (size_t k = 0; k < t->count; k++) {
            double value = fit_examples_value(t->examples, i, k);
            bool is_meant = only == SIZE_MAX || only == k;
            t->distances[i * t->count + k] =
                is_meant ? fit_scale_of(&m->scales[k], value) : 0;
            t->is_missing[i * t->count + k] = is_meant && isnan(value);
        }
}

/* At the end of all digits L-BFGS says that it failed, where it is: there the loss is as flat as it gets. */
static bool is_flat(training *t, const double *at, unsigned count)
{
    double slopes[1 + 2 * FIT_MOST_FEATURES];
    bool is_good = isfinite(loss(count, at, slopes, t));
    for (unsigned i = 0; i < count; i++)
        is_good = is_good && fabs(slopes[i]) <= 1e-4 * (double)t->examples->count;
    return is_good;
}

static bool minimise(training *t, double *at, carpel_error *err)
{
    double least;
    unsigned count = (unsigned)(1 + 2 * t->count);
    nlopt_opt o = nlopt_create(NLOPT_LD_LBFGS, count);
    nlopt_set_min_objective(o, loss, t);
    nlopt_set_ftol_rel(o, 1e-12);
    nlopt_set_maxeval(o, MOST_STEPS);
    int result = nlopt_optimize(o, at, &least);
    nlopt_destroy(o);
    bool is_found = result == NLOPT_FAILURE
                        ? is_flat(t, at, count)
                        : result >= 0 || result == NLOPT_ROUNDOFF_LIMITED;
    return (is_found && isfinite(least)) ||
           carpel_fail(err, CARPEL_E_SYSTEM, "NLopt gave up (%d)", result);
}

/* Where everybody has the chance that all have together. */
static double first_base(const fit_examples *e)
{
    double happened = (double)fit_examples_positive(e);
    return log((happened + 0.5) / ((double)e->count - happened + 0.5));
}

bool fit_logistic_train(fit_logistic *m, const fit_examples *e, const bool *is_truth,
                        double penalty, size_t only, carpel_error *err)
{
    training t = {.examples = e, .penalty = penalty, .count = e->feature_count};
    double at[1 + 2 * FIT_MOST_FEATURES] = {first_base(e)};
    *m = (fit_logistic){.feature_count = t.count};
    fit_scales_find(e, is_truth, m->scales);
    measure(&t, m, only);
    bool is_found = minimise(&t, at, err);
    m->base = at[0];
    memcpy(m->weights, at + 1, t.count * sizeof *at);
    memcpy(m->missing, at + 1 + t.count, t.count * sizeof *at);
    memory_free(t.distances);
    memory_free(t.is_missing);
    return is_found;
}

#else

bool fit_logistic_train(fit_logistic *m, const fit_examples *e, const bool *is_truth,
                        double penalty, size_t only, carpel_error *err)
{
    (void)m;
    (void)e;
    (void)is_truth;
    (void)penalty;
    (void)only;
    return carpel_fail(err, CARPEL_E_SYSTEM, "this carpel was built without NLopt");
}

#endif
