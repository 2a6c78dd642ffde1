/* SPDX-License-Identifier: MIT
 *
 * Bytes in one block, which grows by doubling.
 */
#include "common/buffer.h"

#include <string.h>

#include "common/memory.h"

void buffer_done(buffer *b)
{
    free(b->data);
    *b = (buffer){0};
}

void buffer_clear(buffer *b)
{
    b->size = 0;
}

void buffer_add_bytes(buffer *b, const char *bytes, size_t size)
{
    if (b->size + size + 1 > b->room) {
        b->room = (b->size + size + 1) * 2;
        b->data = common_resize(b->data, b->room);
    }
    if (size > 0)
        memcpy(b->data + b->size, bytes, size);
    b->size += size;
    b->data[b->size] = '\0';
}

void buffer_add(buffer *b, const char *words)
{
    buffer_add_bytes(b, words, strlen(words));
}

void buffer_add_one_line(buffer *b, const char *text, size_t most)
{
    size_t end = b->size + most;
    text += strspn(text, " \t\r\n");
    for (; *text != '\0' && b->size < end; text++) {
        size_t blanks = strspn(text, " \t\r\n");
        if (blanks > 0 && text[blanks] == '\0')
            return;
        buffer_add_bytes(b, blanks > 0 ? " " : text, 1);
        text += blanks > 0 ? blanks - 1 : 0;
    }
    if (*text == '\0')
        return;
    while (b->size > 0 && ((unsigned char)*text & 0xc0) == 0x80) { /* no half of a sign */
        b->size--;
        text--;
    }
    buffer_add(b, "...");
}
