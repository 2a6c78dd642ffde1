/* SPDX-License-Identifier: MIT
 *
 * kinds -- the key `events` of the project file: kinds of events and their properties, also as other tools have them.
 */
#ifndef CONFIG_KINDS_H
#define CONFIG_KINDS_H

#include "config/reader.h"

/* Read the mapping (NULL: none) of the file `root` into the project. */
void kinds_read(const reader *r, const yaml_node *root, const yaml_node *node);

#endif
