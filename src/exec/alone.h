/* SPDX-License-Identifier: MIT
 *
 * alone -- the nodes of one person, worked out by need.
 *
 * A block of many people works out every node, since somebody needs it. A person alone
 * needs few: a window without rows says what its folds are, and a condition that decides an
 * `and` or an `or` makes the rest of it needless. So each value is worked out when it is
 * asked for, by the kernels of a block of one person, and only what was worked out is
 * forgotten when the next person comes.
 *
 *     alone *a = alone_new(block);
 *     alone_begin(a, person);
 *     const vector *v = alone_value(a, rule->node);
 *     alone_free(a);
 *
 * What needs everyone (rankings, members) is read from the block's population. What goes
 * wrong with values that nobody needs is not noticed.
 */
#ifndef EXEC_ALONE_H
#define EXEC_ALONE_H

#include "exec/block.h"

typedef struct alone alone;

/* `b` is of block_new_alone, outlives it, and is nobody else's. */
alone *alone_new(block *b);
void alone_free(alone *a);

/* Forget the person before and turn to this one. */
void alone_begin(alone *a, size_t person);

/* The value of a node of the run or of the people; until the next person. */
const vector *alone_value(alone *a, const node *n);

/* Make the rows of a domain ready, with what they are made of. */
void alone_rows(alone *a, uint32_t domain);

#endif
