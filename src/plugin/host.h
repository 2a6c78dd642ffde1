/* SPDX-License-Identifier: MIT
 *
 * host -- what carpel lends a plugin while it works: the functions of carpel_host.
 *
 * One host serves one instance: it knows the zones in which its times are read, the
 * quarantine for bad rows, and where messages and progress go.
 */
#ifndef PLUGIN_HOST_H
#define PLUGIN_HOST_H

#include <carpel/plugin.h>

#include "base/cancel.h"
#include "store/loader.h"
#include "store/quarantine.h"

/* Where an instance's messages go; any function may be NULL. */
typedef struct host_listener {
    void *context;
    void (*log)(void *context, carpel_log_level level, const char *message);
    void (*progress)(void *context, uint64_t done_bytes, uint64_t total_bytes);
    const cancel *cancel; /* by which the user stops the work; or NULL */
} host_listener;

typedef struct plugin_host plugin_host;

/* `m` and `q` may be NULL for an output; both outlive the host. */
plugin_host *host_new(const mapping *m, quarantine *q, const host_listener *listener);
void host_free(plugin_host *h);

/* What the plugin is handed. */
const carpel_host *host_interface(const plugin_host *h);

/* In strict mode, or when the list cannot be written: the failure that row_end met.
 * Source streams end early then. False when there is one (then *err is filled). */
bool host_is_well(const plugin_host *h, carpel_error *err);

#endif
