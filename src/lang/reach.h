/* SPDX-License-Identifier: MIT
 *
 * reach -- what is certain about a window before any data is there.
 *
 * Two axes are looked at: how long before now, and the days of the calendar. What is not
 * certain is left open.
 */
#ifndef LANG_REACH_H
#define LANG_REACH_H

#include "lang/ast.h"

#define REACH_OPEN INT64_MAX

/* Distances before now in microseconds, or days: nothing in the window is further away
 * than `oldest`, nothing nearer than `newest`. */
typedef struct reach {
    int64_t oldest, newest;      /* before now; REACH_OPEN: no such end */
    bool is_oldest_out;          /* the far end itself is not in it */
    bool is_newest_out;          /* nor the near one */
    int64_t first_day, last_day; /* since 1970; REACH_OPEN and -REACH_OPEN: no such end */
} reach;

reach window_reach(const ast_window *window);

/* The longest, or shortest, that the duration can be; REACH_OPEN: it is not known. */
int64_t duration_length(const ast_duration *duration, bool longest);

#endif
