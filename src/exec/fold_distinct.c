/* SPDX-License-Identifier: MIT
 *
 * How many different values there are.
 */
#include "exec/fold.h"

#include <string.h>

#include "exec/key_counts.h"

void fold_distinct(const fold *f, vector *out)
{
    size_t groups = f->group_count;
    int64_t *counts = vector_take(f->block, out, (groups + 1) * sizeof *counts);
    if (f->part_count == 1 && fold_moves(f, &f->parts[0])) {
        memset(counts, 0, groups * sizeof *counts);
        moving_distinct(f, &f->parts[0], counts);
        return;
    }
    key_counts met = key_counts_take(f->block->scratch, fold_most_rows(f));
    memset(counts, 0, groups * sizeof *counts);
    EACH_GROUP(f, i)
    {
        key_counts_clear(&met);
        for (size_t p = 0; p < f->part_count; p++)
            EACH_ROW(&f->parts[p], i, r)
        counts[i] += (*key_counts_of(&met, part_key(f, &f->parts[p], r)))++ == 0;
    }
    key_counts_give(f->block->scratch, &met);
}
