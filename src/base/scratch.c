/* SPDX-License-Identifier: MIT
 *
 * What cannot be removed stays: whoever uses the folder can do nothing about it.
 */
#include "base/scratch.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/directory.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/system.h"

char *scratch_make(void)
{
    const char *above = getenv("TMPDIR");
    char *folder = path_join(above && above[0] == '/' ? above : "/tmp", "carpel-XXXXXX");
    if (system_mkdtemp(folder))
        return folder;
    memory_free(folder);
    return NULL;
}

static void remove_all(const char *path)
{
    struct stat found;
    path_list names = {0};
    bool is_folder = system_lstat(path, &found) == 0 && S_ISDIR(found.st_mode);
    if (!is_folder) {
        (void)system_unlink(path);
        return;
    }
    (void)directory_list(path, &names);
    for (size_t i = 0; i < names.count; i++) {
        char *inner = path_join(path, names.items[i]);
        remove_all(inner);
        memory_free(inner);
    }
    path_list_done(&names);
    (void)system_rmdir(path);
}

void scratch_remove(char *folder)
{
    if (!folder)
        return;
    remove_all(folder);
    memory_free(folder);
}

bool scratch_enter(const char *folder)
{
    return chdir(folder) == 0;
}
