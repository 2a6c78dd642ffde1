/* SPDX-License-Identifier: MIT */
#include "config/output_columns.h"

#include <string.h>

/* Who names this says what the whole table has: it would stand there by itself. */
#define ANCHOR "person"

static const shape_key column_keys[] = {
    {"name", SHAPE_TEXT, false, "what the column is called", "name: Phone"},
    {"from", SHAPE_TEXT, true, "a trait, a score, a segment, or a column such as person",
     "from: phone"},
    {"format", SHAPE_TEXT, false, "how a time or date is written",
     "format: \"%d.%m.%Y\""},
    {"zone", SHAPE_TEXT, false, "the name of a time zone", "zone: Europe/Berlin"},
    {"normalise", SHAPE_TEXT, false, "the form of an identifier", "normalise: email"},
    {"hash", SHAPE_TEXT, false, "sha256", "hash: sha256"},
    END_OF_KEYS,
};

/* ---- presets ---------------------------------------------------------------- */

typedef struct preset_field {
    const char *preset, *field, *header;
    normal_form form;
    bool is_hashed;
    size_t most;
    const char *format;
} preset_field;

static const preset_field preset_fields[] = {
#define X(preset, field, header, form, is_hashed, most, format)                          \
    {#preset, field, header, NORMAL_##form, is_hashed, most, format},
#include "config/presets.def"
#undef X
};

enum { PRESET_FIELDS = sizeof preset_fields / sizeof *preset_fields };

static const preset_field *find_field(const char *preset, const char *field)
{
    for (size_t i = 0; i < PRESET_FIELDS; i++)
        if (strcmp(preset_fields[i].preset, preset) == 0 &&
            (!field || strcmp(preset_fields[i].field, field) == 0))
            return &preset_fields[i];
    return NULL;
}

/* Names of presets, or of the fields of one. */
static const char *list_names(const reader *r, const char *preset)
{
    const char *names = "", *before = "";
    for (size_t i = 0; i < PRESET_FIELDS; i++) {
        const preset_field *f = &preset_fields[i];
        const char *name = preset ? f->field : f->preset;
        if ((preset && strcmp(f->preset, preset) != 0) || strcmp(name, before) == 0)
            continue;
        names = arena_format(r->memory, "%s%s%s", names, names[0] ? ", " : "", name);
        before = name;
    }
    return names;
}

static bool read_preset(const reader *r, const yaml_node *node, config_output *o)
{
    config_text given = reader_text(node);
    if (!given.text)
        return false;
    if (find_field(given.text, NULL)) {
        o->preset = given;
        return true;
    }
    diag_error(r->diags, given.where, E0305, "the format \"%s\" is not known",
               given.text);
    const yaml_node *output = o->node;
    bool is_plugin = output && yaml_get(output, "plugin") == NULL;
    bool is_shape = strcmp(given.text, "wide") == 0 || strcmp(given.text, "long") == 0;
    if (is_shape)
        diag_hint(r->diags,
                  "Whether the table is long or wide is its shape: \"shape: %s\".",
                  given.text);
    else if (is_plugin)
        diag_hint(r->diags, "Who writes the file is the plugin: \"plugin: %s\".",
                  given.text);
    else
        diag_hint(
            r->diags,
            "It is one of %s; other tables need none, and say under \"columns\" what "
            "they have.",
            list_names(r, NULL));
    return false;
}

static void add_preset_column(const reader *r, const preset_field *f, config_text from,
                              config_output *o)
{
    if (!from.text)
        return;
    o->columns[o->column_count++] =
        (config_column){.from = from,
                        .name = {arena_copy_string(r->memory, f->header), from.where},
                        .format = {f->format, from.where},
                        .form = f->form,
                        .is_hashed = f->is_hashed,
                        .where = from.where};
}

/* `email: person`, `phone: [home, work]` */
static void read_preset_field(const reader *r, const yaml_node *value, const char *field,
                              span where, config_output *o)
{
    const preset_field *f = find_field(o->preset.text, field);
    size_t count = 0;
    if (!f) {
        diag_error(r->diags, where, E0302, "%s has no field \"%s\"", o->preset.text,
                   field);
        diag_hint(r->diags, "It has %s.", list_names(r, o->preset.text));
        return;
    }
    const char *example = arena_format(r->memory, "%s: %s", field, field);
    config_text *from =
        reader_texts(r, value, arena_format(r->memory, "\"%s\"", field),
                     "the name of a trait, or a list of them", example, &count);
    if (count > f->most) {
        diag_error(r->diags, from[f->most].where, E0305, "%s takes %zu of \"%s\" at most",
                   o->preset.text, f->most, field);
        count = f->most;
    }
    for (size_t i = 0; i < count; i++)
        add_preset_column(r, f, from[i], o);
}

static size_t count_values(const yaml_node *node)
{
    size_t count = node->count;
    for (size_t i = 0; i < node->count; i++)
        count += node->items[i]->count;
    return count + 1;
}

static void read_preset_columns(const reader *r, const yaml_node *node, config_output *o)
{
    const char *example = "columns: {email: person, phone: phone}";
    o->is_exact = true;
    if (!node || node->count == 0) {
        diag_error(r->diags, o->preset.where, E0304,
                   "%s needs \"columns\": which trait is its email, phone, ...",
                   o->preset.text);
        diag_hint(r->diags, "For example: %s", example);
        return;
    }
    o->columns = reader_array(r, count_values(node), sizeof *o->columns);
    for (size_t i = 0; i < node->count; i++) {
        const yaml_node *item = node->items[i];
        if (node->kind == YAML_MAPPING)
            read_preset_field(r, item, item->key, item->key_where, o);
        else if (shape_fits(item, SHAPE_TEXT) && !item->is_broken)
            read_preset_field(r, item, item->text, item->where, o);
        else
            shape_refuse(item, "an item of \"columns\"", "the name of a trait", example,
                         r->diags);
    }
}

/* ---- columns ----------------------------------------------------------------- */

static normal_form read_form(const reader *r, const yaml_node *node)
{
    config_text given = reader_text(node);
    if (!given.text)
        return NORMAL_NONE;
    normal_form form = normal_find(given.text);
    if (form != NORMAL_COUNT)
        return form;
    suggestion s = suggest_begin(given.text);
    const char *all = "";
    for (size_t i = NORMAL_NONE + 1; i < NORMAL_COUNT; i++) {
        suggest_consider(&s, normal_words[i]);
        all = arena_format(r->memory, "%s%s%s", all, all[0] ? ", " : "", normal_words[i]);
    }
    diag_error(r->diags, given.where, E0305, "no form is named \"%s\"", given.text);
    if (suggest_best(&s))
        diag_hint(r->diags, "Did you mean \"%s\"?", suggest_best(&s));
    else
        diag_hint(r->diags, "There are %s.", all);
    return NORMAL_NONE;
}

static bool read_is_hashed(const reader *r, const yaml_node *node)
{
    config_text given = reader_text(node);
    if (!given.text || strcmp(given.text, "none") == 0)
        return false;
    if (strcmp(given.text, "sha256") == 0)
        return true;
    diag_error(r->diags, given.where, E0305, "\"hash\" is sha256, not \"%s\"",
               given.text);
    diag_hint(r->diags, "Write \"hash: sha256\": the SHA-256 in 64 small digits, which "
                        "destinations compare with theirs.");
    return false;
}

static config_column read_mapping(const reader *r, const yaml_node *item)
{
    config_column c = {.where = item->where};
    shape_check(item, column_keys, "the column", SHAPE_CLOSED, r->diags);
    const yaml_node *from = shape_get(item, column_keys, "from");
    if (from)
        c.from = reader_name(r, from);
    const yaml_node *name = shape_get(item, column_keys, "name");
    c.name = name ? reader_name(r, name) : c.from;
    c.format = reader_text(shape_get(item, column_keys, "format"));
    c.zone = reader_text(shape_get(item, column_keys, "zone"));
    c.form = read_form(r, shape_get(item, column_keys, "normalise"));
    c.is_hashed = read_is_hashed(r, shape_get(item, column_keys, "hash"));
    return c;
}

static void read_column(const reader *r, const yaml_node *item, config_output *o)
{
    config_column c = {0};
    if (item->is_broken)
        return;
    if (item->kind == YAML_MAPPING) {
        c = read_mapping(r, item);
        o->is_exact = true;
    } else if (shape_fits(item, SHAPE_TEXT)) {
        c.from = c.name = reader_name(r, item);
        c.where = item->where;
    } else {
        shape_refuse(item, "an item of \"columns\"", "the name of a trait",
                     "columns: [country, plan]", r->diags);
    }
    if (!c.from.text)
        return;
    o->is_exact = o->is_exact || strcmp(c.from.text, ANCHOR) == 0;
    o->columns[o->column_count++] = c;
}

/* `columns: {Phone: phone, Since: {from: created, format: "%Y"}}`: names to what they hold. */
static void read_named_column(const reader *r, const yaml_node *value, config_output *o)
{
    size_t before = o->column_count;
    read_column(r, value, o);
    if (o->column_count > before)
        o->columns[before].name = reader_key(value);
}

void output_columns_read(const reader *r, const yaml_node *columns,
                         const yaml_node *format, config_output *o)
{
    if (read_preset(r, format, o)) {
        read_preset_columns(r, columns, o);
        return;
    }
    if (!columns)
        return;
    bool is_single = columns->kind == YAML_SCALAR;
    size_t count = is_single ? 1 : columns->count;
    o->columns = reader_array(r, count, sizeof *o->columns);
    o->is_exact = columns->kind == YAML_MAPPING;
    for (size_t i = 0; i < count; i++) {
        const yaml_node *item = is_single ? columns : columns->items[i];
        if (columns->kind == YAML_MAPPING)
            read_named_column(r, item, o);
        else
            read_column(r, item, o);
    }
}
