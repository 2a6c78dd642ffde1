/* SPDX-License-Identifier: MIT
 *
 * Reads the sources of a project: their table of keys, then one function a key. The keys of
 * the plugins stand beside them and are left to options_read().
 */
#include "config/connectors.h"

#include <string.h>

#include "config/cleaning.h"
#include "config/formats.h"
#include "config/identities.h"
#include "config/isolated.h"
#include "config/limits.h"
#include "config/mappings.h"
#include "config/retry.h"
#include "config/source_lints.h"

#define SOURCE_KEYS(X)                                                                   \
    X("name", SHAPE_TEXT, false, "a text", "name: purchases")                            \
    X("plugin", SHAPE_TEXT, true, "the name of a plugin", "plugin: csv")                 \
    X("mode", SHAPE_TEXT, false, "replace or append", "mode: append")                    \
    X("command", SHAPE_LIST, false, "a list: a program and its arguments",               \
      "command: [psql, -c, \"copy orders to stdout csv header\"]")                       \
    X("person", SHAPE_TEXT | SHAPE_MAPPING | SHAPE_LIST, false,                          \
      "the name of a field, or a list of them", "person: customer_id")                   \
    X("id", SHAPE_TEXT | SHAPE_MAPPING | SHAPE_LIST, false,                              \
      "the name of a field, or a list of them", "id: order_id")                          \
    X("duplicates", SHAPE_TEXT, false, "first, last or refuse", "duplicates: last")      \
    X("identities", SHAPE_MAPPING, false, "a mapping of fields to kinds of ids",         \
      "identities: {anonymousId: cookie}")                                               \
    X("clean", SHAPE_MAPPING, false, "what is done to the texts of all fields",          \
      "clean: {trim: true}")                                                             \
    X("time", SHAPE_TEXT | SHAPE_MAPPING, false,                                         \
      "the name of a field, or a mapping with \"from\"",                                 \
      "time: {from: date, format: \"%Y%m%d\"}")                                          \
    X("event", SHAPE_TEXT | SHAPE_MAPPING | SHAPE_LIST, false,                           \
      "an event kind, a mapping with \"from\", or a list of rules", "event: purchase")   \
    X("format", SHAPE_TEXT, false, "the name of an envelope of events",                  \
      "format: segment")                                                                 \
    X("ignore", SHAPE_TEXT | SHAPE_LIST, false,                                          \
      "a text of the event's field, or a list of them, with * for anything",             \
      "ignore: [heartbeat, \"debug_*\"]")                                                \
    X("skip", SHAPE_MAPPING | SHAPE_LIST | SHAPE_EMPTY, false,                           \
      "a condition or a list of conditions", "skip: {customer_id: \"\"}")                \
    X("properties", SHAPE_MAPPING | SHAPE_LIST | SHAPE_EMPTY, false,                     \
      "a mapping of properties to fields", "properties: {amount: dollar_value}")         \
    X("traits", SHAPE_MAPPING | SHAPE_LIST | SHAPE_EMPTY, false,                         \
      "a mapping of traits to fields, or a list of names", "traits: {country: Country}") \
    X("refused", SHAPE_TEXT, false, "a share of the source's rows", "refused: 5%")       \
    X("retry", SHAPE_MAPPING, false, "a mapping", "retry: {attempts: 4}")                \
    X("isolation", SHAPE_TEXT | SHAPE_MAPPING, false, "process, none, or a mapping",     \
      "isolation: process")

#define ROW(name, kinds, required, needs, example)                                       \
    {name, kinds, required, needs, example},
#define NAME(name, kinds, required, needs, example) name,
static const shape_key source_keys[] = {SOURCE_KEYS(ROW) END_OF_KEYS};
const char *const project_source_keys[] = {SOURCE_KEYS(NAME) NULL};
#undef NAME
#undef ROW

/* `event: {from: action, names: {buy: purchase}}` */
static const shape_key event_keys[] = {
    {"from", SHAPE_TEXT | SHAPE_LIST, false, "the name of a field, or a list of them",
     "from: action"},
    {"names", SHAPE_MAPPING, false, "a mapping of texts to event kinds",
     "names: {buy: purchase, view: page_view}"},
#define X CLEANING_SHAPE
#include "value/cleaning.def"
#undef X
    END_OF_KEYS,
};

