/* SPDX-License-Identifier: MIT
 *
 * profile -- where the time of a run went.
 *
 * A run that is asked for it (run_options.is_profiled) reads a clock around each phase, and each
 * worker around each value of a block; other runs read none. What a table has and what rules
 * look at of it is worked out behind the run, so it depends on the data and the rules alone.
 *
 *     phases   bind | pass 1 | between | pass 2 ...      seconds that went by
 *     tables   purchase: rows, and those that a window reaches
 *     values   nodes and derived rows, the costly ones first: seconds of all workers together
 *     functions   of scripts, the costly ones first: what their calls took in all rules
 *
 * A profile is part of its run_result, whose memory it lives in.
 */
#ifndef EXEC_PROFILE_H
#define EXEC_PROFILE_H

#include <stddef.h>
#include <stdint.h>

struct block;
struct plan;
struct block_rows;
struct runner;

typedef enum phase_kind {
    PHASE_BIND,    /* rules meet the data: columns, text tables, what is one for all */
    PHASE_BETWEEN, /* what is worked out over everyone before a pass: rankings, memories */
    PHASE_PASS     /* one walk over the people */
} phase_kind;

typedef struct profile_phase {
    phase_kind kind;
    size_t pass; /* 1 for the first; not of BIND */
    double seconds;
} profile_phase;

/* A table of the data that rules look at, or one that is made of such tables: events for
 * which a condition holds, a union, sessions, the matches of a sequence. */
typedef struct profile_table {
    const char *name;
    uint64_t rows; /* that it has; of one that is made: those of what it is made of */
    uint64_t
        reached; /* no window looks at an older one, nor does anything else; of one that is
                         made: how many are */
    uint64_t bytes; /* of these: their times, and the columns that rules name */
} profile_table;

/* A node, or the rows of a domain that is made of others. */
typedef struct profile_value {
    const char *what;   /* "#17 count over purchase" */
    double seconds;     /* without what it is made of */
    uint64_t values;    /* worked out */
    const char **rules; /* the paths of those that are made of it */
    size_t rule_count;
} profile_value;

/* A function of a script, in whatever rules and with whatever arguments. */
typedef struct profile_function {
    const char *name; /* "churn.risk" */
    double seconds;
    uint64_t values; /* that it was asked for */
} profile_function;

typedef struct run_profile {
    profile_phase *phases;
    size_t phase_count;
    profile_table *tables;
    size_t table_count;
    profile_value *values; /* the most costly first, MOST_VALUES at most */
    size_t value_count;
    profile_function *functions; /* the most costly first */
    size_t function_count;
    double regroup_seconds; /* of accounts: to put the people's rows in theirs */
    double value_seconds;   /* of all values, also of those that are not told */
} run_profile;

/* ---- for the run ------------------------------------------------------------------- */

/* What a worker measures, by the ids of nodes and domains. */
typedef struct profile_counter {
    int64_t *node_nanoseconds, *domain_nanoseconds;
    uint64_t *node_values;
    uint64_t *domain_rows; /* by pass, each with one more than the domains */
    size_t domain_count;
    int64_t inside; /* of what is measured now: the time of what it asked for meanwhile */
} profile_counter;

profile_counter *profile_counter_new(const struct plan *p);
void profile_counter_free(profile_counter *c); /* accepts NULL */

/* Work out a node, or the rows of a domain, of a block that has a counter. */
void profile_node(struct block *b, uint32_t node_id);
void profile_domain(struct block *b, uint32_t domain_id, struct block_rows *out);

/* The rows of a domain are there. */
void profile_count_rows(struct block *b, uint32_t domain_id);

/* The phases of a run so far; it begins at profile_begin, each phase where the one before
 * ends. Both do nothing for a run that is not profiled. */
typedef struct phase_clock {
    int64_t last; /* 0: nobody asks */
    profile_phase *phases;
    size_t count, capacity;
} phase_clock;

void phase_clock_begin(phase_clock *c);
void phase_clock_end_phase(phase_clock *c, phase_kind kind, size_t pass);
void phase_clock_done(phase_clock *c);

/* What all of it says, in the memory of the run's result. */
run_profile *profile_tell(const struct runner *r);

#endif
