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
    if (from != NULL && name_index_find(&known->names, from) != SIZE_MAX)
        planner_report_wrong_way(p, from, name->text);
    else
        planner_report_similar(p, suggest_best(&similar));
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

void planner_check_names(planner *p)
{
    mappable known = {.planner = p};
    if (p->source->property_count > 0)
        add_kinds(&known);
    for (size_t i = 0; i < p->source->property_count; i++)
        check_property_name(&known, &p->source->properties[i]);
    if (p->source->trait_count > 0)
        check_trait_names(p);
}
