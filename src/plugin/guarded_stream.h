/* SPDX-License-Identifier: MIT
 *
 * guarded_stream -- the stream that stands before a plugin's own, for the files of guarded.h.
 */
#ifndef PLUGIN_GUARDED_STREAM_H
#define PLUGIN_GUARDED_STREAM_H

#include "plugin/host.h"

/* Put one before what the plugin opened. What is no stream breaks the contract, and *out stays as it is. */
void guarded_lend(plugin_host *host, const carpel_plugin *plugin,
                  const struct ArrowArrayStream *stream, struct ArrowArrayStream *out);

/* The plugin's own. */
struct ArrowArrayStream *guarded_inside(const struct ArrowArrayStream *stream);

#endif
