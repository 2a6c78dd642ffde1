/* SPDX-License-Identifier: MIT
 *
 * input -- the text of a file in UTF-8, as a window that slides over it.
 *
 *     if (!input_open(&in, path, NULL, err)) ...
 *     while (... what a reader needs is not in [in.begin, in.end) ...)
 *         if (!input_more(&in, err)) ...      // reads on; bytes from `begin` on are kept
 *     in.begin += used;
 *     input_close(&in);
 *
 * Gzip and zstd are known by their first bytes, and UTF-16 by its byte order mark. The window may move in memory whenever input_more is
 * called, so readers keep offsets from `begin`, not pointers. 64 bytes behind `end` may
 * be read (they mean nothing), so that a scan can go in wide steps.
 */
#ifndef COMMON_INPUT_H
#define COMMON_INPUT_H

#include <carpel/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/content.h"
#include "common/decode.h"
#include "common/unpack.h"

/* The longest row or line that a reader takes. */
#define INPUT_ROW_LIMIT ((size_t)16 * 1024 * 1024)

/* The path that stands for standard input. */
#define INPUT_STANDARD "-"

typedef struct input {
    const char *path; /* the caller's */
    char *data;
    size_t begin, end; /* the bytes that are not used yet */
    size_t capacity;
    size_t step;    /* bytes that are read at once */
    uint64_t limit; /* of the file: few bytes behind it will be wanted; 0: the end */
    bool is_at_end; /* all bytes of the file are in the window */
    char last_byte; /* that was read */

    int file;
    uint64_t device, inode; /* which file it is, whatever lies at the path by now */
    uint64_t first_place;   /* where reading began */
    uint64_t read_bytes, total_bytes; /* of the file as it lies on disk */
    unpacker *unpacker;               /* NULL: it is not packed */
    content *content;                 /* of what was unpacked so far, or NULL */
    decoder *decoder;     /* NULL: it is UTF-8, or its reader decodes fields */
    const char *encoding; /* of its mark, or that was asked for; or NULL */
} input;

/* Open a file, a pipe or standard input; folders and devices are refused by name. Skip a byte
 * order mark, and decode what it names; without one decode `encoding`, a name for iconv (NULL:
 * the bytes are taken as they are). On failure nothing is left open. */
bool input_open(input *in, const char *path, const char *encoding, carpel_error *err);
void input_close(input *in);

/* Are the bytes in the window those of the file? */
bool input_is_plain(const input *in);

/* Open a plain file at a place in its middle, in which no mark stands. */
bool input_open_at(input *in, const char *path, uint64_t place, carpel_error *err);

/* The place in the file of the window's first byte that is not used, of a plain file. */
uint64_t input_place(const input *in);

/* The same before anything was used; of a packed or decoded file where its first byte stands, since the
 * bytes at hand are none of the file's. */
uint64_t input_first_place(const input *in);

/* Put more bytes into the window, or set is_at_end. */
bool input_more(input *in, carpel_error *err);

/* What carpel_reading asks of `unpack`. */
bool input_unpack(const carpel_host *host, const char *path,
                  bool (*take)(void *context, const char *bytes, size_t size),
                  void *context, bool *is_packed, carpel_error *err);

/* The size of a file in bytes; 0 when it cannot be known. */
uint64_t input_file_size(const char *path);

#endif
