/* SPDX-License-Identifier: MIT
 *
 * Each plugin is asked with a host of its own.
 */
#include "engine/connections.h"

#include "engine/foreseen_columns.h"
#include "engine/parts.h"
#include "plugin/guarded.h"

size_t connections_count(const engine *e)
{
    return e->project->source_count + e->project->output_count;
}

/* A message has one line. */
static void note_warning(void *context, carpel_log_level level, const char *message)
{
    text *warnings = context;
    if (level != CARPEL_LOG_WARNING)
        return;
    text_append_format(warnings, "%s\n", message);
}

void connection_done(connection *c)
{
    text_done(&c->warnings);
}

/* `told`: what is known of the columns. */
static connection try_one(engine *e, const engine_connector *c, const char *name,
                          carpel_inquiry told)
{
    connection out = {.kind = (carpel_plugin_kind)c->plugin->kind,
                      .name = name,
                      .plugin = c->plugin->name};
    text_init(&out.warnings);
    const host_listener hears = {.context = &out.warnings,
                                 .log = note_warning,
                                 .cancel = e->cancel,
                                 .plugin = c->plugin->name,
                                 .isolation = c->isolation};
    told.struct_size = sizeof told;
    told.name = name;
    told.options = c->options;
    told.project_directory = e->project->directory;
    plugin_host *host = host_new(NULL, NULL, &hears);
    out.reach = guarded_check(host, c->plugin, &told, &out.is_tried, &out.error);
    host_free(host);
    return out;
}

/* Columns that cannot be found out now are not told; the run says why. */
static connection try_output(engine *e, size_t index)
{
    const engine_output *o = &e->outputs[index];
    carpel_error err;
    carpel_inquiry told = {0};
    foreseen_columns *f = guarded_can_check(o->connector.plugin)
                              ? foreseen_columns_new(e, index, &err)
                              : NULL;
    if (f) {
        told.columns = f->columns;
        told.column_count = f->count;
        told.changes = f->changes;
    }
    connection out = try_one(e, &o->connector, o->config->name.text, told);
    foreseen_columns_free(f);
    return out;
}

connection connections_try(engine *e, size_t index)
{
    size_t sources = e->project->source_count;
    if (index >= sources)
        return try_output(e, index - sources);
    const engine_source *s = &e->sources[index];
    const carpel_inquiry told = {.columns = mapping_columns(s->mapping),
                                 .column_count = mapping_column_count(s->mapping)};
    return try_one(e, &s->connector, s->name, told);
}
