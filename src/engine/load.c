/* SPDX-License-Identifier: MIT
 *
 * Sources to a store: each is opened in the order of the project file and read to its
 * end.
 */
#include "base/file.h"
#include "base/memory.h"
#include "engine/parts.h"
#include "plugin/guarded.h"

/* What the host of one source tells on to whoever listens to the engine. */
typedef struct relay {
    const engine_listener *listener;
    const char *title;
    bool has_begun;
} relay;

static void on_log(void *context, carpel_log_level level, const char *message)
{
    relay *r = context;
    (void)level;
    if (r->listener->log)
        r->listener->log(r->listener->context, message);
}

static void on_progress(void *context, uint64_t done_bytes, uint64_t total_bytes)
{
    relay *r = context;
    if (!r->has_begun && r->listener->stage)
        r->listener->stage(r->listener->context, r->title, "bytes", total_bytes);
    r->has_begun = true;
    if (r->listener->progress)
        r->listener->progress(r->listener->context, done_bytes);
}

static bool read_source(engine *e, const engine_source *s, loader *l,
                        const engine_listener *listener, carpel_error *err)
{
    relay r = {listener, arena_format(e->memory, "reading %s", s->name), false};
    const carpel_plugin *plugin = s->connector.plugin;
    host_listener host_hears = {
        .context = &r,
        .log = on_log,
        .progress = on_progress,
        .cancel = e->cancel,
        .plugin = plugin->name,
        .title = arena_format(e->memory, "source \"%s\" (%s)", s->name, plugin->name)};
    plugin_host *host = host_new(s->mapping, e->quarantine, &host_hears);
    struct ArrowArrayStream stream = {0};
    carpel_request request = {.name = s->name,
                              .options = s->connector.options,
                              .columns = mapping_columns(s->mapping),
                              .column_count = mapping_column_count(s->mapping),
                              .project_directory = e->project->directory,
                              .events = e->event_names};
    bool ok = guarded_open(host, plugin, &request, &stream, err) &&
              loader_add(l, s->mapping, &stream, err);
    if (stream.release)
        stream.release(&stream);
    if (!host_is_well(host, err))
        ok = false;
    if (!ok && cancel_is_asked(e->cancel)) /* such as a call that a signal interrupted */
        cancel_fail(err);
    host_free(host);
    return ok;
}

static quarantine *open_quarantine(const engine *e, const engine_load_options *options)
{
    if (options->refused_path)
        return quarantine_new(options->refused_path, options->is_strict);
    char *folder = path_join(e->project->directory, ".carpel");
    char *path = path_join(folder, "refused.csv");
    quarantine *q = quarantine_new(path, options->is_strict);
    memory_free(path);
    memory_free(folder);
    return q;
}

bool engine_load(engine *e, const engine_load_options *options, carpel_error *err)
{
    bool ok = true;
    e->is_strict = options->is_strict;
    e->quarantine = open_quarantine(e, options);
    loader *l = loader_new(e->schema, e->quarantine);
    loader_set_cancel(l, e->cancel);
    for (size_t i = 0; ok && i < e->project->source_count; i++)
        ok = read_source(e, &e->sources[i], l, &options->listener, err);
    if (ok)
        ok = quarantine_finish(e->quarantine, err);
    if (ok) {
        e->skipped_count = loader_skipped_count(l);
        e->store = loader_finish(l);
        ok = e->store != NULL || cancel_fail(err);
    }
    loader_free(l);
    return ok;
}
