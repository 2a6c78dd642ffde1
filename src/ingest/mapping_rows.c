/* SPDX-License-Identifier: MIT
 *
 * What a source says of whole rows: whose they are, when, of which event, with which id, and which are left out.
 */
#include <string.h>

#include "config/foreign_yaml.h"
#include "config/formats.h"
#include "ingest/planner.h"

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
    planner_set_mapping(p, person, &w);
    if (p->source->person_field_count > 1)
        w.others = planner_other_fields(p, p->source->person_fields + 1,
                                        p->source->person_field_count - 1);
    w.has_choices = true;
    planner_clean(p, &(planned_cleaning){person, NULL, NULL}, &w);
    p->m->person = planner_plan_column(p, "person", &w);
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
        m->choices[m->choice_count++] = planner_plan_column(p, "person", &w);
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
        planner_check_path(p, &field->from);
        planner_clean(p, &(planned_cleaning){field, NULL, NULL}, &w);
        m->identities[m->identity_count++] =
            (mapping_identity){planner_plan_column(p, name, &w), kind};
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
        planner_check_path(p, &s->id_fields[i]);
        wanted w = {.from = s->id_fields[i].text, .type = CARPEL_STRING, .zone = p->zone};
        w.is_optional = s->is_id_optional;
        w.others = planner_other_fields(p, s->id.more_fields, s->id.more_field_count);
        planner_clean(p, &(planned_cleaning){&s->id, NULL, NULL}, &w);
        m->ids[m->id_count++] = planner_plan_column(p, "id", &w);
    }
}

bool planner_brings_events(const config_source *source)
{
    return source->event.from.text != NULL || source->event_rule_count > 0;
}

/* `event: none` */
static bool means_no_event(const char *written)
{
    static const char *const words[] = {"none",    "no", "null", "false",
                                        "nothing", "-",  "n/a"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(written, words[i]) == 0)
            return true;
    return false;
}

static bool says_no_event(const config_source *s)
{
    return s->event_rule_count == 1 && s->event_rules[0].condition_count == 0 &&
           means_no_event(s->event_rules[0].name.text);
}

static void plan_time(planner *p)
{
    const config_mapping *time = &p->source->time;
    wanted w = {.type = CARPEL_TIME, .zone = p->zone};
    if (time->from.text != NULL) {
        planner_set_mapping(p, time, &w);
        planner_clean(p, &(planned_cleaning){time, NULL, NULL}, &w);
        p->m->time = planner_plan_column(p, "time", &w);
    } else if (time->is_broken) {
        p->is_well = false;
    } else if (planner_brings_events(p->source) && !says_no_event(p->source)) {
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
        size_t column = planner_plan_condition(p, name, condition->from.text);
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
    if (means_no_event(name->text)) {
        diag_hint(p->diags,
                  "A source whose rows are no events has no `event:`: leave it out.");
        return;
    }
    for (size_t i = 0; i < s->kind_count && i < MOST; i++)
        kinds =
            arena_format(p->memory, "%s%s%s", kinds, i > 0 ? ", " : "", s->kinds[i].name);
    diag_hint(
        p->diags,
        "The events are: %s%s. If a field of each row names its event, write: event: "
        "{from: %s}.",
        kinds, s->kind_count > MOST ? ", ..." : "", name->text);
}

void planner_plan_rules(planner *p)
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
    planner_set_mapping(p, &source->event, &w);
    planner_clean(p, &(planned_cleaning){&source->event, NULL, NULL}, &w);
    m->event = planner_plan_column(p, "event", &w);
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
    planner_plan_rules(p);
}

bool planner_brings_kind(const mapping *m, size_t kind)
{
    if (m->event != SCHEMA_NONE)
        return true;
    for (size_t i = 0; i < m->rule_count; i++) {
        if (m->rules[i].kind == kind)
            return true;
    }
    return false;
}

void planner_plan_rows(planner *p)
{
    plan_person(p);
    plan_choices(p);
    plan_identities(p);
    plan_id(p);
    plan_time(p);
    plan_event(p);
}
