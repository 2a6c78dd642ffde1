/* SPDX-License-Identifier: MIT
 *
 * input -- the bytes of a plain or gzip file, as a window that slides over them.
 *
 *     if (!input_open(&in, path, err)) ...
 *     while (... what a reader needs is not in [in.begin, in.end) ...)
 *         if (!input_more(&in, err)) ...      // reads on; bytes from `begin` on are kept
 *     in.begin += used;
 *     input_close(&in);
 *
 * Gzip is known by its first bytes. The window may move in memory whenever input_more is
 * called, so readers keep offsets from `begin`, not pointers. 64 bytes behind `end` may
 * be read (they mean nothing), so that a scan can go in wide steps.
 */
#ifndef COMMON_INPUT_H
#define COMMON_INPUT_H

#include <carpel/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest row or line that a reader takes. */
#define INPUT_ROW_LIMIT ((size_t)16 * 1024 * 1024)

/* The path that stands for standard input. */
#define INPUT_STANDARD "-"

struct z_stream_s;

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
    uint64_t first_place; /* where reading began */
    uint64_t read_bytes, total_bytes; /* of the file as it lies on disk */
    struct z_stream_s *gzip;          /* NULL: a plain file */
    unsigned char *packed;            /* compressed bytes that wait */
    bool is_member_open;              /* within a gzip member */
} input;

/* Open a file, a pipe or standard input; folders and devices are refused by name. Skip a UTF-8 byte order mark, and refuse UTF-16. On failure nothing is
 * left open. */
bool input_open(input *in, const char *path, carpel_error *err);
void input_close(input *in);

/* Open a plain file at a place in its middle, in which no mark stands. */
bool input_open_at(input *in, const char *path, uint64_t place, carpel_error *err);

/* The place in the file of the window's first byte that is not used, of a plain file. */
uint64_t input_place(const input *in);

/* Put more bytes into the window, or set is_at_end. */
bool input_more(input *in, carpel_error *err);

/* The size of a file in bytes; 0 when it cannot be known. */
uint64_t input_file_size(const char *path);

#endif
