/* SPDX-License-Identifier: MIT
 *
 * buffer -- a text that is being written: a statement, a message, the body of a request.
 *
 *     buffer b = {0};
 *     buffer_add(&b, "select ");
 *     buffer_add_bytes(&b, name, size);        // any bytes
 *     puts(b.data);                            // ends with a NUL once something was added
 *     buffer_done(&b);
 */
#ifndef COMMON_BUFFER_H
#define COMMON_BUFFER_H

#include <stddef.h>

/* All zero is empty, and without `data`. */
typedef struct buffer {
    char *data;
    size_t size, room;
} buffer;

void buffer_done(buffer *b);
void buffer_clear(buffer *b);
void buffer_add(buffer *b, const char *words);
void buffer_add_bytes(buffer *b, const char *bytes, size_t size);

/* What somebody wrote, for a message: blanks and line ends are one blank, and what is
 * beyond `most` bytes becomes "...". */
void buffer_add_one_line(buffer *b, const char *text, size_t most);

#endif
