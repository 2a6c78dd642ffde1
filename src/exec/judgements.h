/* SPDX-License-Identifier: MIT
 *
 * judgements -- `judged every month when A stay while B`: in and out as time goes on.
 */
#ifndef EXEC_JUDGEMENTS_H
#define EXEC_JUDGEMENTS_H

#include "exec/population.h"

/* Judge everyone at the first instant of each unit up to `until`, and keep who is in at
 * the last one. False: *err says why. The series stays with what the population is bound to,
 * and goes on from there when it is asked about a later instant. */
bool judge_series(population *p, const node *n, int64_t until, const run_options *options,
                  carpel_error *err);

/* What is left of one, when that goes; accepts NULL. */
void series_free(struct series *s);

#endif
