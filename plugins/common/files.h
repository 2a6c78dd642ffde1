/* SPDX-License-Identifier: MIT
 *
 * files -- a source's list of files: what they are called and how far it has come.
 */
#ifndef COMMON_FILES_H
#define COMMON_FILES_H

#include <carpel/plugin.h>

/* The path as seen from the project's folder, for messages and the place of rows; the
 * path itself when it lies elsewhere. A part of `path`. */
const char *files_short_name(const carpel_request *request, const char *path);

/* The same as seen from any folder, which may be NULL. */
const char *files_name_below(const char *directory, const char *path);

/* Refuse, by its name, what is there and no regular file: to open a pipe would wait for ever. */
bool files_check_regular(const char *path, const char *name, carpel_error *err);

/* The sizes of all files together. */
uint64_t files_total_bytes(carpel_texts files);

#endif
