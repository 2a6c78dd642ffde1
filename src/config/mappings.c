/* SPDX-License-Identifier: MIT
 *
 * A field, or a mapping that says more of it.
 */
#include "config/mappings.h"

#include "config/cleaning.h"
#include "value/type.h"

/* `person: {from: customer_id, case: fold}` */
static const shape_key person_keys[] = {
    {"from", SHAPE_TEXT | SHAPE_LIST, true, "the name of a field, or a list of them",
     "from: customer_id"},
#define X CLEANING_SHAPE
#include "value/cleaning.def"
#undef X
    END_OF_KEYS,
};

/* `id: {from: [shop, order_no], trim: true}` */
static const shape_key id_keys[] = {
    {"from", SHAPE_TEXT | SHAPE_LIST, true, "the name of a field, or a list of them",
     "from: order_id"},
#define X CLEANING_SHAPE
#include "value/cleaning.def"
#undef X
    END_OF_KEYS,
};

/* `time: {...}`, and any property or trait. */
static const shape_key mapping_keys[] = {
    {"from", SHAPE_TEXT | SHAPE_LIST, true, "the name of a field, or a list of them",
     "from: created_at"},
    {"format", SHAPE_TEXT | SHAPE_LIST, false, "a format of times, or a list of them",
     "format: unix_ms"},
    {"zone", SHAPE_TEXT, false, "the name of a time zone", "zone: America/New_York"},
#define X CLEANING_SHAPE
#include "value/cleaning.def"
#undef X
    END_OF_KEYS,
};

/* One format, or a list of those that are tried in their order. */
static void read_formats(const reader *r, const yaml_node *node, config_mapping *mapping)
{
    size_t count;
    config_text *formats =
        reader_texts(r, node, "an item of \"format\"", "a format of times",
                     "format: [\"%d.%m.%Y\", \"%Y-%m-%d\"]", &count);
    if (count == 0)
        return;
    mapping->format = formats[0];
    mapping->more_formats = formats + 1;
    mapping->more_format_count = count - 1;
}

static void refuse_no_fields(const reader *r, const yaml_node *from, const char *owner)
{
    diag_error(r->diags, from->where, E0303, "the list of fields of %s is empty", owner);
    diag_hint(r->diags, "For example: from: [created_at, date]");
}

void mappings_read_from(const reader *r, const yaml_node *from, const char *owner,
                        config_mapping *mapping)
{
    size_t count = 0;
    if (from && from->kind == YAML_SEQUENCE && from->count == 0)
        refuse_no_fields(r, from, owner);
    config_text *fields =
        reader_texts(r, from, arena_format(r->memory, "an item of %s", owner),
                     "the name of a field", "from: [created_at, date]", &count);
    mapping->is_broken = count == 0;
    if (count == 0)
        return;
    reader_check_distinct(r, fields, count,
                          arena_format(r->memory, "fields of %s", owner));
    mapping->from = fields[0];
    mapping->more_fields = fields + 1;
    mapping->more_field_count = count - 1;
}

config_mapping mappings_read_one(const reader *r, const yaml_node *node)
{
    config_mapping mapping = {0};
    if (node == NULL)
        return mapping;
    if (node->kind == YAML_SCALAR) {
        mapping.from = reader_name(r, node);
        return mapping;
    }
    const char *owner = arena_format(r->memory, "\"%s\"", node->key);
    shape_check(node, mapping_keys, owner, SHAPE_CLOSED, r->diags);
    mappings_read_from(r, shape_get(node, mapping_keys, "from"), owner, &mapping);
    cleaning_read(r, node, &mapping.clean);
    read_formats(r, shape_get(node, mapping_keys, "format"), &mapping);
    mapping.zone = reader_text(shape_get(node, mapping_keys, "zone"));
    return mapping;
}

/* A field, or a list of fields; the mapping's `from` is the first. */
static config_text *read_fields(const reader *r, const yaml_node *node,
                                const shape_key *keys, const char *example,
                                config_mapping *mapping, size_t *count)
{
    const yaml_node *from = node;
    const char *owner = node ? arena_format(r->memory, "\"%s\"", node->key) : "";
    if (node && node->kind == YAML_MAPPING) {
        shape_check(node, keys, owner, SHAPE_CLOSED, r->diags);
        cleaning_read(r, node, &mapping->clean);
        from = shape_get(node, keys, "from");
        mapping->is_broken = !from;
    }
    if (from && from->kind == YAML_SEQUENCE && from->count == 0)
        shape_refuse(from, owner, "at least one field", example, r->diags);
    config_text *fields =
        reader_texts(r, from, arena_format(r->memory, "an item of %s", owner),
                     "the name of a field", example, count);
    if (*count > 0)
        mapping->from = fields[0];
    else if (from)
        mapping->is_broken = true;
    return fields;
}

void mappings_read_person(const reader *r, const yaml_node *node, config_source *s)
{
    s->person_fields = read_fields(r, node, person_keys, "person: [user_id, device_id]",
                                   &s->person, &s->person_field_count);
    reader_check_distinct(r, s->person_fields, s->person_field_count,
                          "fields of this person");
}

