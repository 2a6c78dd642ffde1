/* SPDX-License-Identifier: MIT
 *
 * How many different values there are.
 */
#include "exec/fold.h"

#include <string.h>

/* A set of keys, emptied by taking the next stamp. */
typedef struct key_set {
    uint64_t *keys;
    uint32_t *stamps;
    uint32_t stamp;
    size_t mask;
} key_set;

static key_set key_set_take(scratch *s, size_t most)
{
    size_t slots = 16;
    while (slots < 2 * most)
        slots *= 2;
    key_set set = {.keys = scratch_take(s, slots * sizeof(uint64_t)),
                   .stamps = scratch_take(s, slots * sizeof(uint32_t)),
                   .mask = slots - 1};
    memset(set.stamps, 0, slots * sizeof(uint32_t));
    return set;
}

static bool key_set_add(key_set *set, uint64_t key)
{
    size_t slot =
        (size_t)(((key ^ key >> 32) * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & set->mask;
    while (set->stamps[slot] == set->stamp) {
        if (set->keys[slot] == key)
            return false;
        slot = (slot + 1) & set->mask;
    }
    set->stamps[slot] = set->stamp;
    set->keys[slot] = key;
    return true;
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
    key_set set = key_set_take(f->block->scratch, fold_most_rows(f));
    memset(counts, 0, groups * sizeof *counts);
    EACH_GROUP(f, i)
    {
        set.stamp++;
        for (size_t p = 0; p < f->part_count; p++)
            EACH_ROW(&f->parts[p], i, r)
        counts[i] += key_set_add(&set, part_key(f, &f->parts[p], r));
    }
    scratch_give(f->block->scratch, set.keys);
    scratch_give(f->block->scratch, set.stamps);
}
