/* SPDX-License-Identifier: MIT
 *
 * fold_questions -- what a fold asks of its rows, as a question of families.h.
 */
#ifndef EXEC_FOLD_QUESTIONS_H
#define EXEC_FOLD_QUESTIONS_H

#include "exec/edges.h"
#include "exec/families.h"

/* Which fold a node is, of one table or of several. */
node_kind fold_kind_of(const node *n);
const fold_details *fold_details_of(const node *n);

/* The question of a fold that has one value a person: its kind, its unit, and of each table its
 * rows, its mask and its value. False when the windows of its tables are not all between the same two
 * instants for everybody. */
bool fold_find_question(const node *n, const edge_plan *edges, family_question *out);

#endif