void mappings_read_id(const reader *r, const yaml_node *node, config_source *s)
{
    s->id_fields =
        read_fields(r, node, id_keys, "id: [shop, order_no]", &s->id, &s->id_field_count);
    reader_check_distinct(r, s->id_fields, s->id_field_count, "fields of this id");
}

/* `properties: [amount, store]` takes fields of the same names. */
static config_mapping *read_same_names(const reader *r, const yaml_node *node,
                                       size_t *count)
{
    const char *what = arena_format(r->memory, "an item of \"%s\"", node->key);
    const char *example = arena_format(r->memory, "%s: [country, city]", node->key);
    config_text *names = reader_texts(r, node, what, "a name", example, count);
    reader_check_distinct(r, names, *count, "items of this list");
    config_mapping *mappings = reader_array(r, *count, sizeof *mappings);
    for (size_t i = 0; i < *count; i++)
        mappings[i] = (config_mapping){.name = names[i], .from = names[i]};
    return mappings;
}

/* `- amount: total` or `- {name: amount, from: total}`: the name, and its field. */
static bool read_pair(const yaml_node *item, const char **name, const char **field)
{
    static const char *const keys[] = {"from", "column", "field", "source", "type"};
    const yaml_node *named = yaml_get(item, "name"), *from = NULL;
    for (size_t i = 0; named && !from && i < sizeof keys / sizeof *keys; i++)
        from = yaml_get(item, keys[i]);
    if (item->kind == YAML_MAPPING && item->count == 1 && !named)
        named = from = item->items[0];
    if (!from || named->kind != YAML_SCALAR || from->kind != YAML_SCALAR)
        return false;
    *name = named == from ? named->key : named->text;
    *field = from->text;
    return true;
}

/* A list of names and fields where a mapping of them is meant; of names and types a list of names. */
static bool refuse_list(const reader *r, const yaml_node *node)
{
    const char *pairs = "", *names = "", *name, *field;
    bool is_list = node->count > 0, are_types = true;
    for (size_t i = 0; is_list && i < node->count; i++) {
        type said;
        type_details details;
        const char *comma = i > 0 ? ", " : "";
        if (!read_pair(node->items[i], &name, &field))
            return false;
        pairs = arena_format(r->memory, "%s%s%s: %s", pairs, comma, name, field);
        names = arena_format(r->memory, "%s%s%s", names, comma, name);
        are_types = are_types && type_parse(field, &said, &details);
    }
    if (!is_list)
        return false;
    const char *meant =
        arena_format(r->memory, are_types ? "[%s]" : "{%s}", are_types ? names : pairs);
    diag_error(r->diags, node->items[0]->where, E0303,
               "\"%s\" needs a mapping of names to fields, or a list of names",
               node->key);
    diag_hint(r->diags, "Write: %s: %s", node->key, meant);
    diag_fix(r->diags, node->where, "%s", meant);
    return true;
}

/* `{amount = total}`, `{amount:total}`: YAML takes all of it as a name. */
static bool refuse_joined(const reader *r, const yaml_node *value)
{
    const char *key = value->key;
    size_t name = strcspn(key, " =:");
    const char *field = key + name + strspn(key + name, " =:>");
    bool is_joined = yaml_is_null(value) && name > 0 && *field != '\0' &&
                     strpbrk(key, "=:") != NULL && strpbrk(field, " =:") == NULL;
    if (!is_joined)
        return false;
    diag_error(r->diags, value->key_where, E0303,
               "\"%s\" is a name without a field: a colon and a blank stand between them",
               key);
    diag_hint(r->diags, "Write: %.*s: %s", (int)name, key, field);
    diag_fix(r->diags, value->key_where, "%.*s: %s", (int)name, key, field);
    return true;
}

config_mapping *mappings_read(const reader *r, const yaml_node *node, size_t *count)
{
    *count = 0;
    if (node == NULL)
        return NULL;
    if (node->kind == YAML_SEQUENCE && refuse_list(r, node))
        return NULL;
    if (node->kind == YAML_SEQUENCE)
        return read_same_names(r, node, count);
    config_mapping *mappings = reader_array(r, node->count, sizeof *mappings);
    for (size_t i = 0; i < node->count; i++) {
        const yaml_node *value = node->items[i];
        if (refuse_joined(r, value))
            continue;
        if (!shape_fits(value, SHAPE_TEXT | SHAPE_MAPPING)) {
            const char *what = arena_format(r->memory, "\"%s\"", value->key);
            const char *example = arena_format(r->memory, "%s: a_field", value->key);
            shape_refuse(value, what, "the name of a field", example, r->diags);
            continue;
        }
        config_mapping mapping = mappings_read_one(r, value);
        mapping.name = reader_key(value);
        if (mapping.from.text != NULL)
            mappings[(*count)++] = mapping;
    }
    return mappings;
}
