/* SPDX-License-Identifier: MIT
 *
 * The parts of a draft. Kinds and traits are those of all sources together, so a property that two
 * sources bring has a type that takes the values of both.
 */
#include "look/draft.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "look/names.h"

draft *draft_new(void)
{
    draft *d = memory_alloc_zero(sizeof *d);
    d->memory = arena_new();
    return d;
}

static void fields_done(draft_fields *fields)
{
    for (size_t i = 0; i < fields->count; i++)
        memory_free(fields->items[i].items);
    memory_free(fields->items);
}

void draft_free(draft *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < d->kind_count; i++)
        fields_done(&d->kinds[i].fields);
    for (size_t i = 0; i < d->source_count; i++) {
        memory_free(d->sources[i].rules);
        memory_free(d->sources[i].skips);
        fields_done(&d->sources[i].properties);
        fields_done(&d->sources[i].traits);
    }
    fields_done(&d->traits);
    memory_free(d->kinds);
    memory_free(d->sources);
    arena_free(d->memory);
    memory_free(d);
}

/* ---- sources and kinds --------------------------------------------------------------- */

/* No two sources have one name. */
static const char *free_source_name(const draft *d, const char *name)
{
    const char *tried = name;
    for (size_t number = 2, i = 0; i < d->source_count; i++) {
        if (strcmp(d->sources[i].name, tried) != 0)
            continue;
        tried = arena_format(d->memory, "%s_%zu", name, number++);
        i = SIZE_MAX; /* from the first one again */
    }
    return tried;
}

draft_source *draft_add_source(draft *d, const look_file *f, const char *name)
{
    const char *free_name = free_source_name(d, name);
    memory_grow((void **)&d->sources, d->source_count, &d->source_capacity,
                sizeof *d->sources);
    draft_source *s = &d->sources[d->source_count++];
    *s = (draft_source){.name = free_name, .file = f};
    return s;
}

draft_kind *draft_add_kind(draft *d, const char *name)
{
    for (size_t i = 0; i < d->kind_count; i++)
        if (strcmp(d->kinds[i].name, name) == 0)
            return &d->kinds[i];
    memory_grow((void **)&d->kinds, d->kind_count, &d->kind_capacity, sizeof *d->kinds);
    d->kinds[d->kind_count] = (draft_kind){.name = name};
    return &d->kinds[d->kind_count++];
}

void draft_add_rule(draft_source *s, draft_rule rule)
{
    memory_grow((void **)&s->rules, s->rule_count, &s->rule_capacity, sizeof *s->rules);
    s->rules[s->rule_count++] = rule;
}

void draft_add_skip(draft_source *s, const char *field, const char *text)
{
    memory_grow((void **)&s->skips, s->skip_count, &s->skip_capacity, sizeof *s->skips);
    s->skips[s->skip_count++] = (draft_rule){NULL, field, text};
}

static bool is_field(const char *from, const char *field)
{
    return field && strcmp(field, from) == 0;
}

bool draft_is_used(const draft_source *s, const char *from)
{
    for (size_t i = 0; i < s->person_count; i++)
        if (is_field(from, s->persons[i]))
            return true;
    for (size_t i = 0; i < s->rule_count; i++)
        if (s->event && is_field(from, s->rules[i].field))
            return true;
    for (size_t i = 0; i < s->properties.count; i++)
        if (is_field(from, s->properties.items[i].from))
            return true;
    for (size_t i = 0; i < s->traits.count; i++)
        if (is_field(from, s->traits.items[i].from))
            return true;
    return is_field(from, s->time) || is_field(from, s->event) || is_field(from, s->id);
}

void draft_skip_nobody(draft *d, draft_source *s)
{
    const look_column *c =
        s->person_count == 1 ? look_file_column(s->file, s->persons[0]) : NULL;
    if (!c)
        return;
    if (c->filled + c->missing_words < s->file->row_count - s->file->refused_count)
        draft_add_skip(s, c->from, "");
    if (c->missing_words > 0)
        draft_add_skip(s, c->from, arena_copy_string(d->memory, c->missing_word));
}

/* ---- fields ---------------------------------------------------------------------------- */

static draft_field *find_field(const draft_fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->count; i++)
        if (strcmp(fields->items[i].name, name) == 0)
            return &fields->items[i];
    return NULL;
}

static void push_field(draft_fields *fields, draft_field field)
{
    memory_grow((void **)&fields->items, fields->count, &fields->capacity,
                sizeof *fields->items);
    fields->items[fields->count++] = field;
}

/* Digits behind the point of a number's type; -1: it is none. */
static int scale_of(const char *type)
{
    if (strcmp(type, "int") == 0)
        return 0;
    return strncmp(type, "decimal(", 8) == 0 ? atoi(type + 8) : -1;
}