/* An item of `event: [...]`. */
static const shape_key rule_keys[] = {
    {"name", SHAPE_TEXT, true, "an event kind", "name: purchase"},
    {"when", SHAPE_MAPPING, false, "a mapping of fields to texts",
     "when: {InvoiceNo: \"C*\"}"},
    END_OF_KEYS,
};

/* ---- sources --------------------------------------------------------------- */

/* `{InvoiceNo: "C*", customer_id: ""}`: all of them have to hold, and one at least. */
static void read_conditions(const reader *r, const yaml_node *node,
                            config_event_rule *rule)
{
    if (node == NULL)
        return;
    if (node->count == 0) {
        diag_error(r->diags, shape_place(node), E0305,
                   "a condition needs at least one field");
        diag_hint(r->diags, "For example: {InvoiceNo: \"C*\"}");
    }
    rule->conditions = reader_array(r, node->count, sizeof *rule->conditions);
    for (size_t i = 0; i < node->count; i++) {
        const yaml_node *value = node->items[i];
        if (shape_fits(value, SHAPE_TEXT)) {
            config_condition condition = {reader_key(value), reader_text(value)};
            rule->conditions[rule->condition_count++] = condition;
            source_lint_condition(r, &condition);
            continue;
        }
        const char *what = arena_format(r->memory, "the field \"%s\"", value->key);
        const char *example = arena_format(r->memory, "%s: \"\"", value->key);
        shape_refuse(value, what, "a text, with * for anything", example, r->diags);
    }
}

/* One item of `event: [...]`; false when it cannot be used. */
static bool read_event_rule(const reader *r, const yaml_node *item,
                            config_event_rule *rule)
{
    if (item->is_broken)
        return false;
    if (!shape_fits(item, SHAPE_MAPPING)) {
        shape_refuse(item, "a rule for the event", "a mapping with the key \"name\"",
                     "- {name: cancellation, when: {InvoiceNo: \"C*\"}}", r->diags);
        return false;
    }
    shape_check(item, rule_keys, "a rule for the event", SHAPE_CLOSED, r->diags);
    const yaml_node *name = shape_get(item, rule_keys, "name");
    if (name != NULL)
        rule->name = reader_name(r, name);
    read_conditions(r, shape_get(item, rule_keys, "when"), rule);
    return rule->name.text != NULL;
}

static void read_event_rules(const reader *r, const yaml_node *node, config_source *s)
{
    if (node->count == 0)
        shape_refuse(node, "\"event\"", "at least one rule", "event: purchase", r->diags);
    s->event_rules = reader_array(r, node->count, sizeof *s->event_rules);
    for (size_t i = 0; i < node->count; i++)
        if (read_event_rule(r, node->items[i], &s->event_rules[s->event_rule_count]))
            s->event_rule_count++;
    source_lint_order(r, s);
}

static void read_event_names(const reader *r, const yaml_node *node, config_source *s)
{
    if (node == NULL)
        return;
    s->event_names = reader_array(r, node->count, sizeof *s->event_names);
    for (size_t i = 0; i < node->count; i++) {
        const yaml_node *value = node->items[i];
        if (!shape_fits(value, SHAPE_TEXT)) {
            const char *what = arena_format(r->memory, "\"%s\"", value->key);
            const char *example = arena_format(r->memory, "%s: purchase", value->key);
            shape_refuse(value, what, "an event kind", example, r->diags);
            continue;
        }
        config_event_name name = {reader_key(value), reader_name(r, value)};
        if (name.kind.text != NULL)
            s->event_names[s->event_name_count++] = name;
    }
}

/* Which field names the kind; the format of a source knows it without a word. */
static void read_event_fields(const reader *r, const yaml_node *from,
                              const yaml_node *event, config_source *s)
{
    if (from != NULL)
        mappings_read_from(r, from, "\"event\"", &s->event);
    else if (yaml_get(event, "from") != NULL)
        s->event.is_broken = true;
    if (from != NULL || s->event.is_broken || yaml_get(s->node, "format") != NULL)
        return;
    s->event.is_broken = true;
    if (shape_is_written(event, event_keys, "from"))
        return;
    diag_error(r->diags, event->where, E0304, "\"event\" has no \"from\"");
    diag_hint(r->diags, "Add a line such as \"from: action\".");
}

