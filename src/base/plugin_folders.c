/* SPDX-License-Identifier: MIT */
#include "base/plugin_folders.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"

static void add_separated(path_list *list, const char *directories)
{
    const char *at = directories;
    for (;;) {
        size_t size = strcspn(at, ":");
        char *one = memory_copy_text(at, size);
        if (size > 0)
            path_list_add(list, one);
        memory_free(one);
        if (at[size] == '\0')
            return;
        at += size + 1;
    }
}

/* The folder of the build tree, when the command runs from there. */
static bool add_build_tree(path_list *list)
{
    char *command = path_resolve("/proc/self/exe");
    if (command == NULL)
        return false;
    char *directory = path_directory(command);
    char *plugins = path_join(directory, "plugins");
    bool exists = directory_exists(plugins);
    if (exists)
        path_list_add(list, plugins);
    memory_free(plugins);
    memory_free(directory);
    memory_free(command);
    return exists;
}

void plugin_folders(path_list *list)
{
    const char *environment = getenv("CARPEL_PLUGIN_PATH");
    if (environment != NULL)
        add_separated(list, environment);
    if (!add_build_tree(list))
        path_list_add(list, CARPEL_PLUGIN_DIRECTORY);
}
