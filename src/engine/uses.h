/* SPDX-License-Identifier: MIT
 *
 * uses -- what depends on a rule: other rules, and the outputs of the project.
 *
 *     name_list rules = uses_by_rules(e, decl, memory);
 *     name_list outputs = uses_by_outputs(e, decl, "value.top", memory);
 */
#ifndef ENGINE_USES_H
#define ENGINE_USES_H

#include "engine/engine.h"

/* Names of the engine, in a list of the caller's memory. */
typedef struct name_list {
    const char **items;
    size_t count;
} name_list;

/* The rules that depend on a declaration, directly or not, in the order of the rules. */
name_list uses_by_rules(const engine *e, const ast_decl *decl, arena *memory);

/* The outputs that write what the rule at `path` of a declaration says: members or values. Of a set of groups
 * ("value") they write one of its groups at least; of a group ("value.top"), that group. */
name_list uses_by_outputs(const engine *e, const ast_decl *decl, const char *path,
                          arena *memory);

#endif
