/* SPDX-License-Identifier: MIT
 *
 * zone_table -- a time zone as a table of intervals with a constant offset: zone_file.c makes it,
 * zone.c looks into it. Nobody else includes this.
 *
 *     begins    INT64_MIN   begins[1]   ...   begins[count - 1]   INT64_MAX
 *     offsets   |  [0]      |  [1]      ...   |  [count - 1]      |
 */
#ifndef VALUE_ZONE_TABLE_H
#define VALUE_ZONE_TABLE_H

#include "base/arena.h"
#include "value/calendar.h"

enum {
    STRETCH_BITS = 24,
    OFFSET_LIMIT_SECONDS = 26 * 3600 /* RFC 8536 allows -25 to 26 hours */
};

/* The instants that are looked up, in seconds: two days beyond those that are served. */
#define FIRST_SECOND  (TIME_MIN / MICROSECONDS_PER_SECOND - 2 * 86400)
#define LAST_SECOND   (TIME_MAX / MICROSECONDS_PER_SECOND + 2 * 86400)
#define STRETCH_COUNT ((size_t)((LAST_SECOND - FIRST_SECOND) >> STRETCH_BITS) + 1)

struct zone {
    arena *own; /* what zone_free releases; NULL when somebody else's */
    const char *name;
    int64_t *begins;  /* count + 1, seconds since 1970 */
    int32_t *offsets; /* seconds east of UTC */
    size_t count;
    uint32_t *index; /* [STRETCH_COUNT] */
};

/* Make the table of a zone, in `memory`. An unknown name, or a file that cannot be used, is told. */
bool zone_load(const char *name, arena *memory, zone **out, carpel_error *err);

#endif
