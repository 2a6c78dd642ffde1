/* SPDX-License-Identifier: MIT
 *
 * How many different values there are.
 */
#include "exec/fold.h"

#include <string.h>

#include "exec/key_counts.h"

/* Most texts have small codes: a set of these fits into few words. */
enum { MOST_SMALL = 256 };

/* Adds how many different keys a group has, when all are small. */
static bool count_small(const fold *f, size_t i, int64_t *count)
{
    uint64_t met[MOST_SMALL / 64] = {0};
    int64_t different = 0;
    for (const fold_part *p = f->parts; p < f->parts + f->part_count; p++)
        EACH_ROW(p, i, r)
        {
            uint64_t key = part_key(f, p, r), bit = UINT64_C(1) << key % 64;
            if (key >= MOST_SMALL)
                return false;
            different += (met[key / 64] & bit) == 0;
            met[key / 64] |= bit;
        }
    *count = different;
    return true;
}

static int64_t count_keys(const fold *f, key_counts *met, size_t i)
{
    int64_t different = 0;
    key_counts_clear(met);
    for (const fold_part *p = f->parts; p < f->parts + f->part_count; p++)
        EACH_ROW(p, i, r)
    different += (*key_counts_of(met, part_key(f, p, r)))++ == 0;
    return different;
}

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
    EACH_GROUP_AHEAD(f, i)
    if (!count_small(f, i, &counts[i]))
        counts[i] = count_keys(f, &met, i);
    key_counts_give(f->block->scratch, &met);
}
