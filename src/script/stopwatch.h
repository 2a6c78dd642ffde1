/* SPDX-License-Identifier: MIT
 *
 * stopwatch -- what tells how long scripts take. Tests set one, so that a call runs out of time
 * at a place that no machine decides.
 */
#ifndef SCRIPT_STOPWATCH_H
#define SCRIPT_STOPWATCH_H

#include <stdint.h>

typedef struct stopwatch {
    int64_t (*microseconds)(void *data); /* NULL: the clocks of the machine */
    void *data;
} stopwatch;

struct script_set;

/* All that is loaded and called from now on takes as long as `clock` says. */
void script_set_time_by(struct script_set *s, stopwatch clock);

#endif
