/* SPDX-License-Identifier: MIT
 *
 * resolved -- opening what a path led to when it was judged.
 *
 * Between the judgement of a path and its opening any part of it may be replaced by a link to
 * elsewhere. So the resolved path is opened, folder by folder, and a link in it is an error.
 */
#ifndef BASE_RESOLVED_H
#define BASE_RESOLVED_H

/* Open a file for reading without waiting, by its path of path_resolve. -1 with errno: ELOOP or
 * ENOTDIR when a part of the path is a link by now. */
int resolved_open(const char *real_path);

#endif
