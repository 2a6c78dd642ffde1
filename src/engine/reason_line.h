/* SPDX-License-Identifier: MIT
 *
 * reason_line -- the one condition that keeps a person out of a segment, in one line:
 * "sum(purchase.amount) >= 500 (230.00)"; or the group that takes them before the one that is asked for.
 */
#ifndef ENGINE_REASON_LINE_H
#define ENGINE_REASON_LINE_H

#include "engine/engine.h"

/* One of the two, or neither, where nothing can be said. */
typedef struct reason_line {
    const char *condition;
    const char *group; /* "value.top": they are in this one, which is asked first */
} reason_line;

/* Of somebody who is not in the segment, or group, at an instant. Neither: nothing can be said, as of
 * accounts. In the memory. */
reason_line engine_reason_line(engine *e, const char *path, const char *person,
                               int64_t as_of, arena *memory);

#endif