/* A type that takes the values of both. */
static const char *join_types(const char *a, const char *b)
{
    bool are_times = (strcmp(a, "time") == 0 || strcmp(a, "date") == 0) &&
                     (strcmp(b, "time") == 0 || strcmp(b, "date") == 0);
    if (strcmp(a, b) == 0)
        return a;
    if (scale_of(a) >= 0 && scale_of(b) >= 0)
        return scale_of(a) > scale_of(b) ? a : b;
    bool are_numbers = (scale_of(a) >= 0 || strcmp(a, "number") == 0) &&
                       (scale_of(b) >= 0 || strcmp(b, "number") == 0);
    return are_times ? "time" : are_numbers ? "number" : "string";
}

/* Two lists with different fields are one with the fields of both. */
static void join_items(draft_field *into, const draft_field *more)
{
    draft_fields joined = {into->items, into->item_count, into->item_capacity};
    for (size_t i = 0; i < more->item_count; i++) {
        draft_field *known = find_field(&joined, more->items[i].name);
        if (known)
            known->type = join_types(known->type, more->items[i].type);
        else
            push_field(&joined, more->items[i]);
    }
    into->items = joined.items;
    into->item_count = joined.count;
    into->item_capacity = joined.capacity;
}

/* A copy that owns its items. */
static draft_field copy_field(const draft_field *field)
{
    draft_field copy = *field;
    copy.items = NULL;
    copy.item_count = copy.item_capacity = 0;
    join_items(&copy, field);
    return copy;
}

/* Add a field, or join it with the one of its name. */
static void put_field(draft_fields *fields, const draft_field *field)
{
    draft_field *known = find_field(fields, field->name);
    if (!known) {
        push_field(fields, copy_field(field));
        return;
    }
    known->type = join_types(known->type, field->type);
    known->misfit = known->misfit ? known->misfit : field->misfit;
    join_items(known, field);
}

/* A name under which the source has nothing else. */
static const char *free_name(const draft *d, const draft_fields *fields,
                             const draft_field *field)
{
    const char *name = field->name;
    const draft_field *known;
    for (size_t number = 2; (known = find_field(fields, name)) != NULL; number++) {
        if (strcmp(known->from, field->from) == 0)
            return name;
        name = arena_format(d->memory, "%s_%zu", field->name, number);
    }
    return name;
}

void draft_add_field(draft *d, draft_source *s, draft_kind *kind, draft_field field)
{
    draft_fields *mapped = kind ? &s->properties : &s->traits;
    field.name = free_name(d, mapped, &field);
    put_field(mapped, &field);
    put_field(kind ? &kind->fields : &d->traits, &field);
}

static draft_field plain_field(draft *d, const look_column *c, const char *from,
                               const char *prefix)
{
    text type;
    text_init(&type);
    look_column_append_type(c, &type);
    draft_field field = {.name = look_property_name(from, prefix, d->memory),
                         .type = arena_copy_string(d->memory, type.data),
                         .from = arena_copy_string(d->memory, from),
                         .misfit = c->misfit_count > 0 ? c : NULL};
    column_kind kind = column_kind_of(c);
    look_column_number_signs(c, &field.decimal, &field.thousands);
    field.money_sign = kind == COLUMN_DECIMAL ? c->money_sign : NULL;
    if (kind == COLUMN_TIME || kind == COLUMN_DATE) {
        field.format = look_column_time_format(c, &field.other_format);
        field.has_iso = look_column_mixes_iso(c);
    }
    text_done(&type);
    return field;
}

/* A field of a list: the list, with this field of its items; or a list of plain values. */
static draft_field list_field(draft *d, const look_column *c, const char *brackets,
                              const char *prefix)
{
    char *list = arena_copy_text(d->memory, c->from, (size_t)(brackets - c->from));
    draft_field field = {.name = look_property_name(list, prefix, d->memory),
                         .from = list};
    draft_field item = plain_field(d, c, brackets[2] == '.' ? brackets + 3 : "", NULL);
    if (brackets[2] != '.') {
        field.type = arena_format(d->memory, "[%s]", item.type);
        return field;
    }
    field.type = "";
    field.items = arena_alloc(d->memory, sizeof *field.items);
    *field.items = item;
    field.item_count = 1;
    return field;
}

draft_field draft_field_of(draft *d, const look_column *c, const char *prefix)
{
    const char *brackets = c->is_flat ? NULL : strstr(c->from, "[]");
    return brackets ? list_field(d, c, brackets, prefix)
                    : plain_field(d, c, c->from, prefix);
}

draft_field draft_item_field(draft *d, const look_column *c)
{
    return plain_field(d, c, c->from, NULL);
}
