/* SPDX-License-Identifier: MIT
 *
 * known_source -- a source that carpel.yaml has, which a command is told of by its name:
 *
 *     carpel look orders
 *
 * Only the source's plugin and its options have to be right: the rest of the project, and what the
 * source says of who, when and what, may still be missing.
 *
 *     const config_source *s = known_source_find(project, "orders");
 *     asked_source a;
 *     if (known_source_open(&a, catalog, project, s, diags))      // messages are said
 *         ... a.plugin, a.asked ...
 *     asked_source_close(&a);                                     // always; before the project
 */
#ifndef APP_KNOWN_SOURCE_H
#define APP_KNOWN_SOURCE_H

#include "app/asked_source.h"
#include "config/project.h"

/* The source of this name, or NULL. */
const config_source *known_source_find(const project *p, const char *name);

/* `diags` has what was reported of the project when it was opened. */
bool known_source_open(asked_source *a, catalog *c, const project *p,
                       const config_source *s, diags *diags);

/* Say which sources there are, or which one was probably meant. */
void known_source_hint(const project *p, const char *name);

#endif
