/* SPDX-License-Identifier: MIT
 *
 * asked_edges -- whose edges somebody reads.
 *
 * Of many windows nobody asks where they begin among the rows:
 *
 *     did purchase since 30 days ago            who has a row in it is told by the newest times
 *     days_with(... since 7, 8, 9 days ago)     a family (families.h) walks the widest window
 *     did (a then b) since 7, 8, 9 days ago     so does one of chains
 *
 * The edges of such windows are not searched when everybody is judged. Of a person alone all are known,
 * since somebody may want any explained.
 */
#ifndef EXEC_ASKED_EDGES_H
#define EXEC_ASKED_EDGES_H

#include "exec/demand.h"
#include "graph/graph.h"

/* Choose them, when all else of the demand is known. */
void asked_edges_choose(demand *d, const graph *g);

#endif
