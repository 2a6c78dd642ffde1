/* SPDX-License-Identifier: MIT
 *
 * arrivals -- the places of rows in the total order of a store that has several parts.
 *
 * A part numbers its rows in the order in which they were read, from a base on. That is their
 * place as long as no part comes before it that was not there when it was written; else the
 * rows of each of its files move by a number, so that the order of all is that of (place of
 * the source, name of the file, load).
 */
#ifndef STORE_ARRIVALS_H
#define STORE_ARRIVALS_H

#include "store/assemble.h"
#include "store/row_origins.h"

typedef struct arrivals arrivals;

/* CARPEL_E_LIMIT when there are more rows than places. Lives in `memory`. */
arrivals *arrivals_new(const assembly_part *parts, size_t count, arena *memory,
                       carpel_error *err);

/* The places of rows of part `part`: `stored` itself when none moved, else in `memory`. */
packed arrivals_place(const arrivals *a, size_t part, packed stored, uint64_t count,
                      arena *memory);

/* Where the rows of all parts stand, by their places. Lives in `memory`, and points at the parts'
 * origins. */
row_origins *arrivals_list_origins(const arrivals *a, const assembly_part *parts,
                                   arena *memory);

/* The origins of all parts in the total order: its row i is that with the place i. To be
 * freed. */
origins *arrivals_join_origins(const assembly_part *parts, size_t count, arena *memory);

#endif
