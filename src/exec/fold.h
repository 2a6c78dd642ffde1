/* SPDX-License-Identifier: MIT
 *
 * fold -- the rows of a group, which is a person or a row with a window of its own, to one
 * value.
 *
 * fold_begin gathers what all folds need: the window of each group, which rows count, and
 * their values; fold_end gives back what it took. Between the two the functions of the
 * file of each subject fill the node's vector:
 *
 *     fold f = fold_begin(b, n);
 *     fold_sum(&f, out);
 *     fold_end(&f);
 */
#ifndef EXEC_FOLD_H
#define EXEC_FOLD_H

#include "base/bitmap.h"
#include "exec/block.h"

typedef struct fold {
    block *block;
    const node *node;
    const window_rows *window;
    const uint64_t
        *selected;       /* a bit for each row that counts: the mask, and for folds that
                                 skip missing values, their presence; NULL when all rows do */
    const vector *value; /* or NULL */
    type value_type;
    size_t group_count; /* people, or rows that have windows */
    size_t row_count;
    uint64_t *spare_mask, *spare_joined;
} fold;

fold fold_begin(block *b, const node *n);
void fold_end(fold *f);

/* ---- rows --------------------------------------------------------------- */

static inline size_t fold_next_row(const fold *f, size_t row, size_t end)
{
    return f->selected ? bitmap_first(f->selected, row, end) : row;
}

/* for each selected row r of group i */
#define EACH_ROW(f, i, r)                                                                \
    for (size_t r = fold_next_row(f, (f)->window->begin[i], (f)->window->end[i]);        \
         r < (f)->window->end[i]; r = fold_next_row(f, r + 1, (f)->window->end[i]))

/* The most rows that a window holds. */
size_t fold_most_rows(const fold *f);

/* ---- values ------------------------------------------------------------- */

static inline size_t fold_value_index(const fold *f, size_t row)
{
    return f->value->is_uniform ? 0 : row;
}

/* Of a version, which is a text, its place. */
int64_t fold_version_place(const fold *f, size_t row);

static inline int64_t fold_integer(const fold *f, size_t row)
{
    if (f->value_type.kind == TYPE_VERSION)
        return fold_version_place(f, row);
    return ((const int64_t *)f->value->values)[fold_value_index(f, row)];
}

static inline double fold_number(const fold *f, size_t row)
{
    return ((const double *)f->value->values)[fold_value_index(f, row)];
}

/* 64 bits that are equal when values are. */
static inline uint64_t fold_key(const fold *f, size_t row)
{
    if (f->value_type.kind == TYPE_VERSION)
        return (uint64_t)fold_version_place(f, row);
    return vector_key(f->value, f->value_type, row);
}

/* A uniform value that is missing is missing for every row. */
bool fold_has_nothing(const fold *f);

/* ---- by subject --------------------------------------------------------- */

void fold_any(const fold *f, vector *out); /* fold_sums.c */
void fold_count(const fold *f, vector *out);
void fold_sum(const fold *f, vector *out);
void fold_pick(const fold *f,
               vector *out); /* fold_rows.c: least, greatest, first, last */
void fold_most_common(const fold *f, vector *out);
void fold_distinct(const fold *f, vector *out); /* fold_distinct.c */
void fold_runs(const fold *f, vector *out);     /* fold_runs.c: and the longest run */
void fold_longest_row(const fold *f, vector *out);
void fold_quantile(const fold *f, vector *out); /* fold_spread.c */
void fold_stddev(const fold *f, vector *out);

#endif
