/* SPDX-License-Identifier: MIT */
#include "config/kinds.h"

#include <string.h>

#include "config/fields.h"
#include "config/foreign_yaml.h"
#include "config/shape.h"

/* What other tools list the properties of an event below: `purchase: {columns: ...}`; or NULL. */
static const yaml_node *listed_properties(const yaml_node *kind)
{
    static const char *const keys[] = {"properties", "fields", "columns", "attributes"};
    const yaml_node *only = kind->count == 1 ? kind->items[0] : NULL;
    for (size_t i = 0; only && i < sizeof keys / sizeof *keys; i++)
        if (strcmp(only->key, keys[i]) == 0)
            return only;
    return NULL;
}

/* `purchase: {properties: {...}}` is a record named so, and other tools mean its fields. */
static void warn_of_properties(const reader *r, const yaml_node *kind)
{
    const yaml_node *only = listed_properties(kind);
    if (!only || only->kind != YAML_MAPPING)
        return;
    diag_warning(r->diags, only->key_where, W0303,
                 "\"%s\" is a property here, a record with these fields", only->key);
    diag_hint(r->diags,
              "The properties of an event stand directly below it: leave \"%s:\" out.",
              only->key);
}

/* `purchase: {columns: [{name: amount, data_type: numeric}]}`; false: it is not written so. */
static bool refuse_columns(const reader *r, const yaml_node *kind)
{
    const yaml_node *only = listed_properties(kind);
    text columns;
    text_init(&columns);
    bool is_list = only && foreign_columns(only, &columns);
    if (is_list) {
        diag_error(r->diags, only->key_where, E0303,
                   "the properties of \"%s\" stand right below it, with their types",
                   kind->key);
        diag_propose(r->diags, kind->where, "{%s}", columns.data);
    }
    text_done(&columns);
    return is_list;
}

static void read_kind(const reader *r, const yaml_node *value, config_kind *kind)
{
    kind->name = reader_key(value);
    if (!shape_fits(value, SHAPE_MAPPING | SHAPE_EMPTY)) {
        char *what = arena_format(r->memory, "the event kind \"%s\"", value->key);
        char *example = arena_format(r->memory, "%s: {amount: decimal(2)}", value->key);
        shape_refuse(value, what, "a mapping of properties to types", example, r->diags);
    } else if (value->kind == YAML_MAPPING && !refuse_columns(r, value)) {
        warn_of_properties(r, value);
        kind->fields = fields_read(r, value, &kind->field_count);
    }
}

/* Properties below an empty event that stand in its column: they are its, and said so. */
static size_t read_flat_fields(const reader *r, const yaml_node *node, size_t kind_index,
                               config_kind *kind)
{
    size_t count = yaml_is_null(node->items[kind_index])
                       ? fields_count_types(node, kind_index + 1)
                       : 0;
    if (count == 0)
        return 0;
    yaml_node fields = {
        .kind = YAML_MAPPING, .items = node->items + kind_index + 1, .count = count};
    diag_error(r->diags, fields.items[0]->key_where, E0303,
               "\"%s\" stands in the column of the event \"%s\", as if it were one too",
               fields.items[0]->key, kind->name.text);
    diag_hint(r->diags,
              "Indent the properties of an event by two blanks more than the event.");
    for (size_t i = 0; i < count; i++) {
        span before = fields.items[i]->key_where;
        before.end = before.begin;
        if (i == 0)
            diag_fix(r->diags, before, "  ");
        else
            diag_fix_also(r->diags, before, "  ");
    }
    kind->fields = fields_read(r, &fields, &kind->field_count);
    return count;
}

/* `traits:` among the events: it was meant as a key of the project. */
static bool report_lost_key(const reader *r, const yaml_node *root, const yaml_node *kind)
{
    static const char *const keys[] = {"traits", "sources", "outputs"};
    size_t i = 0, count = sizeof keys / sizeof *keys;
    while (i < count && strcmp(keys[i], kind->key) != 0)
        i++;
    if (i == count || yaml_get(root, kind->key) != NULL)
        return false;
    diag_error(r->diags, kind->key_where, E0303, "\"%s\" stands among the events",
               kind->key);
    diag_hint(
        r->diags,
        "It is a key of the project: it begins in the first column, and what belongs "
        "to it with two blanks.");
    return true;
}

void kinds_read(const reader *r, const yaml_node *root, const yaml_node *node)
{
    if (node == NULL)
        return;
    project *p = r->project;
    p->kinds = reader_array(r, node->count, sizeof *p->kinds);
    for (size_t i = 0; i < node->count; i++) {
        if (report_lost_key(r, root, node->items[i]))
            continue;
        config_kind *kind = &p->kinds[p->kind_count++];
        read_kind(r, node->items[i], kind);
        i += read_flat_fields(r, node, i, kind);
    }
}
