/* SPDX-License-Identifier: MIT
 *
 * demand -- from which instant on anybody looks at the rows of a domain.
 *
 * A rule about the last 90 days looks at few rows of a long history. What such rules
 * derive from stored tables (filtered tables, unions, the rows of a sequence) need not
 * hold rows before the earliest instant at which a window on them begins.
 *
 *     sum(... since 90 days ago) --> union --> since 90 days ago
 *     did (a then b) since 7 days ago --> sequence --> its union since 7 days ago
 *     did session since 30 days ago --> sessions --> events since 30 days and the gap ago
 *     a value per day since 30 days ago --> events since the begin of that day
 *     gap, nth, "near any" --> whole histories
 *
 * Of the matches of a sequence that is only asked whether there is one, the first will do.
 */
#ifndef EXEC_DEMAND_H
#define EXEC_DEMAND_H

#include "exec/plan.h"
#include "store/store.h"

struct vector;

#define DEMAND_ALL INT64_MIN /* rows since ever */

typedef struct demand {
    int64_t *since; /* by domain id: no row before this instant is looked at */
    bool *
        all_matches; /* by domain id, of sequences: more than the first one is looked at */
    size_t domain_count;
    struct edge_plan *edges;           /* where windows begin and end */
    struct reach_plan *reach;          /* which rows of stored tables are looked at */
    struct chain_plan *chains;         /* sequences that one walk decides */
    struct unit_plan *units;           /* counts of days that one walk tells, */
    struct distinct_plan *distincts;   /* of different values, */
    struct histogram_plan *histograms; /* and of rows with each of many texts */
} demand;

/* `run_values` are the vectors of the run's domain. */
demand *demand_new(const plan *p, const store *s, const struct vector *run_values);
void demand_free(demand *d);

#endif
