/* SPDX-License-Identifier: MIT
 *
 * merge -- one table out of the pieces that several parts have of it.
 *
 * A merge is a list of runs: so many rows of one piece, then so many of another. Most people
 * have rows of one time span in one part and of the next in another, so runs are long.
 *
 *     person          0               1
 *     piece 0         a b c           f g
 *     piece 1             d e             h
 *     merged          a b c d e       f g h       runs: (0,0,3) (1,0,2) (0,3,2) (1,2,1)
 */
#ifndef STORE_MERGE_H
#define STORE_MERGE_H

#include "store/piece.h"

typedef struct merge_run {
    size_t piece;
    uint64_t first, count; /* rows of it */
} merge_run;

typedef struct merge {
    merge_run *runs;
    size_t run_count, run_capacity;
    uint64_t row_count;
} merge;

/* Merge pieces of a table of people's rows, but for those before `from`; offsets[person_count + 1] is filled. */
void merge_people(merge *m, const piece *pieces, size_t count, size_t person_count,
                  int64_t from, uint64_t *offsets);

/* The items of rows that were merged by `holders`; offsets[holders->row_count + 1] is filled.
 * The pieces are those of the holders, with offsets NULL where a part has no items. */
void merge_items(merge *m, const piece *pieces, const merge *holders, uint64_t *offsets);
void merge_done(merge *m);

/* Gather the numbers of each piece, so many in each, in the order of the merge, as narrow as
 * their shapes tell at whole bytes; in `memory`. */
packed merge_numbers(const merge *m, const packed *numbers, const uint64_t *counts,
                     size_t piece_count, bool are_codes, arena *memory);

/* Gather bits; of a piece without any (NULL) all are `absent`. */
void merge_bits(const merge *m, const uint64_t *const *bits, const bool *absent,
                uint64_t *out);

#endif
