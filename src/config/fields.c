/* SPDX-License-Identifier: MIT
 *
 * Names and types below an event, below `traits:` and in records, and what other tools write there.
 */
#include "config/fields.h"

#include <string.h>

#include "config/shape.h"
#include "value/type.h"

/* `{order_no:string}`, `{order_no string}`: the type went into the name. It is told once, and
 * read as it was meant. */
static bool read_joined_field(const reader *r, const yaml_node *value,
                              config_field *field)
{
    const char *name = field->name.text;
    size_t size = strcspn(name, ": ");
    const char *type = name + size + strspn(name + size, ": ");
    if (!yaml_is_null(value) || size == 0 || *type == '\0')
        return false;
    diag_error(r->diags, shape_place(value), E0303,
               "\"%s\" is one word, not a name and a type", name);
    diag_hint(r->diags, "Write: %.*s: %s, with a blank behind the colon.", (int)size,
              name, type);
    diag_fix(r->diags, value->key_where, "%.*s: %s", (int)size, name, type);
    field->name.text = arena_copy_text(r->memory, name, size);
    field->type = (config_text){type, value->key_where};
    return true;
}

/* Do the keys describe a type, as in JSON schema: `{type: string, required: true}`? */
static bool describes_type(const yaml_node *value)
{
    static const char *const others[] = {"type",        "required",  "nullable",
                                         "description", "precision", "scale",
                                         "default",     "optional"};
    const yaml_node *type = value->kind == YAML_MAPPING ? yaml_get(value, "type") : NULL;
    size_t known = 0;
    for (size_t i = 0; type != NULL && i < value->count; i++)
        for (size_t k = 0; k < sizeof others / sizeof *others; k++)
            known += strcmp(value->items[i]->key, others[k]) == 0;
    return type != NULL && known == value->count && type->kind == YAML_SCALAR &&
           !yaml_is_null(type);
}

static bool are_types(const yaml_node *mapping)
{
    type ignored;
    type_details details;
    for (size_t i = 0; i < mapping->count; i++) {
        const yaml_node *item = mapping->items[i];
        if (item->kind != YAML_SCALAR || !type_parse(item->text, &ignored, &details))
            return false;
    }
    return true;
}

/* A mapping is a record with these fields: where that can be, it is a warning. */
static void tell_of_description(const reader *r, const yaml_node *value)
{
    const char *type = yaml_get(value, "type")->text;
    if (are_types(value))
        diag_warning(r->diags, shape_place(value), W0303,
                     "\"%s\" is a record with the field \"%s.type\"", value->key,
                     value->key);
    else
        diag_error(r->diags, shape_place(value), E0303,
                   "the type of \"%s\" stands right behind its name", value->key);
    diag_hint(r->diags, "If that is its type, write: %s: %s.", value->key, type);
    diag_fix(r->diags, value->where, "%s", type);
}

static void refuse_field(const reader *r, const yaml_node *value,
                         const config_field *field)
{
    char *what = arena_format(r->memory, "\"%s\"", field->name.text);
    char *example = arena_format(r->memory, "%s: decimal(2)", field->name.text);
    shape_refuse(value, what, "the name of a type", example, r->diags);
}

/* A type, or the mapping of a record; false when it cannot be used. */
static bool read_content(const reader *r, const yaml_node *value, config_field *field)
{
    if (value->kind != YAML_MAPPING && shape_fits(value, SHAPE_TEXT)) {
        field->type = reader_text(value);
        return field->type.text != NULL;
    }
    if (read_joined_field(r, value, field))
        return true;
    if (value->kind != YAML_MAPPING || value->count == 0) {
        refuse_field(r, value, field);
        return false;
    }
    bool is_described = describes_type(value);
    if (is_described)
        tell_of_description(r, value);
    if (is_described && !are_types(value)) { /* is taken as it was meant */
        field->type = reader_text(yaml_get(value, "type"));
        return field->type.text != NULL;
    }
    field->fields = fields_read(r, value, &field->field_count);
    return true;
}

/* How many values from `first` on are plain texts, as types are? */
size_t fields_count_types(const yaml_node *node, size_t first)
{
    size_t count = 0;
    while (first + count < node->count &&
           node->items[first + count]->kind == YAML_SCALAR &&
           !yaml_is_null(node->items[first + count]))
        count++;
    return count;
}

/* `name: type`, `name: {...}`, `name: [type]` or `name: [{...}]`; false when it cannot be
 * used. */
static bool read_field(const reader *r, const yaml_node *value, config_field *field)
{
    *field = (config_field){.name = reader_key(value), .type.where = value->where};
    if (value->kind != YAML_SEQUENCE)
        return read_content(r, value, field);
    field->is_list = true;
    if (value->count == 1)
        return read_content(r, value->items[0], field);
    diag_error(r->diags, shape_place(value), E0303,
               "a list says once what each of its items is, and \"%s\" says it %zu times",
               value->key, value->count);
    if (fields_count_types(value, 0) == value->count && !are_types(value))
        diag_hint(r->diags, "Texts of which there are few are texts, too: %s: string.",
                  value->key);
    else
        diag_hint(r->diags, "For example: %s: [{sku: string, price: decimal(2)}]",
                  value->key);
    return false;
}

/* In `{amount: decimal(10,2)}` the comma ends the type, and "2)" is no field. */
static bool is_rest_of_type(const yaml_node *fields, size_t index)
{
    const yaml_node *before = index > 0 ? fields->items[index - 1] : NULL;
    const char *key = fields->items[index]->key;
    return before != NULL && before->kind == YAML_SCALAR && before->text != NULL &&
           strchr(before->text, '(') != NULL && strchr(before->text, ')') == NULL &&
           yaml_is_null(fields->items[index]) && key[strspn(key, "0123456789 ")] == ')';
}

config_field *fields_read(const reader *r, const yaml_node *node, size_t *count)
{
    *count = 0;
    if (node == NULL)
        return NULL;
    config_field *fields = reader_array(r, node->count, sizeof *fields);
    for (size_t i = 0; i < node->count; i++)
        if (!is_rest_of_type(node, i) && read_field(r, node->items[i], &fields[*count]))
            ++*count;
    return fields;
}
