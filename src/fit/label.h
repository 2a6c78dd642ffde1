/* SPDX-License-Identifier: MIT
 *
 * label -- what a fit wants to foretell: a condition on the time after a date T, such as "did purchase in
 * next 30 days".
 *
 * Judged at T + 30 days it reads "did purchase in last 30 days", which is the same (T, T + 30 days]: so what
 * lies ahead is told by the rules that there are, and only here.
 */
#ifndef FIT_LABEL_H
#define FIT_LABEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "lang/ast.h"

/* Append the label as it is judged at its end, of the same length, and say how far it looks. False:
 * *reason says why it is none (alive as long as `out`). */
bool fit_label_read(const char *label, text *out, int64_t *microseconds,
                    const char **reason);

/* The same of the tree that was made of it: does all that it counts, also by the names of values and
 * segments, have its window and no other? False: *reason says what does not. */
bool fit_label_check(const ast_expr *label, int64_t microseconds, const char **reason);

#endif
