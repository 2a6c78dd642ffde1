/* SPDX-License-Identifier: MIT
 *
 * reason_line -- the one condition that keeps a person out of a segment, in one line:
 * "sum(purchase.amount) >= 500 (230.00)".
 */
#ifndef ENGINE_REASON_LINE_H
#define ENGINE_REASON_LINE_H

#include "engine/engine.h"

/* Of somebody who is not in the segment, or group, at an instant. NULL: nothing can be said, as of
 * accounts. In the memory. */
const char *engine_reason_line(engine *e, const char *path, const char *person,
                               int64_t as_of, arena *memory);

#endif
