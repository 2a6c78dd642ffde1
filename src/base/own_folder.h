/* SPDX-License-Identifier: MIT
 *
 * own_folder -- folders that carpel makes for itself below ".carpel" of a project.
 *
 *     own_folder_make("shop/.carpel/store", err)
 *
 * What lies there is made from the data of people. So that nobody commits it by mistake, ".carpel"
 * has a file that keeps all of it out of git; whoever wants it there removes that file, and it
 * stays away.
 */
#ifndef BASE_OWN_FOLDER_H
#define BASE_OWN_FOLDER_H

#include <stdbool.h>

#include "base/error.h"

#define OWN_FOLDER_NAME ".carpel"

/* Make a folder and those above it; one that is there already is good. */
bool own_folder_make(const char *path, carpel_error *err);

#endif
