/* SPDX-License-Identifier: MIT
 *
 * Effects, and areas below curves.
 */
#include "fit/uplift_measures.h"

#include <math.h>

#include "base/memory.h"
#include "fit/ranking.h"

/* ---- effects ------------------------------------------------------------------ */

double fit_arm_rate(const fit_arms *a, bool is_treated)
{
    size_t people = a->people[is_treated];
    return people > 0 ? (double)a->happened[is_treated] / (double)people : NAN;
}

/* An end of Wilson's interval of a share (1927); `side` is 1 or -1. */
static double wilson(double share, double people, double side)
{
    static const double z = 1.959963984540054;
    double middle = share + z * z / (2 * people);
    double half = z * sqrt((share * (1 - share) + z * z / (4 * people)) / people);
    return fmin(1, fmax(0, (middle + side * half) / (1 + z * z / people)));
}

fit_effect fit_effect_of(const fit_arms *a)
{
    double treated = fit_arm_rate(a, true), others = fit_arm_rate(a, false);
    double nt = (double)a->people[1], nc = (double)a->people[0];
    double difference = treated - others;
    return (fit_effect){difference,
                        difference - hypot(treated - wilson(treated, nt, -1),
                                           wilson(others, nc, 1) - others),
                        difference + hypot(wilson(treated, nt, 1) - treated,
                                           others - wilson(others, nc, -1))};
}

/* ---- people ---------------------------------------------------------------------- */

typedef struct tested_people {
    const bool *labels, *treated;
    const ranked *order; /* the highest scores first */
    size_t count;
} tested_people;

static void count_one(fit_arms *a, const tested_people *p, size_t place)
{
    size_t number = p->order[place].number;
    a->people[p->treated[number]]++;
    a->happened[p->treated[number]] += p->labels[number];
}

/* ---- curves ------------------------------------------------------------------------ */

static double quotient(double a, double b)
{
    return b > 0 ? a / b : 0;
}

static double qini_at(const fit_arms *so_far, const fit_arms *all)
{
    double others = quotient((double)so_far->happened[0] * (double)so_far->people[1],
                             (double)so_far->people[0]);
    return quotient((double)so_far->happened[1] - others, (double)all->people[1]);
}

static double uplift_at(const fit_arms *so_far, double share)
{
    return (quotient((double)so_far->happened[1], (double)so_far->people[1]) -
            quotient((double)so_far->happened[0], (double)so_far->people[0])) *
           share;
}

/* The points of the Qini curve between two shares of the people. */
static void fill_curve(double *curve, double from, double at_from, double to,
                       double at_to)
{
    for (size_t i = 0; i < FIT_CURVE_POINTS; i++) {
        double x = (double)i / (FIT_CURVE_POINTS - 1);
        if (x >= from && x <= to)
            curve[i] = at_from + (at_to - at_from) * (x - from) / (to - from);
    }
}

static void take_curves(fit_uplift_measures *m, const tested_people *p)
{
    fit_arms so_far = {{0}, {0}};
    double x = 0, qini = 0, uplift = 0, below_qini = 0;
    for (size_t i = 0; i < p->count; i++) {
        count_one(&so_far, p, i);
        if (i + 1 < p->count && p->order[i + 1].score == p->order[i].score)
            continue;
        double to = (double)(i + 1) / (double)p->count;
        double next_qini = qini_at(&so_far, &m->arms), next = uplift_at(&so_far, to);
        below_qini += (to - x) * (qini + next_qini) / 2;
        m->auuc += (to - x) * (uplift + next) / 2;
        fill_curve(m->curve, x, qini, to, next_qini);
        x = to;
        qini = next_qini;
        uplift = next;
    }
    m->qini = below_qini - qini / 2;
    m->random_auuc = uplift / 2;
}

fit_uplift_measures fit_uplift_measure(const double *scores, const bool *labels,
                                       const bool *treated, size_t count)
{
    fit_uplift_measures m = {.qini = 0};
    ranked *order = fit_rank(scores, count);
    const tested_people people = {labels, treated, order, count};
    for (size_t i = 0; i < count; i++) {
        fit_uplift_tenth *t = &m.tenths[i * FIT_TENTHS / count];
        count_one(&m.arms, &people, i);
        count_one(&t->arms, &people, i);
        t->expected += order[i].score;
    }
    take_curves(&m, &people);
    memory_free(order);
    return m;
}
