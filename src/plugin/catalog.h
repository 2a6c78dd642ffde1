/* SPDX-License-Identifier: MIT
 *
 * catalog -- finds, loads and checks plugins.
 *
 * Plugins are files source_NAME.so and output_NAME.so in a list of folders; the first
 * that has the file wins. A file is read before it is loaded: it has to be a whole shared
 * object (elf_file.h), and nobody else may be able to write it (trust.h). Loading it runs
 * its constructors, which C has none of, and those of the libraries that it needs. A plugin
 * stays loaded until the catalog is freed.
 */
#ifndef PLUGIN_CATALOG_H
#define PLUGIN_CATALOG_H

#include <carpel/plugin.h>

#include "base/arena.h"
#include "base/directory.h"
#include "base/text.h"

typedef struct catalog catalog;

/* Search `directories` in order (copied). */
catalog *catalog_new(const char *const *directories, size_t count);
void catalog_free(catalog *c);

/* Load a plugin of this kind and name. Refuses, naming the file and what differs: no such
 * plugin (with the nearest name), a file that is damaged or that others can write, a
 * missing library (what the linker says), no description, another ABI (both numbers), a description that is too
 * small, an unknown kind, a kind or name unlike the file's, missing callbacks or options. */
bool catalog_find(catalog *c, carpel_plugin_kind kind, const char *name,
                  const carpel_plugin **out, carpel_error *err);

/* The same for one file of a folder of the catalog, which was not asked for by name and so is tried
 * in a child process first. */
bool catalog_find_file(catalog *c, const char *file, const carpel_plugin **out,
                       carpel_error *err);

/* Of a name that no plugin of this kind has: is one named nearly so? Then that is what the refusal asks for. */
bool catalog_has_similar(catalog *c, carpel_plugin_kind kind, const char *name);

/* Append the names of this kind that the files in the folders have, as in "csv, jsonl"; none
 * is loaded. */
void catalog_names(catalog *c, carpel_plugin_kind kind, text *out);

/* What stands in the folders: every shared object, loaded or with its refusal. Since
 * nobody asked for these files, each is tried in a child process first: one that crashes
 * or hangs while it is loaded is refused for that. */
typedef struct catalog_entry {
    const char *path;
    const char *name;            /* that the file gives it */
    const carpel_plugin *plugin; /* NULL when refused */
    const char *refusal;         /* NULL when good */
    bool is_misnamed;            /* refused: the file is not named like a plugin */
    size_t constructors;         /* functions that loading runs, beside the compiler's */
} catalog_entry;

/* Sorted by kind, then name, the misnamed last; lives until the catalog is freed. Not for
 * a process with other threads. */
size_t catalog_list(catalog *c, const catalog_entry **out);

/* The folders that are searched, as long as the catalog lives. */
size_t catalog_folders(const catalog *c, const char *const **out);

#endif
