/* SPDX-License-Identifier: MIT
 *
 * instant_results -- what a run would say of segments and groups at each of several instants, for
 * less than so many runs.
 *
 * Rules are lowered once for each instant into one graph (graph_lower_at), and judged in one
 * run at the last of them. So what does not depend on the instant is one node: columns, conditions
 * of events, texts; and the ends of all windows over a table are found in one walk. Rules that
 * a later instant would answer otherwise are judged instant by instant: those of accounts, with
 * scripts, with a memory, that ask for somebody's membership, or have rows of their own for
 * each row.
 *
 *     instant_results *r = instant_results_new(&from, &options, &err);
 *     instant_results_tell(r, instants, count, take, context, &err);
 *     ... the results are freed ...
 *     instant_results_free(r);
 */
#ifndef ENGINE_INSTANT_RESULTS_H
#define ENGINE_INSTANT_RESULTS_H

#include "exec/run.h"
#include "lang/rulebook.h"

/* Of what: a plan is that of the book. All of it outlives the results. */
typedef struct instant_rules {
    const rulebook *book;
    const plan *plan;
    const store *store;
} instant_rules;

typedef struct instant_results instant_results;

/* The instant and what is bound in `options` do not matter; what they point at outlives it. NULL:
 * *err is filled, as by bind_plan(). */
instant_results *instant_results_new(const instant_rules *from,
                                     const run_options *options, carpel_error *err);
void instant_results_free(instant_results *r); /* accepts NULL */

/* Given each result in the order of the instants. It has the segments and groups of a run then, in
 * the same order, and nothing else; it is the taker's, who frees it with run_result_free() before
 * what told it. */
typedef void instant_taker(void *context, size_t at, run_result *result);

/* `instants` ascend. False: *err is filled, as by run_plan(). */
bool instant_results_tell(instant_results *r, const int64_t *instants, size_t count,
                          instant_taker *take, void *context, carpel_error *err);

#endif
