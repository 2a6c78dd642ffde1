/* SPDX-License-Identifier: MIT
 *
 * The numbers are positive and of any size, so their logarithms are what is moved.
 */
#include "fit/optimum.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "fit/matrix.h"

#ifdef CARPEL_HAVE_NLOPT
#include <nlopt.h>
#endif

#define LEAST_NUMBER 1e-6
#define MOST_NUMBER  1e8

bool fit_is_at_bound(double number)
{
    return number < LEAST_NUMBER * 1.01 || number > MOST_NUMBER / 1.01;
}

bool fit_optimum_is_built(void)
{
#ifdef CARPEL_HAVE_NLOPT
    return true;
#else
    return false;
#endif
}

static double value_at_logarithms(const fit_goal *goal, size_t count,
                                  const double *logarithms)
{
    double numbers[FIT_MOST_NUMBERS];
    for (size_t i = 0; i < count; i++)
        numbers[i] = exp(logarithms[i]);
    return goal->value_at(goal->context, numbers);
}

#ifdef CARPEL_HAVE_NLOPT

/* A simplex may get stuck, so it is begun anew where it ended, until that helps no more. */
enum { MOST_VALUES = 4000, MOST_BEGINNINGS = 12 };
#define IS_NO_BETTER   1e-7
#define FIRST_STEP     0.5
#define NO_VALUE_THERE (-1e300)

typedef struct search {
    const fit_goal *goal;
    size_t count;
} search;

static double value_for_nlopt(unsigned count, const double *at, double *gradient,
                              void *data)
{
    const search *s = data;
    (void)gradient;
    double value = value_at_logarithms(s->goal, count, at);
    return isfinite(value) ? value : NO_VALUE_THERE;
}

static nlopt_opt make_optimiser(search *s)
{
    nlopt_opt o = nlopt_create(NLOPT_LN_NELDERMEAD, (unsigned)s->count);
    nlopt_set_max_objective(o, value_for_nlopt, s);
    nlopt_set_lower_bounds1(o, log(LEAST_NUMBER));
    nlopt_set_upper_bounds1(o, log(MOST_NUMBER));
    nlopt_set_initial_step1(o, FIRST_STEP);
    nlopt_set_ftol_rel(o, 1e-13);
    nlopt_set_xtol_rel(o, 1e-8);
    nlopt_set_maxeval(o, MOST_VALUES);
    return o;
}

bool fit_optimum_find(const fit_goal *goal, size_t count, double *at, double *best,
                      carpel_error *err)
{
    search s = {goal, count};
    double logarithms[FIT_MOST_NUMBERS];
    for (size_t i = 0; i < count; i++)
        logarithms[i] = log(fmin(fmax(at[i], LEAST_NUMBER), MOST_NUMBER));
    *best = value_at_logarithms(goal, count, logarithms);
    if (!isfinite(*best))
        return carpel_fail(err, CARPEL_E_INPUT,
                           "the model has no value where the search begins");
    nlopt_opt o = make_optimiser(&s);
    bool is_better = true;
    int result = 0;
    for (int i = 0; is_better && i < MOST_BEGINNINGS && result >= 0; i++) {
        double value;
        result = nlopt_optimize(o, logarithms, &value);
        is_better = value > *best + IS_NO_BETTER;
        *best = fmax(value, *best);
    }
    nlopt_destroy(o);
    for (size_t i = 0; i < count; i++)
        at[i] = exp(logarithms[i]);
    return result >= 0 || result == NLOPT_ROUNDOFF_LIMITED ||
           carpel_fail(err, CARPEL_E_SYSTEM, "NLopt gave up (%d)", result);
}

#else

bool fit_optimum_find(const fit_goal *goal, size_t count, double *at, double *best,
                      carpel_error *err)
{
    (void)goal;
    (void)count;
    (void)at;
    (void)best;
    return carpel_fail(err, CARPEL_E_SYSTEM, "this carpel was built without NLopt");
}

#endif

/* ---- standard errors ------------------------------------------------------ */

#define STEP 1e-3 /* of logarithms */

static double value_beside(const fit_goal *goal, size_t count, const double *at, size_t i,
                           double by_i, size_t k, double by_k)
{
    double moved[FIT_MOST_NUMBERS];
    memcpy(moved, at, count * sizeof *moved);
    moved[i] += by_i;
    moved[k] += by_k;
    return value_at_logarithms(goal, count, moved);
}

/* Minus the second derivative, by the four values around. */
static double curvature(const fit_goal *goal, size_t count, const double *at, size_t i,
                        size_t k)
{
    double sum = value_beside(goal, count, at, i, STEP, k, STEP) -
                 value_beside(goal, count, at, i, STEP, k, -STEP) -
                 value_beside(goal, count, at, i, -STEP, k, STEP) +
                 value_beside(goal, count, at, i, -STEP, k, -STEP);
    return -sum / (4 * STEP * STEP);
}

bool fit_standard_errors(const fit_goal *goal, size_t count, const double *at,
                         double *out)
{
    double logarithms[FIT_MOST_NUMBERS];
    double *matrix = memory_alloc_array(count * count, sizeof *matrix);
    for (size_t i = 0; i < count; i++)
        logarithms[i] = log(at[i]);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k <= i; k++)
            matrix[i * count + k] = matrix[k * count + i] =
                curvature(goal, count, logarithms, i, k);
    bool is_good = matrix_invert(matrix, count);
    /* That of a number is that of its logarithm times the number. */
    for (size_t i = 0; is_good && i < count; i++)
        out[i] = at[i] * sqrt(matrix[i * count + i]);
    memory_free(matrix);
    return is_good;
}
