/* SPDX-License-Identifier: MIT
 *
 * Averages and variances of both arms.
 */
#include "fit/balance.h"

#include <math.h>

/* Of one arm; numbers are taken as the model takes them. */
typedef struct moments {
    double count, sum, squares;
} moments;

static void add(moments *m, double value)
{
    m->count++;
    m->sum += value;
    m->squares += value * value;
}

static double average(const moments *m)
{
    return m->count > 0 ? m->sum / m->count : NAN;
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
        add(&missing[e->treated[i]], isnan(value) ? 1 : 0);
        if (!isnan(value))
            add(&values[e->treated[i]], fit_scale_of(scale, value));
    }
}

fit_balance fit_balance_of(const fit_examples *learned, const fit_examples *tested,
                           const bool *is_truth)
{
    fit_balance most = {.feature = 0};
    for (size_t k = 0; k < learned->feature_count; k++) {
        moments values[2] = {{0, 0, 0}, {0, 0, 0}}, missing[2] = {{0, 0, 0}, {0, 0, 0}};
        fit_scale scale = fit_scale_find(learned, k, is_truth[k]);
        add_examples(learned, k, &scale, values, missing);
        add_examples(tested, k, &scale, values, missing);
        if (consider(values, k, false, &most)) {
            most.average_treated = fit_scale_value(&scale, average(&values[1]));
            most.average_others = fit_scale_value(&scale, average(&values[0]));
        }
        consider(missing, k, true, &most);
    }
    return most;
}

bool fit_balance_is_odd(const fit_balance *b)
{
    return fabs(b->difference) >= 0.1 && fabs(b->z) > 4;
}
