/* SPDX-License-Identifier: MIT
 *
 * Names in the folders that are searched when a project names none.
 */
#include "app/plugin_names.h"

#include <string.h>

#include "base/directory.h"
#include "base/plugin_folders.h"
#include "plugin/catalog.h"

/* Is the name one of "csv, jsonl"? */
static bool is_listed(const text *names, const char *name)
{
    size_t size = strlen(name);
    for (const char *at = names->data; *at; at += strspn(at, ", ")) {
        size_t length = strcspn(at, ",");
        if (length == size && strncmp(at, name, size) == 0)
            return true;
        at += length;
    }
    return false;
}

bool plugin_is_there(const char *name)
{
    path_list folders = {0};
    text names;
    text_init(&names);
    plugin_folders(&folders);
    catalog *c = catalog_new((const char *const *)folders.items, folders.count);
    catalog_names(c, CARPEL_SOURCE, &names);
    text_append(&names, names.size > 0 ? ", " : "");
    catalog_names(c, CARPEL_OUTPUT, &names);
    bool is_there = is_listed(&names, name);
    catalog_free(c);
    path_list_done(&folders);
    text_done(&names);
    return is_there;
}
