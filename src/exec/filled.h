/* SPDX-License-Identifier: MIT
 *
 * filled -- who has a row at all, a bit each. Most people have none in a recent window,
 * and a loop that walks the bits passes over 64 of them at a time:
 *
 *     const uint64_t *filled = window_filled(b, n->operands[0]);
 *     EACH_SET_BIT(filled, count, i)
 *         ... rows [begin[i], end[i]), of which there is at least one
 *
 * The bits are made at the first call for the block and belong to the window.
 */
#ifndef EXEC_FILLED_H
#define EXEC_FILLED_H

#include "exec/block.h"

/* Whose window holds a row: a bit for each value of the window's own domain. */
const uint64_t *window_filled(block *b, const node *window);

/* bits[i] = begin[i] < end[i]; bits behind the last are 0. */
void filled_find(const uint32_t *begin, const uint32_t *end, size_t count,
                 uint64_t *bits);

#endif
