/* SPDX-License-Identifier: MIT
 *
 * description -- what a plugin says of itself, checked, and as this carpel knows it.
 *
 * A plugin may be built with an older interface 1.x than the host's, or a newer one, so its structs may be
 * shorter or longer (structs.h). What it exports is copied once, when it is loaded, into structs
 * of the host's size; nothing else reads the plugin's own.
 */
#ifndef PLUGIN_DESCRIPTION_H
#define PLUGIN_DESCRIPTION_H

#include <carpel/plugin.h>

#include "base/error.h"
#include "base/text.h"

typedef struct description {
    carpel_plugin
        plugin; /* leads to those that follow, and to the plugin's texts and options */
    carpel_source source;
    carpel_output output;
    carpel_reading reading;
    carpel_resuming resuming;
    carpel_partitioning partitioning;
} description;

/* Take what a file of this kind and name exports as a description of `size` bytes; `path` is
 * how messages call it. *out does not move afterwards. */
bool description_take(const char *path, const carpel_plugin *exported, size_t size,
                      carpel_plugin_kind kind, slice name, description *out,
                      carpel_error *err);

/* Can no option of a plugin of this kind have the name? */
bool description_reserves(carpel_plugin_kind kind, const char *name);

/* Does this carpel take plugins of an interface at all? Of a newer one those that use nothing of what is
 * new in it. */
bool description_is_of_version(uint32_t abi_major);

#endif
