/* SPDX-License-Identifier: MIT
 *
 * cursors -- the files of a source as they are now, to be held against how they were when they
 * were read.
 */
#ifndef ENGINE_CURSORS_H
#define ENGINE_CURSORS_H

#include "engine/parts.h"
#include "store/manifest.h"

/* The files that the option "files" of a source names. */
typedef struct cursors {
    bool are_files; /* it has that option, and all of them are regular files */
    manifest_cursor *items;
    size_t count;
} cursors;

/* Look at the files; nothing is opened. Paths are seen from the project's folder, so that they
 * do not depend on where the command is called. Lives in the engine's memory. */
cursors cursors_find(const engine *e, size_t source);

/* Hash the first and the last bytes of each file, as they are now. */
bool cursors_hash(const engine *e, cursors *c, carpel_error *err);

/* What has happened to the files since, for people ("data/a.csv has changed"), in the engine's
 * memory; NULL: nothing. */
const char *cursors_difference(const engine *e, const cursors *now,
                               const manifest_source *then);

/* A file of then that is not among those of now, or NULL. */
const char *cursors_vanished(const cursors *now, const manifest_source *then);

#endif
