/* SPDX-License-Identifier: MIT
 *
 * plugin_names -- the plugins that are there without a project.
 */
#ifndef APP_PLUGIN_NAMES_H
#define APP_PLUGIN_NAMES_H

#include <stdbool.h>

/* Has a file in the usual folders this name? None is loaded. */
bool plugin_is_there(const char *name);

#endif
