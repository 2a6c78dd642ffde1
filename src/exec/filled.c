/* SPDX-License-Identifier: MIT
 *
 * Pairs of positions to bits, 64 at a time.
 */
#include "exec/filled.h"

#include "exec/loops.h"

void filled_find(const uint32_t *begin, const uint32_t *end, size_t count, uint64_t *bits)
{
    if (count == 1)
        bits[0] = begin[0] < end[0]; /* of a person alone */
    else
        loop_less_pairs(begin, end, count, bits);
}

static uint64_t *find_new(block *b, const uint32_t *begin, const uint32_t *end,
                          size_t count)
{
    uint64_t *bits =
        scratch_take(b->scratch, (bitmap_words(count) + 1) * sizeof(uint64_t));
    filled_find(begin, end, count, bits);
    return bits;
}

const uint64_t *window_filled(block *b, const node *window)
{
    window_rows *w = &b->windows[window->id];
    if (!w->filled)
        w->filled = find_new(b, w->begin, w->end, block_length(b, window));
    return w->filled;
}
