/* SPDX-License-Identifier: MIT
 *
 * contradict -- conditions that can never hold together.
 *
 * Each value that conditions compare with constants is an interval or a set of texts that
 * gets narrower with each of them; when nothing is left, they contradict each other.
 *
 *     graph_contradicts(and_node)       // x > 5 and x < 3: true
 *     graph_is_tautology(or_node)       // x != 5 or x != 3: true
 */
#ifndef GRAPH_CONTRADICT_H
#define GRAPH_CONTRADICT_H

#include "graph/graph.h"

/* Can the condition hold for nobody? Only comparisons with constants are looked at, so
 * false means "not known". */
bool graph_contradicts(const node *condition);

/* Does the condition hold for everybody, as far as that is known in the same way? */
bool graph_is_tautology(const node *condition);

#endif
