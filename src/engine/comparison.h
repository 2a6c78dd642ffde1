/* SPDX-License-Identifier: MIT
 *
 * comparison -- what a change of the rules changes: which rules are other ones, and for whom.
 *
 *     comparison *c = comparison_of_rules(before, now);      // both compiled; no data are needed
 *     ... the data are loaded ...
 *     comparison_judge(c, &options, &err);                   // who enters, who leaves
 *     comparison_free(c);
 *
 * Rules are compared by what they mean (graph/rule_digest.h): layout, order, names of values and
 * titles do not count. Only rules that differ are judged, over one and the same data: those of
 * `now`, or of the engine that both were opened over (engine_open_over). Both engines judge only these rules
 * from then on.
 */
#ifndef ENGINE_COMPARISON_H
#define ENGINE_COMPARISON_H

#include "engine/history.h"
#include "engine/reason_line.h"
#include "engine/uses.h"

typedef enum difference_kind {
    DIFFERENCE_ADDED,
    DIFFERENCE_REMOVED,
    DIFFERENCE_RENAMED, /* it means the same */
    DIFFERENCE_CHANGED
} difference_kind;

extern const char *const difference_words[]; /* "added", ... by kind */

/* Some of those who enter or leave. */
typedef struct moved_people {
    size_t count;
    slice *examples; /* the first by id */
    size_t example_count;
    reason_line why; /* the first one is not in it, then or now */
} moved_people;

typedef struct rule_difference {
    difference_kind kind;
    const char *path;              /* of a removed one: what it was */
    const char *path_before;       /* NULL: it was not there */
    const ast_decl *decl, *before; /* its declarations; NULL: there is none */
    bool is_score, is_of_accounts;
    bool is_own; /* what the declaration itself says is another thing */
    name_list
        causes; /* of what it uses, what has changed; none: a file or a setting did */
    name_list rules; /* what depends on it */
    name_list outputs;

    /* filled by comparison_judge, but for renamed rules */
    size_t size_before, size; /* of a score: how many have a value */
    size_t differing; /* of a score: how many of those who have both have others */
    moved_people entered, left;
    size_t *sizes_before,
        *sizes; /* by instant of the history; NULL: it was not there, or of
                                     a score */
} rule_difference;

typedef struct comparison {
    engine *before, *now;
    rule_difference
        *items; /* in the order of the rules of now, then those that are gone */
    size_t count;
    size_t unchanged;     /* rules that mean what they meant */
    int64_t as_of;        /* after comparison_judge */
    int64_t *instants;    /* of the history: `as_of` is the last one */
    size_t instant_count; /* 0: nobody was judged, since rules are at most renamed */
    size_t people;
    arena *memory;
} comparison;

comparison *comparison_of_rules(engine *before, engine *now);
void comparison_free(comparison *c); /* accepts NULL */

typedef struct comparison_options {
    int64_t as_of;
    size_t threads;
    size_t weeks;    /* of history; 0: none */
    size_t examples; /* of those who enter, and of those who leave; SIZE_MAX: all */
} comparison_options;

/* False: *err is filled. The data are loaded. */
bool comparison_judge(comparison *c, const comparison_options *options,
                      carpel_error *err);

/* ---- what the parts of it share ------------------------------------------ */

/* Have both the same text, but for comments and blanks? */
bool comparison_says_the_same(span before, span now);

/* Once all are judged: groups that differ only by those before them, and have the members that they
 * had in all weeks, count as unchanged. Of a set at least one difference stays. */
void comparison_leave_out_groups(comparison *c);

#endif
