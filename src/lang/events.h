/* SPDX-License-Identifier: MIT
 *
 * events -- which kinds of the data an event of the rules may be, and their properties.
 *
 * `purchase` is one kind; a declared event, a group of alternatives or `anything` may be
 * several. A scope is such a set: what a `where` can ask its event for.
 */
#ifndef LANG_EVENTS_H
#define LANG_EVENTS_H

#include "lang/ast.h"
#include "store/schema.h"

typedef struct event_scope {
    const schema *schema;
    const size_t *kinds; /* distinct, ascending */
    size_t kind_count;
} event_scope;

/* The kinds of an event, a step, a pattern (those of the last step that is not negated),
 * after resolve. They live in `memory`. */
const event_scope *scope_of_event(const ast_event *event, const schema *s, arena *memory);
const event_scope *scope_of_step(const ast_step *step, const schema *s, arena *memory);
const event_scope *scope_of_pattern(const ast_pattern *pattern, const schema *s, arena *memory);

/* Does any kind of the scope have this property? */
bool scope_has_property(const event_scope *scope, const char *name);

/* The type of a property, the same in every kind that has it; else false: then *first and
 * *second are two kinds that disagree. */
bool scope_property_type(const event_scope *scope, const char *name, type *out,
                         const event_kind **first, const event_kind **second);

/* The nearest property name, or NULL. */
const char *scope_similar_property(const event_scope *scope, const char *name);

/* "purchase", or "purchase or refund": for messages; lives in `memory`. */
const char *scope_title(const event_scope *scope, arena *memory);

#endif
