/* SPDX-License-Identifier: MIT
 *
 * moved_files -- where the bytes of a file are now that is not there under its name any more: in
 * a file with another name, of another source, or packed in another way.
 *
 *     moved_file to;
 *     if (moved_files_find(e, files, m, &gone, &to)) ... to.path ...
 */
#ifndef ENGINE_MOVED_FILES_H
#define ENGINE_MOVED_FILES_H

#include "engine/cursors.h"

typedef struct moved_file {
    size_t source;
    const char *path;
    bool was_there; /* it was loaded beside the other: a copy of it */
} moved_file;

/* Look for a file of any source that begins with all that was read of `gone`. `files`: those that
 * there are, by source, which keep what was looked at. One that was loaded before is only
 * found when it holds the same, and when no other is found. */
bool moved_files_find(const engine *e, cursors *files, const manifest *m,
                      const manifest_cursor *gone, moved_file *out);

#endif
