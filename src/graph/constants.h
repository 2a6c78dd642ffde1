/* SPDX-License-Identifier: MIT
 *
 * constants -- what a node comes to when all of its operands are constants.
 *
 * Worked out by the functions of scalar.h, over which the executor's loops go, too.
 */
#ifndef GRAPH_CONSTANTS_H
#define GRAPH_CONSTANTS_H

#include "graph/graph.h"

/* The constant; NULL when an operand is none or is missing, when only a run can tell (the
 * calendar, a script), or when the value is lost, which the run has to say. */
const node *constant_of(graph *g, const node *wanted);

#endif
