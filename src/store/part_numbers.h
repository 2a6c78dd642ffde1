/* SPDX-License-Identifier: MIT
 *
 * part_numbers -- the numbers of chosen rows, as narrow as they go, as sections of a part.
 *
 *     run_list rows = {0};
 *     run_list_add(&rows, first, count);                       // in the order of writing
 *     numbers_write(out, section, (numbers){.from = &t->time, .rows = &rows});
 */
#ifndef STORE_PART_NUMBERS_H
#define STORE_PART_NUMBERS_H

#include "store/section_writer.h"

/* Rows that are written one behind the other. */
typedef struct run {
    uint64_t first, count;
} run;

typedef struct run_list {
    run *items;
    size_t count, capacity;
    uint64_t row_count;
} run_list;

void run_list_add(run_list *list, uint64_t first, uint64_t count);

/* The numbers of rows in the order in which they are written. */
typedef struct numbers {
    const packed *from;
    const run_list *rows;
    bool are_codes;
    const uint32_t *codes;   /* of texts: by code, that of the store; NULL: the same */
    const uint64_t *present; /* of these; a missing one stays 0 */
    uint32_t added;          /* to all */
    size_t run;              /* where the next one is */
    uint64_t row;
} numbers;

/* Of `s`, the width and what follows from it are filled in. Returns the shape of the numbers. */
packed numbers_write(section_writer *w, section s, numbers n);

/* The same in a shape that they fit. */
void numbers_write_as(section_writer *w, section s, const packed *shape, numbers n);

/* Numbers that lie in memory, one after the other; frees them. */
void numbers_write_array(section_writer *w, section s, packed array, uint64_t count);

#endif
