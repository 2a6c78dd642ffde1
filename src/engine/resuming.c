/* SPDX-License-Identifier: MIT
 *
 * Sources that go on where they were are told what of them is kept.
 */
#include "engine/parts.h"
#include "engine/retrying.h"
#include "plugin/guarded.h"

static void note_unheard(engine *e, const char *source, const carpel_error *err,
                         const engine_listener *listener)
{
    if (listener->log)
        listener->log(
            listener->context,
            arena_format(e->memory,
                         "the source \"%s\" has not heard that its rows are kept, "
                         "and is told again at the next load: %s",
                         source, err->message));
}

void engine_acknowledge(engine *e, size_t source, const char *cursor,
                        const engine_listener *listener)
{
    const engine_source *s = &e->sources[source];
    const carpel_plugin *plugin = s->connector.plugin;
    const host_listener hears = {
        .cancel = e->cancel,
        .plugin = plugin->name,
        .isolation = s->connector.isolation,
        .title = arena_format(e->memory, "source \"%s\" (%s)", s->name, plugin->name)};
    const carpel_request request = {.struct_size = sizeof request,
                                    .name = s->name,
                                    .options = s->connector.options,
                                    .columns = mapping_columns(s->mapping),
                                    .column_count = mapping_column_count(s->mapping),
                                    .project_directory = e->project->directory,
                                    .events = e->event_names,
                                    .cursor = cursor};
    carpel_error err;
    retrying again;
    retrying_init(&again, &e->project->sources[source].retry, e->cancel, listener);
    bool is_heard, is_tried_again;
    do {
        plugin_host *host = host_new(s->mapping, NULL, &hears);
        is_heard = guarded_acknowledge(host, plugin, &request, cursor, &err);
        is_tried_again = !is_heard && retrying_wait(&again, host, &err);
        host_free(host);
    } while (is_tried_again);
    if (!is_heard)
        note_unheard(e, s->name, &err, listener);
}
