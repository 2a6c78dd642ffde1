/* SPDX-License-Identifier: MIT
 *
 * judgements -- `judged every month when A stay while B`: in and out as time goes on.
 */
#ifndef EXEC_JUDGEMENTS_H
#define EXEC_JUDGEMENTS_H

#include "exec/population.h"

/* Judge everyone at the first instant of each unit up to `until`, and keep who is in at
 * the last one. False: *err says why. */
bool judge_series(population *p, const node *n, int64_t until, const run_options *options,
                  carpel_error *err);

#endif
