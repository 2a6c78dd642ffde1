/* SPDX-License-Identifier: MIT
 *
 * files -- the files and folders that a project names, seen from its own folder.
 */
#ifndef CONFIG_FILES_H
#define CONFIG_FILES_H

#include <stdbool.h>

#include "base/directory.h"
#include "report/diags.h"

/* `name` seen from the project's folder. From "." it stays itself, so that messages
 * are as short as what the user wrote. Release with memory_free. */
char *files_seen_from(const char *directory, const char *name);

/* Append the files that the pattern names, sorted within the pattern. Folders do not
 * count. A file that is not there, or a pattern that fits none, is E0307 at `where`. */
bool files_expand(const char *pattern, const char *directory, span where, path_list *out,
                  diags *diags);

/* The same for one folder, without patterns. */
bool files_find_folder(const char *name, const char *directory, span where,
                       path_list *out, diags *diags);

/* Leave out every path that stands in the list before. */
void files_make_distinct(path_list *list);

/* By their bytes, which is how a store orders the files of a source. */
void files_sort(path_list *list);

#endif
