/* SPDX-License-Identifier: MIT
 *
 * What `carpel check --connect` asks.
 */
#include "kit/checks.h"
#include "plugin/guarded.h"

void check_reaches(kit_trial *t)
{
    const kit_subject *s = t->subject;
    const host_listener listener = {.plugin = s->plugin->name};
    const carpel_inquiry inquiry = {.struct_size = sizeof inquiry,
                                    .name = "trial",
                                    .options = s->options,
                                    .project_directory = s->directory,
                                    .columns = s->columns,
                                    .column_count = s->column_count};
    plugin_host *host = host_new(NULL, NULL, &listener);
    carpel_error err;
    bool is_tried;
    kit_step(t, "check");
    carpel_reach reach = guarded_check(host, s->plugin, &inquiry, &is_tried, &err);
    if (!is_tried)
        kit_skip(t, "it has nothing to connect to");
    else if (reach != CARPEL_REACHED)
        kit_fail(t, "%s", err.message);
    host_free(host);
}
