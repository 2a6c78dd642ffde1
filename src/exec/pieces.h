/* SPDX-License-Identifier: MIT
 *
 * pieces -- people in the order of their numbers, divided into what a block takes at once.
 *
 * The columns of a block should stay in the cache. People's numbers follow their first events, so those
 * with the longest histories mostly come first: a piece ends by its rows, and not by its people.
 *
 *     rows of 64 people     90000  60000  30000  20000 ... 900  800  700 ...
 *     pieces                |----| |----| |-----------...| |--------------- ...
 */
#ifndef EXEC_PIECES_H
#define EXEC_PIECES_H

#include <stddef.h>
#include <stdint.h>

/* About so many rows of all tables are a piece, and no more people than that. */
enum { PIECE_ROWS = 131072, PIECE_PEOPLE = 2048 };

/* The rows of some tables by person, as in event_table.offsets. */
typedef struct piece_tables {
    const uint64_t **offsets;
    size_t count;
} piece_tables;

uint64_t piece_rows(const piece_tables *tables, size_t first, size_t end);

/* The end of the piece that begins with a person. Pieces are of 64 people and more, and end where
 * a word of bits does, unless everybody ends before. */
size_t piece_end(const piece_tables *tables, size_t first, size_t people);

#endif
