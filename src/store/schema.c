/* SPDX-License-Identifier: MIT
 *
 * From the `events:` and `traits:` of the project file to typed properties, and the
 * search in them by name.
 */
#include "store/schema.h"

#include <string.h>
#include <strings.h>

#include "report/suggest.h"
#include "store/value.h"

static const char *const pseudo_names[PSEUDO_COUNT] = {[PSEUDO_TIME] = "time",
                                                       [PSEUDO_GAP] = "gap",
                                                       [PSEUDO_NTH] = "nth",
                                                       [PSEUDO_EVENT] = "event"};

/* What other systems call our types. */
static const struct {
    const char *word, *ours;
} foreign_types[] = {
    {"text", "string"},         {"varchar", "string"},     {"integer", "int"},
    {"float", "number"},        {"double", "number"},      {"boolean", "bool"},
    {"datetime", "time"},       {"timestamp", "time"},     {"money", "decimal(2)"},
    {"currency", "decimal(2)"}, {"decimal", "decimal(2)"}, {"numeric", "decimal(2)"},
};

static const char *similar_type(const char *spelling)
{
    for (size_t i = 0; i < sizeof foreign_types / sizeof *foreign_types; i++) {
        if (strcasecmp(spelling, foreign_types[i].word) == 0)
            return foreign_types[i].ours;
    }
    suggestion s = suggest_begin(spelling);
    for (const char *const *word = type_spellings; *word != NULL; word++)
        suggest_consider(&s, *word);
    return suggest_best(&s);
}

static void report_type(const config_text *spelling, diags *diags)
{
    diag_error(diags, spelling->where, E0310, "no type is written \"%s\"",
               spelling->text);
    const char *similar = similar_type(spelling->text);
    if (similar != NULL)
        diag_hint(diags, "Did you mean \"%s\"?", similar);
    else
        diag_hint(diags, "The types are int, decimal(0) to decimal(18), number, "
                         "number(0..1), string, bool, time, date, duration, "
                         "duration(minutes) and person.");
}

/* A property of an event kind (`kind` given) or a trait. */
static property read_field(const config_field *field, diags *diags)
{
    property p = {.name = field->name.text, .where = field->name.where};
    if (field->type.text != NULL && !type_parse(field->type.text, &p.type, &p.details))
        report_type(&field->type, diags);
    return p;
}

static void check_property_name(const property *p, const char *kind, diags *diags)
{
    pseudo_property pseudo;
    if (!pseudo_property_find(p->name, &pseudo))
        return;
    diag_error(diags, p->where, E0305,
               "no property may be called \"%s\": every event has one of its own",
               p->name);
    diag_hint(diags,
              "Give it another name, and say in the source where it comes from: "
              "\"%s_%s\" here, and `properties: {%s_%s: %s}` there.",
              kind, p->name, kind, p->name, p->name);
}

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

static event_kind read_kind(const config_kind *config, arena *memory, diags *diags)
{
    event_kind kind = {.name = config->name.text,
                       .where = config->name.where,
                       .property_count = config->field_count};
    kind.properties =
        arena_alloc_array(memory, config->field_count, sizeof *kind.properties);
    check_kind_name(&kind, diags);
    for (size_t i = 0; i < config->field_count; i++) {
        kind.properties[i] = read_field(&config->fields[i], diags);
        check_property_name(&kind.properties[i], kind.name, diags);
    }
    return kind;
}

