/* SPDX-License-Identifier: MIT
 *
 * From the `events:` and `traits:` of the project file to kinds and traits, and the search in them by name.
 */
#include "schema/schema.h"

#include <string.h>

#include "report/suggest.h"
#include "schema/fields.h"
#include "value/value.h"

static const char *const pseudo_names[PSEUDO_COUNT] = {
#define X(NAME, name, meaning, example) [PSEUDO_##NAME] = name,
#include "schema/event_values.def"
#undef X
};

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
    fields_count(config->fields, config->field_count, memory, &property_count,
                 &list_count);
    kind->properties =
        arena_alloc_array(memory, property_count, sizeof *kind->properties);
    field_target t = {
        s, memory, diags, number, kind->properties, &kind->property_count, &kind->names};
    name_index_add(&s->event_names, memory, kind->name, number);
    fields_add(&t, NULL, config->fields, config->field_count);
}

static void read_traits(schema *s, const project *p, arena *memory, diags *diags)
{
    size_t count = 0, list_count = 0;
    fields_count(p->traits, p->trait_count, memory, &count, &list_count);
    s->traits = arena_alloc_array(memory, count, sizeof *s->traits);
    field_target t = {s,         memory,          diags,          SCHEMA_NONE,
                      s->traits, &s->trait_count, &s->trait_names};
    fields_add(&t, NULL, p->traits, p->trait_count);
}

/* The kinds that lists become: that of their items, and for those of people that of the
 * settings. */
static size_t count_lists(const project *p, arena *memory)
{
    size_t count = 0, of_people = 0, ignored = 0;
    for (size_t i = 0; i < p->kind_count; i++)
        fields_count(p->kinds[i].fields, p->kinds[i].field_count, memory, &ignored,
                     &count);
    fields_count(p->traits, p->trait_count, memory, &ignored, &of_people);
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
