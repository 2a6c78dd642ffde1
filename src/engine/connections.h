/* SPDX-License-Identifier: MIT
 *
 * connections -- does each connector of the project reach what it connects to?
 *
 *     for (size_t i = 0; i < connections_count(e); i++) {
 *         connection c = connections_try(e, i);
 *         connection_done(&c);
 */
#ifndef ENGINE_CONNECTIONS_H
#define ENGINE_CONNECTIONS_H

#include <carpel/plugin.h>

#include "base/text.h"
#include "engine/engine.h"

typedef struct connection {
    carpel_plugin_kind kind;
    const char *name, *plugin;
    bool is_tried; /* false: its plugin has no way to tell */
    carpel_reach reach;
    carpel_error error; /* when it is not reached */
    text warnings;      /* that its plugin gave, each on a line */
} connection;

/* Sources, then outputs; the project is compiled without errors. */
size_t connections_count(const engine *e);
connection connections_try(engine *e, size_t index);
void connection_done(connection *c);

#endif
