/* SPDX-License-Identifier: MIT
 *
 * From the `events:` and `traits:` of the project file to typed properties, and the
 * search in them by name.
 */
#include "schema/schema.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "report/suggest.h"
#include "value/value.h"

static const char *const pseudo_names[PSEUDO_COUNT] = {
#define X(NAME, name, meaning, example) [PSEUDO_##NAME] = name,
#include "schema/event_values.def"
#undef X
};

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

/* What was put together by hand has no index. */
static size_t find_property(const property *properties, size_t count,
                            const name_index *names, const char *name)
{
    if (names->count > 0)
        return name_index_find(names, name);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(properties[i].name, name) == 0)
            return i;
    }
    return SCHEMA_NONE;
}

static const char *similar_property(const property *properties, size_t count,
                                    const char *name)
{
    suggestion s = suggest_begin(name);
    for (size_t i = 0; i < count; i++)
        suggest_consider(&s, properties[i].name);
    return suggest_best(&s);
}

/* ---- fields ---------------------------------------------------------------------- */

/* Where the fields of one kind, of one list or of the traits go. */
typedef struct field_target {
    schema *schema;
    arena *memory;
    diags *diags;
    size_t kind; /* or SCHEMA_NONE: the traits */
    property *properties;
    size_t *count;
    name_index *names;
} field_target;

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

