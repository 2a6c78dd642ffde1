/* SPDX-License-Identifier: MIT
 *
 * fold -- the rows of a group, which is a person or a row with a window of its own, to one
 * value.
 *
 * A fold looks at the rows of one table, or of several as if they were one: each table is a
 * *part* with its own windows, mask and values. fold_begin gathers them; fold_end gives back
 * what it took. Between the two the functions of the file of each subject fill the node's
 * vector:
 *
 *     fold f;
 *     fold_begin(&f, b, n);
 *     fold_sum(&f, out);
 *     fold_end(&f);
 *
 * Most people have no row in a recent window: EACH_GROUP passes over them 64 at a time.
 */
#ifndef EXEC_FOLD_H
#define EXEC_FOLD_H

#include "base/bitmap.h"
#include "exec/block.h"

typedef struct fold_part {
    const node *window_node;
    const window_rows *window;
    const block_rows *rows;
    const uint64_t
        *selected;       /* a bit for each row that counts: the mask, and for folds that
                                 skip missing values, their presence; NULL when all rows do */
    const vector *value; /* or NULL */
    type value_type;
    const packed *stored;  /* the values where they stand, for folds that take them there
                              (reach_takes_stored); or NULL */
    size_t stored_first;   /* the place of row 0 */
    text_origin origin;    /* of a text */
    const uint32_t *codes; /* from its codes to those of the result; NULL: the same */
    uint64_t *spare_mask, *spare_joined;
} fold_part;

typedef struct fold {
    block *block;
    const node *node;
    node_kind kind; /* which fold it is, of one table or several */
    const fold_details *details;
    type value_type;        /* of the values, when it has some */
    size_t group_count;     /* people, or rows that have windows */
    const uint64_t *filled; /* which of them have rows in some part */
    uint64_t *spare_filled;
    fold_part *parts; /* those in which a row can count; maybe none */
    size_t part_count;
} fold;

void fold_begin(fold *f, block *b, const node *n);
void fold_end(fold *f);

/* for each group i with rows in a window */
#define EACH_GROUP(f, i) EACH_SET_BIT((f)->filled, (f)->group_count, i)

/* Which of 64 groups have rows; the memory is asked for the first values of the 64 behind them. */
uint64_t fold_take_word(const fold *f, size_t word);

/* The same as EACH_GROUP, where values may be taken from the store. */
#define EACH_GROUP_AHEAD(f, i)                                                           \
    for (size_t word_ = 0; word_ < bitmap_words((f)->group_count); word_++)              \
        for (uint64_t left_ = fold_take_word(f, word_), i = 0;                           \
             left_ != 0 && (i = word_ * 64 + (unsigned)__builtin_ctzll(left_), true);    \
             left_ &= left_ - 1)

/* ---- rows --------------------------------------------------------------- */

/* The first row that counts, from `row` on; `end` when there is none. */
static inline size_t part_next_row(const fold_part *p, size_t row, size_t end)
{
    if (!p->selected || row >= end)
        return row;
    uint64_t word = p->selected[row / 64] >> row % 64;
    if (word == 0)
        return bitmap_first(p->selected, (row / 64 + 1) * 64, end);
    row += (size_t)__builtin_ctzll(word);
    return row < end ? row : end;
}

/* for each row r of group i that counts */
#define EACH_ROW(p, i, r)                                                                \
    for (size_t r = part_next_row(p, (p)->window->begin[i], (p)->window->end[i]),        \
                end_of_##r = (p)->window->end[i];                                        \
         r < end_of_##r; r = part_next_row(p, r + 1, end_of_##r))

/* The most rows that a group has in its windows. */
size_t fold_most_rows(const fold *f);

/* ---- values ------------------------------------------------------------- */

static inline size_t part_value_index(const fold_part *p, size_t row)
{
    return p->value->is_uniform ? 0 : row;
}

/* Of a version, which is a text, its place. */
static inline int64_t part_integer(const fold *f, const fold_part *p, size_t row)
{
    size_t at = part_value_index(p, row);
    if (p->value_type.kind == TYPE_VERSION)
        return bound_version_place(f->block->bound, p->origin,
                                   ((const uint32_t *)p->value->values)[at]);
    return ((const int64_t *)p->value->values)[at];
}

static inline double part_number(const fold_part *p, size_t row)
{
    return ((const double *)p->value->values)[part_value_index(p, row)];
}

/* 64 bits that are equal when values are. */
static inline uint64_t part_key(const fold *f, const fold_part *p, size_t row)
{
    if (p->value_type.kind == TYPE_VERSION)
        return (uint64_t)part_integer(f, p, row);
    uint64_t key = p->stored ? (uint64_t)packed_get(p->stored, p->stored_first + row)
                             : vector_key(p->value, p->value_type, row);
    return p->codes ? p->codes[key] : key;
}

/* ---- windows that rows have of their own -------------------------------- */

#define FOLD_NO_ROW UINT32_MAX

/* Do the part's windows overlap, since each row, and not each group, has one? */
bool fold_moves(const fold *f, const fold_part *p);

/* For such windows, in one pass (fold_moving.c): the first of the least or greatest rows of
 * each, or FOLD_NO_ROW; how many different values each has (of those that hold rows); and,
 * of a part with `selected`, how many rows count before each row. Arrays go back to the
 * scratch. */
uint32_t *moving_best_rows(const fold *f, const fold_part *p);
void moving_distinct(const fold *f, const fold_part *p, int64_t *counts);
uint32_t *running_counts(const fold *f, const fold_part *p);

/* ---- by subject --------------------------------------------------------- */

void fold_any(const fold *f, vector *out); /* fold_sums.c */
void fold_count(const fold *f, vector *out);
void fold_sum(const fold *f, vector *out);
void fold_extreme(const fold *f, vector *out); /* fold_rows.c: least, greatest */
void fold_end_row(const fold *f, vector *out); /* fold_ends.c: first, last */
void fold_most_common(const fold *f, vector *out);
void fold_distinct(const fold *f, vector *out); /* fold_distinct.c */
void fold_quantile(const fold *f, vector *out); /* fold_spread.c */
void fold_stddev(const fold *f, vector *out);

void fold_gather(const fold *f, vector *out); /* fold_gather.c: of one table alone */

void fold_units(const fold *f, vector *out); /* fold_units.c */
void fold_longest_row(const fold *f,
                      vector *out); /* fold_in_a_row.c: of one table alone */

#endif
