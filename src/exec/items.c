/* SPDX-License-Identifier: MIT
 *
 * The items of lists inside events, in the order of the rows that hold them:
 *
 *     rows      0        1     2        of a table, of some rows of it, or of a union
 *     offsets   0        3     3     5
 *     items     i0 i1 i2       i3 i4
 *
 * Those of stored rows are a slice of the list's table. Those of other rows are found
 * through the rows that these stand for.
 */
#include <assert.h>

#include "exec/kernels.h"

static void prepare_stored(block *b, const domain *d, block_rows *out)
{
    const block_rows *holder = block_domain(b, d->members[0]); /* whole: demand.c */
    assert(!holder->source);
    const uint64_t *from = bound_table(b->bound, d)->offsets + holder->first_row;
    uint32_t *offsets = scratch_take(b->scratch, (holder->count + 1) * sizeof *offsets);
    for (size_t i = 0; i <= holder->count; i++)
        offsets[i] = (uint32_t)(from[i] - from[0]);
    out->offsets = offsets;
    out->first_row = from[0];
    out->count = offsets[holder->count];
}

/* The items of the domain that row r of the holder stands for; NULL without a list. */
static const block_rows *items_behind(block *b, const domain *d, const block_rows *holder,
                                      size_t r)
{
    uint32_t items = d->members[1 + (holder->member ? holder->member[r] : 0)];
    return items == RUN ? NULL : block_domain(b, items);
}

/* Where among these the items of row r begin, and how many there are. */
static uint32_t find_items(const block_rows *items, const block_rows *holder, size_t r,
                           uint32_t *count)
{
    uint32_t row = items ? rows_source(holder, r) : 0;
    *count = items ? items->offsets[row + 1] - items->offsets[row] : 0;
    return items ? items->offsets[row] : 0;
}

static size_t count_items(block *b, const domain *d, const block_rows *holder)
{
    size_t total = 0;
    for (size_t r = 0; r < holder->count; r++) {
        uint32_t count;
        find_items(items_behind(b, d, holder, r), holder, r, &count);
        total += count;
    }
    return total;
}

static void prepare_derived(block *b, const domain *d, block_rows *out)
{
    const block_rows *holder = block_domain(b, d->members[0]);
    size_t total = count_items(b, d, holder);
    uint32_t *offsets = scratch_take(b->scratch, (holder->count + 1) * sizeof *offsets);
    uint32_t *source = scratch_take(b->scratch, (total + 1) * sizeof *source);
    uint32_t *member =
        holder->member ? scratch_take(b->scratch, (total + 1) * sizeof *member) : NULL;
    uint32_t count = 0;
    for (size_t r = 0; r < holder->count; r++) {
        uint32_t here;
        uint32_t first = find_items(items_behind(b, d, holder, r), holder, r, &here);
        offsets[r] = count;
        for (uint32_t i = 0; i < here; i++) {
            if (member)
                member[count] = holder->member[r];
            source[count++] = first + i;
        }
    }
    offsets[holder->count] = count;
    out->offsets = offsets;
    out->source = source;
    out->member = member;
    out->count = count;
}

void items_prepare(block *b, const domain *d, block_rows *out)
{
    if (d->member_count == 1)
        prepare_stored(b, d, out);
    else
        prepare_derived(b, d, out);
}

void items_of_rows(block *b, const node *n, uint32_t *begin, uint32_t *end)
{
    const block_rows *items = block_domain(b, n->rows);
    size_t count = block_length(b, n);
    for (size_t r = 0; r < count; r++) {
        begin[r] = items->offsets[r];
        end[r] = items->offsets[r + 1];
    }
}
