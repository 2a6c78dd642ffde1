/* SPDX-License-Identifier: MIT
 *
 * aside -- a file that appears whole or not at all: written beside its place under a
 * name of its own, synced, and renamed.
 *
 *     aside out;
 *     if (!aside_open(&out, path, err)) return false;
 *     aside_write(&out, "id\n", 3);
 *     return aside_commit(&out, err);      // or aside_abandon(&out)
 *
 * A failed write is remembered and told by aside_commit. What was at the place before is
 * untouched until the commit has succeeded.
 */
#ifndef COMMON_ASIDE_H
#define COMMON_ASIDE_H

#include <carpel/error.h>

#include <stdbool.h>
#include <stddef.h>

typedef struct aside {
    char *path, *temporary;
    int file;
    int failure; /* errno of the first write that failed, or 0 */
    char *buffer;
    size_t size;
} aside;

/* Begin; folders that are missing are made. Refuses a place that holds something else
 * than a regular file. On failure nothing is left open. */
bool aside_open(aside *a, const char *path, carpel_error *err);

void aside_write(aside *a, const char *data, size_t size);

/* End, in one of two ways; both release everything. */
bool aside_commit(aside *a, carpel_error *err);
void aside_abandon(aside *a);

#endif
