/* SPDX-License-Identifier: MIT
 *
 * kernels -- the loops that work out nodes for a block, one a kind, in the file of their
 * subject. Each takes the node, and fills the node's vector (or window); operands are ready.
 */
#ifndef EXEC_KERNELS_H
#define EXEC_KERNELS_H

#include "exec/block.h"

typedef void kernel(block *b, const node *n);

/* kernel_<name>, for each row of nodes.def. Rankings and judgements have none: they are
 * worked out between passes, and no block comes to them. */
#define X(NAME, name, least, most, SHAPE, PAYLOAD, MISSING, motion, simplify, doc)       \
    kernel kernel_##name;
#include "graph/nodes.def"
#undef X

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
