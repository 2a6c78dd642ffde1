/* SPDX-License-Identifier: MIT
 *
 * An output without its one function.
 */
#include "bad.h"

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_OUTPUT,
    .name = "no_write",
    .source = &bad_source,
    BAD_REST,
};
