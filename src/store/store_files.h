/* SPDX-License-Identifier: MIT
 *
 * store_files -- which files in a folder a store may call its own.
 *
 * A folder may be named as a store by mistake, and a file may be laid into a store by hand.
 * What carpel did not write there stays.
 */
#ifndef STORE_STORE_FILES_H
#define STORE_STORE_FILES_H

#include <stdbool.h>

#include "base/error.h"

/* The file of a store that names the others. */
#define STORE_MANIFEST "manifest"

/* May the folder become a store? No, when something lies in it that no store has; *err names
 * it. Names that begin with a dot, and lost+found, do not count. A folder that is not there
 * may. */
bool store_files_may_begin(const char *folder, carpel_error *err);

/* Did carpel write this file of `parts` or `texts`, wholly or not? Its name is a number, and it
 * begins as a section file does, as far as it goes: what the power cut off reads as zeros. */
bool store_files_is_own(const char *path);

#endif
