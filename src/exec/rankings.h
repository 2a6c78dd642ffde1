/* SPDX-License-Identifier: MIT
 *
 * rankings -- the place of each person among others, worked out between two passes.
 *
 * Questions about the same value of the same people (how many are smaller, how many take
 * part) are one ranking, which sorts once.
 */
#ifndef EXEC_RANKINGS_H
#define EXEC_RANKINGS_H

#include "exec/population.h"

/* Work out all rankings that a pass reads first, from what is kept of their operands, several at
 * a time; `run_values` has those of the run's domain. False when the work is stopped, with *err
 * filled. */
bool rankings_work_out(population *p, size_t pass_index, const vector *run_values,
                       size_t threads, carpel_error *err);

#endif
