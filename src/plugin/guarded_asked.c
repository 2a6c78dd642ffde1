/* SPDX-License-Identifier: MIT
 *
 * What a plugin is asked without a stream: whether it reaches what it connects to, and what a file has.
 */
#include "plugin/guarded.h"

/* ---- reaching -------------------------------------------------------------------------- */

static carpel_check *check_of(const carpel_plugin *plugin)
{
    return plugin->kind == CARPEL_SOURCE ? plugin->source->check : plugin->output->check;
}

bool guarded_can_check(const carpel_plugin *plugin)
{
    return check_of(plugin) != NULL;
}

carpel_reach guarded_check(plugin_host *host, const carpel_plugin *plugin,
                           const carpel_inquiry *inquiry, bool *is_tried,
                           carpel_error *err)
{
    guarded_call call;
    carpel_check *check = check_of(plugin);
    *is_tried = check != NULL;
    if (!check)
        return CARPEL_REACHED;
    guarded_begin(&call, host, "check");
    carpel_reach reach = check(host_interface(host), inquiry, &call.error);
    if (reach > CARPEL_NO_DATA)
        instance_break(host_failure(host), "check answers %u", (unsigned)reach);
    bool ok = guarded_end(&call, reach == CARPEL_REACHED, err);
    if (ok)
        return CARPEL_REACHED;
    return reach == CARPEL_DENIED || reach == CARPEL_NO_DATA ? reach : CARPEL_UNREACHABLE;
}

/* ---- looking --------------------------------------------------------------------------- */

bool guarded_can_look(const carpel_plugin *plugin)
{
    return plugin->source && plugin->source->look;
}

void view_ignore_option(void *context, const char *name, const char *value)
{
    (void)context, (void)name, (void)value;
}

void view_ignore_text(void *context, const char *text)
{
    (void)context, (void)text;
}

bool guarded_look(plugin_host *host, const carpel_plugin *plugin, const char *path,
                  const carpel_view *view, bool *is_mine, carpel_error *err)
{
    guarded_call call;
    *is_mine = false;
    guarded_begin(&call, host, "look");
    bool is_read =
        plugin->source->look(host_interface(host), path, view, is_mine, &call.error);
    return guarded_end(&call, is_read, err);
}

bool guarded_can_discover(const carpel_plugin *plugin)
{
    return plugin->source && plugin->source->discover;
}

bool guarded_discover(plugin_host *host, const carpel_plugin *plugin,
                      const carpel_inquiry *inquiry, const carpel_view *view,
                      carpel_error *err)
{
    guarded_call call;
    guarded_begin(&call, host, "discover");
    bool is_told =
        plugin->source->discover(host_interface(host), inquiry, view, &call.error);
    return guarded_end(&call, is_told, err);
}
