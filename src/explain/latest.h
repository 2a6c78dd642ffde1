/* SPDX-License-Identifier: MIT
 *
 * latest -- an instant at which a condition is certainly another one than now, where the horizon
 * cannot foretell the first.
 *
 * The engine is asked day by day, then week by week, and between the last instant at which it was
 * as now and the first at which it was not, by halving. So at *at it says something else than a
 * microsecond before; whether it did for a while before that, nobody knows.
 */
#ifndef EXPLAIN_LATEST_H
#define EXPLAIN_LATEST_H

#include "exec/moments.h"
#include "graph/graph.h"

typedef enum latest_answer { LATEST_FOUND, LATEST_NONE, LATEST_FAILED } latest_answer;

latest_answer latest_find(moments *m, const node *n, int64_t now, int64_t *at,
                          carpel_error *err);

#endif
