/* SPDX-License-Identifier: MIT */
#include "exec/matches.h"

#include "base/bitmap.h"

match_rows matches_take(block *b, const domain *d, size_t group_count, size_t most,
                        bool has_members)
{
    scratch *memory = b->scratch;
    size_t size = (most + 1) * sizeof(uint32_t);
    match_rows rows = {.offsets =
                           scratch_take(memory, (group_count + 1) * sizeof(uint32_t))};
    if (!b->demand->all_matches[d->id] && !b->is_alone) {
        rows.matched =
            scratch_take(memory, (bitmap_words(group_count) + 1) * sizeof(uint64_t));
        bitmap_fill(rows.matched, group_count, false);
        return rows;
    }
    rows.source = scratch_take(memory, size);
    rows.arrival = scratch_take(memory, size);
    rows.member = has_members ? scratch_take(memory, size) : NULL;
    rows.time = scratch_take(memory, (most + 1) * sizeof(int64_t));
    return rows;
}

static void begin_groups(match_rows *rows, size_t until)
{
    uint32_t *offsets = rows->offsets, count = rows->count;
    for (size_t i = rows->next_group; i < until; i++)
        offsets[i] = count;
    rows->next_group = until > rows->next_group ? until : rows->next_group;
}

void matches_put(match_rows *rows, size_t group, const match_end *end)
{
    if (rows->matched) {
        rows->count += !bitmap_get(rows->matched, group);
        bitmap_set(rows->matched, group);
        return;
    }
    begin_groups(rows, group + 1);
    rows->source[rows->count] = end->row;
    rows->arrival[rows->count] = end->arrival;
    rows->time[rows->count] = end->time;
    if (rows->member)
        rows->member[rows->count] = end->member;
    rows->count++;
}

void matches_hand_over(match_rows *rows, size_t group_count, block_rows *out)
{
    if (!rows->matched)
        begin_groups(rows, group_count + 1);
    out->matched = rows->matched;
    out->count = rows->count;
    out->offsets = rows->offsets;
    out->source = rows->source;
    out->member = rows->member;
    out->arrival = rows->arrival;
    out->time = rows->time;
}
