/* SPDX-License-Identifier: MIT
 *
 * revision -- the project's folder as a revision of git has it, in a folder of its own.
 *
 *     char *folder, *left_out;
 *     if (revision_extract("shop", "main", &folder, &left_out, &err)) ...
 *     revision_remove(folder);
 *
 * git is asked; neither its index nor the working tree is touched.
 */
#ifndef APP_REVISION_H
#define APP_REVISION_H

#include <stdbool.h>

#include "base/error.h"

/* Symbolic links that lead out of the project are not there: whoever wrote the revision must not
 * choose what is read. *left_out names them, and is the caller's; NULL: there are none. False:
 * there is no git, the folder is in no repository, or the revision has no such folder. */
bool revision_extract(const char *project, const char *revision, char **folder,
                      char **left_out, carpel_error *err);

/* Remove and release it. Accepts NULL. */
void revision_remove(char *folder);

#endif
