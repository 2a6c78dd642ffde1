/* SPDX-License-Identifier: MIT
 *
 * Steps in any order, all of them or so many: of the latest rows that are one each, when did
 * the first come?
 */
#include "exec/matcher.h"

/* Where no row can be two steps, the best choice is the latest row of each: those steps that
 * were seen last, but for the one that the row is. */
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

static bool advance_apart(matcher *m, const sighting *row, int64_t *latest)
{
    int64_t time = row->place.time;
    bool is_match = false;
    for (size_t s = 0; (row->steps | row->endings) >> s != 0; s++) {
        if (row->endings >> s & 1) {
            int64_t start = best_start(m, latest, s, time);
            is_match |= start != INT64_MIN && matcher_all_near(m, start, time);
        }
        if (row->steps >> s & 1)
            latest[s] = time;
    }
    return is_match;
}

/* Let a row be the step that is missing in a set of steps, whose rows start at `start`. */
static bool complete(matcher *m, const sighting *row, int64_t *starts, size_t set,
                     size_t step, int64_t start)
{
    size_t bit = (size_t)1 << step;
    if ((size_t)__builtin_popcountll(set) + 1 == m->sequence->least)
        return row->endings >> step & 1 && matcher_all_near(m, start, row->place.time);
    if (row->steps >> step & 1 && start > starts[set | bit])
        starts[set | bit] = start;
    return false;
}

/* For each set of steps, the latest start of rows that are one each of them. */
static bool advance_sets(matcher *m, const sighting *row, int64_t *starts)
{
    bool is_match = false;
    for (size_t set = m->groups.start_count;
         set-- > 0;) { /* larger ones first: the row */
        int64_t start = set == 0 ? row->place.time : starts[set]; /* is one step only */
        uint32_t missing = (row->steps | row->endings) & ~(uint32_t)set;
        if (start == INT64_MIN)
            continue;
        for (size_t s = 0; missing >> s != 0; s++)
            if (missing >> s & 1)
                is_match |= complete(m, row, starts, set, s, start);
    }
    return is_match;
}

bool matcher_advance_any_order(matcher *m, const sighting *row)
{
    int64_t *starts = m->groups.starts + row->group * m->groups.start_count;
    bool is_match =
        m->are_apart ? advance_apart(m, row, starts) : advance_sets(m, row, starts);
    return is_match && matcher_may_end(m, row);
}
