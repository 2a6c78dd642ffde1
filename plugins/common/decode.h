/* SPDX-License-Identifier: MIT
 *
 * decode -- texts of other encodings as UTF-8, by iconv.
 *
 *     encoding = encoding_of_mark(first_bytes, size, &mark_size);   // "UTF-16LE", or NULL
 *     d = decoder_open(encoding, path, err);
 *     decoder_give(d, bytes, size);            // as they lie in the file
 *     decoder_take(d, out, room, &got, err);   // as UTF-8
 *     decoder_close(d);
 *
 * Encodings with a byte a letter are also a table (byte_table), so that texts can be split first.
 */
#ifndef COMMON_DECODE_H
#define COMMON_DECODE_H

#include <carpel/error.h>

#include <stdbool.h>
#include <stddef.h>

/* The encoding that a byte order mark at the beginning of a file names, with the size of the
 * mark; "UTF-8" is one of them. NULL: there is none. */
const char *encoding_of_mark(const char *bytes, size_t size, size_t *mark_size);

typedef struct decoder decoder;

/* NULL: *err is filled. `path` is the caller's. */
decoder *decoder_open(const char *encoding, const char *path, carpel_error *err);
void decoder_close(decoder *d); /* accepts NULL */

/* Hand over the next bytes of the file, of which none waits any more. */
void decoder_give(decoder *d, const char *bytes, size_t size);

/* Does it want more bytes before it can give any? */
bool decoder_is_hungry(const decoder *d);

/* Write what was given into out[0..size), which is 4 at least. Fails at what is no text in the
 * encoding. */
bool decoder_take(decoder *d, char *out, size_t size, size_t *got, carpel_error *err);

/* The file is over: is a letter cut in its middle? */
bool decoder_check_end(const decoder *d, carpel_error *err);

/* What each byte of an encoding with a byte a letter is in UTF-8. */
typedef struct byte_table {
    char bytes[256][3];
    unsigned char sizes[256]; /* 0: the byte stands for nothing */
} byte_table;

bool byte_table_make(const char *encoding, byte_table *out, carpel_error *err);

#endif
