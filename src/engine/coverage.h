/* SPDX-License-Identifier: MIT
 *
 * coverage -- which conditions of the rules the scenarios made true, and which false.
 *
 *     coverage *c = coverage_new(engine);
 *     coverage_add(c, scenario, &trial);        // of each scenario that was tried
 *     ... coverage_conditions(c, &count) ...
 *     coverage_free(c);
 *
 * Of each expectation the reasons are asked (explain/reason.h), so a condition counts when the
 * verdict that is expected stands on it, also through `in vip` and the name of a `let`. What is
 * said inside a `where` is a part of its condition.
 */
#ifndef ENGINE_COVERAGE_H
#define ENGINE_COVERAGE_H

#include "engine/scenario.h"

typedef struct condition {
    const ast_decl *decl; /* the rule that says it */
    span where;
    bool was_true, was_false;
} condition;

typedef struct coverage coverage;

coverage *coverage_new(const engine *e);
void coverage_free(coverage *c); /* accepts NULL */

/* Add what a trial of a scenario showed. */
void coverage_add(coverage *c, size_t scenario, const trial *t);

/* Leave out the rules of which what was tried expects nothing; how many there are. */
size_t coverage_keep_tried(coverage *c);

/* In the order of the files; those of a rule follow one another. */
const condition *coverage_conditions(const coverage *c, size_t *count);

#endif
