/* SPDX-License-Identifier: MIT
 *
 * mutation -- small changes of the rules, to see whether the scenarios notice.
 *
 *     mutations *m = mutations_new(engine, rule_is_wanted, context);
 *     for (size_t i = 0; i < mutations_count(m); i++)
 *         if (!mutation_is_noticed(m, i))
 *             ... mutations_get(m, i)->where, ->becomes ...
 *     mutations_free(m);
 *
 * A change is made in the tree of the rule and taken back; what it means then is said by lowering,
 * as of any rule. So there are changed bounds, ends of windows, signs, and conditions that are
 * left out, and none that could not be written.
 */
#ifndef ENGINE_MUTATION_H
#define ENGINE_MUTATION_H

#include "engine/engine.h"

typedef struct mutation {
    const ast_decl *decl;
    span where;          /* what is written there */
    const char *becomes; /* what would be; "": it is left out */
} mutation;

typedef struct mutations mutations;

/* Of the rules for which `wants` holds; NULL: of all of them. */
mutations *mutations_new(engine *e, bool (*wants)(void *context, const ast_decl *decl),
                         void *context);
void mutations_free(mutations *m); /* accepts NULL */

size_t mutations_count(const mutations *m);
const mutation *mutations_get(const mutations *m, size_t index);

/* The rules that were wanted and that no scenario asks for, directly or not: nothing of them can be
 * noticed, so they are not changed. ast_decl. */
const ast_list *mutations_untold(const mutations *m);

/* Make the change, try the scenarios until one fails, and take it back. */
bool mutation_is_noticed(mutations *m, size_t index);

#endif
