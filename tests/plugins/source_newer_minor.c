/* SPDX-License-Identifier: MIT
 *
 * A plugin that uses a member of a later minor number of the interface.
 */
#include "bad.h"

typedef struct later_source {
    carpel_source source;
    void (*member)(void);
} later_source;

static void be_called(void)
{
}

static const later_source later = {
    .source = {.struct_size = sizeof later, .open = bad_open}, .member = be_called};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    .abi_major = CARPEL_ABI_MAJOR,
    .abi_minor = CARPEL_ABI_MINOR + 1,
    .struct_size = sizeof(carpel_plugin),
    .kind = CARPEL_SOURCE,
    .name = "newer_minor",
    .source = &later.source,
    BAD_REST,
};
