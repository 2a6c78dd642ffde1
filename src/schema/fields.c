/* SPDX-License-Identifier: MIT */
#include "schema/fields.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "report/suggest.h"
#include "value/value.h"

/* ---- types ----------------------------------------------------------------------- */

/* What other systems call our types: X(word, ours). */
static const struct {
    const char *word, *ours;
} foreign_types[] = {
#define X(word, ours) {word, ours},
#include "schema/foreign_types.def"
#undef X
};

/* Is it this word, alone or with a size in brackets: varchar, varchar(20)? */
static bool is_type_word(const char *spelling, const char *word)
{
    size_t size = strlen(word);
    return strncasecmp(spelling, word, size) == 0 &&
           strchr("( <?[!", spelling[size]) != NULL; /* or its end */
}

static const char *similar_type(const char *spelling)
{
    for (size_t i = 0; i < sizeof foreign_types / sizeof *foreign_types; i++) {
        if (is_type_word(spelling, foreign_types[i].word))
            return foreign_types[i].ours;
    }
    suggestion s = suggest_begin(spelling);
    for (const char *const *word = type_spellings; *word != NULL; word++) {
        if (is_type_word(spelling, *word))
            return *word;
        suggest_consider(&s, *word);
    }
    return suggest_best(&s);
}

static void report_type(const config_text *spelling, diags *diags)
{
    diag_error(diags, spelling->where, E0310, "no type is written \"%s\"",
               spelling->text);
    const char *similar = similar_type(spelling->text);
    const char *bracket = strchr(spelling->text, '(');
    bool has_two_numbers = bracket != NULL && isdigit((unsigned char)bracket[1]) &&
                           (strchr(bracket, ',') != NULL || strchr(bracket, ')') == NULL);
    bool is_format = bracket != NULL && strchr(bracket, '%') != NULL;
    if (is_format)
        diag_hint(diags,
                  "How dates are written is said by the source, behind \"properties\": "
                  "{from: ..., format: \"%.*s\"}; here write %.*s.",
                  (int)strcspn(bracket + 1, ")"), bracket + 1,
                  (int)(bracket - spelling->text), spelling->text);
    else if (has_two_numbers)
        diag_hint(diags,
                  "A type has one number, the digits behind the point: decimal(2).");
    else if (similar != NULL)
        diag_hint(diags, "Did you mean \"%s\"?", similar);
    else
        diag_hint(diags, "The types are int, decimal(0) to decimal(18), number, "
                         "number(0..1), string, bool, time, date, duration, "
                         "duration(minutes), version and person.");
}

/* ---- fields ---------------------------------------------------------------------- */

/* "string" of "list(string)", or NULL. */
static const char *item_type(const config_field *field, arena *memory)
{
    const char *spelling = field->type.text;
    size_t size = spelling == NULL ? 0 : strlen(spelling);
    if (field->is_list || size < 7 || strncmp(spelling, "list(", 5) != 0 ||
        spelling[size - 1] != ')')
        return NULL;
    return arena_copy_text(memory, spelling + 5, size - 6);
}

static bool is_list(const config_field *field, arena *memory)
{
    return field->is_list || item_type(field, memory) != NULL;
}

void fields_count(const config_field *fields, size_t count, arena *memory,
                  size_t *properties, size_t *lists)
{
    for (size_t i = 0; i < count; i++) {
        if (is_list(&fields[i], memory))
            ++*lists;
        else if (fields[i].fields != NULL)
            fields_count(fields[i].fields, fields[i].field_count, memory, properties,
                         lists);
        else
            ++*properties;
    }
}

/* Say that a pseudo-property has the name of this property or list of a kind. */
static void check_property_name(const char *name, span where, const char *kind,
                                diags *diags)
{
    pseudo_property pseudo;
    if (!pseudo_property_find(name, &pseudo))
        return;
    diag_error(diags, where, E0305,
               "no property may be called \"%s\": every event has one of its own", name);
    if (pseudo == PSEUDO_TIME) {
        diag_hint(diags,
                  "Leave it out: the source says which field is the time of the "
                  "events, as in `time: %s`.",
                  name);
        return;
    }
    diag_hint(diags,
              "Give it another name, and say in the source where it comes from: "
              "\"%s_%s\" here, and `properties: {%s_%s: %s}` there.",
              kind, name, kind, name, name);
}

