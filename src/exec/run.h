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
    size_t count;           /* how many */
    size_t number_count;    /* their numbers lie below it; some may be nobody's here */
    const uint64_t *judged; /* a bit for each number of theirs; NULL: all are */
    const dictionary *ids;
    const uint32_t *persons_of; /* by code of `ids`: whose id it is (store.h); or NULL */
    const uint32_t *order;      /* their numbers in the order of the ids */
} run_population;

/* The number of whoever has the id; or DICTIONARY_NONE. */
uint32_t run_population_find(const run_population *p, slice id);

/* Has everybody one number in both? People keep it, whichever of their ids are joined. */
bool run_population_shares_numbers(const run_population *a, const run_population *b);

/* The number in `other` of who has `number` in `own`; SIZE_MAX: there is nobody. Accounts are found
 * by their ids. */
size_t run_population_number_in(const run_population *other, const run_population *own,
                                size_t number);

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

/* What kind of value went missing. */
typedef enum run_trouble_kind {
    TROUBLE_NUMBER,     /* it left its range; subject: the kind of node */
    TROUBLE_PATTERN,    /* a pattern gave up on a text; subject: the pattern */
    TROUBLE_SCRIPT,     /* a Lua function failed; subject: the function */
    TROUBLE_NOT_CALLED, /* the same, of people for whom it was called no more */
    TROUBLE_SERIES,     /* a history too long for `judged every`: not in */
    TROUBLE_ROWS        /* too many rows for "as of": not in, no score */
} run_trouble_kind;

/* Something that went wrong for some people and made a value missing. It concerns nobody
 * else; who is named does not depend on the number of threads. */
typedef struct run_trouble {
    run_trouble_kind kind;
    const char *what;    /* all of it in one line */
    const char *rule;    /* the path of the first rule that reads the value, or NULL */
    span where;          /* of that rule's name */
    const char *subject; /* "churn.risk", "^(a+)+$" */
    const char *message; /* what happened to the person named */
    const char *person;  /* the id of the first by number; NULL: everybody */
    const char *value;   /* the beginning of the text, or the arguments; "" */
    uint64_t count;      /* how many values */
    uint64_t people;     /* how many people, or accounts */
    bool of_accounts;
} run_trouble;

/* How a Lua function fared in the run. */
typedef struct run_function {
    const char *name; /* "churn.risk" */
    uint64_t calls, failures;
    uint64_t not_called;         /* values for which it was called no more */
    int64_t wasted_microseconds; /* of calls that failed */
} run_function;

/* Tiles that a rule asks for, and ties leave empty. */
typedef struct run_empty_tiles {
    const char *rule;        /* its path */
    int64_t first, last, of; /* tile 5 of 5: 5, 5, 5 */
} run_empty_tiles;

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
    run_score *traits; /* latest values, of those that outputs want */
    size_t trait_count;
    run_trouble *troubles;
    size_t trouble_count;
    run_empty_tiles *empty_tiles;
    size_t empty_tile_count;
    run_function *functions; /* that rules call */
    size_t function_count;
    struct run_profile *profile; /* when it was asked for (profile.h); else NULL */
    struct findings *findings;   /* what the troubles were told from */
    struct run_result
        *of_accounts;            /* whose memory the accounts' results are in, or NULL */
    struct store *account_store; /* and their histories */
    struct bound *bound;         /* whose dictionaries texts are of */
    bool owns_bound;
    arena *memory; /* owns all of it */
} run_result;

typedef struct run_options {
    int64_t as_of;
    size_t threads;                  /* 0: one a processor */
    size_t block_people;             /* 0: the default */
    size_t most_rows_beside;         /* of a person, and of a block; 0: the default */
    bool is_strict;                  /* the first trouble is an error */
    bool stops_at_script_error;      /* the first that is a function's is one */
    bool is_profiled;                /* clocks are read, and the result tells of them */
    const struct store *people;      /* for rules of accounts; else NULL */
    const struct run_score *imports; /* the same */
    const cancel *cancel;            /* looked at all the time; may be NULL */
    struct bound *bound;             /* of a run before, to be used again; or NULL */
    const int64_t *begins;           /* by person: nobody is asked for before; or NULL */
    const int64_t *judged_at;       /* whoever is known at it is judged; NULL: at as_of */
    struct run_function *functions; /* by number: where calls are counted; NULL: here */
    void *progress_context;
    void (*progress)(void *context, uint64_t people_done); /* any thread; may be NULL */
} run_options;

/* NULL when a pattern gives up on too many texts, a script keeps something between calls,
 * options say strict and something is missing, or say that a function stops the run and one
 * fails, or the work was stopped: then *err is
 * filled. */
run_result *run_plan(const plan *p, const store *s, const run_options *options,
                     carpel_error *err);
void run_result_free(run_result *r);

/* The first trouble that a score of the result is made of, for whoever has that number (of the
 * score's population); or NULL. */
const run_trouble *run_trouble_behind(const run_result *r, size_t score, size_t subject);

/* With which options the accounts are judged of people who were. */
run_options accounts_options(const run_result *of_people, const struct store *people,
                             const run_options *options);

#endif
