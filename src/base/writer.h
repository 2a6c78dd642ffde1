/* SPDX-License-Identifier: MIT
 *
 * writer -- a file that grows under a name of its own, and takes its place when it is
 * whole.
 *
 *     writer *w = writer_open("list.csv.unfinished", &err);      // NULL: err is filled
 *     writer_put(w, "a,b\n", 4, &err) ...
 *     writer_finish(w, "list.csv", &err);    // synced and renamed; else writer_drop(w)
 *
 * Nothing that fails leaves a file behind. Both ends release the writer. The file is
 * locked while it grows, so what a killed process left can be told from what grows now.
 */
#ifndef BASE_WRITER_H
#define BASE_WRITER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

typedef struct writer writer;

/* Create the file, or empty it. */
writer *writer_open(const char *path, carpel_error *err);

bool writer_put(writer *w, const char *data, size_t size, carpel_error *err);

/* Put the file in the place of `path`. */
bool writer_finish(writer *w, const char *path, carpel_error *err);

/* Remove the file. Accepts NULL. */
void writer_drop(writer *w);

/* Remove the files beside `path` that are named "PATH.*.part" and that no process writes. */
bool writer_remove_abandoned(const char *path, carpel_error *err);

#endif
