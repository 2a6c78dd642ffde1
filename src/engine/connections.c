/* SPDX-License-Identifier: MIT
 *
 * Each plugin is asked with a host of its own.
 */
#include "engine/connections.h"

#include "engine/parts.h"
#include "plugin/guarded.h"

size_t connections_count(const engine *e)
{
    return e->project->source_count + e->project->output_count;
}

static connection try_one(engine *e, const engine_connector *c, const char *name)
{
    connection out = {.kind = (carpel_plugin_kind)c->plugin->kind,
                      .name = name,
                      .plugin = c->plugin->name};
    const host_listener hears = {
        .cancel = e->cancel, .plugin = c->plugin->name, .isolation = c->isolation};
    const carpel_inquiry inquiry = {.struct_size = sizeof inquiry,
                                    .name = name,
                                    .options = c->options,
                                    .project_directory = e->project->directory};
    plugin_host *host = host_new(NULL, NULL, &hears);
    out.reach = guarded_check(host, c->plugin, &inquiry, &out.is_tried, &out.error);
    host_free(host);
    return out;
}

connection connections_try(engine *e, size_t index)
{
    size_t sources = e->project->source_count;
    if (index < sources)
        return try_one(e, &e->sources[index].connector, e->sources[index].name);
    const engine_output *o = &e->outputs[index - sources];
    return try_one(e, &o->connector, o->config->name.text);
}
