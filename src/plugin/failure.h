/* SPDX-License-Identifier: MIT
 *
 * failure -- the first thing that went wrong while an instance of a plugin was at work:
 * the plugin broke the contract, or the host could not do what it was asked for. What
 * comes after it counts for nothing; the run ends with it.
 */
#ifndef PLUGIN_FAILURE_H
#define PLUGIN_FAILURE_H

#include <stdbool.h>

#include "base/error.h"

typedef struct instance_failure {
    const char *plugin; /* its name */
    bool has_failed;
    carpel_error error; /* when it has */
} instance_failure;

/* The plugin broke the contract; `format` says how. */
CARPEL_PRINTF(2, 3)
void instance_break(instance_failure *f, const char *format, ...);

#endif
