/* SPDX-License-Identifier: MIT
 *
 * selection -- which rules somebody means, by their names, tags and owners, and by what hangs
 * together.
 *
 *     vip              a segment, a set of groups, a split or a score
 *     mail_*           all whose names fit
 *     tag:email        all that have the tag; the same with owner:crm. `*` stands for anything there, too
 *     +vip             and all rules that it depends on
 *     vip+             and all rules that depend on it; a value or an event may be named here
 *     vip,tag:email    either
 *
 * Terms of a list are all taken, less what the list of exclusions takes.
 *
 *     engine_choice c = {.selected = names, .selected_count = 2};
 *     selection_mistake mistake;
 *     if (!engine_select(e, &c, &mistake)) ... mistake.message, mistake.hint ...
 *
 * Only the rules that are selected are results from then on; what they depend on is worked out
 * as far as they need it. The engine owns all of it.
 */
#ifndef ENGINE_SELECTION_H
#define ENGINE_SELECTION_H

#include "engine/engine.h"

typedef struct engine_choice {
    const char *const *selected; /* none: all */
    size_t selected_count;
    const char *const *excluded;
    size_t excluded_count;
    const char *always; /* a rule that is taken beside them; NULL: none */
} engine_choice;

/* What was wrong with the terms; a hint that is empty is none. */
typedef struct selection_mistake {
    char message[320], hint[320];
} selection_mistake;

/* Choose among the rules of an engine that is compiled, and has not judged yet. False: the terms
 * are wrong, or leave nothing; then nothing has changed. */
bool engine_select(engine *e, const engine_choice *choice, selection_mistake *mistake);

/* The rules that would be selected, by the number of their declaration (engine_decl), in the memory
 * of the engine, which stays as it is. NULL: the terms are wrong, or leave nothing. */
const bool *engine_selection(engine *e, const engine_choice *choice,
                             selection_mistake *mistake);

/* Is the declaration a rule with results: a segment, a set of groups, a split or a score? */
bool decl_has_results(const ast_decl *decl);

/* Is what a declaration says a result? */
bool engine_is_selected(const engine *e, const ast_decl *decl);

/* Does the scenario of that index (engine/scenario.h) expect anything of a selected rule? */
bool engine_scenario_is_selected(const engine *e, size_t index);

/* All declarations of the rules, in their order. */
size_t engine_decl_count(const engine *e);
const ast_decl *engine_decl(const engine *e, size_t number);

/* What is declared under that name; NULL: nothing is. */
const ast_decl *engine_find_decl(const engine *e, slice name);

#endif
