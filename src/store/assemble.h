/* SPDX-License-Identifier: MIT
 *
 * assemble -- the parts of a store on the disk as one store.
 *
 * A table that lies in one part is used where it lies, mapped. The rows of a table that lies in
 * several are merged by (person, time, arrival) in memory. Arrival is the place of a row in
 * the order of (source in the project, name of the file, line), whatever the order in which
 * parts were loaded.
 */
#ifndef STORE_ASSEMBLE_H
#define STORE_ASSEMBLE_H

#include "store/part.h"

/* A part that was opened and checked, and the place of its source in the project. */
typedef struct assembly_part {
    const section_file *file;
    const origins *origins;
    uint64_t arrival_base;
    size_t source;
} assembly_part;

/* Tables that are looked at, by number; those of lists are with the kinds that have them. */
typedef struct wanted_tables {
    const bool *kinds, *traits;
} wanted_tables;

/* Is a section of a part of no use, since it is of a table that nobody wants? NULL: all are wanted. */
bool section_is_unwanted(const section *section, const schema *s, const wanted_tables *w);

/* `parts` in the order in which they were loaded; people have numbers below `person_count`. Files, origins and glossary outlive the store, whose
 * owner and release are left to the caller; all memory comes from `memory`. Tables that are not wanted
 * (NULL: all are) have no rows. */
bool store_assemble(const schema *s, glossary *g, size_t person_count,
                    const assembly_part *parts, size_t count, const wanted_tables *wanted,
                    arena *memory, store *out, carpel_error *err);

#endif
