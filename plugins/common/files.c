/* SPDX-License-Identifier: MIT
 *
 * Names and sizes of the files of a source.
 */
#include "common/files.h"

#include <string.h>
#include <sys/stat.h>

#include "common/input.h"

const char *files_name_below(const char *directory, const char *path)
{
    size_t size = directory == NULL ? 0 : strlen(directory);
    while (size > 0 && directory[size - 1] == '/')
        size--;
    bool is_inside = size > 0 && strncmp(path, directory, size) == 0 && path[size] == '/';
    return is_inside ? path + size + 1 : path;
}

const char *files_short_name(const carpel_request *request, const char *path)
{
    return files_name_below(request->project_directory, path);
}

uint64_t files_total_bytes(carpel_texts files)
{
    uint64_t total = 0;
    for (size_t i = 0; i < files.count; i++)
        total += input_file_size(files.items[i]);
    return total;
}

static const char *kind_of(mode_t mode)
{
    return S_ISFIFO(mode)                   ? "pipe"
           : S_ISDIR(mode)                  ? "directory"
           : S_ISCHR(mode) || S_ISBLK(mode) ? "device"
                                            : "socket";
}

bool files_check_regular(const char *path, const char *name, carpel_error *err)
{
    struct stat file;
    return stat(path, &file) != 0 || S_ISREG(file.st_mode) ||
           carpel_fail(err, CARPEL_E_INPUT, "\"%.300s\" is a %s, no regular file", name,
                       kind_of(file.st_mode));
}
