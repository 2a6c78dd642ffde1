/* SPDX-License-Identifier: MIT
 *
 * tiles -- tiles for which rules without members ask, and which ties leave empty: people with
 * equal values share the lower tile, so with many equals at the top, nobody is in the
 * highest.
 */
#ifndef EXEC_TILES_H
#define EXEC_TILES_H

#include "exec/population.h"

/* Put those of a finished run into its result. `members` has a bitmap for each rule of the
 * graph, or NULL. */
void tiles_find_empty(const population *p, uint64_t *const *members, run_result *r);

#endif
