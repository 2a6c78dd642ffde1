/* SPDX-License-Identifier: MIT
 *
 * What rows bring: the properties of their events, lists with what their items have, and traits. Each is where
 * the source says, or where its format has such ones, or under its own name.
 */
#include <string.h>

#include "config/formats.h"
#include "ingest/planner.h"

/* What the user says of a property: under "purchase.amount", else under "amount". */
static const config_mapping *find_property_mapping(planner *p, const event_kind *kind,
                                                   const char *property)
{
    if (p->source->property_count == 0)
        return NULL;
    const char *full = arena_format(p->memory, "%s.%s", kind->name, property);
    size_t found = name_index_find(&p->mapped_properties, full);
    if (found == SIZE_MAX)
        found = name_index_find(&p->mapped_properties, property);
    return found != SIZE_MAX ? &p->source->properties[found] : NULL;
}

char *planner_name_around(planner *p, const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot == NULL ? NULL : arena_copy_text(p->memory, name, (size_t)(dot - name));
}

/* Where the user says that a record is found which holds this property, with the path
 * from there: `address: shipping` makes "shipping.city" of "address.city". NULL:
 * nothing. */
static char *from_of_record(planner *p, const event_kind *kind, const char *property)
{
    for (char *record = planner_name_around(p, property); record != NULL;
         record = planner_name_around(p, record)) {
        const config_mapping *config = find_property_mapping(p, kind, record);
        if (config != NULL)
            return arena_format(p->memory, "%s%s", config->from.text,
                                property + strlen(record));
    }
    return NULL;
}

/* How a property or trait is wanted: as the user says, else optionally under `from`. */
static wanted want_property(planner *p, const property *property, const char *from,
                            const config_mapping *config)
{
    wanted w = {.from = from, .zone = p->zone, .is_optional = true};
    planner_set_type(&w, property->type, &property->details);
    if (config != NULL && property->type.kind != TYPE_ERROR)
        planner_set_mapping(p, config, &w);
    return w;
}

/* What is done to the texts of a property or trait. What is said of one whose type was refused may be right. */
static void clean(planner *p, const property *property, const char *full_name,
                  const config_mapping *config, wanted *w)
{
    if (property->type.kind != TYPE_ERROR)
        planner_clean(p, &(planned_cleaning){config, property->name, full_name}, w);
}

/* A value that the source does not map is where its format has such ones. */
static void want_by_format(planner *p, format_row_kind kind, const char *name, wanted *w)
{
    const source_format *format = p->source->format;
    if (format == NULL || format_row(format, kind, 0) == NULL)
        return;
    const char **places = format_places(format, kind, name, p->memory);
    w->from = places[0];
    w->others = places[1] != NULL ? places + 1 : NULL;
}

/* In sources with names of their own, `from` is the full name, else by default the short
 * one. */
static size_t plan_property(planner *p, const event_kind *kind, const property *property)
{
    char *name = arena_format(p->memory, "%s.%s", kind->name, property->name);
    const char *from = from_of_record(p, kind, property->name);
    bool is_mapped = from != NULL;
    if (from == NULL)
        from = p->m->brings_own_names ? name : property->name;
    const config_mapping *config = find_property_mapping(p, kind, property->name);
    wanted w = want_property(p, property, from, config);
    if (!is_mapped && config == NULL)
        want_by_format(p, FORMAT_PROPERTY, property->name, &w);
    w.is_optional = w.is_optional && !is_mapped;
    clean(p, property, name, config, &w);
    return planner_plan_column(p, name, &w);
}

/* `from` NULL: under its own name, when it is there. */
static size_t plan_trait(planner *p, const property *trait, const char *from,
                         const config_mapping *config)
{
    char *name = arena_format(p->memory, "user.%s", trait->name);
    const char *own = p->m->brings_own_names ? name : trait->name;
    wanted w = want_property(p, trait, from != NULL ? from : own, config);
    if (from == NULL && config == NULL)
        want_by_format(p, FORMAT_TRAIT, trait->name, &w);
    w.is_optional = w.is_optional && from == NULL;
    clean(p, trait, name, config, &w);
    return planner_plan_column(p, name, &w);
}

static const config_mapping *find_trait_mapping(const planner *p, const char *name)
{
    size_t found = name_index_find(&p->mapped_traits, name);
    return found != SIZE_MAX ? &p->source->traits[found] : NULL;
}

/* Where a record that holds the trait is found, with the path from there; else NULL. */
static char *trait_from_of_record(planner *p, const char *trait)
{
    for (char *record = planner_name_around(p, trait); record != NULL;
         record = planner_name_around(p, record)) {
        const config_mapping *config = find_trait_mapping(p, record);
        if (config != NULL)
            return arena_format(p->memory, "%s%s", config->from.text,
                                trait + strlen(record));
    }
    return NULL;
}

/* What the user says of a list, or of a field of its items. */
static const config_mapping *find_list_mapping(planner *p, const event_kind *kind,
                                               const char *name)
{
    return kind->derivation == KIND_SETTINGS ? find_trait_mapping(p, name)
                                             : find_property_mapping(p, kind, name);
}

/* "items", "purchase.items": how the project speaks of a list. */
static const char *full_list_name(planner *p, const event_kind *kind, const char *name)
{
    return kind->derivation == KIND_SETTINGS
               ? arena_format(p->memory, "user.%s", name)
               : arena_format(p->memory, "%s.%s", kind->name, name);
}

/* A list, and what its items have, is found at one place. */
static void check_one_field(planner *p, const config_mapping *config)
{
    if (config == NULL || config->more_field_count == 0)
        return;
    diag_error(p->diags, config->more_fields[0].where, E0305,
               "a list, and a field of its items, has one place in the source");
    diag_hint(p->diags, "Declare two lists, one for each place.");
    p->is_well = false;
}

