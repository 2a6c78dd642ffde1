/* SPDX-License-Identifier: MIT
 *
 * file -- whole files, and files that appear whole or not at all.
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

/* What is known of a file without opening it. */
typedef struct file_facts {
    bool is_regular;
    uint64_t bytes;
    int64_t modified; /* nanoseconds since 1970 */
    int64_t touched;  /* likewise, when anything of it changed: its times and name, too */
} file_facts;

/* False: there is none. */
bool file_look(const char *path, file_facts *out);

#endif