/* `event: {purchase: {what: buy}}`, where a list of rules is meant. */
static bool refuse_rules_by_name(const reader *r, const yaml_node *node)
{
    const yaml_node *first = node->count > 0 ? node->items[0] : NULL;
    for (size_t i = 0; i < node->count; i++)
        if (node->items[i]->kind != YAML_MAPPING || node->items[i]->count == 0 ||
            node->items[i]->items[0]->kind != YAML_SCALAR ||
            shape_knows(event_keys, node->items[i]->key))
            return false;
    if (first == NULL)
        return false;
    const yaml_node *field = first->items[0];
    diag_error(r->diags, first->key_where, E0302, "\"event\" has no key \"%s\"",
               first->key);
    diag_hint(r->diags,
              "Conditions are a list, an event each: - {name: %s, when: {%s: %s}}",
              first->key, field->key, field->text);
    return true;
}

static void read_event(const reader *r, const yaml_node *node, config_source *s)
{
    if (node == NULL)
        return;
    if (node->kind == YAML_SEQUENCE) {
        read_event_rules(r, node, s);
    } else if (node->kind == YAML_MAPPING && refuse_rules_by_name(r, node)) {
        s->event.is_broken = true;
    } else if (node->kind == YAML_MAPPING) {
        shape_check(node, event_keys, "\"event\"", SHAPE_CLOSED, r->diags);
        read_event_fields(r, shape_get(node, event_keys, "from"), node, s);
        cleaning_read(r, node, &s->event.clean);
        read_event_names(r, shape_get(node, event_keys, "names"), s);
    } else {
        s->event_rules = reader_array(r, 1, sizeof *s->event_rules);
        s->event_rules[0].name = reader_name(r, node);
        s->event_rule_count = s->event_rules[0].name.text != NULL;
    }
}

static void read_ignored(const reader *r, const yaml_node *node, config_source *s)
{
    s->ignored = reader_texts(r, node, "an item of \"ignore\"", "a text",
                              "ignore: [heartbeat, \"debug_*\"]", &s->ignored_count);
    reader_check_distinct(r, s->ignored, s->ignored_count, "items of \"ignore\"");
    if (s->ignored_count == 0 || s->event.from.text || s->event.is_broken)
        return;
    diag_error(r->diags, s->ignored[0].where, E0304,
               "\"ignore\" needs the field that names the event of each row");
    diag_hint(r->diags,
              "Add a line such as \"event: {from: action}\"; rows are left out by "
              "other fields with \"skip\".");
    s->ignored_count = 0;
}

static void read_skip(const reader *r, const yaml_node *node, config_source *s)
{
    if (node == NULL)
        return;
    size_t count = yaml_item_count(node);
    s->skip_rules = reader_array(r, count, sizeof *s->skip_rules);
    for (size_t i = 0; i < count; i++) {
        const yaml_node *item = yaml_item_at(node, i);
        config_event_rule *rule = &s->skip_rules[s->skip_rule_count];
        if (!shape_fits(item, SHAPE_MAPPING)) {
            shape_refuse(item, "an item of \"skip\"", "a mapping of fields to texts",
                         "- {customer_id: \"\"}", r->diags);
            continue;
        }
        if (!item->is_broken)
            read_conditions(r, item, rule);
        s->skip_rule_count += rule->condition_count > 0; /* none would skip every row */
    }
}

config_text connector_name(const reader *r, const yaml_node *item, const shape_key *keys,
                           config_text plugin)
{
    const yaml_node *name = shape_get(item, keys, "name");
    config_text given = {0};
    if (name != NULL)
        given = reader_name(r, name);
    return given.text != NULL ? given : plugin;
}

config_text connector_plugin(const reader *r, const yaml_node *item,
                             const shape_key *keys)
{
    const yaml_node *plugin = shape_get(item, keys, "plugin");
    return plugin != NULL ? reader_name(r, plugin) : (config_text){NULL, item->where};
}

/* Do rows of a source that is no file stay beside those of the next load? */
static bool read_mode(const reader *r, const yaml_node *node)
{
    config_text mode = reader_text(node);
    if (mode.text == NULL || strcmp(mode.text, "replace") == 0)
        return false;
    if (strcmp(mode.text, "append") == 0)
        return true;
    diag_error(r->diags, mode.where, E0305, "the mode \"%s\" is not known", mode.text);
    diag_hint(r->diags, "Write \"mode: replace\", where each load takes the place of the "
                        "one before, or \"mode: append\".");
    return false;
}

