/* SPDX-License-Identifier: MIT
 *
 * utf8 -- code points in byte strings. Malformed bytes never stop a scan: each
 * stands for U+FFFD and is one byte long.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The code point at `data` (of `size` > 0 bytes); *length is its bytes, 1 to 4. */
uint32_t utf8_decode(const char *data, size_t size, size_t *length);

/* Write `code_point` to `out` and return its length in bytes, 1 to 4. */
size_t utf8_encode(uint32_t code_point, char out[4]);

/* Is the whole text well-formed UTF-8 (no overlong forms, no surrogates)? */
bool utf8_is_valid(const char *data, size_t size);

/* Are all its bytes below 0x80? */
bool utf8_is_ascii(const char *data, size_t size);

/* The size of the byte order mark that the text begins with: 3, or 0 without one. */
size_t utf8_mark_size(const char *data, size_t size);

/* How many terminal columns the text takes: wide East Asian characters and emoji
 * count 2, combining marks and controls 0. */
size_t utf8_width(const char *data, size_t size);

/* Letters of any script and the marks that combine with them: what may stand in a
 * name of the language beside digits, `_` and `$`. Blanks of any kind but line ends,
 * among them U+2000 to U+200B and the byte order mark. */
bool utf8_is_letter(uint32_t code_point);
bool utf8_is_blank(uint32_t code_point);

#endif
