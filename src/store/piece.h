/* SPDX-License-Identifier: MIT
 *
 * piece -- what one part holds of one table.
 */
#ifndef STORE_PIECE_H
#define STORE_PIECE_H

#include "base/arena.h"
#include "store/section_file.h"
#include "store/store.h"

typedef struct piece {
    const section_file *file;
    uint64_t row_count;
    const uint32_t *people; /* who have rows, in order; of items: NULL */
    const section
        *counts;         /* rows of each of them, of items: of each row that holds them */
    const int64_t *time; /* of items: NULL */
    const uint32_t *arrival;
    int64_t first_time, last_time;
    const uint64_t *offsets; /* of items: where those of each row begin, and one more */
} piece;

/* Find the table in the file. *found is false when it is not there; CARPEL_E_INPUT when what
 * is there fits no table. */
bool piece_find(const section_file *f, const char *table, size_t person_count, piece *out,
                bool *found, carpel_error *err);

/* The same for items of `holder_count` rows, whose offsets are made in `memory`. */
bool piece_find_items(const section_file *f, const char *table, uint64_t holder_count,
                      arena *memory, piece *out, bool *found, carpel_error *err);

/* A count of `counts`. */
static inline uint64_t piece_count(const section *counts, uint64_t index)
{
    switch (counts->width) {
    case 8: return ((const uint8_t *)counts->data)[index];
    case 16: return ((const uint16_t *)counts->data)[index];
    default: return ((const uint32_t *)counts->data)[index];
    }
}

/* The values and the presence of a column; NULL: not there. CARPEL_E_INPUT when they are
 * not of the type, or not as many as there are rows. */
bool piece_column(const piece *p, const char *name, type t, const void **values,
                  const uint64_t **present, carpel_error *err);

#endif
