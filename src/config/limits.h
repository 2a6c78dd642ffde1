/* SPDX-License-Identifier: MIT
 *
 * limits -- the mapping `limits` of the project file: how much may go wrong in a run.
 */
#ifndef CONFIG_LIMITS_H
#define CONFIG_LIMITS_H

#include "config/reader.h"

/* What holds without the mapping. */
config_limits limits_standard(void);

/* Read the mapping (NULL: none) into the project, over the standard. */
void limits_read(const reader *r, const yaml_node *node);

/* A share such as "5%" in millionths, or LIMIT_NONE when it is not given or wrong; what is
 * wrong is reported. */
int64_t limits_read_share(const reader *r, const yaml_node *node);

#endif
