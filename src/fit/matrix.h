/* SPDX-License-Identifier: MIT
 *
 * matrix -- inverting small symmetric matrices, which lie row after row.
 */
#ifndef FIT_MATRIX_H
#define FIT_MATRIX_H

#include <stdbool.h>
#include <stddef.h>

/* Invert a positive definite matrix in its place, by Cholesky's decomposition. False: it is none, and
 * its numbers are of no use any more. */
bool matrix_invert(double *a, size_t count);

#endif
