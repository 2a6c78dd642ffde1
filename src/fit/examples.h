/* SPDX-License-Identifier: MIT
 *
 * examples -- people at dates: their features then, and whether what is to be foretold happened after.
 *
 *     fit_examples *e = fit_examples_new(2);
 *     fit_examples_add(e, (double[]){12.5, NAN}, true);        // NAN: missing
 *     fit_scales_find(e, is_truth, scales);                    // of those that are learned from
 *     fit_examples_free(e);
 *
 * A feature goes into a model as its distance from the average, in standard deviations; before that a number
 * that is never negative is taken as ln(1 + x), for most of these have few large values. Where it is
 * missing it is as if it were average, and a number of its own says so.
 */
#ifndef FIT_EXAMPLES_H
#define FIT_EXAMPLES_H

#include <stdbool.h>
#include <stddef.h>

typedef struct fit_examples {
    size_t feature_count;
    double *values; /* example after example */
    bool *labels;
    bool *treated;   /* of a randomised test; NULL: of none */
    double *weights; /* how much each counts; NULL: all alike */
    size_t count, value_capacity, label_capacity, treated_capacity, weight_capacity;
} fit_examples;

fit_examples *fit_examples_new(size_t feature_count);
void fit_examples_free(fit_examples *e); /* accepts NULL */
void fit_examples_add(fit_examples *e, const double *values, bool label);

/* Of the example that was added last: was somebody treated, and how much it counts. What is said of one is said
 * of all. */
void fit_examples_mark(fit_examples *e, bool is_treated);
void fit_examples_weigh(fit_examples *e, double weight);

double fit_examples_value(const fit_examples *e, size_t example, size_t feature);
size_t fit_examples_positive(const fit_examples *e); /* how many labels hold */

/* Is a feature the same for all? Being missing is a value like others here. */
bool fit_examples_are_alike(const fit_examples *e, size_t feature);

typedef struct fit_scale {
    bool is_truth;             /* 0 or 1 */
    bool is_logarithm;         /* ln(1 + x) */
    double average, deviation; /* of what is not missing; 0: it is always the same */
    size_t missing;
} fit_scale;

fit_scale fit_scale_find(const fit_examples *e, size_t feature, bool is_truth);

/* Of each feature; `is_truth` says which are truth values. */
void fit_scales_find(const fit_examples *e, const bool *is_truth, fit_scale *out);

/* Distance from the average; 0 when it is missing. */
double fit_scale_of(const fit_scale *s, double value);

/* The value at a distance from the average. */
double fit_scale_value(const fit_scale *s, double distance);

#endif
