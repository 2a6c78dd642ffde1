/* SPDX-License-Identifier: MIT
 *
 * directory -- folders: made so that they last, looked into, listed; and lists of paths.
 */
#ifndef BASE_DIRECTORY_H
#define BASE_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Is there a folder of that name? */
bool directory_exists(const char *path);

/* May this process make files in the folder? False with errno. */
bool directory_is_writable(const char *path);

/* Names in a folder that changed are on the disk; false with errno. Some file systems know no
 * syncing of folders: there it is fine. */
bool directory_sync(const char *path);

/* Create the folder and those above it, whose names are on the disk then; it is fine when it is
 * there. */
bool directory_make(const char *path, carpel_error *err);

/* A list of paths; release with path_list_done. */
typedef struct path_list {
    char **items;
    size_t count, capacity;
} path_list;

void path_list_add(path_list *list, const char *path); /* copies */
void path_list_done(path_list *list);

/* Append the names in a folder but "." and "..", sorted by bytes. False with errno when it
 * cannot be read. */
bool directory_list(const char *path, path_list *out);

/* Append the files that `pattern` names, sorted by bytes; without a wildcard, the
 * path itself, whether it exists or not. False when a wildcard fits nothing, when it would go through very
 * many names (CARPEL_E_LIMIT), or when the machine refuses. Defined in glob.c. */
bool path_glob(const char *pattern, path_list *out, carpel_error *err);

#endif
