/* SPDX-License-Identifier: MIT
 *
 * Pairs of positions to bits, 64 at a time.
 */
#include "exec/filled.h"

#include <string.h>

#include "base/bitmap.h"
#include "exec/edges.h"
#include "exec/loops.h"

void filled_find(const uint32_t *begin, const uint32_t *end, size_t count, uint64_t *bits)
{
    if (count == 1)
        bits[0] = begin[0] < end[0]; /* of a person alone */
    else
        loop_less_pairs(begin, end, count, bits);
}

static uint64_t *find_new(block *b, const node *window)
{
    size_t count = block_length(b, window), words = bitmap_words(count);
    const window_rows *w = &b->windows[window->id];
    const block_rows *rows = &b->rows[window->rows];
    uint64_t *bits = scratch_take(b->scratch, (words + 1) * sizeof *bits);
    if (rows->matched)
        memcpy(bits, rows->matched, words * sizeof *bits);
    else if (!edges_find_filled(b, window, count, bits))
        filled_find(w->begin, w->end, count, bits);
    return bits;
}

const uint64_t *window_filled(block *b, const node *window)
{
    window_rows *w = &b->windows[window->id];
    if (!w->filled)
        w->filled = find_new(b, window);
    return w->filled;
}
