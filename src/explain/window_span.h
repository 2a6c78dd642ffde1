/* SPDX-License-Identifier: MIT
 *
 * window_span -- between which instants a moment has to lie, as of `last purchase in last 90 full
 * days`: a reading of the graph below the condition.
 *
 *     window_span w = window_span_find(judge, condition, moment);
 *     if (w.has_from) ... w.from ...
 */
#ifndef EXPLAIN_WINDOW_SPAN_H
#define EXPLAIN_WINDOW_SPAN_H

#include "exec/judge.h"

typedef struct window_span {
    bool has_from, has_until;
    int64_t from, until;
} window_span;

/* Of a condition that compares the moment with ends of windows. Neither end is there where it asks something
 * else, such as an occasion. */
window_span window_span_find(judge *j, const node *condition, const node *moment);

#endif
