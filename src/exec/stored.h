/* SPDX-License-Identifier: MIT
 *
 * stored -- the rows of a block that lie in a table of the store, and their columns.
 *
 * No kernel reads a table: rows have their times in block_rows, and columns become vectors
 * here, of the widths that kernels know. The store keeps numbers as narrow as they allow
 * (base/packed.h): this is where they are widened.
 *
 *     people        p0            p1
 *     stored rows   r0 r1 r2 r3 | r4 r5 r6      what anybody looks at begins at the hull
 *     block's rows        0  1          2       of the demand (demand.h)
 *
 * Mostly the block's rows are all of those people, and columns that are wide enough are used
 * where they lie. When the demand is for less than half of the rows, these are gathered; a
 * single person's rows begin at it without.
 */
#ifndef EXEC_STORED_H
#define EXEC_STORED_H

#include "exec/reach.h"

void stored_prepare(block *b, const domain *d, block_rows *out);

/* Once the rows are ready, their times where somebody looks at them. */
void stored_widen_times(block *b, const domain *d);
void stored_release(block *b, block_rows *rows);

/* The arrival of a row, and of all of them (block_arrival). */
uint32_t stored_arrival(const block *b, const domain *d, uint32_t row);
void stored_arrivals(block *b, const domain *d, uint32_t *out);

/* The first of a person's rows [begin, end) at or after an instant. */
uint64_t stored_first_from(const event_table *table, uint64_t begin, uint64_t end,
                           int64_t instant);

/* The values of a column beside the rows of a stored domain, at least in these runs. */
void stored_column(block *b, uint32_t domain_id, size_t column, const row_runs *runs,
                   vector *out);

/* The same of one row, whose value need not be widened: as 64 bits. False: it is missing. */
bool stored_value_at(const block *b, const node *column, uint32_t row, uint64_t *value);

/* The values of a column where they stand, that of row 0 at place *first, for those who are told by
 * reach.h to take them there; NULL: they are in its vector alone. */
const packed *stored_values(const block *b, const node *n, size_t *first);

/* Codes of 8, 16 or 32 bits. */
typedef struct stored_codes {
    const void *data;
    uint32_t bits;
} stored_codes;

static inline uint32_t stored_code(stored_codes codes, size_t i)
{
    switch (codes.bits) {
    case 8: return ((const uint8_t *)codes.data)[i];
    case 16: return ((const uint16_t *)codes.data)[i];
    default: return ((const uint32_t *)codes.data)[i];
    }
}

/* The values of a node beside some rows from `first` on: those of its vector; when it is a column
 * of a slice of the store, codes where they stand, or values widened into `room`. At most STORED_SOME,
 * where the node is stored_in_parts. */
enum { STORED_SOME = 512 };
bool stored_in_parts(const block *b, const node *n);
stored_codes stored_some_codes(const block *b, const node *n, size_t first, size_t count,
                               uint32_t *room);
const void *stored_some_numbers(const block *b, const node *n, size_t first, size_t count,
                                int64_t *room);

#endif
