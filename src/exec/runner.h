/* SPDX-License-Identifier: MIT
 *
 * runner -- what the parts of one run share: run.c has the order of things, and each part
 * has a file of its own.
 *
 *     run_shape.c     what the result is made of, before anybody is judged
 *     run_work.c      pieces of people, by workers
 *     run_put.c       what a block yields is put in its place in the result
 *     run_troubles.c  what went wrong is gathered from the blocks
 *     run_accounts.c  the rules for each account, behind those about people
 *
 * It lives as long as the run; the result is handed to the caller.
 */
#ifndef EXEC_RUNNER_H
#define EXEC_RUNNER_H

#include "exec/block.h"
#include "exec/population.h"
#include "exec/profile.h"
#include "exec/run.h"

typedef struct runner {
    const bound *bound;
    population *population;
    size_t pass_index;
    run_result *result;
    const run_options *options;
    size_t threads;
    size_t *pieces; /* the first person of each, and the end of all */
    size_t piece_count;
    block *run_values;
    demand *demand;
    bool **depends; /* by domain of rows beside others: which rules read it, or NULL */
    block **blocks; /* by worker */
    uint64_t **members; /* by rule: the result's bitmap, or NULL for scores; and */
    run_score **scores; /* by rule, or NULL; both NULL when no result is asked for */
    uint64_t people_done;
    phase_clock clock;
} runner;

/* run.c: bind a plan and work out what does not differ between people. False: *err is
 * filled. Options outlive the runner; its result is the caller's, also after the end. */
bool runner_begin(runner *r, const plan *p, const store *s, const run_options *options,
                  carpel_error *err);
void runner_end(runner *r);

/* Make the passes before `pass` over everyone, and what that one needs of everyone. */
bool runner_pass_up_to(runner *r, size_t pass, carpel_error *err);

/* run_shape.c: take memory for everything that the graph's rules say, and for the counters
 * of calls. Then, when all are judged, forget whom nothing is asked of, and count the
 * members. */
void shape_result(runner *r);
void shape_functions(runner *r, bound *b);
void leave_out_others(runner *r);
void count_members(run_result *result);

/* run_work.c: divide everyone into pieces (pieces.h), or into such of so many people when `wanted`
 * is not 0. */
void divide_people(runner *r, size_t wanted);

/* Judge one piece of people in the pass of `r`, which is the context; by any worker. */
void work_on_piece(void *runner, size_t piece, size_t worker);

/* run_put.c: keep what later passes read, and tell what rules say. */
void put_results(runner *r, block *b);

/* Which rules read rows that stand beside others, by their domains; NULL: none do. */
bool **dependents_new(const graph *g);
void dependents_free(const graph *g, bool **depends);

/* Rows that stand beside others are a person's rows squared: are there any? */
bool takes_rows_beside(const graph *g);

/* run_troubles.c: what went wrong in a block; and tell that of all in the result. */
void find_in_block(const runner *r, const block *b, findings *out);
void collect_troubles(runner *r);

/* False when a function changed what outlives its calls: *err names the first function,
 * and the first person for whom it did. */
bool refuse_impure(const runner *r, carpel_error *err);

/* False when there is a trouble: *err is the first. */
bool refuse_troubles(const run_result *r, const run_options *options, carpel_error *err);

/* run_accounts.c: judge the accounts, and put what is said of them behind what is said of
 * the people. */
bool run_accounts(const plan *p, const store *s, const run_options *options,
                  run_result *result, carpel_error *err);

#endif
