/* SPDX-License-Identifier: MIT
 *
 * scratch -- a folder for what nobody wants to keep, where others cannot look in.
 *
 *     char *folder = scratch_make();           // below TMPDIR, or /tmp
 *     ...
 *     scratch_remove(folder);                  // with all that is in it, and frees the path
 */
#ifndef BASE_SCRATCH_H
#define BASE_SCRATCH_H

#include <stdbool.h>

/* NULL: there can be none, and errno says why. */
char *scratch_make(void);

/* Accepts NULL. Links in it are removed, and not what they lead to. */
void scratch_remove(char *folder);

/* Make it the folder from which this process sees relative paths. */
bool scratch_enter(const char *folder);

#endif
