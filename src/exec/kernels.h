/* SPDX-License-Identifier: MIT
 *
 * kernels -- the loops that work out nodes for a block, by subject. Each takes the
 * node, and fills the node's vector (or window); operands are ready.
 */
#ifndef EXEC_KERNELS_H
#define EXEC_KERNELS_H

#include "exec/block.h"

void kernel_leaf(block *b,
                 const node *n); /* leaves.c: columns, constants, time, gap ... */
void kernel_between(block *b, const node *n);    /* leaves.c: spread, take, merge */
void kernel_arithmetic(block *b, const node *n); /* arithmetic.c */
void kernel_compare(block *b, const node *n);    /* compare.c: also quotients */
void kernel_time(block *b, const node *n);       /* time.c */
void kernel_text(block *b, const node *n);       /* texts.c */
void kernel_version(block *b, const node *n);
void kernel_logic(block *b, const node *n);    /* logic.c: and, or, not, if, holds ... */
void kernel_window(block *b, const node *n);   /* windows.c */
void kernel_fold(block *b, const node *n);     /* folds.c, fold_*.c */
void kernel_in_order(block *b, const node *n); /* in_order.c */
void kernel_row_test(block *b,
                     const node *n); /* row_tests.c: occasions, changes, neighbours */
void kernel_script(block *b, const node *n); /* scripts.c */

/* sequences.c: the matches of a sequence, as rows. */
void sequence_prepare(block *b, const domain *d, block_rows *out);

/* items.c: the items of lists, as rows; and which of them are those of each row. */
void items_prepare(block *b, const domain *d, block_rows *out);
void items_of_rows(block *b, const node *n, uint32_t *begin, uint32_t *end);

/* domains.c: the rows of filtered tables, unions and sessions. */
void domain_prepare(block *b, const domain *d, block_rows *out);
void domain_release(block *b, const domain *d, block_rows *rows);

/* The table that a row comes from: of the data, of sessions, or of a sequence's
 * matches, which have the place of an event but are rows of their own. */
const domain *domain_root(const block *b, const domain *d, uint32_t row);

/* The order of rows at one place, by their roots: the session that an event begins, the
 * event, the match that it completes (of several sequences, it is one and the same). */
uint32_t domain_rank(const domain *root);

#endif
