/* SPDX-License-Identifier: MIT
 *
 * events -- which kinds of the data an event of the rules may be, and their properties.
 *
 * `purchase` is one kind; a declared event, a group of alternatives or `anything` may be
 * several. A scope is such a set: what a `where` can ask its event for.
 */
#ifndef LANG_EVENTS_H
#define LANG_EVENTS_H

#include "lang/ast_ask.h"
#include "schema/schema.h"

typedef struct event_scope event_scope;
struct event_scope {
    const schema *schema;
    const size_t *kinds; /* distinct, ascending; those of lists stand for their items */
    size_t kind_count;
    const event_scope *outer; /* of items: the events that hold them; else NULL */
};

/* The kinds of an event, a step, a pattern (those of the last step that is not negated; of
 * steps in any order those of all), after resolve. They live in `memory`. */
const event_scope *scope_of_event(const ast_event *event, const schema *s, arena *memory);
const event_scope *scope_of_step(const ast_step *step, const schema *s, arena *memory);
const event_scope *scope_of_pattern(const ast_pattern *pattern, const schema *s,
                                    arena *memory);

/* Does any kind of the scope have this property? */
bool scope_has_property(const event_scope *scope, const char *name);

/* Does any kind of the scope hold a list of this name? */
bool scope_has_list(const event_scope *scope, const char *name);

/* Are they no events, but the times at which people got a list as their trait? */
bool scope_is_of_settings(const event_scope *scope);

/* Is the list one of plain values, in every kind that holds it? */
bool scope_list_is_plain(const event_scope *scope, const char *name);

/* The items of the list of this name in each kind of the scope that holds one. */
const event_scope *scope_of_items(const event_scope *scope, const char *name,
                                  arena *memory);

/* Is it an event of the data, also by another name? Sessions and matches stand beside those that
 * they are made of, users are no events, and the items of a list are inside one. */
bool event_is_of_data(const ast_event *event, const schema *s);

/* The event that a pattern is, when that is a list inside other events; else NULL. */
const ast_event *pattern_list(const ast_pattern *pattern);

/* A property by its name: its type in the first kind that has it (NULL: none has), and the first
 * kind where it has another one, or NULL. */
typedef struct typed_property {
    const event_kind *first, *second;
    type type, other;
} typed_property;

typed_property scope_property(const event_scope *scope, const char *name);

/* Items have of themselves only their number; the rest is their event's, which those of a list
 * that people have lack. */
bool scope_has_pseudo(const event_scope *scope, pseudo_property which);

/* How many properties the kinds have together. */
size_t scope_property_count(const event_scope *scope);

/* The nearest property name, or NULL. */
const char *scope_similar_property(const event_scope *scope, const char *name);

/* "purchase", or "purchase or refund": for messages; lives in `memory`. */
const char *scope_title(const event_scope *scope, arena *memory);

#endif
