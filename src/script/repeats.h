/* SPDX-License-Identifier: MIT
 *
 * repeats -- rows of one function that have the arguments of a row before: functions are pure, so their result is
 * that row's, and need not be computed.
 *
 *     bool looks = repeats_begin(r, rows);
 *     size_t before = repeats_find(r, rows, row);      // SIZE_MAX: none; then, after its call:
 *     repeats_keep(r, row);
 *
 * Of rows nothing is kept but their numbers, at most REPEATS_KEPT of them, and these for the rows of one
 * script_call_rows(): arguments are compared where they stand, and results are copied by who has them. A newer row takes
 * the place of one with the same hash.
 *
 * Looking costs, so it goes on only while it pays: when of REPEATS_TRIAL rows fewer than a quarter were found, the
 * function is called without looking for REPEATS_FIRST_PAUSE rows, and twice as long after each further trial that
 * fails, up to 64 times as long.
 */
#ifndef SCRIPT_REPEATS_H
#define SCRIPT_REPEATS_H

#include "script/script.h"

enum {
    REPEATS_KEPT_BITS = 12,
    REPEATS_KEPT = 1 << REPEATS_KEPT_BITS,
    REPEATS_FEWEST_ROWS = 64, /* of so few nothing is looked for */
    REPEATS_TRIAL = 1024,
    REPEATS_FIRST_PAUSE = 16384
};

typedef struct repeats repeats;

repeats *repeats_new(void);
void repeats_free(repeats *r); /* accepts NULL */

/* Rows of a function begin. False: nothing is looked for among them. */
bool repeats_begin(repeats *r, const script_rows *rows);

/* A row before, of those kept, with the same arguments; SIZE_MAX: there is none, or nothing is looked for. */
size_t repeats_find(repeats *r, const script_rows *rows, size_t row);

/* The row that was looked for last has a result that others may have, too. */
void repeats_keep(repeats *r, size_t row);

#endif
