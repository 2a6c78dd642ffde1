/* SPDX-License-Identifier: MIT
 *
 * Sources that go on where they were: their cursors, their partitions, and what they are told of what is kept.
 */
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "plugin/guarded.h"
#include "plugin/guarded_stream.h"

/* ---- going on -------------------------------------------------------------------------- */

const carpel_resuming *guarded_resuming(const carpel_plugin *plugin)
{
    return plugin->source ? plugin->source->resuming : NULL;
}

bool guarded_resumes(const carpel_plugin *plugin, const void *options)
{
    const carpel_resuming *r = guarded_resuming(plugin);
    const char *wanted = r ? r->enabling_option : NULL;
    if (!r || !wanted)
        return r != NULL;
    const carpel_option *o = plugin->options;
    while (o && o->name && strcmp(o->name, wanted) != 0)
        o++;
    const char *given = NULL;
    if (o && o->name && o->type == CARPEL_OPTION_TEXT)
        memcpy(&given, (const char *)options + o->offset, sizeof given);
    return given != NULL;
}

bool guarded_is_access_option(const carpel_plugin *plugin, const carpel_option *option)
{
    const carpel_resuming *r = guarded_resuming(plugin);
    const char *const *named = r ? r->access_options : NULL;
    while (named && *named && strcmp(*named, option->name) != 0)
        named++;
    return option->secret || (named && *named);
}

/* What the plugin wrote is a text that can be kept, as it stands. */
static void check_cursor(plugin_host *host, const char cursor[GUARDED_CURSOR_SIZE])
{
    size_t size = strnlen(cursor, GUARDED_CURSOR_SIZE);
    if (size == GUARDED_CURSOR_SIZE)
        instance_break(host_failure(host), "its cursor has no end within %d bytes",
                       GUARDED_CURSOR_SIZE);
    else if (!utf8_is_valid(cursor, size))
        instance_break(host_failure(host), "its cursor is no UTF-8");
}

/* A call that was to write a cursor has come back. */
static bool end_cursor(guarded_call *call, bool answer, const char *cursor, char **out,
                       carpel_error *err)
{
    if (answer)
        check_cursor(call->host, cursor);
    bool ok = guarded_end(call, answer, err);
    if (ok)
        *out = memory_copy_string(cursor);
    return ok;
}

bool guarded_cursor(plugin_host *host, const carpel_plugin *plugin,
                    const struct ArrowArrayStream *stream, char **out, carpel_error *err)
{
    guarded_call call;
    char *cursor = memory_alloc_zero(GUARDED_CURSOR_SIZE);
    guarded_begin(&call, host, "cursor");
    bool ok = guarded_resuming(plugin)->cursor(guarded_inside(stream), cursor,
                                               GUARDED_CURSOR_SIZE, &call.error);
    ok = end_cursor(&call, ok, cursor, out, err);
    memory_free(cursor);
    return ok;
}

/* ---- partitions ------------------------------------------------------------------------ */

const carpel_partitioning *guarded_partitioning(const carpel_plugin *plugin,
                                                const void *options)
{
    bool goes_on = guarded_resumes(plugin, options);
    return goes_on ? guarded_resuming(plugin)->partitions : NULL;
}

static const carpel_partitioning *partitioning_of(const carpel_plugin *plugin)
{
    return guarded_resuming(plugin)->partitions;
}

bool guarded_open_partitions(plugin_host *host, const carpel_plugin *plugin,
                             const carpel_request *request, carpel_partitions *out,
                             carpel_error *err)
{
    guarded_call call;
    *out = (carpel_partitions){0};
    guarded_begin(&call, host, "partitions.open");
    bool is_open =
        partitioning_of(plugin)->open(host_interface(host), request, out, &call.error);
    if (is_open && out->count > GUARDED_MOST_PARTITIONS) {
        partitioning_of(plugin)->close(host_interface(host), out->state);
        instance_break(host_failure(host), "it says that it has %zu partitions",
                       out->count);
    }
    return guarded_end(&call, is_open, err);
}

bool guarded_open_partition(plugin_host *host, const carpel_plugin *plugin, void *state,
                            size_t partition, const char *cursor,
                            struct ArrowArrayStream *out, carpel_error *err)
{
    guarded_call call;
    struct ArrowArrayStream stream = {0};
    *out = stream;
    guarded_begin(&call, host, "open_partition");
    bool is_open = partitioning_of(plugin)->open_partition(
        host_interface(host), state, partition, cursor, &stream, &call.error);
    if (is_open)
        guarded_lend(host, plugin, &stream, out);
    return guarded_end(&call, is_open, err);
}

bool guarded_join(plugin_host *host, const carpel_plugin *plugin, void *state,
                  const char *const *cursors, size_t count, char **out, carpel_error *err)
{
    guarded_call call;
    char *cursor = memory_alloc_zero(GUARDED_CURSOR_SIZE);
    const char **told = memory_alloc_zero_array(count + 1, sizeof *told);
    for (size_t i = 0; i < count; i++)
        told[i] = cursors[i] && cursors[i][0] != '\0' ? cursors[i] : NULL;
    guarded_begin(&call, host, "join");
    bool ok = partitioning_of(plugin)->join(host_interface(host), state, told, cursor,
                                            GUARDED_CURSOR_SIZE, &call.error);
    ok = end_cursor(&call, ok, cursor, out, err);
    memory_free(told);
    memory_free(cursor);
    return ok;
}

void guarded_close_partitions(plugin_host *host, const carpel_plugin *plugin, void *state)
{
    plugin_call call;
    plugin_call_begin(&call, plugin->name, "close", host_failure(host));
    partitioning_of(plugin)->close(host_interface(host), state);
    plugin_call_end(&call);
}

/* ---- what is kept ---------------------------------------------------------------------- */

bool guarded_acknowledge(plugin_host *host, const carpel_plugin *plugin,
                         const carpel_request *request, const char *cursor,
                         carpel_error *err)
{
    const carpel_resuming *r = guarded_resuming(plugin);
    guarded_call call;
    if (!r || !r->acknowledge)
        return true;
    guarded_begin(&call, host, "acknowledge");
    bool ok = r->acknowledge(host_interface(host), request, cursor, &call.error);
    return guarded_end(&call, ok, err);
}
