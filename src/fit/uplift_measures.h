/* SPDX-License-Identifier: MIT
 *
 * uplift_measures -- what a treatment did in a randomised test, and how well scores say to whom.
 *
 * People stand in the order of their scores, the highest first. Of the first n of them nt are treated, of whom it
 * happened to yt, and nc are not, of whom it happened to yc; N, Nt and Nc are all. By n / N the curves are
 *
 *     Qini (Radcliffe 2007)                    (yt - yc nt / nc) / Nt
 *     uplift (Gutierrez and Gerardy 2017)      (yt / nt - yc / nc) n / N
 *
 * with 0 for a quotient by 0. Where people have one score, the curve has one point, at the last of them. Between
 * points and from (0, 0) it is straight.
 */
#ifndef FIT_UPLIFT_MEASURES_H
#define FIT_UPLIFT_MEASURES_H

#include <stdbool.h>
#include <stddef.h>

enum { FIT_TENTHS = 10, FIT_CURVE_POINTS = 21 };

/* What came of people who were treated [1] and of others [0]. */
typedef struct fit_arms {
    size_t people[2], happened[2];
} fit_arms;

/* Of the treated; NAN where there are none. */
double fit_arm_rate(const fit_arms *a, bool is_treated);

/* What the share of the treated is above that of the others, with Newcombe's interval of 95 % (1998, his method
 * 10). NAN where an arm is empty. */
typedef struct fit_effect {
    double difference, low, high;
} fit_effect;

fit_effect fit_effect_of(const fit_arms *a);

/* A tenth of the people, the highest scores first. */
typedef struct fit_uplift_tenth {
    fit_arms arms;
    double expected; /* the sum of the scores */
} fit_uplift_tenth;

typedef struct fit_uplift_measures {
    fit_arms arms;
    fit_uplift_tenth tenths[FIT_TENTHS];
    double qini;              /* area between the Qini curve and the line to its end */
    double auuc, random_auuc; /* area below the uplift curve, and below that line */
    double curve[FIT_CURVE_POINTS]; /* the Qini curve at equal distances, 0 to 1 */
} fit_uplift_measures;

fit_uplift_measures fit_uplift_measure(const double *scores, const bool *labels,
                                       const bool *treated, size_t count);

#endif
