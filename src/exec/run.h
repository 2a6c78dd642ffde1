/* SPDX-License-Identifier: MIT
 *
 * run -- judge everyone of a store at an instant.
 *
 * People are taken in blocks; workers take blocks from a shared counter, each with
 * scratch memory and a Lua state of its own. The result does not depend on who took
 * what, nor on the size of the blocks.
 */
#ifndef EXEC_RUN_H
#define EXEC_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cancel.h"
#include "base/error.h"
#include "exec/plan.h"
#include "store/store.h"

/* Who was judged: people, or accounts. */
typedef struct run_population {
    const char *one, *many; /* "person", "people" */
    size_t count;
    const dictionary *ids;
    const uint32_t *order; /* all numbers in the order of the ids */
} run_population;

/* One rule's members. */
typedef struct run_segment {
    const char *name;  /* "vip"; of a group: "active" */
    const char *path;  /* "vip"; "lifecycle.active" */
    const char *title; /* or NULL */
    size_t size;
    const uint64_t *members; /* a bitmap over the numbers of its population */
    const run_population *population;
} run_segment;

/* A set of groups with its members in the order of the rules. */
typedef struct run_groups {
    const char *name, *title;
    size_t first, count; /* into run_result.group_members */
} run_groups;

/* A score: a value for each person. */
typedef struct run_score {
    const char *name, *title;
    type type;
    const void *values;      /* by type, as in a column; quotients are doubles */
    const uint64_t *present; /* never NULL */
    const run_population *population;
    const dictionary *texts; /* of STRING and PERSON; else NULL */
} run_score;

/* Something that went wrong for some people and made a value missing: a Lua function that
 * raised, a pattern that hit its limit, a number that left 64 bits. */
typedef struct run_trouble {
    const char *what; /* "churn.risk: scores/churn.lua:7: ..." */
    uint64_t count;   /* how many values */
} run_trouble;

typedef struct run_result {
    int64_t as_of;
    run_population people, accounts; /* accounts.count is 0 without rules about them */
    run_segment *segments; /* in the order of the rules: people's, then accounts' */
    size_t segment_count;
    run_segment *group_members;
    size_t group_member_count;
    run_groups *groups;
    size_t group_count;
    run_score *scores;
    size_t score_count;
    run_score *imports; /* values of people that rules of accounts read */
    size_t import_count;
    run_trouble *troubles;
    size_t trouble_count;
    struct run_result
        *of_accounts;            /* whose memory the accounts' results are in, or NULL */
    struct store *account_store; /* and their histories */
    struct bound *bound;         /* whose dictionaries texts are of */
    arena *memory;               /* owns all of it */
} run_result;

typedef struct run_options {
    int64_t as_of;
    size_t threads;                  /* 0: one a processor */
    size_t block_people;             /* 0: the default */
    const struct store *people;      /* for rules of accounts; else NULL */
    const struct run_score *imports; /* the same */
    const cancel *cancel;            /* looked at all the time; may be NULL */
    void *progress_context;
    void (*progress)(void *context, uint64_t people_done); /* any thread; may be NULL */
} run_options;

/* NULL when a pattern hit its limit, the script cannot start, or the work was stopped:
 * then *err is filled. */
run_result *run_plan(const plan *p, const store *s, const run_options *options,
                     carpel_error *err);
void run_result_free(run_result *r);

#endif
