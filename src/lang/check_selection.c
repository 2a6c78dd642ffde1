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

static const char *joined(checker *c, const ast_list *names, size_t count)
{
    const char *path = ((const ast_name *)names->items[0])->text;
    for (size_t i = 1; i < count; i++)
        path = arena_format(c->book->memory, "%s.%s", path,
                            ((const ast_name *)names->items[i])->text);
    return path;
}

static void report_property(checker *c, const ast_list *names, const event_scope *scope)
{
    const ast_name *name = names->items[0];
    const char *path = joined(c, names, names->count);
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
    else if (scope_has_property(
                 scope, arena_format(c->book->memory, "properties.%s", name->text)))
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
    const ast_name *first_name = names->items[0];
    type t = NO_TYPE;
    const event_kind *first, *second;
    for (*taken = names->count; *taken > 0; --*taken) {
        m->name = joined(c, names, *taken);
        if (!scope_has_property(m->scope, m->name))
            continue;
        m->kind = MEANING_PROPERTY;
        if (!scope_property_type(m->scope, m->name, &t, &first, &second))
            error(c, first_name->where, E0108,
                  "\"%s\" of \"%s\" and of \"%s\" differ in type", m->name, first->name,
                  second->name);
        return t;
    }
    *taken = 1;
    if (pseudo_property_find(first_name->text, &m->pseudo) &&
        (!m->scope->outer || m->pseudo == PSEUDO_NTH)) {
        static const type_kind kinds[] = {TYPE_TIME, TYPE_DURATION, TYPE_DECIMAL,
                                          TYPE_STRING};
        m->kind = MEANING_PSEUDO;
        t.kind = kinds[m->pseudo];
    } else {
        report_property(c, names, m->scope);
    }
    return t;
}

static void hint_time_part(checker *c, const char *wanted)
{
    static const char *const parts[] = {
#define X(name, spelling, kind, doc) spelling,
#include "lang/time_parts.def"
#undef X
    };
    suggestion s = suggest_begin(wanted);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        suggest_consider(&s, parts[i]);
    if (suggest_best(&s))
        hint(c, "Did you mean \"%s\"?", suggest_best(&s));
    else
        hint(c, "A time has weekday, hour, day_of_month, month_of_year, year and "
                "date.");
}

/* `name` behind a property: the part of a time. */
static type check_field(checker *c, const ast_name *name, const char *property,
                        meaning *m, type t)
{
    static const struct {
        const char *name;
        type_kind kind;
    } parts[] = {
#define X(name, spelling, kind, doc) {spelling, kind},
#include "lang/time_parts.def"
#undef X
    };
    if (t.kind == TYPE_ERROR)
        return t;
    bool is_time = t.kind == TYPE_TIME, is_date = t.kind == TYPE_DATE;
    for (int i = 0; i < PART_COUNT - 1; i++) {
        if (strcmp(parts[i].name, name->text) != 0)
            continue;
        m->part = (time_part)(i + 1);
        if (is_time || (is_date && m->part != PART_HOUR))
            return (type){parts[i].kind, 0};
    }
    error(c, name->where, E0105, "\"%s\" has no part named \"%s\"", property, name->text);
    if (is_time || is_date)
        hint_time_part(c, name->text);
    return NO_TYPE;
}

static type check_value_names(checker *c, const ast_list *names, meaning *m)
{
    size_t taken;
    type t = check_property(c, names, m, &taken);
    if (names->count <= taken)
        return t;
    const ast_name *part = names->items[taken];
    if (names->count == taken + 1)
        return check_field(c, part, joined(c, names, taken), m, t);
    if (t.kind != TYPE_ERROR)
        error(c, part->where, E0105, "\"%s\" has no part named \"%s\"",
              joined(c, names, taken), part->text);
    return NO_TYPE;
}

/* The items of a list of plain values are looked at by their value. */
static type check_plain_items(const ast_selection *selection, meaning *m)
{
    const event_kind *a, *b;
    type t = NO_TYPE;
    const ast_event *list = pattern_list(selection->pattern);
    if (!list || !scope_list_is_plain(list->list_scope, list->list))
        return TIME;
    m->kind = MEANING_PROPERTY;
    m->name = SCHEMA_ITEM_VALUE;
    scope_property_type(m->scope, m->name, &t, &a, &b);
    return t;
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
