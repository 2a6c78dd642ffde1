/* SPDX-License-Identifier: MIT
 *
 * refused_rows -- the rows of a piece of a source that did not fit, until their turn comes to go
 * to the quarantine. Lines are counted from the begin of the piece.
 *
 *     refused_rows r;
 *     refused_rows_init(&r);
 *     refused_rows_add(&r, person, "orders.csv", 7, "the person is missing");
 *     refused_rows_hand_over(&r, quarantine, lines_before, &err);   // by line
 *     refused_rows_done(&r);
 */
#ifndef INGEST_REFUSED_ROWS_H
#define INGEST_REFUSED_ROWS_H

#include "base/arena.h"
#include "ingest/quarantine.h"

typedef struct refused_row {
    uint64_t line;
    size_t number; /* in the order in which they were added */
    slice person;  /* empty: it is not known whose it is */
    const char *file, *reason;
} refused_row;

typedef struct refused_rows {
    arena *texts;
    refused_row *rows;
    size_t count, capacity;
} refused_rows;

void refused_rows_init(refused_rows *r);
void refused_rows_done(refused_rows *r);

/* Forget the rows. */
void refused_rows_clear(refused_rows *r);

/* The texts are copied. */
void refused_rows_add(refused_rows *r, slice person, const char *file, uint64_t line,
                      const char *reason);

/* Add all to the quarantine in the order of their lines. Fails as quarantine_add does. */
bool refused_rows_hand_over(refused_rows *r, quarantine *q, uint64_t lines_before,
                            carpel_error *err);

#endif
