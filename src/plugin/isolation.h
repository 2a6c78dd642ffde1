/* SPDX-License-Identifier: MIT
 *
 * isolation -- a source or an output that works in a process of its own, so that a crash, a hang
 * or a leak there is its failure and nobody else's.
 *
 *     isolation *i = isolation_new(plugin, seconds, memory);
 *     isolation_plugin(i)             // is used in the place of the plugin, with hosts
 *                                     // whose listener has `i`
 *
 * It answers as the plugin does: the same options, names and versions. Each opening makes a
 * child, which has the options and the project from its parent's memory, and calls the plugin as
 * guarded as ever. That of a source checks each batch, and sends its rows through a duct
 * (plugin/isolated_rows.h) while the parent works on those before; that of an output is sent its
 * rows as it asks for them.
 */
#ifndef PLUGIN_ISOLATION_H
#define PLUGIN_ISOLATION_H

#include "base/arena.h"
#include "plugin/host.h"

typedef struct isolation isolation;

/* `seconds`: so long it may give no sign of life. Both in `memory`. */
isolation *isolation_new(const carpel_plugin *plugin, double seconds, arena *memory);
const carpel_plugin *isolation_plugin(const isolation *i);

/* For the files of this folder. */
const carpel_plugin *isolation_inside(const isolation *i);
double isolation_seconds(const isolation *i);

#endif
