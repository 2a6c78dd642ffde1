/* SPDX-License-Identifier: MIT
 *
 * uses -- what depends on a rule: other rules, and the outputs of the project.
 *
 *     name_list rules = uses_by_rules(e, decl, memory);
 *     name_list outputs = uses_by_outputs(e, decl, memory);
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

/* The outputs that write what it says: its members, or those of one of its groups, or its values. */
name_list uses_by_outputs(const engine *e, const ast_decl *decl, arena *memory);

#endif
