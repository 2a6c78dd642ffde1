/* SPDX-License-Identifier: MIT
 *
 * balance -- whether people who were treated differ from others by what was known before. In a randomised test they
 * do by chance alone.
 *
 * The standardised mean difference of a feature is (mt - mc) / sqrt((vt + vc) / 2), with the averages and variances of
 * both (Austin 2009); of one that is missing for some, it is that or the one of being missing, whichever is
 * larger.
 */
#ifndef FIT_BALANCE_H
#define FIT_BALANCE_H

#include "fit/examples.h"

typedef struct fit_balance {
    size_t feature;     /* that differs most */
    bool is_of_missing; /* it is missing for more of the ones than of the others */
    double difference;  /* standardised; infinite where neither varies */
    double average_treated,
        average_others; /* of it; where it is of missing ones, shares */
    double z;           /* the difference in standard errors */
} fit_balance;

/* What of a feature says who was treated: of all who were it is the same, and of all others another. */
typedef enum fit_telling {
    FIT_TELLS_NOTHING,
    FIT_TELLS_BY_VALUE,
    FIT_TELLS_BY_MISSING
} fit_telling;

fit_telling fit_telling_of(const fit_examples *e, size_t feature);

/* Over the examples of both, which are marked. */
fit_balance fit_balance_of(const fit_examples *learned, const fit_examples *tested,
                           const bool *is_truth);

/* More than a test does by chance: at least 0.1, and more than four standard errors. */
bool fit_balance_is_odd(const fit_balance *b);

#endif
