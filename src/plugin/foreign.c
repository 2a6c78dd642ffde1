/* SPDX-License-Identifier: MIT
 *
 * Copies with a limit, and asks before a page is read whether it is there.
 */
#include "plugin/foreign.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/mapped.h"

/* How many bytes before the first NUL, the first page that is not there, or `limit`. */
static size_t readable_length(const char *text, size_t limit)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), size = 0;
    while (size < limit) {
        size_t rest = page - (uintptr_t)(text + size) % page;
        size_t part = rest < limit - size ? rest : limit - size;
        if (!memory_is_mapped(text + size, part))
            break;
        size_t length = strnlen(text + size, part);
        size += length;
        if (length < part)
            break;
    }
    return size;
}

bool foreign_text(const char *text, char *out, size_t capacity)
{
    static const char ellipsis[] = "...";
    if (text == NULL || !memory_is_mapped(text, 1))
        return false;
    size_t size = readable_length(text, capacity);
    bool is_cut = size == capacity;
    if (is_cut)
        size = capacity - sizeof ellipsis;
    while (is_cut && size > 0 && ((unsigned char)text[size] & 0xC0) == 0x80)
        size--; /* not in the middle of a character */
    for (size_t i = 0; i < size; i++)
        out[i] = text[i] == '\n' || text[i] == '\r' || text[i] == '\t' ? ' ' : text[i];
    memcpy(out + size, is_cut ? ellipsis : "", is_cut ? sizeof ellipsis : 1);
    return true;
}
