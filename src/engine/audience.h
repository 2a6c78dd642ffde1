/* SPDX-License-Identifier: MIT
 *
 * audience -- what of a run an output may have: the segments that it takes, and of their people
 * those who have consented to its purpose and are on no list of people to leave out.
 *
 *     audiences *all;
 *     if (!audiences_new(e, result, &all, &err)) ...       // lists are read now
 *     const audience *a = audiences_of(all, output);
 *     if (audience_takes(a, "vip", false) && !audience_withholds(a, members, p)) ...
 *     audiences_free(all);
 *
 * Whoever is asked has to have said yes at the instant of the run, and not have withdrawn it
 * since, as far as the data go: a look back delivers nobody who has said no by now.
 */
#ifndef ENGINE_AUDIENCE_H
#define ENGINE_AUDIENCE_H

#include "engine/engine.h"

typedef struct audience audience;
typedef struct audiences audiences;

/* Report purposes, consents and lists that cannot be, at their places. Needs the graph. */
void audiences_check(const engine *e, diags *diags);

/* Of all outputs of the project. The engine and the result outlive it. */
bool audiences_new(engine *e, const run_result *result, audiences **out,
                   carpel_error *err);
const audience *audiences_of(const audiences *all, size_t output);
void audiences_free(audiences *all); /* accepts NULL */

/* Does the output take the segment, group, set or score of this name? Of those that it does not
 * name, it takes none that is for another purpose, nor, where people are asked, of accounts. */
bool audience_takes(const audience *a, const char *name, bool is_of_accounts);

/* Does it get all members of all segments? */
bool audience_is_open(const audience *a);

/* People whom it may not have, of those whom it would get; NULL: nobody. */
const uint64_t *audience_withheld(const audience *a);

/* The members whom it may have: `members`, or, in `memory`, fewer. */
const uint64_t *audience_members(const audience *a, const uint64_t *members,
                                 const run_population *p, arena *memory);

/* Are there so few of them that nobody is told of any? */
bool audience_withholds(const audience *a, const uint64_t *members,
                        const run_population *p);

/* Is the column of a set of groups withheld as a whole? So it is when one of the groups is, and so few people
 * would have an empty cell that their group is told by it. */
bool audience_withholds_set(const audience *a, const run_segment *groups, size_t count);

/* Append what was withheld and why, a line each. */
void audience_append_notes(const audience *a, text *out);

#endif