/* Does another field, perhaps of a record, have this name already? */
static bool is_taken(const field_target *t, const config_text *name)
{
    const schema *s = t->schema;
    bool is_trait = t->kind == SCHEMA_NONE;
    size_t list = is_trait ? schema_find_list_trait(s, name->text)
                           : schema_find_list(s, t->kind, name->text);
    size_t plain = is_trait ? schema_find_trait(s, name->text)
                            : kind_find_property(&s->kinds[t->kind], name->text);
    if (list == SCHEMA_NONE && plain == SCHEMA_NONE)
        return false;
    diag_error(t->diags, name->where, E0305, "\"%s\" stands here twice", name->text);
    diag_hint(t->diags,
              "A field of a record is written with a dot, too: give one of them "
              "another name.");
    return true;
}

/* Of an event kind, but not of a list in it. */
static bool is_of_events(const field_target *t)
{
    return t->kind != SCHEMA_NONE &&
           t->schema->kinds[t->kind].derivation == KIND_FROM_DATA;
}

static void add_property(field_target *t, config_text name, const config_text *spelling)
{
    property p = {.name = name.text, .where = name.where};
    if (spelling->text != NULL && !type_parse(spelling->text, &p.type, &p.details))
        report_type(spelling, t->diags);
    if (is_of_events(t))
        check_property_name(name.text, name.where, t->schema->kinds[t->kind].name,
                            t->diags);
    if (is_taken(t, &name))
        return;
    name_index_add(t->names, t->memory, name.text, *t->count);
    t->properties[(*t->count)++] = p;
}

static void refuse_list(const field_target *t, const config_text *name)
{
    diag_error(t->diags, name->where, E0310, "the list \"%s\" stands inside a list",
               name->text);
    diag_hint(t->diags, "The items of a list are values, or records of values.");
}

/* The kind of the settings of a trait that is a list. */
static size_t add_settings(const field_target *t, const config_text *name)
{
    schema *s = t->schema;
    size_t number = s->kind_count + s->derived_count++;
    s->kinds[number] =
        (event_kind){.name = arena_format(t->memory, "user.%s", name->text),
                     .where = name->where,
                     .derivation = KIND_SETTINGS};
    name_index_add(&s->list_traits, t->memory, name->text, number);
    return number;
}

static void add_items(const field_target *t, size_t parent, const config_text *name,
                      const config_field *field)
{
    schema *s = t->schema;
    const char *plain = item_type(field, t->memory);
    size_t number = s->kind_count + s->derived_count++, property_count = 1, ignored = 0;
    event_kind *list = &s->kinds[number];
    *list = (event_kind){.name = name->text,
                         .where = name->where,
                         .derivation = KIND_LIST,
                         .parent = parent,
                         .is_plain = field->fields == NULL};
    fields_count(field->fields, field->field_count, t->memory, &property_count, &ignored);
    list->properties =
        arena_alloc_array(t->memory, property_count, sizeof *list->properties);
    field_target items = {s,           t->memory,        t->diags,
                          number,      list->properties, &list->property_count,
                          &list->names};
    name_index_add(&s->kinds[parent].lists, t->memory, name->text, number);
    config_text type = field->type;
    if (plain != NULL)
        type.text = plain;
    if (list->is_plain)
        add_property(&items, (config_text){SCHEMA_ITEM_VALUE, name->where}, &type);
    else
        fields_add(&items, NULL, field->fields, field->field_count);
}

static void add_list(const field_target *t, config_text name, const config_field *field)
{
    bool is_trait = t->kind == SCHEMA_NONE;
    if (!is_trait && !is_of_events(t)) {
        refuse_list(t, &name);
        return;
    }
    if (!is_trait)
        check_property_name(name.text, name.where, t->schema->kinds[t->kind].name,
                            t->diags);
    if (!is_taken(t, &name))
        add_items(t, is_trait ? add_settings(t, &name) : t->kind, &name, field);
}

void fields_add(field_target *t, const char *prefix, const config_field *fields,
                size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const config_field *field = &fields[i];
        config_text name = field->name;
        if (prefix != NULL)
            name.text = arena_format(t->memory, "%s.%s", prefix, name.text);
        if (is_list(field, t->memory))
            add_list(t, name, field);
        else if (field->fields != NULL)
            fields_add(t, name.text, field->fields, field->field_count);
        else
            add_property(t, name, &field->type);
    }
}
