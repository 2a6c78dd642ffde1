/* SPDX-License-Identifier: MIT
 *
 * The AUC by ranks (Mann and Whitney 1947), log loss, and tenths.
 */
#include "fit/measures.h"

#include <math.h>

#include "base/memory.h"
#include "fit/ranking.h"

double fit_auc(const double *scores, const bool *labels, size_t count)
{
    ranked *all = fit_rank(scores, count);
    double happened = 0, pairs = 0; /* of those so far; pairs in the right order */
    for (size_t i = 0, end; i < count; i = end) {
        double here = 0, others = 0;
        for (end = i; end == i || (end < count && all[end].score == all[i].score);
             end++) {
            here += labels[all[end].number];
            others += !labels[all[end].number];
        }
        pairs += others * (happened + here / 2);
        happened += here;
    }
    memory_free(all);
    return pairs / (happened * ((double)count - happened));
}

/* A chance of 0 or 1 that was wrong would be infinitely bad. */
#define LEAST_CHANCE 1e-12

static double loss_of(double chance, bool label)
{
    double right = label ? chance : 1 - chance;
    return -log(fmax(right, LEAST_CHANCE));
}

fit_measures fit_measure(const double *chances, const bool *labels, size_t count)
{
    fit_measures m = {.auc = fit_auc(chances, labels, count)};
    ranked *all = fit_rank(chances, count);
    for (size_t i = 0; i < count; i++) {
        fit_decile *d = &m.deciles[i * FIT_DECILES / count];
        bool label = labels[all[i].number];
        d->people++;
        d->happened += label;
        d->expected += all[i].score;
        m.log_loss += loss_of(all[i].score, label) / (double)count;
    }
    memory_free(all);
    return m;
}
