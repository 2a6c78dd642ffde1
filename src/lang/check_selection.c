/* SPDX-License-Identifier: MIT
 *
 * What an aggregate, `first` or `last` looks at: events, or a value of each of them.
 */
#include "lang/checker.h"
#include "report/lookalike.h"
#include "report/suggest.h"

#include <string.h>

/* The names behind the event: of a property, and perhaps of a part of a time. Those
 * that belong to the name of a list are left out. */
static ast_list value_names(const ast_selection *s)
{
    size_t taken = s->list_names;
    return (ast_list){s->names.items + taken, s->names.count - taken, 0};
}

static void report_property(checker *c, const ast_list *names, const event_scope *scope)
{
    const ast_name *name = names->items[0];
    const char *path = joined_names(c->book->memory, names, names->count);
    if (scope->kind_count == 0)
        return; /* the event was reported */
    error(c, name->where, E0105, "%s has no property named \"%s\"",
          scope_title(scope, c->book->memory), name->text);
    const char *similar = scope_similar_property(scope, name->text);
    if (!similar)
        similar = scope_similar_property(scope, path);
    if (scope_has_list(scope, name->text))
        hint(c, "It is a list in each event: write, for example, sum(%s.(count(%s))).",
             scope_title(scope, c->book->memory), name->text);
    else if (scope_has_property(scope, wording(c, "properties.%s", name->text)))
        hint(c, "In carpel.yaml the properties stand directly below the event: leave "
                "\"properties:\" out.");
    else if (similar)
        hint_similar(c->diags, name->where, name->text, similar);
    else
        hint_selected_time(c, name, scope);
}

/* The property that a selection looks at, noted in `m`; *taken of the names are its. */
static type check_property(checker *c, const ast_list *names, meaning *m, size_t *taken)
{
    const ast_name *first = name_at(names, 0);
    m->name = scope_find_property(m->scope, names, c->book->memory, taken);
    if (m->name) {
        m->kind = MEANING_PROPERTY;
        typed_property found = scope_property(m->scope, m->name);
        if (found.second)
            error(c, first->where, E0108, "\"%s\" of \"%s\" and of \"%s\" differ in type",
                  m->name, found.first->name, found.second->name);
        return found.second ? NO_TYPE : found.type;
    }
    *taken = 1;
    if (pseudo_property_find(first->text, &m->pseudo) &&
        scope_has_pseudo(m->scope, m->pseudo)) {
        m->kind = MEANING_PSEUDO;
        return pseudo_type(m->pseudo);
    }
    report_property(c, names, m->scope);
    return NO_TYPE;
}

static type check_value_names(checker *c, const ast_list *names, meaning *m)
{
    size_t taken;
    type t = check_property(c, names, m, &taken);
    if (names->count <= taken || t.kind == TYPE_ERROR)
        return t;
    const ast_name *name = name_at(names, taken);
    bool is_last = names->count == taken + 1;
    m->part = is_last ? time_part_find(name->text) : PART_NONE;
    if (m->part != PART_NONE)
        return part_type(c, t, m->part, name->where);
    report_part(c->diags, joined_names(c->book->memory, names, taken), name);
    return NO_TYPE;
}

/* The items of a list of plain values are looked at by their value. */
static type check_plain_items(const ast_selection *selection, meaning *m)
{
    const ast_event *list = pattern_list(selection->pattern);
    if (!list || !scope_list_is_plain(list->list_scope, list->list))
        return TIME;
    m->kind = MEANING_PROPERTY;
    m->name = SCHEMA_ITEM_VALUE;
    typed_property found = scope_property(m->scope, m->name);
    return found.second ? NO_TYPE : found.type;
}

/* The type of what is looked at; TIME for events themselves. */
type check_selection(checker *c, ast_selection *selection)
{
    check_pattern(c, selection->pattern);
    meaning *m = arena_alloc(c->book->memory, sizeof *m);
    selection->meaning = m;
    m->scope = scope_of_pattern(selection->pattern, c->book->schema, c->book->memory);
    if (selection->value)
        m->type = check_expr(c, selection->value);
    else if (value_names(selection).count > 0) {
        ast_list names = value_names(selection);
        m->type = check_value_names(c, &names, m);
    } else {
        m->type = check_plain_items(selection, m);
    }
    return m->type;
}

/* A property, a calculated value, or that of plain items: not the events themselves. */
bool selects_value(const ast_selection *selection)
{
    return selection->value || selection->meaning->kind != MEANING_NONE ||
           (selection->names.count > 0 && !pattern_list(selection->pattern));
}
