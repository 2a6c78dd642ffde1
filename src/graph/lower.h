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

/* The same, with a warning for each condition that can never or must always hold. */
graph *graph_lower_and_lint(const rulebook *book, diags *diags);

#endif
