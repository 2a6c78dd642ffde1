/* SPDX-License-Identifier: MIT
 *
 * Plans the columns that a source is asked for: checks what the project file says about
 * the source against the schema, gives each person, time, event, condition, property and
 * trait a column, and lets those that are the same share one.
 */
#include "ingest/mapping.h"

#include <assert.h>

#include "base/plain_name.h"
#include "config/formats.h"
#include "ingest/loader.h"
#include "ingest/planner.h"

/* ---- sources with names of their own --------------------------------------------- */

static void refuse_key(planner *p, const char *key, span where)
{
    diag_error(p->diags, where, E0302, "a source of the plugin \"%s\" has no key \"%s\"",
               p->m->plugin, key);
    diag_hint(p->diags, "The plugin brings the project's own names; nothing is mapped.");
    p->is_well = false;
}

static void refuse_mapping_keys(planner *p)
{
    const config_source *source = p->source;
    if (source->person.from.text != NULL)
        refuse_key(p, "person", source->person.from.where);
    if (source->identity_count > 0)
        refuse_key(p, "identities", source->identities[0].field.from.where);
    if (source->id.from.text != NULL)
        refuse_key(p, "id", source->id.from.where);
    if (source->time.from.text != NULL)
        refuse_key(p, "time", source->time.from.where);
    if (source->event.from.text != NULL)
        refuse_key(p, "event", source->event.from.where);
    else if (source->event_rule_count > 0)
        refuse_key(p, "event", source->event_rules[0].name.where);
    if (source->property_count > 0)
        refuse_key(p, "properties", source->properties[0].name.where);
    if (source->trait_count > 0)
        refuse_key(p, "traits", source->traits[0].name.where);
}

static void plan_own_names(planner *p)
{
    mapping *m = p->m;
    wanted person = {.from = "person", .type = CARPEL_PERSON, .zone = p->zone};
    wanted time = {.from = "time", .type = CARPEL_TIME, .zone = p->zone};
    refuse_mapping_keys(p);
    m->person = planner_plan_column(p, "person", &person);
    m->time = planner_plan_column(p, "time", &time);
    m->event = planner_plan_condition(p, "event", "event");
    planner_plan_rules(p); /* only `skip` is left */
}

/* ---- all of it ------------------------------------------------------------------- */

static void take_most(size_t *most, size_t count)
{
    *most = count > *most ? count : *most;
}

/* Fields that may stand beside the first one of a value are at most as many. */
static size_t most_other_fields(const config_source *source)
{
    size_t most = source->event.more_field_count, count = 0;
    take_most(&most, source->time.more_field_count);
    take_most(&most, source->id.more_field_count);
    for (size_t i = 0; i < source->property_count; i++)
        take_most(&most, source->properties[i].more_field_count);
    for (size_t i = 0; i < source->trait_count; i++)
        take_most(&most, source->traits[i].more_field_count);
    if (source->format)
        while (format_row(source->format, FORMAT_PROPERTY, count) ||
               format_row(source->format, FORMAT_TRAIT, count))
            count++;
    take_most(&most, 2 * count); /* each in two spellings */
    return most;
}

/* More columns than this are never planned. */
static size_t column_limit(const schema *s, const config_source *source)
{
    size_t count = 4 + source->id_field_count + s->trait_count + s->derived_count +
                   source->person_field_count + source->identity_count;
    for (size_t i = 0; i < s->kind_count; i++)
        count += s->kinds[i].property_count;
    for (size_t i = 0; i < source->event_rule_count; i++)
        count += source->event_rules[i].condition_count;
    for (size_t i = 0; i < source->skip_rule_count; i++)
        count += source->skip_rules[i].condition_count;
    return count * (1 + most_other_fields(source));
}

static mapping *make_mapping(const schema *s, const config_source *source, arena *memory)
{
    mapping *m = arena_alloc(memory, sizeof *m);
    size_t limit = column_limit(s, source);
    m->schema = s;
    m->plugin = source->plugin.text != NULL ? source->plugin.text : "";
    m->source = source->name.text != NULL ? source->name.text : m->plugin;
    m->person = m->time = m->event = SCHEMA_NONE;
    m->links = schema_find_links(s);
    m->columns = arena_alloc_array(memory, limit, sizeof *m->columns);
    m->is_next = arena_alloc_array(memory, limit, sizeof *m->is_next);
    m->next = arena_alloc_array(memory, limit, sizeof *m->next);
    m->zones = arena_alloc_array(memory, limit, sizeof *m->zones);
    m->item_zones = arena_alloc_array(memory, limit, sizeof *m->item_zones);
    m->cleanings = arena_alloc_array(memory, limit, sizeof *m->cleanings);
    m->is_tested = arena_alloc_array(memory, limit, sizeof *m->is_tested);
    m->item_cleanings = arena_alloc_array(memory, limit, sizeof *m->item_cleanings);
    return m;
}

static void index_mappings(planner *p)
{
    const config_source *source = p->source;
    for (size_t i = 0; i < source->property_count; i++)
        name_index_add(&p->mapped_properties, p->memory, source->properties[i].name.text,
                       i);
    for (size_t i = 0; i < source->trait_count; i++)
        name_index_add(&p->mapped_traits, p->memory, source->traits[i].name.text, i);
}

mapping *mapping_new(const schema *s, const config_source *source, const zone *zone,
                     bool brings_own_names, arena *memory, diags *diags)
{
    planner p = {.m = make_mapping(s, source, memory),
                 .source = source,
                 .zone = zone,
                 .memory = memory,
                 .diags = diags,
                 .is_well = true};
    p.next = arena_alloc_array(memory, column_limit(s, source), sizeof *p.next);
    index_mappings(&p);
    p.m->brings_own_names = brings_own_names;
    if (brings_own_names)
        plan_own_names(&p);
    else
        planner_plan_rows(&p);
    planner_plan_fields(&p);
    if (!brings_own_names)
        planner_check_names(&p);
    return p.is_well ? p.m : NULL;
}

size_t mapping_find_plain_kind(const mapping *m, slice name)
{
    text plain;
    text_init(&plain);
    plain_name_append(&plain, name);
    size_t kind = schema_find_kind(m->schema, plain.data);
    if (kind == SCHEMA_NONE) {
        text_append(&plain, "_event");
        kind = schema_find_kind(m->schema, plain.data);
    }
    text_done(&plain);
    return kind;
}

bool mapping_brings_kind(const mapping *m, size_t kind)
{
    return m->brings_own_names || m->properties == NULL || m->properties[kind] != NULL;
}

bool mapping_brings_trait(const mapping *m, size_t trait)
{
    return m->brings_own_names || m->traits == NULL || m->traits[trait] != SCHEMA_NONE;
}

const carpel_column *mapping_columns(const mapping *m)
{
    return m->columns;
}

size_t mapping_column_count(const mapping *m)
{
    return m->column_count;
}

size_t mapping_person_column(const mapping *m)
{
    return m->person;
}

const zone *mapping_column_zone(const mapping *m, size_t column)
{
    assert(column < m->column_count);
    return m->zones[column];
}

const zone *mapping_item_zone(const mapping *m, size_t column, size_t item)
{
    assert(column < m->column_count && item < m->columns[column].item_count);
    return m->item_zones[column][item];
}

void mapping_list_changes(mapping *m)
{
    m->lists_changes = true;
}
