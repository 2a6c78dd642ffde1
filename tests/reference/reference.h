/* SPDX-License-Identifier: MIT
 *
 * reference -- the slow evaluator that says what a rule means.
 *
 * It judges one person at a time, straight from the checked tree, on the plain lists of a
 * test's world: no graph, no columns, nothing of src/graph and src/exec. Where trying
 * everything is the clearest way, it tries everything. Above each function stands the
 * sentence of the language's definition that it says again in C.
 *
 *     reference *ref = reference_new(w, r->book, r->scripts, now);
 *     bool is_in = reference_is_member(ref, decl, 0, person);
 *     value v = reference_score(ref, decl, person);
 *     reference_free(ref);
 */
#ifndef TESTS_REFERENCE_H
#define TESTS_REFERENCE_H

#include "lang/rulebook.h"
#include "reference/value.h"
#include "script/script.h"
#include "support/world.h"

typedef struct reference reference;

/* The world, the book and the scripts outlive it. */
reference *reference_new(const world *w, const rulebook *book, const script_set *scripts,
                         int64_t now);
void reference_free(reference *ref);

/* The accounts of the world as people of their own, each with the history of its people
 * together: for rules `for each account`. `people` outlives it. */
reference *reference_of_accounts(reference *people);

/* From now on list at most so many events, matches and the like: a rule that asks anew of each
 * of some hundred events what others did can take for ever. Beyond it the answers mean
 * nothing. */
void reference_limit(reference *ref, size_t occurrences);
bool reference_gave_up(const reference *ref);

/* Everybody, and who of them is judged: whom something names by now. Of the others
 * nothing is said. */
size_t reference_count(const reference *ref);
bool reference_judges(const reference *ref, size_t person);
const char *reference_id(const reference *ref, size_t person);

/* Is a person in a segment, or in one of a set of groups or arms (`member` counts from 0)? */
bool reference_is_member(reference *ref, const ast_decl *decl, size_t member,
                         size_t person);

/* What a score is for a person: a quotient became the nearest double. */
value reference_score(reference *ref, const ast_decl *decl, size_t person);

#endif