static size_t find_property(const property *properties, size_t count, const char *name)
{
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

/* Sessions are a kind of their own, unless the data bring such events. */
void schema_add_sessions(schema *s, int64_t gap_microseconds, arena *memory)
{
    static const struct {
        const char *name;
        type type;
    } properties[] = {{"duration", {TYPE_DURATION, 0}},
                      {"events", {TYPE_DECIMAL, 0}},
                      {"entry", {TYPE_STRING, 0}},
                      {"exit", {TYPE_STRING, 0}}};
    enum { COUNT = sizeof properties / sizeof *properties };
    if (schema_find_kind(s, "session") != SCHEMA_NONE)
        return;
    event_kind kind = {.name = "session", .derivation = KIND_SESSIONS, .property_count = COUNT};
    kind.properties = arena_alloc_array(memory, COUNT, sizeof *kind.properties);
    for (size_t i = 0; i < COUNT; i++)
        kind.properties[i] = (property){.name = properties[i].name, .type = properties[i].type};
    s->session_gap = gap_microseconds;
    s->kinds[s->kind_count + s->derived_count++] = kind;
}

void schema_add_accounts(schema *s, size_t trait, arena *memory)
{
    event_kind kind = {
        .name = "user", .derivation = KIND_USERS, .property_count = s->trait_count};
    kind.properties = arena_alloc_array(memory, s->trait_count, sizeof *kind.properties);
    memcpy(kind.properties, s->traits, s->trait_count * sizeof *kind.properties);
    s->account_trait = trait;
    s->kinds[s->kind_count + s->derived_count++] = kind;
}

static void read_account_trait(schema *s, const config_text *name, arena *memory, diags *diags)
{
    if (name->text == NULL)
        return;
    size_t trait = schema_find_trait(s, name->text);
    if (trait != SCHEMA_NONE && s->traits[trait].type.kind == TYPE_STRING) {
        schema_add_accounts(s, trait, memory);
        return;
    }
    if (trait != SCHEMA_NONE) {
        diag_error(diags, name->where, E0305, "the trait \"%s\" is no string, so it names no accounts",
                   name->text);
        return;
    }
    diag_error(diags, name->where, E0115, "people have no trait named \"%s\"", name->text);
    const char *similar = schema_similar_trait(s, name->text);
    if (similar != NULL)
        diag_hint(diags, "Did you mean \"%s\"?", similar);
    else
        diag_hint(diags, "Declare it: traits: {%s: string}", name->text);
}

static void read_session_gap(schema *s, const config_text *gap, arena *memory, diags *diags)
{
    const char *reason;
    int64_t length;
    if (gap->text == NULL)
        return;
    if (!value_read_duration(slice_of(gap->text), 0, &length, &reason))
        diag_error(diags, gap->where, E0305, "cannot read \"%s\" as a duration: %s", gap->text,
                   reason);
    else if (length <= 0)
        diag_error(diags, gap->where, E0305,
                   "the gap between sessions is to be longer than nothing");
    else
        schema_add_sessions(s, length, memory);
}

schema *schema_new(const project *p, arena *memory, diags *diags)
{
    schema *s = arena_alloc(memory, sizeof *s);
    s->kind_count = p->kind_count;
    s->trait_count = p->trait_count;
    s->kinds = arena_alloc_array(memory, p->kind_count + SCHEMA_MAX_DERIVED, sizeof *s->kinds);
    s->traits = arena_alloc_array(memory, p->trait_count, sizeof *s->traits);
    for (size_t i = 0; i < p->kind_count; i++)
        s->kinds[i] = read_kind(&p->kinds[i], memory, diags);
    for (size_t i = 0; i < p->trait_count; i++)
        s->traits[i] = read_field(&p->traits[i], diags);
    s->account_trait = SCHEMA_NONE;
    read_session_gap(s, &p->session_gap, memory, diags);
    read_account_trait(s, &p->account_trait, memory, diags);
    return s;
}

size_t schema_find_kind(const schema *s, const char *name)
{
    for (size_t i = 0; i < s->kind_count; i++) {
        if (strcmp(s->kinds[i].name, name) == 0)
            return i;
    }
    return SCHEMA_NONE;
}

size_t schema_find_event(const schema *s, const char *name)
{
    for (size_t i = 0; i < s->kind_count + s->derived_count; i++) {
        if (strcmp(s->kinds[i].name, name) == 0)
            return i;
    }
    return SCHEMA_NONE;
}

size_t schema_find_trait(const schema *s, const char *name)
{
    return find_property(s->traits, s->trait_count, name);
}

size_t kind_find_property(const event_kind *kind, const char *name)
{
    return find_property(kind->properties, kind->property_count, name);
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
    return similar_property(s->traits, s->trait_count, name);
}

const char *kind_similar_property(const event_kind *kind, const char *name)
{
    return similar_property(kind->properties, kind->property_count, name);
}
