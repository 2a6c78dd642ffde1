/* SPDX-License-Identifier: MIT
 *
 * The sources and outputs of a project: their plugins, and the options that these take. Mistakes are reported.
 */
#include <string.h>
#include <strings.h>

#include "base/directory.h"
#include "base/plugin_folders.h"
#include "config/options.h"
#include "engine/parts.h"

void engine_make_catalog(engine *e)
{
    path_list directories = {0};
    for (size_t i = 0; i < e->project->plugin_directory_count; i++)
        path_list_add(&directories, e->project->plugin_directories[i].text);
    plugin_folders(&directories);
    e->catalog = catalog_new((const char *const *)directories.items, directories.count);
    path_list_done(&directories);
}

/* Spreadsheets are files of a program; the others are told by name. */
static void hint_plugin(engine *e, carpel_plugin_kind kind, const char *name,
                        diags *diags)
{
    bool is_spreadsheet = strcasecmp(name, "xlsx") == 0 || strcasecmp(name, "xls") == 0 ||
                          strcasecmp(name, "excel") == 0 || strcasecmp(name, "ods") == 0;
    text names;
    text_init(&names);
    catalog_names(e->catalog, kind, &names);
    if (is_spreadsheet && kind == CARPEL_SOURCE)
        diag_hint(diags, "Save the sheet as CSV in UTF-8, and write: plugin: csv.");
    else if (is_spreadsheet)
        diag_hint(diags, "Spreadsheets open CSV: write plugin: csv, and a path such as "
                         "out/members.csv.");
    else if (names.size > 0)
        diag_hint(diags, "There are %s.", names.data);
    text_done(&names);
}

/* Find the plugin of a source or an output and read its options; mistakes are reported. */
static void read_connector(engine *e, carpel_plugin_kind kind, const config_text *name,
                           const yaml_node *node, const char *const *host_keys,
                           engine_connector *out, diags *diags)
{
    carpel_error err;
    if (!name->text)
        return; /* reported by the project's reader */
    if (!catalog_find(e->catalog, kind, name->text, &out->plugin, &err)) {
        diag_error(diags, name->where, E0306, "%s", err.message);
        if (err.code == CARPEL_E_INPUT &&
            !catalog_has_similar(e->catalog, kind, name->text))
            hint_plugin(e, kind, name->text, diags);
        return;
    }
    options_context context = {
        .owner = arena_format(e->memory, "%s plugin \"%s\"",
                              kind == CARPEL_SOURCE ? "source" : "output", name->text),
        .project_directory = e->project->directory,
        .other_keys = host_keys,
        .supplied = !node || !yaml_get(node, "command") ? NULL
                    : kind == CARPEL_SOURCE             ? "files"
                                                        : "path",
    };
    out->options = arena_alloc(e->memory, out->plugin->options_size + 1);
    options_read(node, out->plugin->options, out->plugin->options_size, &context,
                 out->options, e->memory, diags);
}

/* Let it work in a process of its own, where the project says so. */
static void isolate(engine *e, int64_t seconds, engine_connector *c)
{
    if (!c->plugin || seconds == 0)
        return;
    isolation *i = isolation_new(c->plugin, (double)seconds, e->memory);
    c->isolation = i;
    c->plugin = isolation_plugin(i);
}

static void name_events(engine *e)
{
    e->event_names =
        arena_alloc_array(e->memory, e->schema->kind_count + 1, sizeof *e->event_names);
    for (size_t i = 0; i < e->schema->kind_count; i++)
        e->event_names[i] = e->schema->kinds[i].name;
}

/* Standard input can be read once: report a second "-" among the files of sources. */
static void check_standard_input(const yaml_node *files, bool *is_taken, diags *diags)
{
    if (files == NULL)
        return;
    for (size_t i = 0; i < files->count; i++)
        check_standard_input(files->items[i], is_taken, diags);
    if (files->kind != YAML_SCALAR || files->is_broken || strcmp(files->text, "-") != 0)
        return;
    if (*is_taken) {
        diag_error(diags, files->where, E0305, "standard input is read a second time");
        diag_hint(diags,
                  "Only one source of a project can have \"-\" as its file; let the "
                  "others read files or named pipes.");
    }
    *is_taken = true;
}

/* A program's output stands in the place of files. */
static void check_command(const config_source *config, const engine_source *s,
                          diags *diags)
{
    const yaml_node *files = yaml_get(config->node, "files");
    if (config->command_count == 0 || !s->connector.plugin)
        return;
    span where = config->command[0].where;
    if (!engine_files_option(s->connector.plugin)) {
        diag_error(diags, where, E0305, "the plugin \"%s\" reads no files, and no output",
                   s->connector.plugin->name);
    } else if (files) {
        diag_error(diags, where, E0305,
                   "a source has \"files\" or a \"command\", and not both");
        diag_hint(diags, "Make two sources of it.");
    }
}

void engine_make_sources(engine *e, diags *diags)
{
    name_events(e);
    e->sources =
        arena_alloc_array(e->memory, e->project->source_count + 1, sizeof *e->sources);
    bool is_taken = false;
    for (size_t i = 0; i < e->project->source_count; i++) {
        const config_source *config = &e->project->sources[i];
        engine_source *s = &e->sources[i];
        check_standard_input(yaml_get(config->node, "files"), &is_taken, diags);
        s->name = config->name.text;
        read_connector(e, CARPEL_SOURCE, &config->plugin, config->node,
                       project_source_keys, &s->connector, diags);
        isolate(e, config->isolation_seconds, &s->connector);
        check_command(config, s, diags);
        if (s->connector.plugin)
            s->mapping = mapping_new(e->schema, config, e->zone,
                                     s->connector.plugin->source->brings_own_names,
                                     e->memory, diags);
    }
}

/* A program reads what would stand in the file. */
static void check_output_command(const config_output *config, const engine_output *o,
                                 diags *diags)
{
    const carpel_option *option =
        o->connector.plugin ? o->connector.plugin->options : NULL;
    const yaml_node *command = yaml_get(config->node, "command");
    if (!command || !option)
        return;
    if (config->command_count == 0) {
        diag_error(diags, command->where, E0305, "\"command\" names no program");
        return;
    }
    while (option->name && (option->type != CARPEL_OPTION_OUTPUT_PATH ||
                            strcmp(option->name, "path") != 0))
        option++;
    span where = config->command[0].where;
    if (!option->name) {
        diag_error(diags, where, E0305,
                   "the plugin \"%s\" writes no file that a program could read",
                   o->connector.plugin->name);
    } else if (yaml_get(config->node, "path")) {
        diag_error(diags, where, E0305,
                   "an output has a \"path\" or a \"command\", and not both");
        diag_hint(diags, "Make two outputs of it.");
    }
}

void engine_make_outputs(engine *e, diags *diags)
{
    e->outputs =
        arena_alloc_array(e->memory, e->project->output_count + 1, sizeof *e->outputs);
    for (size_t i = 0; i < e->project->output_count; i++) {
        const config_output *config = &e->project->outputs[i];
        e->outputs[i].config = config;
        read_connector(e, CARPEL_OUTPUT, &config->plugin, config->node,
                       project_output_keys, &e->outputs[i].connector, diags);
        isolate(e, config->isolation_seconds, &e->outputs[i].connector);
        check_output_command(config, &e->outputs[i], diags);
    }
}
