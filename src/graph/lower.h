/* SPDX-License-Identifier: MIT
 *
 * lower -- from checked declarations to the graph.
 *
 * Needs: a rulebook without errors. Gives: a rule of the graph for each segment, group
 * and score, in the order of the files.
 */
#ifndef GRAPH_LOWER_H
#define GRAPH_LOWER_H

#include "graph/graph.h"
#include "lang/rulebook.h"

/* The caller owns the graph; the book and what it points to outlive it. */
graph *graph_lower(const rulebook *book);

/* The same, with a warning for each condition that can never or must always hold. NULL
 * when the rules would become too many nodes, which is reported. */
graph *graph_lower_and_lint(const rulebook *book, diags *diags);

/* What is asked beside the rules: values and conditions, checked like theirs. */
typedef struct lower_questions {
    ast_list people;   /* ast_expr: of each person */
    ast_list accounts; /* ast_expr: of each account */
} lower_questions;

/* A graph whose only rules are the questions, as scores in their order. The caller owns
 * it. */
graph *graph_lower_questions(const rulebook *book, const lower_questions *questions);

#endif
