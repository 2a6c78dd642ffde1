/* SPDX-License-Identifier: MIT
 *
 * cursors -- the files of a source as they are now, held against how they were when they
 * were read.
 *
 *     cursors now = cursors_find(e, source);                     // nothing is opened
 *     why = cursors_compare(e, &now, then, may_go_on);           // NULL: no file has changed
 *     source_extent x = cursors_extent(e, source, &now);         // what is to be read
 *     cursors_begin(e, &now, err);
 *     engine_read_source(e, source, &x, ...);
 *     cursors_end(e, &now, &x, manifest, entry, err);            // how they were
 */
#ifndef ENGINE_CURSORS_H
#define ENGINE_CURSORS_H

#include "engine/parts.h"
#include "store/manifest.h"

typedef struct cursor {
    manifest_cursor now;
    bool is_wanted;        /* something of it is to be read: */
    uint64_t begin, lines; /* ... what stands behind so many bytes and lines */
    slice head; /* the first bytes of what it holds, once moved_files.h has looked */
} cursor;

/* The files that the option "files" of a source names. */
typedef struct cursors {
    bool are_files; /* it has that option, and all of them are regular files */
    cursor *items;
    size_t count;
} cursors;

/* Look at the files; nothing is opened. Paths are seen from the project's folder, so that they
 * do not depend on where the command is called. All are to be read. Lives in the engine's
 * memory. */
cursors cursors_find(const engine *e, size_t source);

/* Find out what is to be read of each file. What has happened to a file that was read, so that
 * the whole source has to be read again, is returned for people ("data/a.csv has changed"), in
 * the engine's memory; NULL: nothing. Only files that have grown or that somebody touched are
 * opened, to see whether what was read of them is still there; `may_go_on`: the source can be
 * read on from there. `*is_doubt`: nothing says that a file has changed, nor that it has not. */
const char *cursors_compare(const engine *e, cursors *now, const manifest_source *then,
                            bool may_go_on, bool *is_doubt);

/* All files are to be read, wholly. */
void cursors_want_all(cursors *c);

/* Is anything to be read? */
bool cursors_are_wanted(const cursors *c);

/* The files that are to be read, and from where on. */
source_extent cursors_extent(const engine *e, size_t source, const cursors *c);

/* Hash the first and the last bytes of each file that is to be read, as they are now. */
bool cursors_begin(const engine *e, cursors *c, carpel_error *err);

/* Put down how the files were that have been read. One that was written over while it was read
 * is read again next time. */
bool cursors_end(const engine *e, const cursors *c, const source_extent *x, manifest *m,
                 manifest_source *into, carpel_error *err);

/* Are the bytes that were read of a file still there, as far as their hashes tell? */
bool cursors_are_there(const engine *e, const manifest_cursor *then);

bool cursors_have(const cursors *c, const char *path);

/* Is the file, as far as its size and times tell, as it was? */
bool cursors_look_the_same(const manifest_cursor *now, const manifest_cursor *then);

/* Does a file lie at the path of a cursor? */
bool cursors_is_on_disk(const engine *e, const char *path);

#endif
