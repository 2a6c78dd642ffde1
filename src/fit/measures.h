/* SPDX-License-Identifier: MIT
 *
 * measures -- how good chances are, by what happened.
 */
#ifndef FIT_MEASURES_H
#define FIT_MEASURES_H

#include <stdbool.h>
#include <stddef.h>

enum { FIT_DECILES = 10 };

/* A tenth of those who were foretold, the highest chances first. */
typedef struct fit_decile {
    size_t people, happened;
    double expected; /* the sum of the chances */
} fit_decile;

typedef struct fit_measures {
    double
        auc; /* how likely somebody to whom it happened has the higher chance; ties are half */
    double log_loss; /* the average of -ln of the chance of what came */
    fit_decile deciles[FIT_DECILES];
} fit_measures;

/* NAN where all labels are equal. */
double fit_auc(const double *scores, const bool *labels, size_t count);

fit_measures fit_measure(const double *chances, const bool *labels, size_t count);

#endif
