/* SPDX-License-Identifier: MIT
 *
 * retry -- the mapping `retry` of a source or output: how often it is tried when it says that the
 * same may go well later.
 */
#ifndef CONFIG_RETRY_H
#define CONFIG_RETRY_H

#include "config/reader.h"

/* Read the mapping (NULL: none), over the standard. */
config_retry retry_read(const reader *r, const yaml_node *node);

#endif
