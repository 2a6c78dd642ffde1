/* SPDX-License-Identifier: MIT
 *
 * manifest -- what a store on the disk consists of: what its last commit said.
 *
 *     carpel store 2
 *     next 7
 *     texts 2 4096 9f3ac6b0e2d7a541
 *     source events 0
 *     meaning 51d0... 7ae2... 00c4... 9b1f...
 *     intake 10000000 0 3 10000005 2
 *     cursor data/events.csv 635834835 1795932000000000000 4c1e... 77aa... 10000001 1
 *     position 4711         of a source that is no file: its own cursor
 *     part 3 120004288 e1b2c3d4a5968778
 *     checksum 0b9d...
 *
 *     key 5a1f...           of the hashes of those who are forgotten
 *     forgotten 77c0...
 *     joined 4 9c31... 1795932000000000 9223372036854775807 1795932000000000 5242880 77aa...
 *
 * A line a fact, words between blanks; in names, blanks and the like stand as %20. Files are
 * numbers. The checksum is that of all lines before it.
 */
#ifndef STORE_MANIFEST_H
#define STORE_MANIFEST_H

#include "base/arena.h"
#include "store/forgotten.h"
#include "store/section_file.h"

/* The newest version, which has joined people; the one in which sources have positions, and the one
 * that is written while none has. */
enum { MANIFEST_VERSION = 4, MANIFEST_POSITION_VERSION = 3, MANIFEST_PLAIN_VERSION = 2 };

/* What the rows of a source mean depends on: each has a hash. */
#define MANIFEST_MEANINGS 4

typedef struct manifest_file {
    uint64_t number;
    section_file_identity identity;
} manifest_file;

typedef struct manifest_files {
    manifest_file *items;
    size_t count, capacity;
} manifest_files;

/* What the bytes of a file are known by: how many they are, and hashes of the first and the last. */
typedef struct file_content {
    uint64_t bytes, head, tail;
} file_content;

/* How a file was when it was read. */
typedef struct manifest_cursor {
    const char *path;
    uint64_t bytes;
    int64_t modified;    /* nanoseconds */
    uint64_t head, tail; /* hashes of the first and the last bytes */
    uint64_t lines;
    bool
        is_settled; /* the rows stay as they are when the file grows: it is read on behind
                        these bytes and lines */
    int64_t touched; /* nanoseconds, as `modified` of all that can change; 0: not known */
    file_content unpacked; /* of a packed file: without its packing; of others nothing */
} manifest_cursor;

typedef struct manifest_source {
    const char *name;
    uint64_t meanings[MANIFEST_MEANINGS];
    uint64_t taken, skipped, refused; /* rows */
    uint64_t repeated;                /* rows with the id of one that was taken */
    uint64_t places;                  /* that its rows have in the order of arrival */
    bool has_cursors;                 /* it is made of files */
    manifest_cursor *cursors;
    size_t cursor_count, cursor_capacity;
    const char *position; /* of a source that goes on by itself: its cursor; or NULL */
    manifest_files parts; /* in the order of loading */
} manifest_source;

/* The people of all sources, as their ids were joined (joined_file.h). */
typedef struct manifest_joined {
    manifest_files file; /* one, or none */
    uint64_t terms;      /* a hash of what the project says about joining */
    int64_t from, until; /* the same links are known from the one to before the other */
    int64_t made;        /* by the clock */
} manifest_joined;

typedef struct manifest {
    uint64_t next_number; /* of the next file */
    manifest_files texts; /* in the order of loading */
    manifest_joined joined;
    manifest_source *sources;
    size_t source_count, source_capacity;
    forgotten forgotten;
    arena *memory; /* of names */
} manifest;

void manifest_init(manifest *m);
void manifest_done(manifest *m);

manifest_source *manifest_find(const manifest *m, const char *name); /* or NULL */

/* A source without parts, made when it is not there; whatever it had is forgotten. */
manifest_source *manifest_begin_source(manifest *m, const char *name);
bool manifest_drop_source(manifest *m, const char *name); /* false: it is not there */

void manifest_add_file(manifest_files *files, uint64_t number,
                       section_file_identity identity);

/* Put down how a file was; what was known of the path before is forgotten. */
void manifest_put_cursor(manifest *m, manifest_source *s, const manifest_cursor *c);
const manifest_cursor *manifest_find_cursor(const manifest_source *s,
                                            const char *path); /* or NULL */

/* Put down where the source is by its own account; "" or NULL: nowhere. */
void manifest_set_position(manifest *m, manifest_source *s, const char *position);

/* What the file held, however it was packed. */
file_content manifest_content(const manifest_cursor *c);

void manifest_write(const manifest *m, text *out);

/* Read into an empty manifest. CARPEL_E_INPUT names `path` and what is wrong. */
bool manifest_read(slice written, const char *path, manifest *out, carpel_error *err);

#endif
