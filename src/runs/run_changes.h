/* SPDX-License-Identifier: MIT
 *
 * run_changes -- who entered, left and moved between two runs.
 *
 *     run_changes *c = run_changes_between(before, now);      // before NULL: the first run
 *     for (size_t i = 0; i < c->count; i++)
 *         ... c->items[i].name, .entered, .left, .moved; and in .rows one a person ...
 *     run_changes_free(c);
 *
 * A segment is compared as it is; a set of groups as a whole, so that somebody who goes
 * from one group to another moved, and is told once. `groups` of each set are there as well,
 * as segments with their paths. Scores are not compared. People are those with one id; who
 * was joined with somebody else in between left under the one and may enter under the other.
 */
#ifndef RUNS_RUN_CHANGES_H
#define RUNS_RUN_CHANGES_H

#include "runs/remembered.h"

typedef enum change_kind { CHANGE_ENTERED, CHANGE_LEFT, CHANGE_MOVED } change_kind;

/* What a change may come of, beside what people did. */
typedef enum change_cause {
    CAUSE_BEHAVIOUR,
    CAUSE_RULE,       /* the rule is another than it was */
    CAUSE_NEW_RULE,   /* there was none of this name */
    CAUSE_RULE_GONE,  /* there is none of this name any more */
    CAUSE_FIRST_RUN,  /* there is no run to compare with */
    CAUSE_PERMISSION, /* of a row: only whether the output may have them */
    CAUSE_MERGED /* of a row: the id is another one's now, or another of their ids was in */
} change_cause;

extern const char *const change_words[];       /* "entered", ... by change_kind */
extern const char *const change_cause_words[]; /* "behaviour", ... by change_cause */

typedef struct change_row {
    slice id; /* in the memory of the runs */
    change_kind kind;
    change_cause cause;
    slice from, to; /* groups of a set; else empty */
} change_row;

typedef struct rule_changes {
    slice name;            /* "vip", "lifecycle", "lifecycle.active" */
    bool is_set, is_group; /* of groups; one of a set */
    bool is_of_accounts;
    change_cause cause;
    size_t size; /* members now */
    size_t size_before;
    size_t entered, left, moved;
    change_row *rows; /* by id */
    size_t row_count;
} rule_changes;

typedef struct run_changes {
    rule_changes *items; /* in the order of the rules, then those that are gone */
    size_t count;
    arena *memory;
} run_changes;

/* Both outlive the result; `before` may be NULL. */
run_changes *run_changes_between(const remembered_run *before, const remembered_run *now);

/* The same as an output of that name has seen them: of each run only what it took. */
run_changes *run_changes_through(const char *output, const remembered_run *before,
                                 const remembered_run *now);
void run_changes_free(run_changes *c); /* accepts NULL */

/* Of that name, or NULL. */
const rule_changes *run_changes_find(const run_changes *c, const char *name);

#endif
