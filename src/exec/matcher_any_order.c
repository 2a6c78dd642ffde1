/* SPDX-License-Identifier: MIT
 *
 * Steps in any order, all of them or so many: until when may a match with the rows so far end?
 */
#include "exec/matcher.h"

/* Where no row can be two steps, and later starts reach further, the best choice is the latest
 * row of each: those steps that were seen last, but for the one that the row is. */
static int64_t best_start(const matcher *m, const int64_t *latest, size_t but,
                          int64_t time)
{
    size_t wanted = m->sequence->least - 1;
    uint32_t taken = UINT32_C(1) << but;
    int64_t start = time;
    for (; wanted > 0; wanted--) {
        size_t next = but;
        for (size_t s = 0; s < m->sequence->step_count; s++)
            if (!(taken >> s & 1) && (next == but || latest[s] > latest[next]))
                next = s;
        taken |= UINT32_C(1) << next;
        start = latest[next];
        if (start == INT64_MIN)
            break;
    }
    return start;
}

static bool advance_latest(matcher *m, const sighting *row, int64_t *latest)
{
    int64_t time = row->place.time;
    bool is_match = false;
    for (size_t s = 0; (row->steps | row->endings) >> s != 0; s++) {
        if (row->endings >> s & 1) {
            int64_t start = best_start(m, latest, s, time);
            is_match |= start != INT64_MIN && time <= matcher_end_from(m, start);
        }
        if (row->steps >> s & 1)
            latest[s] = time;
    }
    return is_match;
}

/* Let a row be the step that is missing in a set of steps, with whose rows a match may end
 * until `end`. */
static bool complete(matcher *m, const sighting *row, int64_t *ends, size_t set,
                     size_t step, int64_t end)
{
    size_t bit = (size_t)1 << step;
    if ((size_t)__builtin_popcountll(set) + 1 == m->sequence->least)
        return row->endings >> step & 1 && row->place.time <= end;
    if (row->steps >> step & 1 && end > ends[set | bit])
        ends[set | bit] = end;
    return false;
}

/* For each set of steps: until when may a match end that has rows that are one each of them?
 * The first of its rows decides that, so it is known from then on. */
static bool advance_sets(matcher *m, const sighting *row, int64_t *ends)
{
    bool is_match = false;
    for (size_t set = m->groups.time_count;
         set-- > 0;) { /* larger ones first: the row is one step only */
        int64_t end = set == 0 ? matcher_end_from(m, row->place.time) : ends[set];
        uint32_t missing = (row->steps | row->endings) & ~(uint32_t)set;
        if (end == INT64_MIN)
            continue;
        for (size_t s = 0; missing >> s != 0; s++)
            if (missing >> s & 1)
                is_match |= complete(m, row, ends, set, s, end);
    }
    return is_match;
}

bool matcher_advance_any_order(matcher *m, const sighting *row)
{
    int64_t *times = m->groups.times + row->group * m->groups.time_count;
    bool is_match =
        m->latest_will_do ? advance_latest(m, row, times) : advance_sets(m, row, times);
    return is_match && matcher_may_end(m, row);
}