/* Which of the rows with one id counts? */
static void read_duplicates(const reader *r, const yaml_node *node, config_source *s)
{
    static const char *const words[] = {"first", "last", "refuse"};
    config_text given = reader_text(node);
    size_t i = 0, count = sizeof words / sizeof *words;
    if (given.text == NULL)
        return;
    while (i < count && strcmp(given.text, words[i]) != 0)
        i++;
    if (i == count) {
        diag_error(r->diags, given.where, E0305,
                   "\"duplicates\" is first, last or refuse, not \"%s\"", given.text);
        diag_hint(r->diags, "For example: duplicates: last");
    } else if (s->id_field_count == 0 && !s->id.is_broken) {
        diag_error(r->diags, given.where, E0304,
                   "\"duplicates\" needs the id that such rows share");
        diag_hint(r->diags, "Add a line such as \"id: order_no\", or "
                            "\"id: [shop, order_no]\".");
    } else {
        s->duplicates = (config_duplicates)i;
    }
}

static void read_command(const reader *r, const yaml_node *node, config_source *s)
{
    static const char example[] =
        "command: [psql, -c, \"copy orders to stdout csv header\"]";
    s->command = reader_texts(r, node, "an item of \"command\"", "a word", example,
                              &s->command_count);
    if (!node || node->kind != YAML_SEQUENCE || node->count > 0)
        return;
    diag_error(r->diags, node->where, E0303,
               "\"command\" is empty, and names no program");
    diag_hint(r->diags, "For example: %s", example);
}

static void read_source(const reader *r, yaml_node *item, config_source *s)
{
    shape_check(item, source_keys, "the source", SHAPE_OPEN, r->diags);
    s->node = item;
    s->project = r->project;
    s->plugin = connector_plugin(r, item, source_keys);
    s->name = connector_name(r, item, source_keys, s->plugin);
    cleaning_read_source(r, shape_get(item, source_keys, "clean"), &s->clean);
    mappings_read_person(r, shape_get(item, source_keys, "person"), s);
    mappings_read_id(r, shape_get(item, source_keys, "id"), s);
    identities_read_source(r, shape_get(item, source_keys, "identities"), s);
    s->time = mappings_read_one(r, shape_get(item, source_keys, "time"));
    read_command(r, shape_get(item, source_keys, "command"), s);
    read_event(r, shape_get(item, source_keys, "event"), s);
    formats_read(r, shape_get(item, source_keys, "format"), s);
    read_duplicates(r, shape_get(item, source_keys, "duplicates"), s);
    source_lint_id(r, s);
    read_ignored(r, shape_get(item, source_keys, "ignore"), s);
    read_skip(r, shape_get(item, source_keys, "skip"), s);
    s->refused_limit = limits_read_share(r, shape_get(item, source_keys, "refused"));
    s->retry = retry_read(r, shape_get(item, source_keys, "retry"));
    s->isolation_seconds = isolated_read(r, shape_get(item, source_keys, "isolation"));
    s->is_appended = read_mode(r, shape_get(item, source_keys, "mode"));
    s->has_properties = yaml_get(item, "properties") != NULL;
    s->properties =
        mappings_read(r, shape_get(item, source_keys, "properties"), &s->property_count);
    s->traits = mappings_read(r, shape_get(item, source_keys, "traits"), &s->trait_count);
}

static bool is_mapping(const reader *r, const yaml_node *item, const connector_list *of)
{
    if (item->is_broken)
        return false;
    if (item->kind == YAML_MAPPING)
        return true;
    shape_refuse(item, of->what, "a mapping with the key \"plugin\"", of->example,
                 r->diags);
    return false;
}

void connectors_read_list(const reader *r, const yaml_node *node,
                          const connector_list *of)
{
    config_text *names = reader_array(r, node->count, sizeof *names);
    size_t name_count = 0;
    for (size_t i = 0; i < node->count; i++) {
        if (!is_mapping(r, node->items[i], of))
            continue;
        config_text name = of->add(r, node->items[i]);
        if (name.text)
            names[name_count++] = name;
    }
    reader_check_distinct(r, names, name_count, of->plural);
}

static config_text add_source(const reader *r, yaml_node *item)
{
    config_source *s = &r->project->sources[r->project->source_count++];
    read_source(r, item, s);
    return s->name;
}

void connectors_read_sources(const reader *r, const yaml_node *node)
{
    static const connector_list sources = {
        "a source", "sources", "- {plugin: csv, files: data/*.csv}", add_source};
    if (!node)
        return;
    r->project->sources = reader_array(r, node->count, sizeof *r->project->sources);
    connectors_read_list(r, node, &sources);
}
