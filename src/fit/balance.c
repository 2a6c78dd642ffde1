/* SPDX-License-Identifier: MIT
 *
 * Averages and variances of both arms.
 */
#include "fit/balance.h"

#include <math.h>

/* Of one arm; numbers are taken as the model takes them. */
typedef struct moments {
    double count, sum, squares;
    double least, most; /* as they are */
} moments;

static void add(moments *m, double value, double raw)
{
    m->least = m->count > 0 ? fmin(m->least, raw) : raw;
    m->most = m->count > 0 ? fmax(m->most, raw) : raw;
    m->count++;
    m->sum += value;
    m->squares += value * value;
}

static double average(const moments *m)
{
    return m->count > 0 ? m->sum / m->count : NAN;
}

/* The average as a value of the feature; what is always the same is not rounded. */
static double typical(const moments *m, const fit_scale *scale)
{
    return m->least == m->most ? m->least : fit_scale_value(scale, average(m));
}

static double variance(const moments *m)
{
    return m->count > 0 ? fmax(0, m->squares / m->count - average(m) * average(m)) : NAN;
}

/* Do two arms differ more than *most says? Then that is *most. */
static bool consider(const moments *arms, size_t feature, bool is_of_missing,
                     fit_balance *most)
{
    double difference = average(&arms[1]) - average(&arms[0]);
    double spread = sqrt((variance(&arms[1]) + variance(&arms[0])) / 2);
    double error =
        sqrt(variance(&arms[1]) / arms[1].count + variance(&arms[0]) / arms[0].count);
    double standardised = fabs(difference) > 1e-9 ? difference / spread : 0;
    if (isnan(difference) || fabs(standardised) <= fabs(most->difference))
        return false;
    most->feature = feature;
    most->is_of_missing = is_of_missing;
    most->difference = standardised;
    most->average_treated = average(&arms[1]);
    most->average_others = average(&arms[0]);
    most->z = difference / error;
    return true;
}

/* A feature of which the distances from the average are taken, so that no digits are lost. */
static void add_examples(const fit_examples *e, size_t feature, const fit_scale *scale,
                         moments *values, moments *missing)
{
    for (size_t i = 0; i < e->count; i++) {
        double value = fit_examples_value(e, i, feature);
        double is_missing = isnan(value) ? 1 : 0;
        add(&missing[e->treated[i]], is_missing, is_missing);
        if (!isnan(value))
            add(&values[e->treated[i]], fit_scale_of(scale, value), value);
    }
}

fit_balance fit_balance_of(const fit_examples *learned, const fit_examples *tested,
                           const bool *is_truth)
{
    fit_balance most = {.feature = 0};
    for (size_t k = 0; k < learned->feature_count; k++) {
        moments values[2] = {{.count = 0}}, missing[2] = {{.count = 0}};
        fit_scale scale = fit_scale_find(learned, k, is_truth[k]);
        add_examples(learned, k, &scale, values, missing);
        add_examples(tested, k, &scale, values, missing);
        if (consider(values, k, false, &most)) {
            most.average_treated = typical(&values[1], &scale);
            most.average_others = typical(&values[0], &scale);
        }
        consider(missing, k, true, &most);
    }
    return most;
}

/* Do all of the arms have one value each, of two? */
static bool are_apart(const moments *arms)
{
    return arms[0].count > 0 && arms[1].count > 0 && arms[0].least == arms[0].most &&
           arms[1].least == arms[1].most && arms[0].least != arms[1].least;
}

fit_telling fit_telling_of(const fit_examples *e, size_t feature)
{
    const fit_scale as_it_is = {.is_truth = true, .deviation = 1};
    moments values[2] = {{.count = 0}}, missing[2] = {{.count = 0}};
    add_examples(e, feature, &as_it_is, values, missing);
    if (are_apart(missing))
        return FIT_TELLS_BY_MISSING;
    bool is_ever_missing = missing[0].most > 0 || missing[1].most > 0;
    return are_apart(values) && !is_ever_missing ? FIT_TELLS_BY_VALUE : FIT_TELLS_NOTHING;
}

bool fit_balance_is_odd(const fit_balance *b)
{
    return fabs(b->difference) >= 0.1 && fabs(b->z) > 4;
}
