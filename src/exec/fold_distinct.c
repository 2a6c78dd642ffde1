/* SPDX-License-Identifier: MIT
 *
 * How many different values there are.
 */
#include "exec/fold.h"

#include <string.h>

#include "exec/key_counts.h"

/* Most texts have small codes: a set of these fits into few words. */
enum { MOST_SMALL = 256, MOST_FEW = 16 };

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

/* The same of codes of 8 bits where they stand, when all are less than 64. */
static bool count_bytes(const fold_part *p, size_t i, int64_t *count)
{
    const uint8_t *codes = (const uint8_t *)p->stored->data + p->stored_first;
    uint64_t met = 0;
    uint8_t all = 0;
    for (uint32_t r = p->window->begin[i]; r < p->window->end[i]; r++) {
        met |= UINT64_C(1) << codes[r] % 64;
        all |= codes[r];
    }
    *count = (int64_t)bitmap_count(&met, 0, 64);
    return all < 64;
}

static bool has_bytes(const fold *f)
{
    const fold_part *p = &f->parts[0];
    return f->part_count == 1 && p->stored && packed_is_plain(p->stored, 8) &&
           !p->selected && !p->codes;
}

/* The same when there are few rows: each is held against all before. */
static bool count_few(const fold *f, size_t i, int64_t *count)
{
    uint64_t met[MOST_FEW];
    size_t rows = 0;
    for (const fold_part *p = f->parts; p < f->parts + f->part_count; p++)
        rows += p->window->end[i] - p->window->begin[i];
    if (rows > MOST_FEW)
        return false;
    rows = 0;
    for (const fold_part *p = f->parts; p < f->parts + f->part_count; p++)
        EACH_ROW(p, i, r)
        {
            uint64_t is_new = 1;
            met[rows] = part_key(f, p, r);
            for (size_t k = 0; k < rows; k++)
                is_new &= met[k] != met[rows];
            *count += (int64_t)is_new;
            rows++;
        }
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
    bool are_bytes = has_bytes(f);
    key_counts met = key_counts_take(f->block->scratch, fold_most_rows(f));
    memset(counts, 0, groups * sizeof *counts);
    EACH_GROUP_AHEAD(f, i)
    if (!(are_bytes && count_bytes(&f->parts[0], i, &counts[i])) &&
        !count_small(f, i, &counts[i]) && !count_few(f, i, &counts[i]))
        counts[i] = count_keys(f, &met, i);
    key_counts_give(f->block->scratch, &met);
}
