/* SPDX-License-Identifier: MIT
 *
 * Sets of event kinds: collected from resolved patterns, asked for their properties.
 */
#include "lang/events.h"

#include <string.h>

#include "base/memory.h"
#include "lang/meaning.h"
#include "report/suggest.h"

/* Kinds under collection: one flag for each kind of the schema. */
typedef struct collector {
    const schema *schema;
    bool *is_in;
    const event_scope *outer; /* of lists */
} collector;

static void collect_lists(collector *c, const event_scope *scope, const char *name)
{
    for (size_t i = 0; i < scope->kind_count; i++) {
        size_t list = schema_find_list(c->schema, scope->kinds[i], name);
        if (list != SCHEMA_NONE)
            c->is_in[list] = true;
    }
    c->outer = scope;
}

static void collect_declared(collector *c, const event_scope *kinds)
{
    for (size_t i = 0; kinds && i < kinds->kind_count; i++)
        c->is_in[kinds->kinds[i]] = true;
}

static void collect_event(collector *c, const ast_event *event)
{
    if (event->list)
        collect_lists(c, event->list_scope, event->list);
    else if (event->decl)
        collect_declared(c, event->decl->kinds);
    else if (event->is_anything)
        memset(c->is_in, true, c->schema->kind_count);
    else if (event->kind != SCHEMA_NONE)
        c->is_in[event->kind] = true;
}

static void collect_step(collector *c, const ast_step *step)
{
    for (size_t i = 0; i < step->events.count; i++)
        collect_event(c, step->events.items[i]);
}

static void collect_pattern(collector *c, const ast_pattern *pattern)
{
    if (!pattern->is_sequence) {
        collect_step(c, pattern->step);
        return;
    }
    for (size_t i = pattern->links.count; i-- > 0;) {
        const ast_link *link = pattern->links.items[i];
        if (link->is_negated)
            continue;
        collect_step(c, link->step);
        if (!pattern->is_any_order) /* else whichever comes last */
            return;
    }
}

static collector collector_begin(const schema *s)
{
    return (collector){s, memory_alloc_zero(schema_total(s) + 1), NULL};
}

static const event_scope *collector_end(const collector *c, arena *memory)
{
    event_scope *scope = arena_alloc(memory, sizeof *scope);
    size_t total = schema_total(c->schema), count = 0;
    for (size_t i = 0; i < total; i++)
        count += c->is_in[i];
    size_t *kinds = arena_alloc_array(memory, count + 1, sizeof *kinds);
    scope->schema = c->schema;
    scope->kinds = kinds;
    scope->outer = c->outer;
    for (size_t i = 0; scope->kind_count < count; i++)
        if (c->is_in[i])
            kinds[scope->kind_count++] = i;
    memory_free(c->is_in);
    return scope;
}

const event_scope *scope_of_event(const ast_event *event, const schema *s, arena *memory)
{
    collector c = collector_begin(s);
    collect_event(&c, event);
    return collector_end(&c, memory);
}

const event_scope *scope_of_step(const ast_step *step, const schema *s, arena *memory)
{
    collector c = collector_begin(s);
    collect_step(&c, step);
    return collector_end(&c, memory);
}

const event_scope *scope_of_pattern(const ast_pattern *pattern, const schema *s,
                                    arena *memory)
{
    collector c = collector_begin(s);
    collect_pattern(&c, pattern);
    return collector_end(&c, memory);
}

static const event_kind *scope_kind(const event_scope *scope, size_t index)
{
    return &scope->schema->kinds[scope->kinds[index]];
}

bool scope_has_property(const event_scope *scope, const char *name)
{
    for (size_t i = 0; i < scope->kind_count; i++)
        if (kind_find_property(scope_kind(scope, i), name) != SCHEMA_NONE)
            return true;
    return false;
}

bool scope_has_list(const event_scope *scope, const char *name)
{
    for (size_t i = 0; i < scope->kind_count; i++)
        if (schema_find_list(scope->schema, scope->kinds[i], name) != SCHEMA_NONE)
            return true;
    return false;
}

bool scope_is_of_settings(const event_scope *scope)
{
    return scope->kind_count == 1 && scope_kind(scope, 0)->derivation == KIND_SETTINGS;
}

bool scope_list_is_plain(const event_scope *scope, const char *name)
{
    for (size_t i = 0; i < scope->kind_count; i++) {
        size_t list = schema_find_list(scope->schema, scope->kinds[i], name);
        if (list != SCHEMA_NONE && !scope->schema->kinds[list].is_plain)
            return false;
    }
    return true;
}

const event_scope *scope_of_items(const event_scope *scope, const char *name,
                                  arena *memory)
{
    collector c = collector_begin(scope->schema);
    collect_lists(&c, scope, name);
    return collector_end(&c, memory);
}

bool event_is_of_data(const ast_event *event, const schema *s)
{
    const event_scope *kinds = event->decl ? event->decl->kinds : NULL;
    if (event->list || (event->decl && event->decl->meaning->has_matches))
        return false;
    for (size_t i = 0; kinds && i < kinds->kind_count; i++)
        if (scope_kind(kinds, i)->derivation != KIND_FROM_DATA)
            return false;
    return event->decl || event->is_anything ||
           (event->kind != SCHEMA_NONE &&
            s->kinds[event->kind].derivation == KIND_FROM_DATA);
}

const ast_event *pattern_list(const ast_pattern *pattern)
{
    const ast_event *event = pattern_event(pattern);
    return event && event->list ? event : NULL;
}

typed_property scope_property(const event_scope *scope, const char *name)
{
    typed_property found = {.type = {TYPE_ERROR, 0}};
    for (size_t i = 0; i < scope->kind_count && !found.second; i++) {
        const event_kind *kind = scope_kind(scope, i);
        size_t index = kind_find_property(kind, name);
        if (index == SCHEMA_NONE)
            continue;
        type here = kind->properties[index].type;
        if (!found.first)
            found.first = kind, found.type = here;
        else if (!type_equals(found.type, here))
            found.second = kind, found.other = here;
    }
    return found;
}

bool scope_has_pseudo(const event_scope *scope, pseudo_property which)
{
    return !scope_is_of_settings(scope) && (!scope->outer || which == PSEUDO_NTH);
}

size_t scope_property_count(const event_scope *scope)
{
    size_t count = 0;
    for (size_t i = 0; i < scope->kind_count; i++)
        count += scope_kind(scope, i)->property_count;
    return count;
}

const char *scope_similar_property(const event_scope *scope, const char *name)
{
    suggestion s = suggest_begin(name);
    for (size_t i = 0; i < scope->kind_count; i++) {
        const event_kind *kind = scope_kind(scope, i);
        for (size_t p = 0; p < kind->property_count; p++)
            suggest_consider(&s, kind->properties[p].name);
    }
    for (int p = 0; p < PSEUDO_COUNT; p++)
        suggest_consider(&s, pseudo_property_name((pseudo_property)p));
    return suggest_best(&s);
}

const char *scope_title(const event_scope *scope, arena *memory)
{
    if (scope->kind_count == 0)
        return "no event";
    if (scope->kind_count > 3)
        return "any of these events";
    const char *title = scope_kind(scope, 0)->name;
    for (size_t i = 1; i < scope->kind_count; i++)
        title = arena_format(memory, "%s or %s", title, scope_kind(scope, i)->name);
    return title;
}
