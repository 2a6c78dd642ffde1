/* SPDX-License-Identifier: MIT
 *
 * stored -- the rows of a block that lie in a table of the store, and their columns.
 *
 * No kernel reads a table: rows have their times in block_rows, and columns become vectors
 * here, of the widths that kernels know. Should the store keep a column narrower one day,
 * this is where it is widened.
 *
 *     people        p0            p1
 *     stored rows   r0 r1 r2 r3 | r4 r5 r6      what anybody looks at begins at the hull
 *     block's rows        0  1          2       of the demand (demand.h)
 *
 * Mostly the block's rows are all of those people, and the columns are used where they lie.
 * When the demand is for less than half of them, they are copied; a single person's rows begin
 * at it without.
 */
#ifndef EXEC_STORED_H
#define EXEC_STORED_H

#include "exec/block.h"

void stored_prepare(block *b, const domain *d, block_rows *out);
void stored_release(block *b, block_rows *rows);

/* The values of a column beside the rows of a stored domain. */
void stored_column(block *b, uint32_t domain_id, size_t column, vector *out);

#endif