/* A field of a list's items: found in the item, under its own name or another. */
static wanted want_item(planner *p, const event_kind *kind, const event_kind *list,
                        const property *field)
{
    char *name = arena_format(p->memory, "%s.%s", list->name, field->name);
    const config_mapping *config = find_list_mapping(p, kind, name);
    planned_cleaning cleaned = {config, name, full_list_name(p, kind, name)};
    wanted w = want_property(p, field, field->name, config);
    check_one_field(p, config);
    planner_clean(p, &cleaned, &w);
    return w;
}

/* What is asked of each item; a plain list, which may be made of one text, has one. */
static void plan_items(planner *p, const event_kind *kind, const event_kind *list,
                       const config_mapping *config, wanted *w)
{
    size_t count = list->property_count;
    carpel_column *items = arena_alloc_array(p->memory, count, sizeof *items);
    w->item_zones = arena_alloc_array(p->memory, count, sizeof *w->item_zones);
    w->item_cleanings = arena_alloc_array(p->memory, count, sizeof *w->item_cleanings);
    for (size_t i = 0; i < count; i++) {
        const property *field = &list->properties[i];
        planned_cleaning whole = {config, list->name,
                                  full_list_name(p, kind, list->name)};
        wanted item = list->is_plain ? want_property(p, field, "", NULL)
                                     : want_item(p, kind, list, field);
        if (list->is_plain && planner_clean_list(p, &whole, w, &item))
            return;
        items[i] = planner_column_of(field->name, &item);
        w->item_zones[i] = item.zone;
        w->item_cleanings[i] = item.cleaning;
    }
    w->items = items;
    w->item_count = count;
    w->is_plain = list->is_plain;
}

static void plan_list(planner *p, size_t number)
{
    const schema *s = p->m->schema;
    const event_kind *list = &s->kinds[number], *kind = &s->kinds[list->parent];
    bool is_of_people = kind->derivation == KIND_SETTINGS;
    const char *name = is_of_people
                           ? kind->name
                           : arena_format(p->memory, "%s.%s", kind->name, list->name);
    const config_mapping *config = find_list_mapping(p, kind, list->name);
    const char *from = is_of_people ? trait_from_of_record(p, list->name)
                                    : from_of_record(p, kind, list->name);
    wanted w = {.type = CARPEL_LIST, .zone = p->zone, .is_optional = from == NULL};
    w.from = from != NULL ? from : p->m->brings_own_names ? name : list->name;
    if (config != NULL)
        planner_set_mapping(p, config, &w);
    else if (from == NULL)
        want_by_format(p, is_of_people ? FORMAT_TRAIT : FORMAT_LIST, list->name, &w);
    check_one_field(p, config);
    w.others = NULL;
    plan_items(p, kind, list, config, &w);
    p->m->lists[number] = planner_plan_column(p, name, &w);
}

/* Is a source that is not told of the trait asked for it? */
static bool wants_all_traits(const planner *p)
{
    bool is_of_format =
        p->source->format && format_row(p->source->format, FORMAT_TRAIT, 0);
    return p->m->brings_own_names || is_of_format ||
           (!planner_brings_events(p->source) && p->source->trait_count == 0);
}

static bool brings_list(planner *p, const event_kind *list)
{
    const event_kind *kind = &p->m->schema->kinds[list->parent];
    if (kind->derivation != KIND_SETTINGS)
        return p->m->properties[list->parent] != NULL;
    bool is_brought = wants_all_traits(p) || find_trait_mapping(p, list->name) != NULL ||
                      trait_from_of_record(p, list->name) != NULL;
    p->m->has_traits = p->m->has_traits || is_brought;
    return is_brought;
}

static void plan_lists(planner *p)
{
    const schema *s = p->m->schema;
    p->m->lists = arena_alloc_array(p->memory, schema_total(s), sizeof *p->m->lists);
    for (size_t k = s->kind_count; k < schema_total(s); k++) {
        const event_kind *list = &s->kinds[k];
        p->m->lists[k] = SCHEMA_NONE;
        if (list->derivation == KIND_LIST && brings_list(p, list))
            plan_list(p, k);
    }
}

static void plan_properties(planner *p)
{
    mapping *m = p->m;
    const schema *s = m->schema;
    m->properties = arena_alloc_array(p->memory, s->kind_count, sizeof *m->properties);
    for (size_t k = 0; k < s->kind_count; k++) {
        const event_kind *kind = &s->kinds[k];
        if (!planner_brings_kind(m, k))
            continue;
        m->properties[k] = arena_alloc_array(p->memory, kind->property_count + 1,
                                             sizeof *m->properties[k]);
        for (size_t i = 0; i < kind->property_count; i++) {
            m->properties[k][i] = plan_property(p, kind, &kind->properties[i]);
        }
    }
}

/* Traits are asked for when they are listed; a source that brings no events and lists
 * none is asked for all. */
static void plan_traits(planner *p)
{
    mapping *m = p->m;
    const schema *s = m->schema;
    bool wants_all = wants_all_traits(p);
    m->traits = arena_alloc_array(p->memory, s->trait_count, sizeof *m->traits);
    for (size_t i = 0; i < s->trait_count; i++) {
        const config_mapping *config = find_trait_mapping(p, s->traits[i].name);
        const char *from = trait_from_of_record(p, s->traits[i].name);
        m->traits[i] = SCHEMA_NONE;
        if (config == NULL && from == NULL && !wants_all)
            continue;
        m->traits[i] = plan_trait(p, &s->traits[i], from, config);
        m->has_traits = true;
    }
}

void planner_plan_fields(planner *p)
{
    plan_properties(p);
    plan_lists(p);
    plan_traits(p);
}
