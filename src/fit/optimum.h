/* SPDX-License-Identifier: MIT
 *
 * optimum -- where a function of some positive numbers is largest, and how sharply it falls off there.
 *
 *     fit_goal goal = {context, value_at};
 *     if (!fit_optimum_find(&goal, 4, at, &best, &err)) ...    // from `at`, and to it
 *     fit_standard_errors(&goal, 4, at, errors);
 *
 * The work is NLopt's, without which the first fails.
 */
#ifndef FIT_OPTIMUM_H
#define FIT_OPTIMUM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* -INFINITY: it has no value there. */
typedef struct fit_goal {
    void *context;
    double (*value_at)(void *context, const double *numbers);
} fit_goal;

enum { FIT_MOST_NUMBERS = 64 };

/* Is NLopt part of this program? */
bool fit_optimum_is_built(void);

/* Numbers lie between 1e-6 and 1e8. False: *err says why nothing was found. */
bool fit_optimum_find(const fit_goal *goal, size_t count, double *at, double *best,
                      carpel_error *err);

/* The roots of the diagonal of the inverse of the matrix of second derivatives, which are differences
 * of values. False: the function does not fall off in all directions, so that they say nothing. */
bool fit_standard_errors(const fit_goal *goal, size_t count, const double *at,
                         double *out);

/* Is a number at an end of what is looked at? Then the data do not tell how far it goes. */
bool fit_is_at_bound(double number);

#endif
