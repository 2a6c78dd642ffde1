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

/* Read each item of such a list; what is no mapping is reported, and names that are there twice. */
typedef struct connector_list {
    const char *what, *plural, *example;
    config_text (*add)(const reader *r, yaml_node *item); /* returns its name */
} connector_list;
void connectors_read_list(const reader *r, const yaml_node *node,
                          const connector_list *of);

#endif
