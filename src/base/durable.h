/* SPDX-License-Identifier: MIT
 *
 * durable -- files that are on the disk when a function says so, whatever happens to the
 * power after that.
 *
 *     durable_file *f = durable_create("store/parts/7", err);     // NULL: err is filled
 *     durable_write(f, data, size, err) ...
 *     durable_finish(f, err);         // its bytes are on the disk; else durable_drop(f)
 *     durable_sync_folder("store/parts");                         // ... and its name
 *     durable_replace("store/manifest", data, size, err);
 *     durable_take_rights("store/parts/7", "store/manifest", err);    // who may read the one may read the other
 *
 * A sync that fails ends the process: the machine may have dropped the bytes that it could
 * not write, so that a second try would say "good" and be wrong. Who starts the process
 * again finds what the last sync that succeeded has left.
 */
#ifndef BASE_DURABLE_H
#define BASE_DURABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

typedef struct durable_file durable_file;

/* Create a file where nothing is yet, not even a link. */
durable_file *durable_create(const char *path, carpel_error *err);

/* Append; bytes are gathered before they are written. */
bool durable_write(durable_file *f, const void *data, size_t size, carpel_error *err);

/* Everything is on the disk. Releases `f` either way; on failure the file is removed. */
bool durable_finish(durable_file *f, carpel_error *err);

/* Remove the file, and release. Accepts NULL. */
void durable_drop(durable_file *f);

/* The names in a folder are on the disk. */
void durable_sync_folder(const char *path);

/* Give a file the rights of another one (nothing, when that is not there): its mode, and its owner and group
 * as far as this process may; where not, a group may do no more than everybody. */
bool durable_take_rights(const char *path, const char *from, carpel_error *err);

/* Put `size` bytes in the place of `path`, with the rights of what stands there: that is there, or all of the new
 * ones. They are written as "PATH.new" first. False: what stood there is there; once the name
 * has changed, whatever fails ends the process, as a sync does. */
bool durable_replace(const char *path, const char *data, size_t size, carpel_error *err);

#endif
