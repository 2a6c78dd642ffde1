/* SPDX-License-Identifier: MIT
 *
 * since -- the last instant at which a condition began to hold.
 *
 * The horizon walks forward from change to change; so it is let go from instants ever farther
 * back, until it meets one at which the condition did not hold yet. The rows of the store have
 * their times: they come in when it is their turn.
 */
#ifndef EXPLAIN_SINCE_H
#define EXPLAIN_SINCE_H

#include "exec/horizon.h"
#include "graph/graph.h"

typedef enum since_answer {
    SINCE_THEN,  /* *at, exactly */
    SINCE_FIRST, /* as long as there is anything to ask about */
    SINCE_OPEN,  /* nobody can tell */
    SINCE_FAILED /* err is filled */
} since_answer;

/* Of a condition that holds at `now`, for the person of the moments, of whom something is known
 * from `first` on (TIME_MIN: since ever). */
since_answer since_find(horizon *h, moments *m, const node *n, int64_t first, int64_t now,
                        int64_t *at, carpel_error *err);

#endif
