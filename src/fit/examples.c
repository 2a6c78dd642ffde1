/* SPDX-License-Identifier: MIT
 *
 * Examples in a row, and the scales of their features.
 */
#include "fit/examples.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

fit_examples *fit_examples_new(size_t feature_count)
{
    fit_examples *e = memory_alloc(sizeof *e);
    *e = (fit_examples){.feature_count = feature_count};
    return e;
}

void fit_examples_free(fit_examples *e)
{
    if (!e)
        return;
    memory_free(e->values);
    memory_free(e->labels);
    memory_free(e->treated);
    memory_free(e->weights);
    memory_free(e);
}

void fit_examples_add(fit_examples *e, const double *values, bool label)
{
    for (size_t i = 0; i < e->feature_count; i++) {
        size_t at = e->count * e->feature_count + i;
        memory_grow((void **)&e->values, at, &e->value_capacity, sizeof *e->values);
        e->values[at] = values[i];
    }
    memory_grow((void **)&e->labels, e->count, &e->label_capacity, sizeof *e->labels);
    e->labels[e->count++] = label;
}

void fit_examples_mark(fit_examples *e, bool is_treated)
{
    size_t at = e->count - 1;
    memory_grow((void **)&e->treated, at, &e->treated_capacity, sizeof *e->treated);
    e->treated[at] = is_treated;
}

void fit_examples_weigh(fit_examples *e, double weight)
{
    size_t at = e->count - 1;
    memory_grow((void **)&e->weights, at, &e->weight_capacity, sizeof *e->weights);
    e->weights[at] = weight;
}

double fit_examples_value(const fit_examples *e, size_t example, size_t feature)
{
    return e->values[example * e->feature_count + feature];
}

size_t fit_examples_positive(const fit_examples *e)
{
    size_t count = 0;
    for (size_t i = 0; i < e->count; i++)
        count += e->labels[i];
    return count;
}

static bool is_same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

bool fit_examples_are_alike(const fit_examples *e, size_t feature)
{
    for (size_t i = 1; i < e->count; i++)
        if (!is_same(fit_examples_value(e, i, feature),
                     fit_examples_value(e, 0, feature)))
            return false;
    return true;
}

static double straight(const fit_scale *s, double value)
{
    return s->is_logarithm ? log1p(fmax(value, 0)) : value;
}

fit_scale fit_scale_find(const fit_examples *e, size_t feature, bool is_truth)
{
    fit_scale s = {.is_truth = is_truth, .is_logarithm = !is_truth};
    size_t count = 0;
    double sum = 0, squares = 0;
    for (size_t i = 0; i < e->count; i++)
        if (fit_examples_value(e, i, feature) < 0)
            s.is_logarithm = false;
    for (size_t i = 0; i < e->count; i++) {
        double value = fit_examples_value(e, i, feature);
        s.missing += isnan(value) ? 1 : 0;
        if (isnan(value))
            continue;
        count++;
        sum += straight(&s, value);
    }
    s.average = count > 0 ? sum / (double)count : 0;
    for (size_t i = 0; i < e->count; i++) {
        double value = fit_examples_value(e, i, feature);
        double away = isnan(value) ? 0 : straight(&s, value) - s.average;
        squares += away * away;
    }
    s.deviation = count > 0 ? sqrt(squares / (double)count) : 0;
    if (s.deviation < 1e-12 * (1 + fabs(s.average)))
        s.deviation = 0;
    return s;
}

void fit_scales_find(const fit_examples *e, const bool *is_truth, fit_scale *out)
{
    for (size_t i = 0; i < e->feature_count; i++)
        out[i] = fit_scale_find(e, i, is_truth[i]);
}

double fit_scale_of(const fit_scale *s, double value)
{
    return isnan(value) || s->deviation == 0
               ? 0
               : (straight(s, value) - s->average) / s->deviation;
}

double fit_scale_value(const fit_scale *s, double distance)
{
    double value = s->average + distance * s->deviation;
    return s->is_logarithm ? expm1(value) : value;
}
