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

run_result *engine_run(engine *e, int64_t as_of, size_t threads,
                       const engine_listener *listener, carpel_error *err)
{
    run_options options = {.as_of = as_of,
                           .threads = threads,
                           .is_strict = e->is_strict,
                           .cancel = e->cancel};
    if (listener && listener->log)
        engine_note_data(e, as_of, listener);
    if (listener && listener->stage)
        listener->stage(listener->context, "judging", "people", e->store->person_count);
    if (listener) {
        options.progress = listener->progress;
        options.progress_context = listener->context;
    }
    run_result *result = run_plan(e->plan, e->store, &options, err);
    if (result)
        result->people.order = engine_person_order(e);
    if (result == NULL || !cancel_is_asked(e->cancel))
        return result;
    run_result_free(result);
    cancel_fail(err);
    return NULL;
}

/* ---- outputs ------------------------------------------------------------ */

static bool is_wanted(const config_output *config, const char *path)
{
    for (size_t i = 0; i < config->segment_count; i++)
        if (strcmp(config->segments[i].text, path) == 0)
            return true;
    return config->segment_count == 0;
}

/* The memberships that an output takes, in the order of the rules: those about people,
 * then those about accounts. */
typedef struct collection {
    const config_output *config;
    const run_result *result;
    size_t segment, member; /* the next of the result */
    membership *items;
    size_t count;
} collection;

static void collect(collection *c, const graph *g)
{
    for (size_t i = 0; g && i < g->rule_count; i++) {
        const run_segment *from;
        if (g->rules[i].kind == RULE_SEGMENT)
            from = &c->result->segments[c->segment++];
        else if (g->rules[i].kind == RULE_GROUP)
            from = &c->result->group_members[c->member++];
        else
            continue;
        if (is_wanted(c->config, from->path))
            c->items[c->count++] =
                (membership){from->path, from->members, from->population->ids,
                             from->population->order};
    }
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
    collection c = {.config = o->config, .result = result};
    c.items = memory_alloc_array(result->segment_count + result->group_member_count + 1,
                                 sizeof *c.items);
    collect(&c, e->graph);
    collect(&c, e->graph->accounts);
    const char *plugin = o->connector.plugin->name;
    host_listener host_hears = {.context = (void *)listener,
                                .log = on_log,
                                .cancel = e->cancel,
                                .plugin = plugin,
                                .title = arena_format(e->memory, "output (%s)", plugin)};
    plugin_host *host = host_new(NULL, NULL, &host_hears);
    struct ArrowArrayStream stream = {0};
    memberships_stream(c.items, c.count, result->as_of, &stream);
    bool ok = o->connector.plugin->output->write(host_interface(host),
                                                 o->connector.options, &stream, err);
    if (stream.release)
        stream.release(&stream);
    host_free(host);
    memory_free(c.items);
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
