/* SPDX-License-Identifier: MIT
 *
 * scenario -- small stories of the rules' files, and whether they come out as expected.
 *
 *     for (size_t i = 0; i < engine_scenario_count(e); i++) {
 *         trial t;
 *         diags *failures = diags_new();
 *         engine_try_scenario(e, i, failures, &t);
 *         ... t.failed_count of t.expectation_count ...
 *         trial_done(&t);
 *         diags_free(failures);
 *     }
 *
 * A scenario is a store of its own: the people whom it names, with what it tells of them.
 * It is judged as a run judges, once for each instant at which something is expected.
 * No source is read.
 */
#ifndef ENGINE_SCENARIO_H
#define ENGINE_SCENARIO_H

#include "engine/engine.h"

/* One thing that a scenario expects. */
typedef struct expectation {
    span where;
    const char *person; /* or the name of an account; empty: of what a function gives */
    bool is_of_account;
    int64_t at;           /* of what a function gives 0 */
    const char *expected; /* "in vip", "not in lifecycle.lapsed", "loyalty = 12" */
    const char *found;    /* "not in vip", "in lifecycle.new", "loyalty = missing" */
    bool holds;
    ast_decl
        *decl;   /* the rule that it is about; NULL: it is about a trait, or an account */
    size_t part; /* of groups and arms: which */
} expectation;

typedef struct trial {
    const char *name;
    span where;
    expectation *expectations; /* in the order of the lines */
    size_t expectation_count, failed_count;
    bool *functions; /* of scripts, by number: which are called for what is expected */
    arena *memory;   /* owns all of it */
} trial;

/* The scenarios of all files, in their order; known after engine_compile. */
size_t engine_scenario_count(const engine *e);
const char *engine_scenario_name(const engine *e, size_t index);

/* Try one. What does not hold is reported as E0501, and what cannot be tried (a pattern
 * hit its limit, a script cannot start) does not hold. `out` is given back by
 * trial_done(). */
void engine_try_scenario(const engine *e, size_t index, diags *failures, trial *out);
void trial_done(trial *t);

/* The people of a scenario, with all that it tells of them; the caller frees it. */
store *engine_scenario_people(const engine *e, size_t index);

/* The reasons of an expectation of the scenario with these people: the tree with its values
 * (explain/explain.h). NULL: it is about no rule, nobody has that name, or *err is filled. */
struct explanation *engine_explain_expectation(const engine *e, const store *people,
                                               const expectation *x, carpel_error *err);

#endif
