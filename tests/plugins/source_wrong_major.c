/* SPDX-License-Identifier: MIT
 *
 * A plugin for another major number of the interface: one of the drafts before 1.0.
 */
#include "bad.h"

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    .abi_major = 2,
    .abi_minor = 7,
    .struct_size = sizeof(carpel_plugin),
    .kind = CARPEL_SOURCE,
    .name = "wrong_major",
    .source = &bad_source,
    BAD_REST,
};
