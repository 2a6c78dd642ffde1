/* SPDX-License-Identifier: MIT
 *
 * A plugin that does not say how large one of its structs is.
 */
#include "bad.h"

static const carpel_source sizeless = {.open = bad_open};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "no_size",
    .source = &sizeless,
    BAD_REST,
};
