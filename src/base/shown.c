/* SPDX-License-Identifier: MIT
 *
 * What is not to be seen, or no UTF-8, becomes a blank or a question mark.
 */
#include "base/shown.h"

#include "base/utf8.h"

enum { MOST_SHOWN_BYTES = 60 };

void text_append_shown(slice value, text *out)
{
    text_append_char(out, '"');
    size_t length;
    for (size_t at = 0; at < value.size; at += length) {
        if (at >= MOST_SHOWN_BYTES) {
            text_append(out, "...");
            break;
        }
        utf8_decode(value.data + at, value.size - at, &length);
        unsigned char first = (unsigned char)value.data[at];
        if (first < ' ' || first == 0x7F)
            text_append_char(out, ' ');
        else if (length == 1 && first >= 0x80)
            text_append_char(out, '?');
        else
            text_append_bytes(out, value.data + at, length);
    }
    text_append_char(out, '"');
}
