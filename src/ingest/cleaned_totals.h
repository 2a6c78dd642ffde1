/* SPDX-License-Identifier: MIT
 *
 * cleaned_totals -- how many values each step of cleaning has made others of, column by column, and where
 * the first one stood.
 *
 *     cleaned_totals t = {0};
 *     cleaned_totals_add(&t, &batch, first_row, lines_before);    // for each batch that was judged
 *     cleaned_totals_append(&t, mapping, out);
 *     cleaned_totals_done(&t);
 */
#ifndef INGEST_CLEANED_TOTALS_H
#define INGEST_CLEANED_TOTALS_H

#include "ingest/batch.h"

typedef struct cleaned_total {
    const mapping *mapping;
    size_t column;
    clean_step step;
    uint64_t count, line;
    char *file;
} cleaned_total;

typedef struct cleaned_totals {
    cleaned_total *items;
    size_t count, capacity;
} cleaned_totals;

void cleaned_totals_add(cleaned_totals *t, batch *b, uint64_t first_row,
                        uint64_t lines_before);

/* "amount: thousands 2, decimal 1 (first d.csv:2); ..."; nothing when nothing was changed. */
void cleaned_totals_append(const cleaned_totals *t, const mapping *m, text *out);

void cleaned_totals_done(cleaned_totals *t);

#endif
