/* SPDX-License-Identifier: MIT
 *
 * catalog -- finds, loads and checks plugins.
 *
 * Plugins are files source_NAME.so and output_NAME.so in a list of folders; the first
 * that has the file wins. Loading runs none of the plugin's code. A plugin stays loaded
 * until the catalog is freed.
 */
#ifndef PLUGIN_CATALOG_H
#define PLUGIN_CATALOG_H

#include <carpel/plugin.h>

#include "base/arena.h"

typedef struct catalog catalog;

/* Search `directories` in order (copied). */
catalog *catalog_new(const char *const *directories, size_t count);
void catalog_free(catalog *c);

/* The folders that are searched when nothing else is said: those of CARPEL_PLUGIN_PATH
 * (separated by ':'), then the build tree's beside the running command, then the
 * installed one. `list` is a path_list of base/file.h. */
struct path_list;
void catalog_default_directories(struct path_list *list);

/* Load a plugin of this kind and name. Refuses, naming the file and what differs: no such
 * plugin (with the nearest name), not a shared object or a missing library (what the
 * linker says), no description, another ABI (both numbers), a description that is too
 * small, an unknown kind, a kind or name unlike the file's, missing callbacks or options. */
bool catalog_find(catalog *c, carpel_plugin_kind kind, const char *name,
                  const carpel_plugin **out, carpel_error *err);

/* What stands in the folders: every candidate file, loaded or with its refusal. */
typedef struct catalog_entry {
    const char *path;
    const carpel_plugin *plugin; /* NULL when refused */
    const char *refusal;         /* NULL when good */
} catalog_entry;

/* Sorted by kind, then name; lives until the catalog is freed. */
size_t catalog_list(catalog *c, const catalog_entry **out);

#endif
