/* SPDX-License-Identifier: MIT
 *
 * The file for git comes with the first folder that is made, and never again.
 */
#include "base/own_folder.h"

#include <string.h>

#include "base/directory.h"
#include "base/durable.h"
#include "base/memory.h"
#include "base/path.h"

static const char all_files[] = "*\n";

/* The end of the part ".carpel" of a path; NULL: it has none. */
static const char *end_of_own_part(const char *path)
{
    const size_t size = sizeof OWN_FOLDER_NAME - 1;
    for (const char *at = path; (at = strstr(at, OWN_FOLDER_NAME)); at += size)
        if ((at == path || at[-1] == '/') && (at[size] == '/' || at[size] == '\0'))
            return at + size;
    return NULL;
}

/* That it cannot be written hinders nobody. */
/* It is on the disk before the folder of which it tells. That it cannot be written hinders nobody. */
static void keep_out_of_git(const char *path)
{
    const char *end = end_of_own_part(path);
    if (!end)
        return;
    carpel_error unused;
    char *folder = memory_copy_string(path);
    folder[end - path] = '\0';
    char *file = path_join(folder, ".gitignore");
    if (directory_make(folder, &unused) && !path_is_taken(file))
        durable_replace(file, all_files, sizeof all_files - 1, &unused);
    memory_free(file);
    memory_free(folder);
}

bool own_folder_make(const char *path, carpel_error *err)
{
    if (!directory_exists(path))
        keep_out_of_git(path);
    return directory_make(path, err);
}
