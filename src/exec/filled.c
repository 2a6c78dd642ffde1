/* SPDX-License-Identifier: MIT
 *
 * Pairs of positions to bits, 64 at a time.
 */
#include "exec/filled.h"

#include "base/clones.h"

/* The words that are whole; returns how many positions they take. */
VECTOR_CLONES static size_t find_in_words(const uint32_t *begin, const uint32_t *end,
                                          size_t count, uint64_t *bits)
{
    size_t words = count / 64;
    for (size_t w = 0; w < words; w++) {
        uint8_t flags[64];
        for (size_t j = 0; j < 64; j++)
            flags[j] = begin[w * 64 + j] < end[w * 64 + j];
        bits[w] = bitmap_pack(flags);
    }
    return words * 64;
}

void filled_find(const uint32_t *begin, const uint32_t *end, size_t count, uint64_t *bits)
{
    size_t i = find_in_words(begin, end, count, bits);
    if (i < count)
        bits[i / 64] = 0;
    for (; i < count; i++)
        bits[i / 64] |= (uint64_t)(begin[i] < end[i]) << i % 64;
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

const uint64_t *domain_filled(block *b, uint32_t domain_id)
{
    const uint32_t *offsets = block_domain(b, domain_id)->offsets;
    block_rows *rows = &b->rows[domain_id];
    if (!rows->filled)
        rows->filled = find_new(b, offsets, offsets + 1, block_group_count(b, domain_id));
    return rows->filled;
}
