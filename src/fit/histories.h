/* SPDX-License-Identifier: MIT
 *
 * histories -- what a model looks at: a few numbers of each person, equal ones once.
 *
 *     fit_histories *h = fit_histories_new(3);
 *     fit_histories_add(h, (double[]){2, 30.43, 38.86});
 *     fit_histories_finish(h);                      // equal ones become one, in a fixed order
 *     ... h->columns[0][i], h->weights[i] ...       // of i < h->count
 *     fit_histories_free(h);
 */
#ifndef FIT_HISTORIES_H
#define FIT_HISTORIES_H

#include <stddef.h>

#include "fit/model.h"

typedef struct fit_history {
    double values[FIT_MOST_COLUMNS];
} fit_history;

typedef struct fit_histories {
    size_t column_count;
    fit_history *rows;
    size_t row_count, row_capacity; /* one a person */
    /* After fit_histories_finish: */
    double *columns[FIT_MOST_COLUMNS], *weights;
    size_t count;
} fit_histories;

fit_histories *fit_histories_new(size_t column_count);
void fit_histories_free(fit_histories *h); /* accepts NULL */
void fit_histories_add(fit_histories *h, const double *values);
void fit_histories_finish(fit_histories *h);

/* The average over everybody. */
double fit_histories_average(const fit_histories *h, size_t column);

#endif
