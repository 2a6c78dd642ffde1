/* SPDX-License-Identifier: MIT
 *
 * A plugin that does something while it is loaded: AT_LOADING, and AT_UNLOADING. NAME is
 * what its file is named after. tests/plugins/run.sh builds it.
 */
#include "bad.h"

#include <stdlib.h>
#include <unistd.h>

#ifdef AT_LOADING
__attribute__((constructor)) static void at_loading(void)
{
    AT_LOADING;
}
#endif

#ifdef AT_UNLOADING
__attribute__((destructor)) static void at_unloading(void)
{
    AT_UNLOADING;
}
#endif

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = NAME,
    .source = &bad_source,
    BAD_REST,
};
