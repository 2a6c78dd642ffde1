/* SPDX-License-Identifier: MIT
 *
 * asked_source -- a source that a command is told of instead of a file: its plugin and the options, as
 * they would stand in carpel.yaml:
 *
 *     carpel look 'sqlite: {file: shop.db, table: orders}'
 *
 *     asked_source a;
 *     if (asked_source_open(&a, catalog, argument))       // messages are said
 *         ... a.plugin, a.asked ...
 *     asked_source_close(&a);                             // always
 *
 * One that stands in a project is opened by its name (known_source.h).
 */
#ifndef APP_ASKED_SOURCE_H
#define APP_ASKED_SOURCE_H

#include "base/arena.h"
#include "config/yaml.h"
#include "look/profile.h"
#include "plugin/catalog.h"
#include "report/diags.h"

typedef struct asked_source {
    arena *memory;
    source *argument; /* or NULL: it is known by its name */
    const carpel_plugin *plugin;
    look_asked asked;
    look_sample sample; /* that asked.sample leads to, if any */
} asked_source;

/* Does the argument tell of a source? A file of that name goes before. */
bool asked_source_is_meant(const char *argument);

bool asked_source_open(asked_source *a, catalog *c, const char *argument);
void asked_source_close(asked_source *a);

/* Read the file once more so that variables of the environment stay as they are written. NULL: it
 * cannot be read. */
const yaml_node *asked_source_unread(const source *file, arena *memory, diags *d);

/* A node of that tree as a line of carpel.yaml: "    table: orders". */
void asked_source_append_setting(const yaml_node *option, text *out);

#endif
