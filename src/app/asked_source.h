/* SPDX-License-Identifier: MIT
 *
 * asked_source -- a source that a command is told of instead of a file: its plugin and the options, as
 * they would stand in carpel.yaml:
 *
 *     carpel look 'sqlite: {file: shop.db, table: orders}'
 *
 *     asked_source a;
 *     if (asked_source_open(&a, catalog, argument))       // messages are said
 *         ... a.plugin, a.inquiry ...
 *     asked_source_close(&a);                             // always
 */
#ifndef APP_ASKED_SOURCE_H
#define APP_ASKED_SOURCE_H

#include "base/arena.h"
#include "plugin/catalog.h"
#include "report/diags.h"

typedef struct asked_source {
    arena *memory;
    source *argument;
    const carpel_plugin *plugin;
    carpel_inquiry inquiry;
    const char *settings; /* the options as lines of carpel.yaml, with variables unread */
} asked_source;

/* Does the argument tell of a source? A file of that name goes before. */
bool asked_source_is_meant(const char *argument);

bool asked_source_open(asked_source *a, catalog *c, const char *argument);
void asked_source_close(asked_source *a);

#endif
