/* SPDX-License-Identifier: MIT
 *
 * fold_places -- rows of a fold's parts, for folds whose result is the value of one row: the first, the
 * last, the least, the greatest.
 */
#ifndef EXEC_FOLD_PLACES_H
#define EXEC_FOLD_PLACES_H

#include "exec/fold.h"

/* A row of a part. */
typedef struct row_place {
    uint32_t part, row;
} row_place;

static const row_place NOWHERE = {UINT32_MAX, 0};

static inline bool is_somewhere(row_place p)
{
    return p.part != UINT32_MAX;
}

/* Is the value when the row happened, of rows whose times stand in the store? */
static inline bool place_is_stored_time(const fold_part *p)
{
    return p->rows->stored_time && p->value->values == p->rows->time;
}

/* The order of rows: by time, by arrival, and for a session or a match beside the event itself. */
int fold_compare_places(const fold *f, row_place a, row_place b);

/* The bytes of the result; its memory, with nothing in it. */
size_t fold_bytes(const fold *f);
void fold_take_nothing(const fold *f, vector *out);

/* Give group i the value of a row, if there is one. */
void fold_put_row(const fold *f, vector *out, size_t i, row_place at);

#endif
