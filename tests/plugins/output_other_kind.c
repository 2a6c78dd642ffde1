/* SPDX-License-Identifier: MIT
 *
 * A source in the file of an output.
 */
#include "bad.h"

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "other_kind",
    .source = &bad_source,
    BAD_REST,
};
