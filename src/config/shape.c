/* SPDX-License-Identifier: MIT
 *
 * Checks a mapping against a table of its keys, with one wording for every mistake.
 */
#include "config/shape.h"

#include <string.h>

#include "config/foreign_yaml.h"
#include "value/type.h"

static const char *kind_of(const yaml_node *node)
{
    if (yaml_is_null(node))
        return "nothing";
    if (node->kind == YAML_SCALAR)
        return "a text";
    return node->kind == YAML_SEQUENCE ? "a list" : "a mapping";
}

static const shape_key *find_key(const shape_key *table, const char *name)
{
    for (; table->name != NULL; table++)
        if (strcmp(table->name, name) == 0)
            return table;
    return NULL;
}

bool shape_knows(const shape_key *table, const char *name)
{
    return find_key(table, name) != NULL;
}

/* Keys that other tools have, on which nothing depends here. */
static bool is_idle(const char *key)
{
    static const char *const keys[] = {
        "version",  "description", "currency", "meta",    "config",   "owner",
        "tags",     "tests",       "label",    "title",   "docs",     "locale",
        "language", "schedule",    "cron",     "refresh", "frequency"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return strncmp(key, "x-", 2) == 0;
}

/* A mapping, and the keys that it may have. */
typedef struct keyed {
    const yaml_node *mapping;
    const shape_key *table;
} keyed;

static bool lacks_key(const void *of, const char *name)
{
    const keyed *k = of;
    return find_key(k->table, name) != NULL && yaml_get(k->mapping, name) == NULL;
}

/* The key that is called `written` elsewhere, where the mapping has none such; or NULL. */
static const char *find_synonym(const yaml_node *mapping, const shape_key *table,
                                const char *written)
{
    keyed k = {mapping, table};
    return find_key(table, written) ? NULL : foreign_key(written, lacks_key, &k);
}

/* `country: string` where no such key is: a trait or a property in the wrong column. */
static bool report_lost_type(const yaml_node *value, const char *owner, diags *diags)
{
    static const char *const types[] = {"string", "int",  "bool",     "number",
                                        "date",   "time", "duration", "decimal"};
    for (size_t i = 0; value->kind == YAML_SCALAR && i < sizeof types / sizeof *types;
         i++) {
        if (strncmp(value->text, types[i], strlen(types[i])) != 0)
            continue;
        diag_error(diags, value->key_where, E0302, "%s has no key \"%s\"", owner,
                   value->key);
        diag_hint(diags, "A trait stands below \"traits:\", and a property below its "
                         "event, with two blanks more than that.");
        return true;
    }
    return false;
}

static bool is_rules(const void *of, const char *name)
{
    return find_key(of, "rules") != NULL && strcmp(name, "rules") == 0;
}

/* `segments:` and the rules below it. */
static bool report_rules_inside(const yaml_node *value, const shape_key *table,
                                const char *owner, diags *diags)
{
    if (value->kind != YAML_MAPPING || !foreign_key(value->key, is_rules, table))
        return false;
    diag_error(diags, value->key_where, E0302, "%s has no key \"%s\"", owner, value->key);
    diag_hint(diags, "Segments stand in files of their own, such as rules/shop.seg: "
                     "segment vip when sum(purchase.amount) > 500.");
    return true;
}

static void report_unknown(const yaml_node *mapping, const yaml_node *value,
                           const shape_key *table, const char *owner, diags *diags)
{
    if (report_rules_inside(value, table, owner, diags))
        return;
    suggestion s = suggest_begin(value->key);
    const char *synonym = find_synonym(mapping, table, value->key);
    if (synonym != NULL) {
        diag_error(diags, value->key_where, E0302, "%s has no key \"%s\"", owner,
                   value->key);
        diag_hint(diags, "Did you mean \"%s\"?", synonym);
        diag_fix(diags, value->key_where, "%s", synonym);
        return;
    }
    if (find_key(table, "traits") != NULL && report_lost_type(value, owner, diags))
        return;
    text known;
    text_init(&known);
    for (const shape_key *k = table; k->name != NULL; k++) {
        suggest_consider(&s, k->name);
        text_append_format(&known, "%s%s", known.size > 0 ? ", " : "", k->name);
    }
    shape_refuse_key(value, owner, "key", &s, known.data, diags);
    text_done(&known);
}

bool shape_is_written(const yaml_node *mapping, const shape_key *table, const char *name)
{
    if (yaml_get(mapping, name) != NULL)
        return true;
    for (size_t i = 0; i < mapping->count; i++) {
        if (find_key(table, mapping->items[i]->key) != NULL)
            continue;
        const char *synonym = find_synonym(mapping, table, mapping->items[i]->key);
        if (synonym != NULL && strcmp(synonym, name) == 0)
            return true;
        suggestion s = suggest_begin(mapping->items[i]->key);
        for (const shape_key *k = table; k->name != NULL; k++)
            suggest_consider(&s, k->name);
        const char *meant = suggest_best(&s);
        if (meant != NULL && strcmp(meant, name) == 0)
            return true;
    }
    return false;
}

span shape_place(const yaml_node *node)
{
    bool is_point = node->where.begin == node->where.end;
    return is_point && node->key != NULL ? node->key_where : node->where;
}

bool shape_fits(const yaml_node *node, unsigned kinds)
{
    if (node->is_broken)
        return true;
    if (yaml_is_null(node))
        return (kinds & SHAPE_EMPTY) != 0;
    static const unsigned bits[] = {[YAML_SCALAR] = SHAPE_TEXT,
                                    [YAML_SEQUENCE] = SHAPE_LIST,
                                    [YAML_MAPPING] = SHAPE_MAPPING};
    return (kinds & bits[node->kind]) != 0;
}

/* `- {name: purchase, columns: [{name: amount, data_type: numeric}]}`, as dbt has it. */
static bool hint_columns(const yaml_node *item, const char *name, diags *diags)
{
    text columns;
    text_init(&columns);
    bool is_found = false;
    for (size_t i = 0; i < item->count && !is_found; i++) {
        text_clear(&columns);
        is_found = foreign_columns(item->items[i], &columns);
    }
    if (is_found)
        diag_hint(diags,
                  "A name is a key of its own, and its properties stand right below it, "
                  "with their types: %s: {%s}",
                  name, columns.data);
    text_done(&columns);
    return is_found;
}

/* The keys in braces in the place of the list that the node is. */
static void offer_mapping(const yaml_node *node, const char *why, const text *keys,
                          diags *diags)
{
    diag_hint(diags, "%s: %s: {%s}", why, node->key, keys->data);
    diag_fix(diags, node->where, "{%s}", keys->data);
}

/* `- {name: device, type: string}` where names are keys: all of them, as they are written here. */
static bool hint_typed_names(const yaml_node *node, diags *diags)
{
    text names;
    text_init(&names);
    bool is_found = yaml_get(node->items[0], "type") != NULL && node->key != NULL &&
                    foreign_columns(node, &names);
    if (is_found)
        offer_mapping(node, "A name is a key of its own, with its type behind it", &names,
                      diags);
    text_done(&names);
    return is_found;
}

/* `app_open: [device, platform]`, or one name, where each name has a type. */
static bool hint_types(const yaml_node *node, const char *needs, diags *diags)
{
    text names;
    size_t count = node->kind == YAML_SEQUENCE ? node->count : 1;
    bool is_names = strstr(needs, "to types") != NULL && node->key != NULL && count > 0 &&
                    node->kind != YAML_MAPPING;
    text_init(&names);
    for (size_t i = 0; is_names && i < count; i++) {
        const yaml_node *name = node->kind == YAML_SEQUENCE ? node->items[i] : node;
        type said;
        type_details details;
        is_names = name->kind == YAML_SCALAR && !name->is_broken &&
                   name->text[0] != '\0' && !type_parse(name->text, &said, &details);
        text_append_format(&names, "%s%s: string", i > 0 ? ", " : "",
                           is_names ? name->text : "");
    }
    if (is_names)
        diag_hint(diags, "Each name has a type behind it, such as: %s: {%s}", node->key,
                  names.data);
    text_done(&names);
    return is_names;
}

/* `email_sent: [campaign: string]`: a list of mappings of one key each. */
static bool hint_without_list(const yaml_node *node, diags *diags)
{
    text keys;
    text_init(&keys);
    bool is_plain = node->key != NULL;
    for (size_t i = 0; is_plain && i < node->count; i++) {
        const yaml_node *item = node->items[i];
        const yaml_node *value =
            item->kind == YAML_MAPPING && item->count == 1 ? item->items[0] : NULL;
        is_plain = value != NULL && value->kind == YAML_SCALAR && !value->is_broken;
        if (is_plain)
            text_append_format(&keys, "%s%s: %s", i > 0 ? ", " : "", value->key,
                               value->text);
    }
    if (is_plain)
        offer_mapping(node, "A mapping stands in braces, without a list", &keys, diags);
    text_done(&keys);
    return is_plain;
}

/* `skip: customer = ""` */
static bool hint_condition(const yaml_node *node, const char *needs, diags *diags)
{
    if (strncmp(needs, "a condition", 11) != 0 || node->kind != YAML_SCALAR ||
        node->key == NULL)
        return false;
    const char *sign = strchr(node->text, '=');
    size_t field = strcspn(node->text, " =!<>");
    if (sign == NULL || field == 0 ||
        node->text + field + strspn(node->text + field, " ") != sign)
        return false;
    const char *value = sign + strspn(sign, "= ");
    const char *quotes =
        value[0] == '\0' || value[0] == '"' || value[0] == '\'' ? "" : "\"";
    if (value[0] == '\0')
        return false;
    diag_hint(diags, "A condition is a mapping of fields to texts: %s: {%.*s: %s%s%s}",
              node->key, (int)field, node->text, quotes, value, quotes);
    diag_fix(diags, node->where, "{%.*s: %s%s%s}", (int)field, node->text, quotes, value,
             quotes);
    return true;
}

/* `keep: 2 years` */
static bool hint_of_each(const yaml_node *node, const char *needs, diags *diags)
{
    bool is_length = strstr(needs, "to durations") != NULL && node->kind == YAML_SCALAR &&
                     node->key != NULL && !yaml_is_null(node);
    if (is_length)
        diag_hint(diags, "Each event kind has its own, as in: %s: {page_view: %s}",
                  node->key, node->text);
    return is_length;
}

void shape_refuse(const yaml_node *node, const char *what, const char *needs,
                  const char *example, diags *diags)
{
    diag_error(diags, shape_place(node), E0303, "%s needs %s, and this is %s", what,
               needs, kind_of(node));
    bool is_list_of_keys = node->kind == YAML_SEQUENCE && node->count > 0 &&
                           node->items[0]->kind == YAML_MAPPING &&
                           strstr(needs, "mapping") != NULL;
    bool is_named = node->kind == YAML_MAPPING && node->count > 0 &&
                    node->items[0]->kind == YAML_MAPPING && strstr(needs, "list") != NULL;
    const yaml_node *name = is_list_of_keys ? yaml_get(node->items[0], "name") : NULL;
    bool is_item = name != NULL && name->kind == YAML_SCALAR && !name->is_broken;
    if (is_item && (hint_columns(node->items[0], name->text, diags) ||
                    hint_typed_names(node, diags)))
        return;
    if (hint_types(node, needs, diags) || hint_condition(node, needs, diags) ||
        hint_of_each(node, needs, diags))
        return;
    if (is_list_of_keys && !is_item && hint_without_list(node, diags))
        return;
    bool is_plugin = is_named && strstr(example, "plugin: ") != NULL &&
                     yaml_get(node->items[0], "plugin") == NULL;
    if (is_item)
        diag_hint(diags,
                  "A name is a key of its own: \"%s:\" in place of \"- name: %s\". For "
                  "example: %s",
                  name->text, name->text, example);
    else if (is_named)
        diag_hint(diags,
                  "Each is an item of the list: \"- %s: %s\" in place of \"%s:\", and "
                  "its keys below \"%s\". For example: %s",
                  is_plugin ? "plugin" : "name", node->items[0]->key, node->items[0]->key,
                  is_plugin ? "plugin" : "name", example);
    else if (is_list_of_keys)
        diag_hint(diags, "Leave the \"-\" before each key out. For example: %s", example);
    else
        diag_hint(diags, "For example: %s", example);
}

void shape_refuse_key(const yaml_node *value, const char *owner, const char *word,
                      const suggestion *s, const char *known, diags *diags)
{
    diag_error(diags, value->key_where, E0302, "%s has no %s \"%s\"", owner, word,
               value->key);
    const char *similar = suggest_best(s);
    if (similar != NULL) {
        diag_hint(diags, "Did you mean \"%s\"?", similar);
        diag_fix(diags, value->key_where, "%s", similar);
    } else if (is_idle(value->key)) {
        diag_hint(diags, "Leave it out: nothing depends on it here. A remark stands "
                         "behind #.");
    } else if (known[0] != '\0')
        diag_hint(diags, "These are known here: %s.", known);
    else
        diag_hint(diags, "Remove it; nothing can be set here.");
}

/* Another name for the key, where unknown keys are left to others; false: there is none. */
static bool report_synonym(const yaml_node *mapping, const shape_key *table,
                           const char *name, const char *owner, diags *diags)
{
    for (size_t i = 0; i < mapping->count; i++) {
        const char *meant = find_synonym(mapping, table, mapping->items[i]->key);
        if (meant == NULL || strcmp(meant, name) != 0)
            continue;
        report_unknown(mapping, mapping->items[i], table, owner, diags);
        return true;
    }
    return false;
}

void shape_check(const yaml_node *mapping, const shape_key *table, const char *owner,
                 shape_rest rest, diags *diags)
{
    for (size_t i = 0; i < mapping->count; i++) {
        const yaml_node *value = mapping->items[i];
        const shape_key *key = find_key(table, value->key);
        if (key == NULL && rest == SHAPE_CLOSED) {
            report_unknown(mapping, value, table, owner, diags);
        } else if (key != NULL && !shape_fits(value, key->kinds)) {
            char what[64];
            snprintf(what, sizeof what, "\"%s\"", key->name);
            shape_refuse(value, what, key->needs, key->example, diags);
        }
    }
    for (const shape_key *k = table; k->name != NULL; k++) {
        if (!k->required)
            continue;
        if (rest == SHAPE_OPEN && yaml_get(mapping, k->name) == NULL &&
            report_synonym(mapping, table, k->name, owner, diags))
            continue;
        if (shape_is_written(mapping, table, k->name))
            continue;
        diag_error(diags, mapping->where, E0304, "%s has no \"%s\"", owner, k->name);
        diag_hint(diags, "Add a line such as \"%s\".", k->example);
    }
}

const yaml_node *shape_get(const yaml_node *mapping, const shape_key *table,
                           const char *key)
{
    const yaml_node *value = yaml_get(mapping, key);
    if (value == NULL || value->is_broken || yaml_is_null(value))
        return NULL;
    return shape_fits(value, find_key(table, key)->kinds) ? value : NULL;
}
