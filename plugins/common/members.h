/* SPDX-License-Identifier: MIT
 *
 * members -- the rows that an output is handed, one at a time, and the usual frame of an
 * output that writes a file.
 */
#ifndef COMMON_MEMBERS_H
#define COMMON_MEMBERS_H

#include <carpel/plugin.h>

#include "common/aside.h"

/* One person in one segment. The texts end without a NUL. */
typedef struct member {
    const char *segment, *person;
    size_t segment_size, person_size;
    int64_t as_of; /* microseconds since 1970 */
} member;

/* Room for the text of an instant. */
#define MEMBER_TIME_SIZE 40

/* Write "2026-03-01T10:00:00Z", with a fraction when there is one; returns its length. */
size_t member_time(int64_t as_of, char out[MEMBER_TIME_SIZE]);

/* Write the file at `path` whole or not at all: `begin` (may be NULL) writes what stands
 * before all rows, `add` one row. */
typedef struct member_format {
    void (*begin)(aside *out, const void *options);
    void (*add)(aside *out, const void *options, const member *m);
} member_format;

bool members_write(const carpel_host *host, const char *path, const member_format *format,
                   const void *options, struct ArrowArrayStream *rows, carpel_error *err);

#endif
