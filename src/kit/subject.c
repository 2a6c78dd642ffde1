/* SPDX-License-Identifier: MIT
 *
 * Loading the plugin, and its options from a file that looks like an entry of a project.
 */
#include "kit/subject.h"

#include <string.h>

#include "base/memory.h"
#include "base/path.h"
#include "config/options.h"
#include "config/project.h"

bool kit_subject_load(kit_subject *s, const char *path, carpel_error *err)
{
    *s = (kit_subject){.path = path, .memory = arena_new()};
    char *whole = path_resolve(path);
    if (!whole)
        return carpel_fail(err, CARPEL_E_INPUT, "cannot open \"%s\": it is not there",
                           path);
    char *folder = path_directory(whole);
    s->catalog = catalog_new((const char *const *)&folder, 1);
    bool ok = catalog_find_file(s->catalog, path_base(whole), &s->plugin, err);
    memory_free(folder);
    memory_free(whole);
    return ok;
}

/* ---- columns of a source -------------------------------------------------------------- */

/* The field that a value of the mapping names: `person: id`, `{from: id}`, or the first of a list. */
static const yaml_node *field_of(const yaml_node *value)
{
    if (value && value->kind == YAML_SEQUENCE && value->count > 0)
        value = value->items[0];
    if (value && value->kind == YAML_MAPPING)
        value = yaml_get(value, "from");
    return value && value->kind == YAML_SCALAR && !yaml_is_null(value) ? value : NULL;
}

static void add_column(kit_subject *s, const char *name, const yaml_node *value,
                       carpel_type type)
{
    const yaml_node *field = field_of(value);
    if (!field)
        return;
    carpel_column *column = &s->columns[s->column_count++];
    const yaml_node *format =
        value->kind == YAML_MAPPING ? yaml_get(value, "format") : NULL;
    *column = (carpel_column){
        .name = name,
        .from = field->text,
        .type = type,
        .format = format && format->kind == YAML_SCALAR ? format->text : NULL};
}

/* `properties: {amount: Amount}`, or a list of names. */
static void add_columns(kit_subject *s, const yaml_node *several)
{
    for (size_t i = 0; several && i < several->count; i++) {
        const yaml_node *one = several->items[i];
        const yaml_node *field = field_of(one);
        if (field)
            add_column(s, several->kind == YAML_MAPPING ? one->key : field->text, one,
                       CARPEL_STRING);
    }
}

static size_t count_of(const yaml_node *several)
{
    return several ? several->count : 0;
}

/* A source that knows the project's names is asked for three of them. */
static void add_own_names(kit_subject *s)
{
    static const carpel_column own[] = {
        {.name = "person", .from = "person", .type = CARPEL_PERSON},
        {.name = "event", .from = "event", .type = CARPEL_STRING},
        {.name = "time", .from = "time", .type = CARPEL_TIME}};
    memcpy(s->columns, own, sizeof own);
    s->column_count = sizeof own / sizeof *own;
}

static void read_columns(kit_subject *s, const yaml_node *root)
{
    const yaml_node *event = yaml_get(root, "event");
    const yaml_node *properties = yaml_get(root, "properties");
    const yaml_node *traits = yaml_get(root, "traits");
    size_t most = 3 + count_of(properties) + count_of(traits);
    s->columns = arena_alloc_array(s->memory, most, sizeof *s->columns);
    if (s->plugin->source->brings_own_names) {
        add_own_names(s);
        return;
    }
    add_column(s, "person", yaml_get(root, "person"), CARPEL_PERSON);
    add_column(s, "time", yaml_get(root, "time"), CARPEL_TIME);
    if (event && event->kind == YAML_MAPPING)
        add_column(s, "event", event, CARPEL_STRING);
    add_columns(s, properties);
    add_columns(s, traits);
}

/* ---- options ---------------------------------------------------------------------------- */

/* The struct as it is when nothing is given, also what has to be. */
static void read_defaults(kit_subject *s)
{
    const carpel_plugin *p = s->plugin;
    size_t count = 0;
    while (p->options[count].name)
        count++;
    carpel_option *table = arena_alloc_array(s->memory, count + 1, sizeof *table);
    memcpy(table, p->options, (count + 1) * sizeof *table);
    for (size_t i = 0; i < count; i++)
        table[i].required = false;
    const options_context context = {.owner = "", .project_directory = s->directory};
    diags *ignored = diags_new();
    s->defaults = arena_alloc(s->memory, p->options_size + 1);
    (void)options_read(NULL, table, p->options_size, &context, s->defaults, s->memory,
                       ignored);
    diags_free(ignored);
}

static void read_options(kit_subject *s, const yaml_node *root, diags *d)
{
    const carpel_plugin *p = s->plugin;
    bool is_source = p->kind == CARPEL_SOURCE;
    text owner;
    text_init(&owner);
    text_append_format(&owner, "%s plugin \"%s\"", is_source ? "source" : "output",
                       p->name);
    const options_context context = {.owner = arena_copy_string(s->memory, owner.data),
                                     .project_directory = s->directory,
                                     .other_keys = is_source ? project_source_keys
                                                             : project_output_keys};
    text_done(&owner);
    s->options = arena_alloc(s->memory, p->options_size + 1);
    (void)options_read(root, p->options, p->options_size, &context, s->options, s->memory,
                       d);
    read_defaults(s);
    if (is_source)
        read_columns(s, root);
    if (is_source && s->column_count == 0 && !diags_has_errors(d)) {
        diag_error(d, root->where, E0304, "no field is named that the source has");
        diag_hint(d, "Say it as in a project: \"person: id\", \"time: at\", and "
                     "\"properties: {amount: amount}\".");
    }
}

bool kit_subject_read(kit_subject *s, const char *path, diags *d, carpel_error *err)
{
    s->file = path ? source_open(path, path, err) : source_new("no options", "", 0);
    if (!s->file)
        return false;
    char *whole = path ? path_resolve(path) : NULL;
    s->directory = whole ? path_directory(whole) : path_resolve(".");
    memory_free(whole);
    const yaml_node *root = yaml_parse(s->file, NULL, s->memory, d);
    if (root && root->kind == YAML_MAPPING)
        read_options(s, root, d);
    else if (root)
        diag_error(d, root->where, E0302, "the options of a plugin are a mapping");
    return true;
}

void kit_subject_close(kit_subject *s)
{
    catalog_free(s->catalog);
    source_free(s->file);
    memory_free(s->directory);
    arena_free(s->memory);
}
