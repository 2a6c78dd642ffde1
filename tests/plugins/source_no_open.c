/* SPDX-License-Identifier: MIT
 *
 * A source that cannot be opened.
 */
#include "bad.h"

static const carpel_source without_open = {.struct_size = sizeof(carpel_source),
                                           .open = NULL};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "no_open",
    .source = &without_open,
    BAD_REST,
};
