/* SPDX-License-Identifier: MIT
 *
 * piece -- what one part holds of one table.
 */
#ifndef STORE_PIECE_H
#define STORE_PIECE_H

#include "base/arena.h"
#include "base/bitmap.h"
#include "store/glossary.h"
#include "store/section_file.h"
#include "store/store.h"

typedef struct piece {
    const section_file *file;
    uint64_t row_count;
    const section *people; /* who have rows (ROLE_PERSONS); of items: NULL */
    size_t person_count;   /* of these */
    packed counts; /* rows of each of them, of items: of each row that holds them */
    packed time, arrival;  /* of items: none */
    const section *newest; /* ROLE_NEWEST, of kinds; or NULL */
    int64_t first_time, last_time;
    const uint64_t *offsets; /* of items: where those of each row begin, and one more */
} piece;

/* Walks over the people of a piece in order. */
typedef struct piece_cursor {
    const piece *piece;
    uint64_t next; /* among those who have rows */
} piece_cursor;

/* The place of a person among those who have rows, or UINT64_MAX. Each is asked about once,
 * from 0 on. */
static inline uint64_t piece_place_of(piece_cursor *c, size_t person)
{
    const section *people = c->piece->people;
    bool has = people->width == 1
                   ? person < people->count && bitmap_get(people->data, person)
                   : c->next < people->count &&
                         ((const uint32_t *)people->data)[c->next] == person;
    return has ? c->next++ : UINT64_MAX;
}

/* How many rows the person has. */
static inline uint64_t piece_rows_of(piece_cursor *c, size_t person)
{
    uint64_t place = piece_place_of(c, person);
    return place == UINT64_MAX ? 0 : packed_stored(&c->piece->counts, place);
}

/* Find the table in the file. *found is false when it is not there; CARPEL_E_INPUT when what
 * is there fits no table. */
bool piece_find(const section_file *f, const char *table, size_t person_count, piece *out,
                bool *found, carpel_error *err);

/* Where the rows of each person begin, and one more; of a piece of people's rows, or of none. */
void piece_expand_counts(const piece *piece, size_t person_count, uint64_t *offsets);

/* Find items of `holder_count` rows, whose offsets are made in `memory`. */
bool piece_find_items(const section_file *f, const char *table, uint64_t holder_count,
                      arena *memory, piece *out, bool *found, carpel_error *err);

/* The values and the presence of a column; false in *found: it is not there; NULL: nothing is
 * missing. CARPEL_E_INPUT when they are not of the type, or not as many as there are rows. */
bool piece_column(const piece *p, const char *name, type t, bool *found, packed *values,
                  const uint64_t **present, carpel_error *err);

/* Everybody whom a row of the file names, as `people` of a piece, and since when. */
bool piece_find_known(const section_file *f, size_t person_count, piece *out,
                      carpel_error *err);

#endif
