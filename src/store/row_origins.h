/* SPDX-License-Identifier: MIT
 *
 * row_origins -- where the rows of a whole store stand: source, file and line.
 *
 * A row is named by its place in the total order (its arrival). Rows that follow one another in
 * one file of one source are a stretch, which says where they are noted (origins.h):
 *
 *     row_origins *o = row_origins_new(memory);
 *     row_origins_add(o, (row_stretch){.place = 0, .count = 40, .source = 0, .noted = noted});
 *     if (row_origins_find(o, place, &origin)) ... origin.file ... origin.line ...
 *
 * What notes them outlives it; it lives in the arena.
 */
#ifndef STORE_ROW_ORIGINS_H
#define STORE_ROW_ORIGINS_H

#include "base/arena.h"
#include "store/origins.h"

typedef struct row_origin {
    size_t source; /* its place in the project */
    slice file;
    uint64_t line;
} row_origin;

typedef struct row_stretch {
    uint64_t place, count;
    size_t source;
    const origins *noted;
    uint64_t first; /* the number of its first row there */
} row_stretch;

typedef struct row_origins row_origins;

row_origins *row_origins_new(arena *memory);

/* Places rise from call to call. */
void row_origins_add(row_origins *o, row_stretch stretch);

/* False: nobody noted it. Accepts NULL. */
bool row_origins_find(const row_origins *o, uint64_t place, row_origin *out);

#endif
