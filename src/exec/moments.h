/* SPDX-License-Identifier: MIT
 *
 * moments -- one person at any instants: what the rules would say then, if the store were all
 * that ever happens.
 *
 * An account can stand in the place of the person: with its people in the store, whom its rules ask
 * for values of theirs. It is an account at all instants that are looked at.
 *
 * Two instants can be looked at side by side, *here* and *there*; each has judges of its own,
 * one after another, which share what was bound to the data once.
 */
#ifndef EXEC_MOMENTS_H
#define EXEC_MOMENTS_H

#include "exec/judge.h"

typedef struct moments moments;

/* Plan and store outlive it; the options are copied, but for their instant. */
moments *moments_new(const plan *p, const store *s, size_t person,
                     const run_options *options);

/* Of an account by its name; judges are those of plan->accounts. */
moments *moments_new_of_account(const plan *p, const store *s, const char *account,
                                const run_options *options);

/* The same with judges of its own. */
moments *moments_like(const moments *m);
void moments_free(moments *m); /* accepts NULL */

/* Of an account: of its people, who are turned to one after another; else NULL. */
moments *moments_of_people(moments *m);
void moments_turn_to(moments *m, size_t person);

/* Whose judges they are. */
const plan *moments_plan(const moments *m);

/* A judge who stands at the instant, turned to the person; until the next call of the same
 * name. NULL: *err is filled. */
judge *moments_here(moments *m, int64_t instant, carpel_error *err);
judge *moments_there(moments *m, int64_t instant, carpel_error *err);

#endif
