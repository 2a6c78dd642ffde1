/* SPDX-License-Identifier: MIT
 *
 * moments -- one person at any instants: what the rules would say then, if the store were all
 * that ever happens.
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
void moments_free(moments *m); /* accepts NULL */

/* A judge who stands at the instant, turned to the person; until the next call of the same
 * name. NULL: *err is filled. */
judge *moments_here(moments *m, int64_t instant, carpel_error *err);
judge *moments_there(moments *m, int64_t instant, carpel_error *err);

#endif
