/* SPDX-License-Identifier: MIT
 *
 * lookup -- which file a name means that a script requires.
 *
 *     lookup found = lookup_file(&folders, "util");
 *     if (found.path && !found.other) ... found.path is util.lua in one of the folders ...
 *     lookup_done(&found);
 */
#ifndef SCRIPT_LOOKUP_H
#define SCRIPT_LOOKUP_H

#include <stdbool.h>

#include "base/directory.h"
#include "base/text.h"

/* "util", "sub.util": words between dots, so that no name leads out of a folder. */
bool lookup_is_name(slice name);

/* "sub/util.lua" */
void lookup_append_path(const char *name, text *out);

/* What a name leads to in some folders. */
typedef struct lookup {
    char *path, *real_path; /* of the first that was found */
    char *other;            /* another, or NULL */
    char *outside;          /* one that leads out of its folder, or NULL */
} lookup;

lookup lookup_file(const path_list *folders, const char *name);
void lookup_done(lookup *f);

#endif
