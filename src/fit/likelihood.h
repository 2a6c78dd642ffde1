/* SPDX-License-Identifier: MIT
 *
 * likelihood -- a model of rules/lib over histories: the logarithm of how likely they are, and what it
 * expects of each.
 *
 *     fit_likelihood *l = fit_likelihood_new(model, histories);
 *     double sum = fit_likelihood_at(l, parameters);       // -INFINITY: not to be worked out there
 *     fit_likelihood_free(l);
 */
#ifndef FIT_LIKELIHOOD_H
#define FIT_LIKELIHOOD_H

#include "base/cancel.h"
#include "fit/histories.h"

typedef struct fit_likelihood fit_likelihood;

/* The histories outlive it, and so does the flag (NULL: none). */
fit_likelihood *fit_likelihood_new(const fit_model *m, const fit_histories *h,
                                   const cancel *c);
void fit_likelihood_free(fit_likelihood *l); /* accepts NULL */

double fit_likelihood_at(fit_likelihood *l, const double *parameters);

/* What went wrong the last time; "" when nothing did. */
const char *fit_likelihood_message(const fit_likelihood *l);

/* What the model's function `expected` says of one history: of FIT_TIMES and FIT_PERIODS for the time
 * `ahead`. False: the message says why not. */
bool fit_likelihood_expect(fit_likelihood *l, const double *parameters, double ahead,
                           const double *history, double *out);

#endif
