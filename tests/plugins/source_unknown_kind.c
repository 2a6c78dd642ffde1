/* SPDX-License-Identifier: MIT
 *
 * A plugin of a kind that nobody knows.
 */
#include "bad.h"

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,  .kind = 7, .name = "unknown_kind",
    .source = &bad_source, BAD_REST,
};