/* How many properties the fields become, and how many lists. */
static void count_fields(const config_field *fields, size_t count, arena *memory,
                         size_t *properties, size_t *lists)
{
    for (size_t i = 0; i < count; i++) {
        if (is_list(&fields[i], memory))
            ++*lists;
        else if (fields[i].fields != NULL)
            count_fields(fields[i].fields, fields[i].field_count, memory, properties,
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
    size_t list = t->kind == SCHEMA_NONE
                      ? schema_find_list_trait(t->schema, name->text)
                      : schema_find_list(t->schema, t->kind, name->text);
    if (list == SCHEMA_NONE &&
        find_property(t->properties, *t->count, t->names, name->text) == SCHEMA_NONE)
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

/* A record holds records, and lists hold them. */
static void add_fields(field_target *t, const char *prefix, const config_field *fields,
                       size_t count);

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
    count_fields(field->fields, field->field_count, t->memory, &property_count, &ignored);
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
        add_fields(&items, NULL, field->fields, field->field_count);
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

static void add_fields(field_target *t, const char *prefix, const config_field *fields,
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
            add_fields(t, name.text, field->fields, field->field_count);
        else
            add_property(t, name, &field->type);
    }
}

/* ---- kinds and traits ------------------------------------------------------------ */

static void check_kind_name(const event_kind *kind, diags *diags)
{
    if (strcmp(kind->name, "user") != 0 && strcmp(kind->name, "anything") != 0)
        return;
    diag_error(diags, kind->where, E0305, "no event kind may be called \"%s\"",
               kind->name);
    if (strcmp(kind->name, "user") == 0)
        diag_hint(diags,
                  "`user.x` is a trait of a person; traits stand under `traits:`.");
    else
        diag_hint(diags, "In rules `anything` stands for events of every kind.");
}

static void read_kind(schema *s, size_t number, const config_kind *config, arena *memory,
                      diags *diags)
{
    event_kind *kind = &s->kinds[number];
    size_t property_count = 0, list_count = 0;
    *kind = (event_kind){.name = config->name.text, .where = config->name.where};
    check_kind_name(kind, diags);
    count_fields(config->fields, config->field_count, memory, &property_count,
                 &list_count);
    kind->properties =
        arena_alloc_array(memory, property_count, sizeof *kind->properties);
    field_target t = {
        s, memory, diags, number, kind->properties, &kind->property_count, &kind->names};
    name_index_add(&s->event_names, memory, kind->name, number);
    add_fields(&t, NULL, config->fields, config->field_count);
}

static void read_traits(schema *s, const project *p, arena *memory, diags *diags)
{
    size_t count = 0, list_count = 0;
    count_fields(p->traits, p->trait_count, memory, &count, &list_count);
    s->traits = arena_alloc_array(memory, count, sizeof *s->traits);
    field_target t = {s,         memory,          diags,          SCHEMA_NONE,
                      s->traits, &s->trait_count, &s->trait_names};
    add_fields(&t, NULL, p->traits, p->trait_count);
}

/* The kinds that lists become: that of their items, and for those of people that of the
 * settings. */
static size_t count_lists(const project *p, arena *memory)
{
    size_t count = 0, of_people = 0, ignored = 0;
    for (size_t i = 0; i < p->kind_count; i++)
        count_fields(p->kinds[i].fields, p->kinds[i].field_count, memory, &ignored,
                     &count);
    count_fields(p->traits, p->trait_count, memory, &ignored, &of_people);
    return count + 2 * of_people;
}

const char *pseudo_property_name(pseudo_property p)
{
    return pseudo_names[p];
}

bool pseudo_property_find(const char *name, pseudo_property *out)
{
    for (size_t i = 0; i < PSEUDO_COUNT; i++) {
        if (strcmp(pseudo_names[i], name) == 0) {
            *out = (pseudo_property)i;
            return true;
        }
    }
    return false;
}

static void add_derived(schema *s, event_kind kind, arena *memory)
{
    size_t number = s->kind_count + s->derived_count++;
    s->kinds[number] = kind;
    if (s->event_names.count > 0)
        name_index_add(&s->event_names, memory, kind.name, number);
}

/* Sessions are a kind of their own, unless the data bring such events. */
void schema_add_sessions(schema *s, int64_t gap_microseconds, arena *memory)
{
    static const property properties[] = {
#define X(id, spelling, kind) {.name = spelling, .type = {kind, 0}},
#include "schema/session_properties.def"
#undef X
    };
    enum { COUNT = sizeof properties / sizeof *properties };
    if (schema_find_kind(s, "session") != SCHEMA_NONE)
        return;
    event_kind kind = {
        .name = "session", .derivation = KIND_SESSIONS, .property_count = COUNT};
    kind.properties = arena_alloc_array(memory, COUNT, sizeof *kind.properties);
    memcpy(kind.properties, properties, sizeof properties);
    s->session_gap = gap_microseconds;
    add_derived(s, kind, memory);
}

void schema_add_accounts(schema *s, size_t trait, arena *memory)
{
    event_kind kind = {
        .name = "user", .derivation = KIND_USERS, .property_count = s->trait_count};
    kind.properties = arena_alloc_array(memory, s->trait_count, sizeof *kind.properties);
    memcpy(kind.properties, s->traits, s->trait_count * sizeof *kind.properties);
    kind.names = s->trait_names;
    s->account_trait = trait;
    add_derived(s, kind, memory);
}

void schema_add_links(schema *s, arena *memory)
{
    static const property properties[] = {{.name = "id", .type = {TYPE_PERSON, 0}},
                                          {.name = "kind", .type = {TYPE_STRING, 0}}};
    enum { COUNT = sizeof properties / sizeof *properties };
    event_kind kind = {
        .name = "links[]", .derivation = KIND_LINKS, .property_count = COUNT};
    kind.properties = arena_alloc_array(memory, COUNT, sizeof *kind.properties);
    memcpy(kind.properties, properties, sizeof properties);
    s->kinds[s->kind_count + s->derived_count++] = kind; /* which no rule can name */
}

size_t schema_find_links(const schema *s)
{
    for (size_t k = s->kind_count; k < schema_total(s); k++)
        if (s->kinds[k].derivation == KIND_LINKS)
            return k;
    return SCHEMA_NONE;
}

static void read_account_trait(schema *s, const config_text *name, arena *memory,
                               diags *diags)
{
    if (name->text == NULL)
        return;
    size_t trait = schema_find_trait(s, name->text);
    if (trait != SCHEMA_NONE && s->traits[trait].type.kind == TYPE_STRING) {
        schema_add_accounts(s, trait, memory);
        return;
    }
    if (trait != SCHEMA_NONE) {
        diag_error(diags, name->where, E0305,
                   "the trait \"%s\" is no string, so it names no accounts", name->text);
        return;
    }
    if (schema_find_list_trait(s, name->text) != SCHEMA_NONE) {
        diag_error(diags, name->where, E0305,
                   "the trait \"%s\" is a list, so it names no accounts", name->text);
        return;
    }
    diag_error(diags, name->where, E0115, "people have no trait named \"%s\"",
               name->text);
    const char *similar = schema_similar_trait(s, name->text);
    if (similar != NULL)
        diag_hint(diags, "Did you mean \"%s\"?", similar);
    else
        diag_hint(diags, "Declare it: traits: {%s: string}", name->text);
}

static void read_session_gap(schema *s, const config_text *gap, arena *memory,
                             diags *diags)
{
    const char *reason;
    int64_t length;
    if (gap->text == NULL)
        return;
    if (!value_read_duration(slice_of(gap->text), 0, &length, &reason)) {
        diag_error(diags, gap->where, E0305, "cannot read \"%s\" as a duration: %s",
                   gap->text, reason);
        diag_hint(diags, "For example: 30 minutes.");
    } else if (length <= 0)
        diag_error(diags, gap->where, E0305,
                   "the gap between sessions is to be longer than nothing");
    else
        schema_add_sessions(s, length, memory);
}

static bool names_identities(const project *p)
{
    for (size_t i = 0; i < p->source_count; i++)
        if (p->sources[i].identity_count > 0)
            return true;
    return false;
}

schema *schema_new(const project *p, arena *memory, diags *diags)
{
    schema *s = arena_alloc(memory, sizeof *s);
    size_t room = p->kind_count + count_lists(p, memory) + SCHEMA_MAX_DERIVED;
    s->kinds = arena_alloc_array(memory, room, sizeof *s->kinds);
    s->kind_count = p->kind_count;
    for (size_t i = 0; i < p->kind_count; i++)
        read_kind(s, i, &p->kinds[i], memory, diags);
    read_traits(s, p, memory, diags);
    s->account_trait = SCHEMA_NONE;
    read_session_gap(s, &p->session_gap, memory, diags);
    read_account_trait(s, &p->account_trait, memory, diags);
    if (names_identities(p))
        schema_add_links(s, memory);
    return s;
}

size_t schema_total(const schema *s)
{
    return s->kind_count + s->derived_count;
}

size_t schema_find_kind(const schema *s, const char *name)
{
    size_t found = schema_find_event(s, name);
    return found < s->kind_count ? found : SCHEMA_NONE;
}

size_t schema_find_event(const schema *s, const char *name)
{
    if (s->event_names.count > 0)
        return name_index_find(&s->event_names, name);
    for (size_t i = 0; i < schema_total(s); i++) {
        kind_derivation from = s->kinds[i].derivation;
        if (from != KIND_LIST && from != KIND_SETTINGS && from != KIND_LINKS &&
            strcmp(s->kinds[i].name, name) == 0)
            return i;
    }
    return SCHEMA_NONE;
}

size_t schema_find_list(const schema *s, size_t parent, const char *name)
{
    const event_kind *holder = &s->kinds[parent];
    if (s->event_names.count > 0)
        return name_index_find(&holder->lists, name);
    for (size_t i = s->kind_count; i < schema_total(s); i++) {
        const event_kind *kind = &s->kinds[i];
        if (kind->derivation == KIND_LIST && kind->parent == parent &&
            strcmp(kind->name, name) == 0)
            return i;
    }
    return SCHEMA_NONE;
}

size_t schema_find_trait(const schema *s, const char *name)
{
    return find_property(s->traits, s->trait_count, &s->trait_names, name);
}

size_t schema_find_list_trait(const schema *s, const char *name)
{
    enum { BEHIND_USER = sizeof "user." - 1 };
    if (s->list_traits.count > 0)
        return name_index_find(&s->list_traits, name);
    for (size_t i = s->kind_count; i < schema_total(s); i++) {
        if (s->kinds[i].derivation == KIND_SETTINGS &&
            strcmp(s->kinds[i].name + BEHIND_USER, name) == 0)
            return i;
    }
    return SCHEMA_NONE;
}

size_t kind_find_property(const event_kind *kind, const char *name)
{
    return find_property(kind->properties, kind->property_count, &kind->names, name);
}

const char *schema_similar_kind(const schema *s, const char *name)
{
    suggestion best = suggest_begin(name);
    for (size_t i = 0; i < s->kind_count; i++)
        suggest_consider(&best, s->kinds[i].name);
    return suggest_best(&best);
}

const char *schema_similar_trait(const schema *s, const char *name)
{
    suggestion best = suggest_begin(name);
    for (size_t i = 0; i < s->trait_count; i++)
        suggest_consider(&best, s->traits[i].name);
    for (size_t i = s->kind_count; i < schema_total(s); i++)
        if (s->kinds[i].derivation == KIND_SETTINGS)
            suggest_consider(&best, s->kinds[i].name + sizeof "user." - 1);
    return suggest_best(&best);
}

const char *kind_similar_property(const event_kind *kind, const char *name)
{
    return similar_property(kind->properties, kind->property_count, name);
}
