/* SPDX-License-Identifier: MIT
 *
 * The names under `properties` and `traits` of a source: each has to be one that the schema has.
 */
#include <string.h>

#include "ingest/planner.h"
#include "report/suggest.h"

/* What can be mapped: each name of a property, with or without its kind before it, and
 * of the records that hold it ("address.city", "purchase.address.city", "address"). */
typedef struct mappable {
    planner *planner;
    name_index names;
    suggestion *similar; /* or NULL: they go into the index */
} mappable;

static void add_mappable(mappable *m, const event_kind *kind, const char *property)
{
    arena *memory = m->planner->memory;
    for (const char *held = property; held != NULL;
         held = planner_name_around(m->planner, held)) {
        if (m->similar != NULL) {
            suggest_consider(m->similar, held);
            continue;
        }
        name_index_add(&m->names, memory, held, 0);
        name_index_add(&m->names, memory, arena_format(memory, "%s.%s", kind->name, held),
                       0);
    }
}

/* The properties of a kind, or of the list `list` in it (NULL: none). */
static void add_kind(mappable *m, const event_kind *kind, const event_kind *list)
{
    const event_kind *owner = list != NULL ? list : kind;
    for (size_t i = 0; i < owner->property_count; i++) {
        const char *property = owner->properties[i].name;
        if (list != NULL)
            property = arena_format(m->planner->memory, "%s.%s", list->name, property);
        if (list != NULL && list->is_plain)
            property = list->name;
        add_mappable(m, kind, property);
    }
}

/* Those of the kinds that the source brings. */
static void add_kinds(mappable *m)
{
    const mapping *of = m->planner->m;
    const schema *s = of->schema;
    for (size_t k = 0; k < schema_total(s); k++) {
        const event_kind *kind = &s->kinds[k], *list = NULL;
        size_t owner = k;
        if (kind->derivation == KIND_LIST) {
            list = kind;
            owner = kind->parent;
        }
        if (owner < s->kind_count && of->properties[owner] != NULL)
            add_kind(m, &s->kinds[owner], list);
    }
}

/* May so many names be compared with one more unknown name? */
static bool may_compare(planner *p, size_t names)
{
    enum { MOST_COMPARED = 1000000 };
    p->compared += names;
    return p->compared <= MOST_COMPARED;
}

/* The record with a field of this name, as `properties.amount`; or NULL. */
static const char *field_of_record(const planner *p, const char *name)
{
    const mapping *of = p->m;
    for (size_t k = 0; k < of->schema->kind_count; k++) {
        const event_kind *kind = &of->schema->kinds[k];
        for (size_t i = 0; of->properties[k] != NULL && i < kind->property_count; i++) {
            const char *point = strrchr(kind->properties[i].name, '.');
            if (point != NULL && strcmp(point + 1, name) == 0)
                return kind->properties[i].name;
        }
    }
    return NULL;
}

/* A name under `properties:` has to be a property of a kind that the source brings. */
static void check_property_name(mappable *known, const config_mapping *mapped)
{
    const config_text *name = &mapped->name;
    const char *from = mapped->from.text;
    planner *p = known->planner;
    if (name_index_find(&known->names, name->text) != SIZE_MAX)
        return;
    suggestion similar = suggest_begin(name->text);
    mappable all = {.planner = p, .similar = &similar};
    if (may_compare(p, known->names.count))
        add_kinds(&all);
    diag_error(p->diags, name->where, E0105,
               "no event kind of this source has a property \"%s\"", name->text);
    const char *inner = field_of_record(p, name->text);
    if (from != NULL && name_index_find(&known->names, from) != SIZE_MAX)
        planner_report_wrong_way(p, from, name->text);
    else
        planner_report_similar(p, suggest_best(&similar));
    if (inner != NULL)
        diag_hint(p->diags,
                  "It is a field of a record there: write \"%s\", or declare it directly "
                  "below the event.",
                  inner);
}

static void add_trait_name(planner *p, name_index *names, const char *name)
{
    for (const char *held = name; held != NULL; held = planner_name_around(p, held))
        name_index_add(names, p->memory, held, names->count);
}

/* The traits, lists among them with the fields of their items, and the records of traits. */
static name_index trait_names(planner *p)
{
    const schema *s = p->m->schema;
    name_index names = {0};
    for (size_t i = 0; i < s->trait_count; i++)
        add_trait_name(p, &names, s->traits[i].name);
    for (size_t k = s->kind_count; k < schema_total(s); k++) {
        const event_kind *list = &s->kinds[k];
        if (list->derivation != KIND_LIST ||
            s->kinds[list->parent].derivation != KIND_SETTINGS)
            continue;
        add_trait_name(p, &names, list->name);
        for (size_t i = 0; !list->is_plain && i < list->property_count; i++)
            add_trait_name(
                p, &names,
                arena_format(p->memory, "%s.%s", list->name, list->properties[i].name));
    }
    return names;
}

