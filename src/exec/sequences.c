/* SPDX-License-Identifier: MIT
 *
 * The matches of a sequence as rows, in the order of time. A match stands for the row that
 * ends it.
 */
#include "base/bitmap.h"
#include "exec/matcher.h"

typedef struct match_rows {
    uint32_t *offsets, *source, *arrival,
        *member; /* member: NULL when there is but one */
    int64_t *time;
    uint32_t count;
} match_rows;

/* No more rows end a match than there are in the windows. */
static size_t most_matches(const matcher *m, size_t groups, bool first_only)
{
    size_t most = 0;
    for (size_t s = 0; s < m->sequence->end_count; s++)
        for (size_t i = 0; !first_only && i < groups; i++)
            most += m->streams[s].window->end[i] - m->streams[s].window->begin[i];
    return (first_only ? groups : most) + 1;
}

static match_rows take_rows(const matcher *m, size_t groups, bool first_only)
{
    scratch *memory = m->block->scratch;
    size_t most = most_matches(m, groups, first_only);
    return (match_rows){.offsets = scratch_take(memory, (groups + 1) * sizeof(uint32_t)),
                        .source = scratch_take(memory, most * sizeof(uint32_t)),
                        .arrival = scratch_take(memory, most * sizeof(uint32_t)),
                        .member = m->sequence->end_count > 1
                                      ? scratch_take(memory, most * sizeof(uint32_t))
                                      : NULL,
                        .time = scratch_take(memory, most * sizeof(int64_t))};
}

static void put_match(match_rows *rows, const sighting *end)
{
    rows->source[rows->count] = end->row;
    rows->arrival[rows->count] = end->place.arrival;
    rows->time[rows->count] = end->place.time;
    if (rows->member)
        rows->member[rows->count] = end->member;
    rows->count++;
}

static void match_group(matcher *m, size_t i, bool first_only, match_rows *rows)
{
    sighting end;
    if (!matcher_enter(m, i))
        return;
    while (matcher_find(m, &end)) {
        put_match(rows, &end);
        if (first_only)
            return;
    }
}

void sequence_prepare(block *b, const domain *d, block_rows *out)
{
    matcher m;
    matcher_begin(&m, b, d);
    bool first_only = !b->demand->all_matches[d->id];
    size_t groups = block_group_count(b, d->id), next = 0;
    match_rows rows = take_rows(&m, groups, first_only);
    uint64_t *hopeful = matcher_hopeful(&m, groups);
    for (size_t i = bitmap_first(hopeful, 0, groups); i < groups;
         i = bitmap_first(hopeful, i + 1, groups)) {
        while (next <= i)
            rows.offsets[next++] = rows.count;
        match_group(&m, i, first_only, &rows);
    }
    while (next <= groups)
        rows.offsets[next++] = rows.count;
    scratch_give(b->scratch, hopeful);
    matcher_end(&m);
    out->count = rows.count;
    out->offsets = rows.offsets;
    out->source = rows.source;
    out->member = rows.member;
    out->arrival = rows.arrival;
    out->time = rows.time;
}
