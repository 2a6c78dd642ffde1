/* SPDX-License-Identifier: MIT
 *
 * path -- the parts of paths, where they lead, and whether two of them lead to one file.
 */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stdbool.h>

#include "base/error.h"

/* `name` seen from `directory` (an absolute name stays itself); release with memory_free. */
char *path_join(const char *directory, const char *name);

/* The folder of `path` ("." when it has none); its last part; release the first. */
char *path_directory(const char *path);
const char *path_base(const char *path);

/* The path without links and ".."; NULL with errno when it leads nowhere. */
char *path_resolve(const char *path);

/* Where a file would be made that the path names: absolute, without links, "." and "..". Parts that are not there
 * yet are taken as named, but a link to something missing is followed. NULL (errno says
 * why) when a link leads in circles or a folder cannot be read; release with memory_free. */
char *path_destination(const char *path);

/* What tells a file from all others, however it is named: two paths have one identity when
 * they are one file, or would become one. Links, "..", second names and, where the folder
 * does not tell them apart, capital letters make no difference. Release with memory_free. */
char *file_identity(const char *path);

/* Have both paths one identity? */
bool file_is_same(const char *one, const char *other);

/* Has anything that name, be it a link to nowhere? */
bool path_is_taken(const char *path);

/* The same; false when nobody can tell. */
bool path_look(const char *path, bool *is_taken, carpel_error *err);

#endif
