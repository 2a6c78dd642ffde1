/* SPDX-License-Identifier: MIT
 *
 * fields -- names and types in the project file: properties of an event, traits, parts of a
 * record. Records and lists may hold each other.
 */
#ifndef CONFIG_FIELDS_H
#define CONFIG_FIELDS_H

#include "config/project.h"
#include "config/reader.h"

/* The fields of a mapping (NULL: none), in the memory of `r`. What cannot be read is reported and left out. */
config_field *fields_read(const reader *r, const yaml_node *node, size_t *count);

/* How many values from `first` on are plain texts, as types are. */
size_t fields_count_types(const yaml_node *node, size_t first);

#endif
