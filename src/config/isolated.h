/* SPDX-License-Identifier: MIT
 *
 * isolated -- the key `isolation` of a source or output: whether its plugin works in a process of its own.
 */
#ifndef CONFIG_ISOLATED_H
#define CONFIG_ISOLATED_H

#include "config/reader.h"

/* Seconds that it may give no sign of life there; 0: it works in carpel's own process. */
int64_t isolated_read(const reader *r, const yaml_node *node);

#endif
