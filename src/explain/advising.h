/* SPDX-License-Identifier: MIT
 *
 * advising -- what the files share that look for advice. advice.h is the public face.
 *
 *     advice.c        which changes are tried, in which order: of one step, and of two
 *     advice_search.c the least number of times, and the least amount, with which a change does
 *     advice_bounds.c how often and how much is still advice
 *     advice_step.c   one event or trait, with what the wishes ask of it
 *     advice_needs.c  which tables have to change before anything can do
 *     advice_trial.c  whether a change does, and until when
 */
#ifndef EXPLAIN_ADVISING_H
#define EXPLAIN_ADVISING_H

#include "explain/advice.h"
#include "explain/wishes.h"

/* Nobody plans farther ahead; and what is always tried, even where nobody did as much so far. */
enum { ADVICE_DAYS = 400, ADVICE_FEW_TIMES = 5, ADVICE_USUAL_TIMES = 100 };

/* What keeps the condition from holding, as far as all of it has to change: of each part the tables
 * that it looks at. */
typedef struct advice_needs {
    looks_at *parts;
    size_t count;
} advice_needs;

typedef struct advisor {
    const advice_request *request;
    const store *data;
    const histories *known; /* of the subject */
    advice_needs needs;
    const graph *graph; /* of what is looked at */
    size_t person;      /* to whom things happen */
    looks_at looks_at;
    wishes wishes;
    arena *memory;
    advice_list *out;
    carpel_error *err;
    bool has_failed;
    size_t rows;                   /* that each trial tells anew */
    size_t trial_count, rows_told; /* so far, to find what does */
    size_t rows_told_for_deadlines;
} advisor;

/* advice_trial.c */

/* Does the condition hold when this happens now? No, too, when enough was tried. */
bool advice_does(advisor *a, const advice *t);

/* Put it among those that are told, unless it is there, with the instant until which it does. */
void advice_keep(advisor *a, const advice *found);

/* advice_needs.c */

/* Of a person; of an account there are none. False: *err is filled. */
bool advice_find_needs(advisor *a);
void advice_needs_done(advice_needs *n);

/* Does a change come to all that has to change? Then it may do. */
bool advice_may_do(const advisor *a, const advice *t);

/* advice_step.c */

/* The value that a step's event has, or its trait; is it one that was not there before? */
void advised_put(advised *s, imagined_value value, bool is_another);

void advised_put_wish(advised *s, const wish *w);

/* An event with what its rows have to be, and (`of_person`) what the last of them has to be. */
advised advised_event(const advisor *a, const domain *table, bool of_person);

/* A trait that becomes what is wished, or another than it was. */
advised advised_trait(const advisor *a, const wish *w);
advised advised_other_trait(const advisor *a, const domain *table);

/* The person's last row of the table up to the instant, or NO_LIKENESS. */
size_t advised_last_row(const advisor *a, const domain *table);

/* advice_search.c: each puts what it found into the advice; false: nothing does. */

/* The least number of times of the step with which it does. */
bool advice_try_times(advisor *a, advice *t, size_t step);

/* The same of both steps together. */
bool advice_try_both_times(advisor *a, advice *t);

/* The amount of the step's table that goes least beyond what is usual. */
bool advice_try_amounts(advisor *a, advice *t, size_t step, size_t table_id);

/* Of two events of one kind, of which the first has an amount as small as people have. */
bool advice_try_two_amounts(advisor *a, advice *t, size_t table_id);

/* One amount, more than once if need be. */
bool advice_try_amounts_of_several(advisor *a, advice *t, size_t table_id);

/* The same, as often as is still advice. */
bool advice_try_amounts_of_many(advisor *a, advice *t, size_t table_id);

/* advice_bounds.c */

/* More often nobody does it. */
size_t advice_most_times(const advisor *a, const advised *s);

/* Hardly anybody's event has more of a property, or less, in the digits of its column (of a number in
 * whole ones). */
typedef struct usual_amounts {
    int64_t least; /* 0 or below */
    int64_t few;   /* what is little */
    int64_t most;  /* 0 or above */
} usual_amounts;

usual_amounts advice_usual_amounts(const advisor *a, const advised *s, size_t property);

/* How many rows the histories have. */
size_t advice_rows_of(const subject *s);

#endif