static void check_trait_names(planner *p)
{
    name_index known = trait_names(p);
    for (size_t i = 0; i < p->source->trait_count; i++) {
        const config_text *name = &p->source->traits[i].name;
        if (name_index_find(&known, name->text) != SIZE_MAX)
            continue;
        diag_error(p->diags, name->where, E0115, "no trait is named \"%s\"", name->text);
        p->is_well = false;
        const char *from = p->source->traits[i].from.text;
        if (from != NULL && name_index_find(&known, from) != SIZE_MAX) {
            planner_report_wrong_way(p, from, name->text);
            continue;
        }
        const char *similar = may_compare(p, known.count)
                                  ? schema_similar_trait(p->m->schema, name->text)
                                  : NULL;
        if (similar != NULL)
            diag_hint(
                p->diags,
                "The trait that is declared is \"%s\": both have to be spelt alike.",
                similar);
    }
}

/* ---- types that are said again ---------------------------------------------------- */

static bool type_of_trait(const planner *p, const char *name, type *out)
{
    size_t trait = schema_find_trait(p->m->schema, name);
    if (trait != SCHEMA_NONE)
        *out = p->m->schema->traits[trait].type;
    return trait != SCHEMA_NONE;
}

static bool type_of_property(const planner *p, const char *name, type *out)
{
    const schema *s = p->m->schema;
    for (size_t k = 0; k < s->kind_count; k++) {
        size_t i = p->m->properties[k] != NULL ? kind_find_property(&s->kinds[k], name)
                                               : SCHEMA_NONE;
        if (i != SCHEMA_NONE) {
            *out = s->kinds[k].properties[i].type;
            return true;
        }
    }
    return false;
}

/* Is it the type, in our words or those of SQL? */
static bool names_type(const char *name, type is)
{
    static const char *const sql[] = {
        "varchar", "nvarchar", "char",    "text",    "integer",   "bigint",  "float",
        "double",  "numeric",  "decimal", "boolean", "timestamp", "datetime"};
    type said;
    type_details details;
    for (size_t i = 0; i < sizeof sql / sizeof *sql; i++)
        if (strcmp(name, sql[i]) == 0)
            return true;
    return type_parse(name, &said, &details) && type_equals(is, said);
}

static bool is_likely_column(const char *name)
{
    static const char *const names[] = {"date", "time", "timestamp", "datetime", "text"};
    size_t i = 0;
    while (i < sizeof names / sizeof *names && strcmp(names[i], name) != 0)
        i++;
    return i < sizeof names / sizeof *names;
}

static void hint_list(const planner *p, const char *key, const config_mapping *all,
                      size_t count)
{
    const char *names = all[0].name.text;
    for (size_t i = 1; i < count; i++)
        names = arena_format(p->memory, "%s, %s", names, all[i].name.text);
    diag_hint(
        p->diags,
        "Types are said once, above the sources. Columns that are called like the %s "
        "are listed: %s: [%s]",
        key, key, names);
}

/* `country: string` below a source, which is a column of that name. A column called "date" or
 * "time" is likely, and two of them are not. */
static void warn_of_types(const planner *p, const char *key, const config_mapping *all,
                          size_t count,
                          bool (*type_of)(const planner *p, const char *name, type *out))
{
    const config_mapping *first = NULL;
    size_t named = 0;
    type is = {0};
    for (size_t i = count; i-- > 0;) {
        const char *from = all[i].from.text;
        if (from == NULL || !type_of(p, all[i].name.text, &is) || !names_type(from, is))
            continue;
        first = &all[i];
        named++;
    }
    if (first == NULL || (named == 1 && is_likely_column(first->from.text)))
        return;
    diag_warning(p->diags, first->from.where, W0303,
                 "\"%s\" is the column that \"%s\" is read from, and not its type",
                 first->from.text, first->name.text);
    hint_list(p, key, all, count);
}

/* A source without an event has nothing that properties could be of. */
static bool report_no_event(planner *p)
{
    const mapping *of = p->m;
    bool is_any = p->source->property_count == 0;
    for (size_t k = 0; !is_any && k < of->schema->kind_count; k++)
        is_any = of->properties[k] != NULL;
    if (is_any)
        return false;
    p->is_well = false;
    if (p->source->node && yaml_get(p->source->node, "event"))
        return true; /* it names one that there is not, which was told */
    diag_error(p->diags, p->source->properties[0].name.where, E0105,
               "the source names no event that could have the property \"%s\"",
               p->source->properties[0].name.text);
    diag_hint(p->diags, "Say which event its rows are, for example: event: purchase");
    return true;
}

void planner_check_names(planner *p)
{
    mappable known = {.planner = p};
    if (p->source->property_count > 0)
        add_kinds(&known);
    bool is_without = report_no_event(p);
    for (size_t i = 0; !is_without && i < p->source->property_count; i++)
        check_property_name(&known, &p->source->properties[i]);
    if (p->source->trait_count > 0)
        check_trait_names(p);
    warn_of_types(p, "properties", p->source->properties, p->source->property_count,
                  type_of_property);
    warn_of_types(p, "traits", p->source->traits, p->source->trait_count, type_of_trait);
}
