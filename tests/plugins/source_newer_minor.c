/* SPDX-License-Identifier: MIT
 *
 * A plugin that needs a later minor number of the interface.
 */
#include "bad.h"

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    .abi_major = CARPEL_ABI_MAJOR,
    .abi_minor = CARPEL_ABI_MINOR + 1,
    .struct_size = sizeof(carpel_plugin),
    .kind = CARPEL_SOURCE,
    .name = "newer_minor",
    .source = &bad_source,
    BAD_REST,
};
