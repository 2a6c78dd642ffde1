/* SPDX-License-Identifier: MIT
 *
 * Only letters of ASCII are letters here, as names of kinds and properties have no others.
 */
#include "base/plain_name.h"

#include <stdbool.h>

static bool is_small(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_large(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_part(char c)
{
    return is_small(c) || is_large(c) || (c >= '0' && c <= '9');
}

void plain_name_append(text *out, slice name)
{
    size_t begin = out->size;
    for (size_t i = 0; i < name.size; i++) {
        char c = name.data[i];
        bool begins = i > 0 && is_large(c) && is_small(name.data[i - 1]);
        bool needs_gap = begins || !is_part(c);
        if (needs_gap && out->size > begin && out->data[out->size - 1] != '_')
            text_append_char(out, '_');
        if (is_part(c))
            text_append_char(out, is_large(c) ? (char)(c - 'A' + 'a') : c);
    }
    while (out->size > begin && out->data[out->size - 1] == '_')
        out->data[--out->size] = '\0';
}
