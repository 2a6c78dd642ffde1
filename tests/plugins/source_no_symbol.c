/* SPDX-License-Identifier: MIT
 *
 * A plugin that calls a function which no library has: what a missing library looks like
 * to the linker.
 */
#include "bad.h"

bool function_of_a_library_that_is_not_there(const carpel_host *host,
                                             const carpel_request *request,
                                             struct ArrowArrayStream *out,
                                             carpel_error *err);

static const carpel_source linked_elsewhere = {
    .struct_size = sizeof(carpel_source),
    .open = function_of_a_library_that_is_not_there};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "no_symbol",
    .source = &linked_elsewhere,
    BAD_REST,
};
