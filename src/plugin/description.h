/* SPDX-License-Identifier: MIT
 *
 * description -- is the description of a plugin one that the host can use?
 */
#ifndef PLUGIN_DESCRIPTION_H
#define PLUGIN_DESCRIPTION_H

#include <carpel/plugin.h>

#include "base/error.h"
#include "base/text.h"

/* Check what a file of this kind and name exports as a description of `size` bytes; `path` is
 * how messages call it. */
bool description_check(const char *path, const carpel_plugin *p, size_t size,
                       carpel_plugin_kind kind, slice name, carpel_error *err);

#endif
