/* SPDX-License-Identifier: MIT
 *
 * file -- whole files, paths, and files that appear whole or not at all.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

/* Open a regular file for reading, without ever waiting: a folder, pipe, socket or device
 * is refused by name. The caller closes *fd. */
bool file_open_regular(const char *path, int *fd, carpel_error *err);

/* Read the whole regular file into *out (initialised by the caller; appended to). A file
 * larger than `limit_bytes` is CARPEL_E_LIMIT. */
bool file_read(const char *path, size_t limit_bytes, text *out, carpel_error *err);

/* The same of a file that is open, from its beginning on; it stays open. */
bool file_read_open(int fd, const char *path, size_t limit_bytes, text *out,
                    carpel_error *err);

/* Read no more than the first `most_bytes` of it. */
bool file_read_beginning(const char *path, size_t most_bytes, text *out,
                         carpel_error *err);

/* The same from a place of the file on; behind its end there is nothing. */
bool file_read_part(const char *path, uint64_t place, size_t most_bytes, text *out,
                    carpel_error *err);

/* The same for a file of text, which may begin with the byte order mark of UTF-8
 * (utf8_mark_size); UTF-16 is refused, and so are lines that end in CR alone. */
bool file_read_text(const char *path, size_t limit_bytes, text *out, carpel_error *err);

/* The same of a file whose path was resolved (path_resolve) and judged: no link is followed that
 * was put there since. Messages name `path`. */
bool file_read_resolved_text(const char *path, const char *real_path, size_t limit_bytes,
                             text *out, carpel_error *err);

/* Write all bytes to an open file; false with errno. */
bool file_write_all(int fd, const char *data, size_t size);

/* Put `size` bytes at `path`, or where it links to: written beside, synced, and renamed. */
bool file_write_whole(const char *path, const char *data, size_t size, carpel_error *err);

/* Remove the file; it is fine when it is not there. */
bool file_remove(const char *path, carpel_error *err);

/* Write without waiting, in a signal handler too: false when the other end does not take
 * all of it now. */
bool file_write_now(int fd, const char *data, size_t size);

bool file_exists(const char *path);

/* Has anything that name, be it a link to nowhere? */
bool path_is_taken(const char *path);

/* The same; false when nobody can tell. */
bool path_look(const char *path, bool *is_taken, carpel_error *err);

/* What is known of a file without opening it. */
typedef struct file_facts {
    bool is_regular;
    uint64_t bytes;
    int64_t modified; /* nanoseconds since 1970 */
    int64_t touched;  /* likewise, when anything of it changed: its times and name, too */
} file_facts;

/* False: there is none. */
bool file_look(const char *path, file_facts *out);
bool directory_exists(const char *path);

/* May this process make files in the folder? False with errno. */
bool directory_is_writable(const char *path);

/* Names in a folder that changed are on the disk; false with errno. Some file systems know no
 * syncing of folders: there it is fine. */
bool directory_sync(const char *path);

/* Create the folder and those above it, whose names are on the disk then; it is fine when it is
 * there. */
bool directory_make(const char *path, carpel_error *err);

/* `name` seen from `directory` (an absolute name stays itself); release with memory_free. */
char *path_join(const char *directory, const char *name);

/* The folder of `path` ("." when it has none); its last part; release the first. */
char *path_directory(const char *path);
const char *path_base(const char *path);

/* The path without links and ".."; NULL with errno when it leads nowhere. */
char *path_resolve(const char *path);

/* Where a file would be made that the path names: absolute, without links, "." and "..". Parts that are not there
 * yet are taken as named, but a link to something missing is followed. NULL (errno says
 * why) when a link leads in circles or a folder cannot be read; release with memory_free. */
char *path_destination(const char *path);

/* What tells a file from all others, however it is named: two paths have one identity when
 * they are one file, or would become one. Links, "..", second names and, where the folder
 * does not tell them apart, capital letters make no difference. Release with memory_free. */
char *file_identity(const char *path);

/* Have both paths one identity? */
bool file_is_same(const char *one, const char *other);

/* A list of paths; release with path_list_done. */
typedef struct path_list {
    char **items;
    size_t count, capacity;
} path_list;

void path_list_add(path_list *list, const char *path); /* copies */
void path_list_done(path_list *list);

/* Append the names in a folder but "." and "..", sorted by bytes. False with errno when it
 * cannot be read. */
bool directory_list(const char *path, path_list *out);

/* Append the files that `pattern` names, sorted by bytes; without a wildcard, the
 * path itself, whether it exists or not. False when a wildcard fits nothing, when it would go through very
 * many names (CARPEL_E_LIMIT), or when the machine refuses. Defined in glob.c. */
bool path_glob(const char *pattern, path_list *out, carpel_error *err);

#endif
