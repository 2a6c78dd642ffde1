/* SPDX-License-Identifier: MIT
 *
 * Numbers break ties, so that the order is the same everywhere.
 */
#include "fit/ranking.h"

#include <stdlib.h>

#include "base/memory.h"

static int compare(const void *a, const void *b)
{
    const ranked *one = a, *other = b;
    if (one->score != other->score)
        return one->score > other->score ? -1 : 1;
    return one->number < other->number ? -1 : one->number > other->number;
}

ranked *fit_rank(const double *scores, size_t count)
{
    ranked *all = memory_alloc_array(count + 1, sizeof *all);
    for (size_t i = 0; i < count; i++)
        all[i] = (ranked){scores[i], i};
    if (count > 0)
        qsort(all, count, sizeof *all, compare);
    return all;
}
