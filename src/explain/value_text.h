/* SPDX-License-Identifier: MIT
 *
 * value_text -- what a node says about the person to whom a judge is turned, in words.
 */
#ifndef EXPLAIN_VALUE_TEXT_H
#define EXPLAIN_VALUE_TEXT_H

#include "base/arena.h"
#include "exec/judge.h"
#include "graph/graph.h"
#include "value/calendar.h"

/* "520.50", "2026-03-10T11:00:00+01:00", "\"DE\""; NULL: there is no value. In `memory`. */
const char *value_text(judge *j, const node *n, const zone *z, arena *memory);

/* Of a condition: there is a value, and it is true. */
bool value_holds(judge *j, const node *n);

#endif
