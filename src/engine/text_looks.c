/* SPDX-License-Identifier: MIT
 *
 * Looks at single texts, letter by letter.
 */
#include "engine/text_looks.h"

#include <string.h>

/* The size of the item in quotes that `s` begins with, or 0: it is none, or has a comma. */
static size_t quoted_item(slice s)
{
    size_t size = 1;
    if (s.size < 2 || s.data[0] != '"')
        return 0;
    while (size < s.size && s.data[size] != '"' && s.data[size] != ',')
        size++;
    return size < s.size && s.data[size] == '"' ? size + 1 : 0;
}

/* How many items in quotes the text is, with commas between them; 0: it is no such list. */
static size_t count_quoted_items(slice s)
{
    size_t count = 0, size;
    while ((size = quoted_item(s)) > 0) {
        count++;
        if (size == s.size)
            return count;
        if (s.data[size] != ',')
            return 0;
        s = (slice){s.data + size + 1, s.size - size - 1};
    }
    return 0;
}

quoted_look text_quoted_look(slice s)
{
    if (s.size <= 2 || s.data[0] != '"' || s.data[s.size - 1] != '"')
        return QUOTED_NOT;
    if (!memchr(s.data + 1, '"', s.size - 2))
        return QUOTED_ONE;
    return count_quoted_items(s) > 1 ? QUOTED_LIST : QUOTED_OTHERS;
}

point_look text_point_look(slice number)
{
    if (number.size > 0 && number.data[0] == '-')
        number.data++, number.size--;
    while (number.size > 0 && memchr(number.data, '.', number.size) &&
           number.data[number.size - 1] == '0')
        number.size--;
    const char *point = memchr(number.data, '.', number.size);
    size_t before = point ? (size_t)(point - number.data) : number.size;
    size_t behind = point ? number.size - before - 1 : 0;
    if (behind == 0)
        return POINT_NONE;
    if (before > 3 || behind > 3 || number.data[0] == '0' || before == 0)
        return POINT_DECIMAL;
    return behind == 3 ? POINT_GROUP : POINT_EITHER;
}
