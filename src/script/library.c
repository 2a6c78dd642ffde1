/* SPDX-License-Identifier: MIT
 *
 * The files of rules/lib, as scripts/lua-library makes rows of them.
 */
#include "script/library.h"

#include <string.h>

static const struct {
    const char *path, *body;
} files[] = {
#define LIBRARY(path, body) {path, body},
#include "script/library.def"
#undef LIBRARY
};

slice library_file(const char *path)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (strcmp(files[i].path, path) == 0)
            return slice_of(files[i].body);
    return (slice){NULL, 0};
}
