/* SPDX-License-Identifier: MIT
 *
 * connectors -- the lists `sources` and `outputs` of the project file.
 */
#ifndef CONFIG_CONNECTORS_H
#define CONFIG_CONNECTORS_H

#include "config/reader.h"

/* Read the list (NULL: none) into the project. */
void connectors_read_sources(const reader *r, const yaml_node *node);
void connectors_read_outputs(const reader *r, const yaml_node *node);

#endif
