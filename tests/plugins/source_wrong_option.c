/* SPDX-License-Identifier: MIT
 *
 * A plugin with an option that lies outside of its options struct.
 */
#include "bad.h"

static const carpel_option outside[] = {{.name = "far",
                                         .type = CARPEL_OPTION_TEXTS,
                                         .offset = sizeof(carpel_texts),
                                         .help = "Far away."},
                                        {0}};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "wrong_option",
    .version = "1.0",
    .summary = "Wrong on purpose.",
    .options_size = sizeof(carpel_texts),
    .options = outside,
    .source = &bad_source,
};
