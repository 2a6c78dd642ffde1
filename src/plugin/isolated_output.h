/* SPDX-License-Identifier: MIT
 *
 * isolated_output -- the functions in the place of those of an isolated output; for isolation.c only.
 */
#ifndef PLUGIN_ISOLATED_OUTPUT_H
#define PLUGIN_ISOLATED_OUTPUT_H

#include <carpel/plugin.h>

/* What stands in the place of an output; `check` is left to the caller. */
carpel_output isolated_output_of(const carpel_output *inside);

#endif
