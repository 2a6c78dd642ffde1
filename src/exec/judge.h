/* SPDX-License-Identifier: MIT
 *
 * judge -- asks about few people what the rules say, one after another.
 *
 *     judge *j = judge_new(plan, store, &options, &err);
 *     if (judge_person(j, person, &err) && judge_holds(j, rule)) ...
 *     judge_free(j);
 *
 * What is the same for everyone is worked out once, when the judge is made. Rules that need
 * everyone (rankings, members, `judged every`) see the others as they were then; without
 * such rules nobody but the person is looked at, and nothing of the others' size is held.
 * Answers are those of run_plan with the same options.
 *
 * A judge belongs to one thread at a time.
 */
#ifndef EXEC_JUDGE_H
#define EXEC_JUDGE_H

#include "exec/run.h"

typedef struct judge judge;

/* NULL: *err is filled, as by run_plan. Plan, store and what the options point at outlive
 * it; the options themselves are copied. */
judge *judge_new(const plan *p, const store *s, const run_options *options,
                 carpel_error *err);
void judge_free(judge *j);

/* Turn to a person, by number. Whoever is not known at the instant is in nothing and has no
 * values. False: the work was stopped, a script keeps something between calls, or options
 * say strict and something is missing. */
bool judge_person(judge *j, size_t person, carpel_error *err);

/* Is the person in a segment, or a member of a group? Rules by their place in the graph. */
bool judge_holds(const judge *j, size_t rule);

/* The value of a rule, as in a column (of TYPE_BOOL: the first bit); NULL when it is
 * missing. Until the next person. */
const void *judge_value(const judge *j, size_t rule);

/* The text of a value of a text type. */
slice judge_text(const judge *j, size_t rule, uint32_t code);

/* What went wrong for the person, among the values that were needed; until the next. */
const run_trouble *judge_troubles(const judge *j, size_t *count);

/* ---- for other readings of one person (horizon.h, explain) ---------------- */

/* The instant at which it judges. */
int64_t judge_instant(const judge *j);

/* Turn to a person and work out nothing yet. */
void judge_turn_to(judge *j, size_t person);

/* The value of any node of the plan for the person, worked out by need; of a window, its rows
 * are in the block. */
struct node;
const struct vector *judge_node(judge *j, const struct node *n);
/* What went wrong among the values that were asked for one by one; until the next question. */
const run_trouble *judge_find_troubles(judge *j, size_t *count);
/* Make the rows of a domain ready. */
void judge_rows(judge *j, uint32_t domain);
struct block *judge_block(judge *j);

#endif
