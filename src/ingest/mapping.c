/* SPDX-License-Identifier: MIT
 *
 * Plans the columns that a source is asked for: checks what the project file says about
 * the source against the schema, gives each person, time, event, condition, property and
 * trait a column, and lets those that are the same share one.
 */
#include "ingest/mapping.h"

#include <assert.h>
#include <string.h>

#include "base/plain_name.h"
#include "config/foreign_yaml.h"
#include "config/formats.h"
#include "ingest/loader.h"
#include "ingest/planner.h"
#include "value/time_formats.h"
#include "value/value.h"

/* ---- columns --------------------------------------------------------------------- */

/* Are both NULL, or both the same text? */
static bool texts_agree(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool columns_agree(const carpel_column *a, const zone *a_zone,
                          const carpel_column *b, const zone *b_zone)
{
    return a->type == b->type && a->scale == b->scale && strcmp(a->from, b->from) == 0 &&
           texts_agree(a->format, b->format) &&
           strcmp(zone_name(a_zone), zone_name(b_zone)) == 0;
}

static carpel_column column_of(const char *name, const wanted *w)
{
    return (carpel_column){.name = name,
                           .from = w->from,
                           .type = w->type,
                           .scale = w->scale,
                           .format = w->format,
                           .is_optional = w->is_optional,
                           .items = w->items,
                           .item_count = w->item_count,
                           .is_plain = w->is_plain};
}

static bool cleanings_agree(const column_cleaning *a, const column_cleaning *b)
{
    return texts_agree(a ? a->written : NULL, b ? b->written : NULL);
}

static bool column_serves(const mapping *m, size_t column, const wanted *w)
{
    const carpel_column *c = &m->columns[column], other = column_of("", w);
    if (!columns_agree(c, m->zones[column], &other, w->zone) ||
        !cleanings_agree(m->cleanings[column], w->cleaning) ||
        c->item_count != w->item_count || c->is_plain != w->is_plain ||
        m->others[column] != w->others)
        return false;
    for (size_t i = 0; i < c->item_count; i++) {
        if (!columns_agree(&c->items[i], m->item_zones[column][i], &w->items[i],
                           w->item_zones[i]) ||
            !cleanings_agree(m->item_cleanings[column][i], w->item_cleanings[i]))
            return false;
    }
    return true;
}

static bool is_any_cleaned(const wanted *w)
{
    bool is_cleaned = w->cleaning != NULL;
    for (size_t i = 0; i < w->item_count; i++)
        is_cleaned = is_cleaned || w->item_cleanings[i] != NULL;
    return is_cleaned;
}

/* The column for a value: one that is asked for already, or a new one. */
static size_t plan_column(planner *p, const char *name, const wanted *w)
{
    mapping *m = p->m;
    size_t first = name_index_find(&p->by_from, w->from), last = SCHEMA_NONE;
    for (size_t i = first; i != SCHEMA_NONE; last = i, i = p->next[i]) {
        if (column_serves(m, i, w)) {
            m->columns[i].is_optional = m->columns[i].is_optional && w->is_optional;
            return i;
        }
    }
    m->columns[m->column_count] = column_of(name, w);
    m->others[m->column_count] = w->others;
    m->has_others = m->has_others || w->others;
    m->zones[m->column_count] = w->zone;
    m->item_zones[m->column_count] = w->item_zones;
    m->cleanings[m->column_count] = w->cleaning;
    m->item_cleanings[m->column_count] = w->item_cleanings;
    m->has_cleanings = m->has_cleanings || is_any_cleaned(w);
    p->next[m->column_count] = SCHEMA_NONE;
    if (last == SCHEMA_NONE)
        name_index_add(&p->by_from, p->memory, w->from, m->column_count);
    else
        p->next[last] = m->column_count;
    return m->column_count++;
}

/* The field of a condition, as it is by what is done to all fields of the source. */
static size_t plan_condition(planner *p, const char *name, const char *from)
{
    wanted w = {.from = from, .type = CARPEL_STRING, .zone = p->zone};
    planner_clean(p, &(planned_cleaning){NULL, NULL, NULL}, &w);
    size_t column = plan_column(p, name, &w);
    p->m->is_tested[column] = true;
    return column;
}

/* "minutes" for 60000000: how a plugin learns what a plain number stands for. */
static const char *duration_format(const type_details *details)
{
    for (calendar_unit unit = UNIT_SECOND; unit <= UNIT_WEEK; unit++) {
        int64_t length;
        calendar_span one = {1, unit};
        if (calendar_span_microseconds(one, &length) &&
            length == details->unit_microseconds)
            return calendar_unit_name(unit);
    }
    return NULL;
}

/* The type of a property as plugins know it. */
static void set_type(wanted *w, type t, const type_details *details)
{
    switch (t.kind) {
    case TYPE_ERROR:
    case TYPE_VERSION:
    case TYPE_STRING: w->type = CARPEL_STRING; break;
    case TYPE_BOOL: w->type = CARPEL_BOOL; break;
    case TYPE_DECIMAL:
        w->type = t.scale == 0 ? CARPEL_INT : CARPEL_DECIMAL;
        w->scale = t.scale;
        break;
    case TYPE_NUMBER: w->type = CARPEL_NUMBER; break;
    case TYPE_TIME: w->type = CARPEL_TIME; break;
    case TYPE_DATE: w->type = CARPEL_DATE; break;
    case TYPE_DURATION:
        w->type = CARPEL_DURATION;
        w->format = duration_format(details);
        break;
    case TYPE_PERSON: w->type = CARPEL_PERSON; break;
    }
}

/* ---- what the project file says -------------------------------------------------- */

void planner_report_similar(planner *p, const char *similar)
{
    p->is_well = false;
    if (similar != NULL)
        diag_hint(p->diags, "Did you mean \"%s\"?", similar);
}

/* `total: amount`, where the property is called amount and the column total. */
void planner_report_wrong_way(planner *p, const char *name, const char *column)
{
    p->is_well = false;
    diag_hint(p->diags,
              "The name in carpel.yaml comes first, then the column: write %s: %s.", name,
              column);
}

/* Can the format be used? Reported if not. */
static void check_format(planner *p, const config_text *format)
{
    const char *reason;
    if (value_check_time_format(format->text, &reason))
        return;
    diag_error(p->diags, format->where, E0305, "the format \"%s\" cannot be used: %s",
               format->text, reason);
    char ours[64];
    if (time_format_translate(format->text, ours, sizeof ours))
        diag_propose(p->diags, format->where, "\"%s\"", ours);
    else
        diag_hint(p->diags,
                  "A format is made like \"%%Y-%%m-%%d %%H:%%M:%%S\", or is one "
                  "of unix, unix_ms, unix_us.");
    p->is_well = false;
}

/* Take over the format and zone of `from:`; for times and dates only. */
static void set_format(planner *p, const config_mapping *config, wanted *w)
{
    bool is_time = w->type == CARPEL_TIME, is_date = w->type == CARPEL_DATE;
    if (config->format.text != NULL && !is_time && !is_date) {
        diag_error(p->diags, config->format.where, E0305,
                   "only times and dates have a format");
        planner_report_similar(p, NULL);
    } else if (config->format.text != NULL) {
        w->format = config->format.text;
        check_format(p, &config->format);
        for (size_t i = 0; i < config->more_format_count; i++)
            check_format(p, &config->more_formats[i]);
    }
    if (config->zone.text != NULL && !is_time) {
        diag_error(p->diags, config->zone.where, E0305, "only times have a zone");
        planner_report_similar(p, NULL);
    }
}

static void set_zone(planner *p, const config_mapping *config, wanted *w)
{
    carpel_error err;
    char advice[256];
    if (config->zone.text == NULL || w->type != CARPEL_TIME)
        return;
    if (zone_open_in(config->zone.text, p->memory, &w->zone, &err))
        return;
    diag_error(p->diags, config->zone.where, E0305, "%s", err.message);
    p->is_well = false;
    if (zone_advise(config->zone.text, advice, sizeof advice))
        diag_hint(p->diags, "%s", advice);
}

/* `$.order.total` is how other tools begin a path. */
static void check_path(planner *p, const config_text *from)
{
    if (strncmp(from->text, "$.", 2) != 0)
        return;
    diag_error(p->diags, from->where, E0305, "the path \"%s\" begins with \"$.\"",
               from->text);
    diag_propose(p->diags, from->where, "%s", from->text + 2);
    p->is_well = false;
}

/* Fields beside the first one, as a plugin is told of them; NULL: there are none. */
static const char *const *other_fields(planner *p, const config_text *fields,
                                       size_t count)
{
    if (count == 0)
        return NULL;
    const char **others = arena_alloc_array(p->memory, count + 1, sizeof *others);
    for (size_t i = 0; i < count; i++) {
        check_path(p, &fields[i]);
        others[i] = fields[i].text;
    }
    return others;
}

/* What the user maps by hand, which then is not optional. */
static void set_mapping(planner *p, const config_mapping *config, wanted *w)
{
    w->from = config->from.text;
    w->others = other_fields(p, config->more_fields, config->more_field_count);
    w->is_optional = false;
    check_path(p, &config->from);
    set_format(p, config, w);
    set_zone(p, config, w);
}

/* The kind of this name, reported when there is none. */
static size_t find_kind(planner *p, const config_text *name)
{
    size_t kind = schema_find_kind(p->m->schema, name->text);
    if (kind == SCHEMA_NONE) {
        diag_error(p->diags, name->where, E0104, "no event kind is named \"%s\"",
                   name->text);
        planner_report_similar(p, schema_similar_kind(p->m->schema, name->text));
    }
    return kind;
}

/* ---- person, time and event ------------------------------------------------------ */

static bool is_this_key(const void *key, const char *name)
{
    return strcmp(key, name) == 0;
}

/* The line that says it under another name, or NULL. */
static const yaml_node *meant_key(const yaml_node *source, const char *key)
{
    for (size_t i = 0; i < source->count; i++) {
        const yaml_node *item = source->items[i];
        bool is_other = strcmp(item->key, "id") != 0 && strcmp(item->key, "name") != 0;
        if (is_other && foreign_key(item->key, is_this_key, key) != NULL)
            return item;
    }
    return NULL;
}

/* A key that has to be given: "the source "x" does not say which field holds WHAT". */
static void report_missing(planner *p, const char *key, const char *what,
                           const char *example)
{
    diag_error(p->diags, p->source->name.where, E0304,
               "the source \"%s\" does not say which field holds the %s", p->m->source,
               what);
    const yaml_node *node = p->source->node;
    const yaml_node *meant = node ? meant_key(node, key) : NULL;
    if (meant != NULL)
        diag_hint(p->diags, "Write `%s:` in place of `%s:`.", key, meant->key);
    else
        diag_hint(p->diags, "Add `%s: %s`.", key, example);
    p->is_well = false;
}

static void plan_person(planner *p)
{
    const config_mapping *person = &p->source->person;
    wanted w = {.type = CARPEL_PERSON, .zone = p->zone};
    if (person->is_broken) {
        p->is_well = false;
        return;
    }
    if (person->from.text == NULL) {
        report_missing(p, "person", "person", "customer_id");
        return;
    }
    set_mapping(p, person, &w);
    if (p->source->person_field_count > 1)
        w.others = other_fields(p, p->source->person_fields + 1,
                                p->source->person_field_count - 1);
    planner_clean(p, &(planned_cleaning){person, NULL, NULL}, &w);
    p->m->person = plan_column(p, "person", &w);
}

/* Each of several fields that may name the person, as it stands by itself. */
static void plan_choices(planner *p)
{
    const config_source *s = p->source;
    mapping *m = p->m;
    m->choices = arena_alloc_array(p->memory, s->person_field_count, sizeof *m->choices);
    for (size_t i = 0; s->person_field_count > 1 && i < s->person_field_count; i++) {
        wanted w = {.from = s->person_fields[i].text,
                    .type = CARPEL_PERSON,
                    .zone = p->zone,
                    .is_optional = true};
        planner_clean(p, &(planned_cleaning){&s->person, NULL, NULL}, &w);
        m->choices[m->choice_count++] = plan_column(p, "person", &w);
    }
}

static void plan_identities(planner *p)
{
    const config_source *s = p->source;
    mapping *m = p->m;
    m->identities =
        arena_alloc_array(p->memory, s->identity_count, sizeof *m->identities);
    for (size_t i = 0; i < s->identity_count; i++) {
        const config_mapping *field = &s->identities[i].field;
        id_kind kind = s->identities[i].kind;
        char *name = arena_format(p->memory, "%s id", id_kind_names[kind]);
        wanted w = {.from = field->from.text, .type = CARPEL_PERSON, .zone = p->zone};
        check_path(p, &field->from);
        planner_clean(p, &(planned_cleaning){field, NULL, NULL}, &w);
        m->identities[m->identity_count++] =
            (mapping_identity){plan_column(p, name, &w), kind};
        m->has_traits = true;
    }
}

static void plan_id(planner *p)
{
    const config_source *s = p->source;
    mapping *m = p->m;
    p->is_well = p->is_well && !s->id.is_broken;
    m->duplicates = s->duplicates;
    m->ids = arena_alloc_array(p->memory, s->id_field_count, sizeof *m->ids);
    for (size_t i = 0; i < s->id_field_count; i++) {
        check_path(p, &s->id_fields[i]);
        wanted w = {.from = s->id_fields[i].text, .type = CARPEL_STRING, .zone = p->zone};
        w.is_optional = s->is_id_optional;
        w.others = other_fields(p, s->id.more_fields, s->id.more_field_count);
        planner_clean(p, &(planned_cleaning){&s->id, NULL, NULL}, &w);
        m->ids[m->id_count++] = plan_column(p, "id", &w);
    }
}

static bool brings_events(const config_source *source)
{
    return source->event.from.text != NULL || source->event_rule_count > 0;
}

static void plan_time(planner *p)
{
    const config_mapping *time = &p->source->time;
    wanted w = {.type = CARPEL_TIME, .zone = p->zone};
    if (time->from.text != NULL) {
        set_mapping(p, time, &w);
        planner_clean(p, &(planned_cleaning){time, NULL, NULL}, &w);
        p->m->time = plan_column(p, "time", &w);
    } else if (time->is_broken) {
        p->is_well = false;
    } else if (brings_events(p->source)) {
        report_missing(p, "time", "time of its events", "created_at");
    }
}

static mapping_rule plan_rule(planner *p, const config_event_rule *config, size_t kind)
{
    mapping_rule rule = {.kind = kind, .condition_count = config->condition_count};
    rule.conditions =
        arena_alloc_array(p->memory, config->condition_count, sizeof *rule.conditions);
    for (size_t i = 0; i < config->condition_count; i++) {
        const config_condition *condition = &config->conditions[i];
        char *name = arena_format(p->memory, "?%s", condition->from.text);
        size_t column = plan_condition(p, name, condition->from.text);
        rule.conditions[i].column = column;
        rule.conditions[i].pattern =
            planner_cleaned(p, column, slice_of(condition->pattern.text));
    }
    return rule;
}

/* `event: kind`, where the rows have a field "kind" that says it. */
static void hint_event_column(planner *p, const config_text *name)
{
    enum { MOST = 6 };
    const schema *s = p->m->schema;
    const char *kinds = "";
    if (schema_similar_kind(s, name->text))
        return;
    for (size_t i = 0; i < s->kind_count && i < MOST; i++)
        kinds =
            arena_format(p->memory, "%s%s%s", kinds, i > 0 ? ", " : "", s->kinds[i].name);
    diag_hint(
        p->diags,
        "The events are: %s%s. If a field of each row names its event, write: event: "
        "{from: %s}.",
        kinds, s->kind_count > MOST ? ", ..." : "", name->text);
}

static void plan_rules(planner *p)
{
    const config_source *source = p->source;
    mapping *m = p->m;
    m->skips = arena_alloc_array(p->memory, source->skip_rule_count, sizeof *m->skips);
    for (size_t i = 0; i < source->skip_rule_count; i++)
        m->skips[m->skip_count++] = plan_rule(p, &source->skip_rules[i], SCHEMA_NONE);

    m->rules = arena_alloc_array(p->memory, source->event_rule_count, sizeof *m->rules);
    for (size_t i = 0; i < source->event_rule_count; i++) {
        size_t kind = find_kind(p, &source->event_rules[i].name);
        if (kind != SCHEMA_NONE)
            m->rules[m->rule_count++] = plan_rule(p, &source->event_rules[i], kind);
        else if (source->event_rule_count == 1)
            hint_event_column(p, &source->event_rules[i].name);
    }
}

/* `purchase: buy`, where the data say buy: the value comes first, then the kind. */
static size_t find_named_kind(planner *p, const config_event_name *name)
{
    const schema *s = p->m->schema;
    if (schema_find_kind(s, name->kind.text) != SCHEMA_NONE ||
        schema_find_kind(s, name->from.text) == SCHEMA_NONE)
        return find_kind(p, &name->kind);
    diag_error(p->diags, name->kind.where, E0104, "no event kind is named \"%s\"",
               name->kind.text);
    diag_hint(p->diags, "The text in the data comes first, then the event: write %s: %s.",
              name->kind.text, name->from.text);
    p->is_well = false;
    return SCHEMA_NONE;
}

/* Texts of the column are compared with what would become of these. */
static void plan_event_column(planner *p)
{
    const config_source *source = p->source;
    mapping *m = p->m;
    wanted w = {.type = CARPEL_STRING, .zone = p->zone};
    set_mapping(p, &source->event, &w);
    planner_clean(p, &(planned_cleaning){&source->event, NULL, NULL}, &w);
    m->event = plan_column(p, "event", &w);
    m->is_tested[m->event] = true;
    m->ignored = arena_alloc_array(p->memory, source->ignored_count, sizeof *m->ignored);
    for (size_t i = 0; i < source->ignored_count; i++)
        m->ignored[m->ignored_count++] =
            planner_cleaned(p, m->event, slice_of(source->ignored[i].text));
    m->has_plain_names = source->has_plain_names;
}

/* What becomes of a text that was written for one of the event column. */
static const char *event_text(planner *p, const char *written)
{
    return p->m->event == SCHEMA_NONE
               ? written
               : planner_cleaned(p, p->m->event, slice_of(written)).data;
}

static size_t count_traits_only(const config_source *source)
{
    size_t count = 0;
    while (source->format && format_row(source->format, FORMAT_TRAITS_ONLY, count))
        count++;
    return count;
}

/* Rows that bring traits, and are events only when somebody declared them. */
static void add_traits_only(planner *p)
{
    mapping *m = p->m;
    const format_part *row;
    for (size_t i = 0; m->has_plain_names &&
                       (row = format_row(p->source->format, FORMAT_TRAITS_ONLY, i));
         i++)
        if (mapping_find_plain_kind(m, slice_of(row->a)) == SCHEMA_NONE)
            m->names[m->name_count++] =
                (mapping_name){event_text(p, row->a), SCHEMA_NONE};
}

static void plan_event(planner *p)
{
    const config_source *source = p->source;
    mapping *m = p->m;
    if (source->event.from.text != NULL)
        plan_event_column(p);
    m->names =
        arena_alloc_array(p->memory, source->event_name_count + count_traits_only(source),
                          sizeof *m->names);
    for (size_t i = 0; i < source->event_name_count; i++) {
        size_t kind = find_named_kind(p, &source->event_names[i]);
        if (kind != SCHEMA_NONE)
            m->names[m->name_count++] =
                (mapping_name){event_text(p, source->event_names[i].from.text), kind};
    }
    add_traits_only(p);
    plan_rules(p);
}

/* Can a row of the source be of this kind? */
static bool brings_kind(const mapping *m, size_t kind)
{
    if (m->event != SCHEMA_NONE)
        return true;
    for (size_t i = 0; i < m->rule_count; i++) {
        if (m->rules[i].kind == kind)
            return true;
    }
    return false;
}

/* ---- properties and traits ------------------------------------------------------- */

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

/* The name that holds a field: "address" for "address.city"; NULL for the outermost one. */
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
    set_type(&w, property->type, &property->details);
    if (config != NULL)
        set_mapping(p, config, &w);
    return w;
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
    planner_clean(p, &(planned_cleaning){config, property->name, name}, &w);
    return plan_column(p, name, &w);
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
    planner_clean(p, &(planned_cleaning){config, trait->name, name}, &w);
    return plan_column(p, name, &w);
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
        items[i] = column_of(field->name, &item);
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
        set_mapping(p, config, &w);
    else if (from == NULL)
        want_by_format(p, is_of_people ? FORMAT_TRAIT : FORMAT_LIST, list->name, &w);
    check_one_field(p, config);
    w.others = NULL;
    plan_items(p, kind, list, config, &w);
    p->m->lists[number] = plan_column(p, name, &w);
}

/* Is a source that is not told of the trait asked for it? */
static bool wants_all_traits(const planner *p)
{
    bool is_of_format =
        p->source->format && format_row(p->source->format, FORMAT_TRAIT, 0);
    return p->m->brings_own_names || is_of_format ||
           (!brings_events(p->source) && p->source->trait_count == 0);
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
        if (!brings_kind(m, k))
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
    m->person = plan_column(p, "person", &person);
    m->time = plan_column(p, "time", &time);
    m->event = plan_condition(p, "event", "event");
    plan_rules(p); /* only `skip` is left */
}

/* ---- all of it ------------------------------------------------------------------- */

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
    return count;
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
    m->others = arena_alloc_array(memory, limit, sizeof *m->others);
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
    if (brings_own_names) {
        plan_own_names(&p);
    } else {
        plan_person(&p);
        plan_choices(&p);
        plan_identities(&p);
        plan_id(&p);
        plan_time(&p);
        plan_event(&p);
    }
    plan_properties(&p);
    plan_lists(&p);
    plan_traits(&p);
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

const char *const *const *mapping_others(const mapping *m)
{
    return m->has_others ? m->others : NULL;
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
