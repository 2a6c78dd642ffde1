/* SPDX-License-Identifier: MIT
 *
 * Rows one after another: runs of equal values, and of rows that fulfil a condition.
 */
#include "exec/fold.h"

#include <string.h>

#include "base/bitmap.h"

/* ---- runs of equal values ----------------------------------------------- */

/* What was seen of the runs so far. */
typedef struct run_state {
    int64_t value, length;         /* of the run that goes on; length 0: none yet */
    int64_t count;                 /* runs of a wanted length */
    int64_t last, streak, longest; /* consecutive numbers that had such a run */
} run_state;

static void end_run(const fold *f, run_state *s)
{
    int64_t least = f->node->fold.run.least, most = f->node->fold.run.most;
    if (s->length < least || s->length == 0 || (most > 0 && s->length > most))
        return;
    bool goes_on = s->count > 0 && s->value == s->last + 1;
    s->streak = goes_on ? s->streak + 1 : 1;
    s->longest = s->streak > s->longest ? s->streak : s->longest;
    s->last = s->value;
    s->count++;
}

static int64_t runs_of(const fold *f, size_t i)
{
    run_state s = {0};
    const fold_part *p = &f->parts[0];
    EACH_ROW(p, i, r)
    {
        int64_t value = (int64_t)part_key(f, p, r);
        if (s.length > 0 && value == s.value) {
            s.length++;
            continue;
        }
        end_run(f, &s);
        s.value = value;
        s.length = 1;
    }
    end_run(f, &s);
    return f->kind == NODE_RUNS ? s.count : s.longest;
}

void fold_runs(const fold *f, vector *out)
{
    size_t groups = f->group_count;
    int64_t *counts = vector_take(f->block, out, (groups + 1) * sizeof *counts);
    memset(counts, 0, groups * sizeof *counts);
    EACH_GROUP(f, i)
    counts[i] = runs_of(f, i);
}

/* ---- rows one after another --------------------------------------------- */

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
