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

/* A condition of the rules, and what it became. */
typedef struct lowered {
    const ast_expr *expr;
    const node *holds;
    size_t first_part; /* the conditions inside it are those from here to itself */
} lowered;

/* All of them, each behind its parts: for the lints. */
typedef struct lowered_list {
    lowered *items;
    size_t count, capacity;
} lowered_list;

void lowered_add(lowered_list *list, lowered condition);
void lowered_done(lowered_list *list);

/* The caller owns the graph; the book and what it points to outlive it. Conditions are
 * added to the list, unless that is NULL. Rules that would become too many nodes are
 * reported, and give NULL; without `diags` they are built all the same. */
graph *graph_lower(const rulebook *book, lowered_list *conditions, diags *diags);

/* Instants at which the rules are judged together, in one run at the last of them. */
typedef struct lower_instants {
    const int64_t *items; /* ascending */
    size_t count;
} lower_instants;

/* The same of segments and groups about people, each once for each of the instants, one behind
 * the other: as of then, for the people known then or later. No other rule may be selected. */
graph *graph_lower_at(const rulebook *book, const lower_instants *instants);

/* What is asked beside the rules: values and conditions, checked like theirs. */
typedef struct lower_questions {
    ast_list people;    /* ast_expr: of each person */
    ast_list accounts;  /* ast_expr: of each account */
    bool tells_matches; /* also where a first match would do, all are found */
} lower_questions;

/* A graph whose only rules are the questions, as scores in their order. The caller owns
 * it. */
graph *graph_lower_questions(const rulebook *book, const lower_questions *questions);

/* What is asked about a declaration: is the person in the segment, or in the group or arm of
 * this number; what is the score? An expression that is like one that was checked. */
ast_expr *lower_question_about(ast_decl *decl, size_t part, arena *memory);

#endif
