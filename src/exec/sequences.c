/* SPDX-License-Identifier: MIT
 *
 * The matches of a sequence as rows, in the order of time. A match stands for the row that
 * ends it.
 */
#include "base/bitmap.h"
#include "exec/chains.h"
#include "exec/loose_ends.h"
#include "exec/matcher.h"
#include "exec/matches.h"

/* No more rows end a match than there are in the windows. */
static size_t most_matches(const matcher *m, size_t groups, bool first_only)
{
    size_t most = 0;
    for (size_t s = 0; s < m->sequence->end_count; s++)
        for (size_t i = 0; !first_only && i < groups; i++)
            most += m->streams[s].window->end[i] - m->streams[s].window->begin[i];
    return first_only ? groups : most;
}

static void match_group(matcher *m, size_t i, bool first_only, match_rows *rows)
{
    sighting end;
    if (!matcher_enter(m, i))
        return;
    while (matcher_find(m, &end)) {
        matches_put(rows, i,
                    &(match_end){end.member, end.row, end.place.arrival, end.place.time});
        if (first_only)
            return;
    }
}

static void match_all(block *b, const domain *d, block_rows *out)
{
    matcher m;
    matcher_begin(&m, b, d);
    bool first_only = !b->demand->all_matches[d->id];
    size_t groups = block_group_count(b, d->id);
    match_rows rows = matches_take(b, d, groups, most_matches(&m, groups, first_only),
                                   m.sequence->end_count > 1);
    uint64_t *hopeful = matcher_hopeful(&m, groups);
    EACH_SET_BIT(hopeful, groups, i)
    {
        match_group(&m, i, first_only, &rows);
    }
    scratch_give(b->scratch, hopeful);
    matcher_end(&m);
    matches_hand_over(&rows, groups, out);
}

void sequence_prepare(block *b, const domain *d, block_rows *out)
{
    const chain_family *family = chain_family_of(b->demand->chains, d);
    if (family)
        chains_prepare(b, family, d, out);
    else if (b->demand->chains->has_loose_ends[d->id] && !b->is_alone)
        loose_end_prepare(b, d, out);
    else
        match_all(b, d, out);
}
