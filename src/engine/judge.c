/* SPDX-License-Identifier: MIT
 *
 * Judging everyone, and handing the memberships to the outputs.
 */
#include <string.h>

#include "base/memory.h"
#include "engine/parts.h"
#include "exec/run.h"
#include "plugin/host.h"
#include "plugin/memberships.h"

run_result *engine_run(engine *e, int64_t as_of, size_t threads, const engine_listener *listener,
                       carpel_error *err)
{
    run_options options = { .as_of = as_of, .threads = threads };
    if (listener && listener->log)
        engine_note_data(e, as_of, listener);
    if (listener && listener->stage)
        listener->stage(listener->context, "judging", "people", e->store->person_count);
    if (listener) {
        options.progress = listener->progress;
        options.progress_context = listener->context;
    }
    return run_plan(e->plan, e->store, &options, err);
}

/* ---- outputs ------------------------------------------------------------ */

static bool is_wanted(const config_output *config, const char *path)
{
    for (size_t i = 0; i < config->segment_count; i++)
        if (strcmp(config->segments[i].text, path) == 0)
            return true;
    return config->segment_count == 0;
}

/* The memberships that an output takes, in the order of the rules. */
static size_t collect(const engine *e, const config_output *config, const run_result *result,
                      membership *out)
{
    size_t count = 0, segment = 0, member = 0;
    for (size_t i = 0; i < e->graph->rule_count; i++) {
        const rule *r = &e->graph->rules[i];
        const run_segment *from;
        if (r->kind == RULE_SEGMENT)
            from = &result->segments[segment++];
        else if (r->kind == RULE_GROUP)
            from = &result->group_members[member++];
        else
            continue;
        if (is_wanted(config, from->path))
            out[count++] = (membership){ from->path, from->members };
    }
    return count;
}

static void on_log(void *context, carpel_log_level level, const char *message)
{
    const engine_listener *listener = context;
    (void)level;
    if (listener->log)
        listener->log(listener->context, message);
}

static bool write_output(engine *e, const engine_output *o, const run_result *result,
                         const engine_listener *listener, carpel_error *err)
{
    membership *items = memory_alloc_array(e->graph->rule_count + 1, sizeof *items);
    size_t count = collect(e, o->config, result, items);
    host_listener host_hears = { (void *)listener, on_log, NULL, NULL };
    plugin_host *host = host_new(NULL, NULL, &host_hears);
    struct ArrowArrayStream stream = { 0 };
    memberships_stream(items, count, e->store->persons, engine_person_order(e), result->as_of,
                       &stream);
    bool ok = o->connector.plugin->output->write(host_interface(host), o->connector.options,
                                                 &stream, err);
    if (stream.release)
        stream.release(&stream);
    host_free(host);
    memory_free(items);
    return ok;
}

bool engine_write(engine *e, const run_result *result, const engine_listener *listener,
                  carpel_error *err)
{
    for (size_t i = 0; i < e->project->output_count; i++)
        if (!write_output(e, &e->outputs[i], result, listener, err))
            return false;
    return true;
}
