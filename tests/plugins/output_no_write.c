/* SPDX-License-Identifier: MIT
 *
 * An output that can begin but not write.
 */
#include "bad.h"

static bool bad_begin(const carpel_host *host, const carpel_delivery *delivery,
                      void **instance, carpel_error *err)
{
    (void)host;
    (void)delivery;
    (void)instance;
    return carpel_fail(err, CARPEL_E_PLUGIN, "a bad plugin has begun");
}

static const carpel_output output = {.struct_size = sizeof(carpel_output),
                                     .begin = bad_begin};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,  .kind = CARPEL_OUTPUT, .name = "no_write",
    .source = &bad_source, .output = &output,     BAD_REST,
};
