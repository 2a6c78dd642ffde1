/* SPDX-License-Identifier: MIT
 *
 * The files of rules/lib, as scripts/lua-library makes rows of them.
 */
#include "script/library.h"

#include <string.h>

#include "script/script.h"

static const struct {
    const char *name, *body;
} files[] = {
#define LIBRARY(name, body) {name, body},
#include "script/library.def"
#undef LIBRARY
};

enum { FILE_COUNT = sizeof files / sizeof *files };

/* "lib/NAME.lua" */
static bool is_path_of(const char *path, const char *name)
{
    size_t size = strlen(name);
    return strncmp(path, "lib/", 4) == 0 && strncmp(path + 4, name, size) == 0 &&
           strcmp(path + 4 + size, ".lua") == 0;
}

slice library_file(const char *path)
{
    for (size_t i = 0; i < FILE_COUNT; i++)
        if (is_path_of(path, files[i].name))
            return slice_of(files[i].body);
    return (slice){NULL, 0};
}

const char *script_library_name(size_t number)
{
    return number < FILE_COUNT ? files[number].name : NULL;
}
