/* SPDX-License-Identifier: MIT
 *
 * A plugin with another name than its file.
 */
#include "bad.h"

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "somebody_else",
    .source = &bad_source,
    BAD_REST,
};
