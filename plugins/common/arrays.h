/* SPDX-License-Identifier: MIT
 *
 * arrays -- arrays of Arrow whose blocks are the plugin's own: each is released with its buffers, its
 * children and its dictionary.
 *
 *     array_begin(&batch, rows, 1, columns);
 *     array_begin(batch.children[0], rows, 2, 0);
 *     batch.children[0]->buffers[1] = values;          // a block of common_alloc
 */
#ifndef COMMON_ARRAYS_H
#define COMMON_ARRAYS_H

#include <carpel/plugin.h>

/* Begin an array of so many values with so many buffers and children. All buffers are NULL, and the children
 * zeroed, to be begun as well. */
void array_begin(struct ArrowArray *out, size_t length, size_t buffers, size_t children);

#endif
