/* SPDX-License-Identifier: MIT
 *
 * demand -- from which instant on anybody looks at the rows of a domain.
 *
 * A rule about the last 90 days looks at few rows of a long history. What such rules
 * derive from stored tables (filtered tables, unions, the rows of a sequence) need not
 * hold rows before the earliest instant at which a window on them begins.
 *
 *     sum(... since 90 days ago) --> union --> since 90 days ago
 *     did (a then b) since 7 days ago --> sequence --> its union since 7 days ago
 *     gap, nth, sessions, "near any" --> whole histories
 */
#ifndef EXEC_DEMAND_H
#define EXEC_DEMAND_H

#include "exec/block.h"

#define DEMAND_ALL INT64_MIN /* rows since ever */

/* By domain id: no row before this instant is looked at. `run_values` are the vectors of
 * the run's domain. Release with memory_free. */
int64_t *demand_new(const plan *p, const vector *run_values);

#endif
