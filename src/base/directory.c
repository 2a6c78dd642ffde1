/* SPDX-License-Identifier: MIT
 *
 * Folders: made so that they last, looked into, listed.
 */
#include "base/directory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/path.h"
#include "base/system.h"

bool directory_sync(const char *path)
{
    int fd = system_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    bool ok = fd >= 0 && (system_fsync(fd) == 0 || errno == EINVAL);
    int reason = errno;
    if (fd >= 0 && system_close(fd) != 0)
        return false;
    errno = reason;
    return ok;
}

/* A folder whose name may be lost is not there: whoever tries again makes it again. */
static bool keep_directory(const char *path, carpel_error *err)
{
    char *above = path_directory(path);
    bool ok = directory_sync(above) || fail_errno(err, "cannot create the folder", path);
    memory_free(above);
    if (!ok)
        (void)system_rmdir(path);
    return ok;
}

static bool make_one_directory(const char *path, carpel_error *err)
{
    if (system_mkdir(path, 0777) == 0)
        return keep_directory(path, err);
    int reason = errno;
    if (reason == EEXIST && directory_exists(path))
        return true;
    errno = reason;
    return fail_errno(err, "cannot create the folder", path);
}

bool directory_exists(const char *path)
{
    struct stat st;
    return system_stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool directory_is_writable(const char *path)
{
    return system_access(path, W_OK | X_OK) == 0;
}

bool directory_make(const char *path, carpel_error *err)
{
    char *part = memory_copy_string(path);
    bool ok = true;
    for (char *at = part + 1; ok && part[0] != '\0' && *at != '\0'; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        ok = directory_exists(part) || make_one_directory(part, err);
        *at = '/';
    }
    memory_free(part);
    return ok && make_one_directory(path, err);
}

static int compare_strings(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void path_list_add(path_list *list, const char *path)
{
    memory_grow((void **)&list->items, list->count, &list->capacity, sizeof *list->items);
    list->items[list->count++] = memory_copy_string(path);
}

void path_list_done(path_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        memory_free(list->items[i]);
    memory_free(list->items);
    *list = (path_list){NULL, 0, 0};
}

static void sort_from(path_list *list, size_t first)
{
    if (list->count > first)
        qsort(list->items + first, list->count - first, sizeof *list->items,
              compare_strings);
}

bool directory_list(const char *path, path_list *out)
{
    DIR *folder = system_opendir(path);
    if (folder == NULL)
        return false;
    size_t before = out->count;
    struct dirent *entry;
    while ((entry = system_readdir(folder)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            path_list_add(out, entry->d_name);
    int reason = errno;
    if (system_closedir(folder) != 0 && reason == 0)
        reason = errno;
    sort_from(out, before);
    errno = reason;
    return reason == 0;
}
