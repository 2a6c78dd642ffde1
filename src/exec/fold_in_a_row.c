/* SPDX-License-Identifier: MIT
 *
 * How many rows one after another fulfil a condition.
 */
#include "exec/fold.h"

#include <string.h>

#include "base/bitmap.h"

static int64_t longest_row(const fold_part *p, const uint64_t *is_wanted, size_t i)
{
    int64_t longest = 0, length = 0;
    EACH_ROW(p, i, r)
    {
        length = bitmap_get(is_wanted, r) ? length + 1 : 0;
        longest = length > longest ? length : longest;
    }
    return longest;
}

void fold_longest_row(const fold *f, vector *out)
{
    size_t groups = f->group_count;
    int64_t *counts = vector_take(f->block, out, (groups + 1) * sizeof *counts);
    memset(counts, 0, groups * sizeof *counts);
    if (f->part_count == 0)
        return;
    const fold_part *p = &f->parts[0];
    uint64_t *spare = NULL;
    const uint64_t *is_wanted =
        condition_bits(f->block, p->value, p->rows->count, &spare);
    EACH_GROUP(f, i)
    counts[i] = longest_row(p, is_wanted, i);
    scratch_give(f->block->scratch, spare);
}
