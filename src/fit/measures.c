/* SPDX-License-Identifier: MIT
 *
 * The AUC by ranks (Mann and Whitney 1947), log loss, and tenths.
 */
#include "fit/measures.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"

typedef struct ranked {
    double score;
    size_t number;
    bool label;
} ranked;

/* The highest first; of equals the first. */
static int compare(const void *a, const void *b)
{
    const ranked *one = a, *other = b;
    if (one->score != other->score)
        return one->score > other->score ? -1 : 1;
    return one->number < other->number ? -1 : one->number > other->number;
}

static ranked *rank(const double *scores, const bool *labels, size_t count)
{
    ranked *all = memory_alloc_array(count + 1, sizeof *all);
    for (size_t i = 0; i < count; i++)
        all[i] = (ranked){scores[i], i, labels[i]};
    if (count > 0)
        qsort(all, count, sizeof *all, compare);
    return all;
}

double fit_auc(const double *scores, const bool *labels, size_t count)
{
    ranked *all = rank(scores, labels, count);
    double happened = 0, pairs = 0; /* of those so far; pairs in the right order */
    for (size_t i = 0, end; i < count; i = end) {
        double here = 0, others = 0;
        for (end = i; end == i || (end < count && all[end].score == all[i].score);
             end++) {
            here += all[end].label;
            others += !all[end].label;
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
    ranked *all = rank(chances, labels, count);
    for (size_t i = 0; i < count; i++) {
        fit_decile *d = &m.deciles[i * FIT_DECILES / count];
        d->people++;
        d->happened += all[i].label;
        d->expected += all[i].score;
        m.log_loss += loss_of(all[i].score, all[i].label) / (double)count;
    }
    memory_free(all);
    return m;
}
