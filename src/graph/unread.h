/* SPDX-License-Identifier: MIT
 *
 * unread -- what simplifying left behind. A graph that is done holds the nodes and domains that
 * some rule stands on and no others, so whoever goes through all of them meets nothing whose
 * inputs are gone.
 */
#ifndef GRAPH_UNREAD_H
#define GRAPH_UNREAD_H

#include "graph/graph.h"

/* Drop nodes and domains that no rule needs, and number the rest anew, in the same order. RUN and
 * PEOPLE stay. */
void drop_unread(graph *g);

#endif
