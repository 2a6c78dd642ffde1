/* SPDX-License-Identifier: MIT
 *
 * A plugin whose description is shorter than its version has it.
 */
#include "bad.h"

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    .abi_major = CARPEL_ABI_MAJOR,
    .abi_minor = CARPEL_ABI_MINOR,
    .struct_size = 16,
    .kind = CARPEL_SOURCE,
    .name = "too_small",
    .source = &bad_source,
    BAD_REST,
};
