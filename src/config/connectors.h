/* SPDX-License-Identifier: MIT
 *
 * connectors -- the lists `sources` (connectors.c) and `outputs` (outputs.c) of the project
 * file.
 */
#ifndef CONFIG_CONNECTORS_H
#define CONFIG_CONNECTORS_H

#include "config/reader.h"

/* Read the list (NULL: none) into the project. */
void connectors_read_sources(const reader *r, const yaml_node *node);
void connectors_read_outputs(const reader *r, const yaml_node *node);

/* The plugin of a source or output; its name: its own, or that of its plugin. */
config_text connector_plugin(const reader *r, const yaml_node *item,
                             const shape_key *keys);
config_text connector_name(const reader *r, const yaml_node *item, const shape_key *keys,
                           config_text plugin);

/* An item of the list has to be a mapping; what is none is reported. */
bool connector_is_mapping(const reader *r, const yaml_node *item, const char *what,
                          const char *example);

#endif
