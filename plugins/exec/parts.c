/* SPDX-License-Identifier: MIT
 *
 * Members of objects.
 */
#include "exec/parts.h"

#include <string.h>

#include "common/memory.h"
#include "common/names.h"

bool parts_find(json *j, part object, const wanted_part *wanted, size_t count)
{
    json_text key;
    json_begin(j, object.data, object.size);
    if (!json_take(j, '{'))
        return false;
    while (json_peek(j) == '"') {
        part *out = NULL;
        if (!json_take_string(j, &key) || !json_take(j, ':'))
            return false;
        for (size_t i = 0; i < count; i++)
            if (strlen(wanted[i].key) == key.size &&
                memcmp(wanted[i].key, key.data, key.size) == 0)
                out = wanted[i].out;
        json_peek(j);
        const char *begin = j->at;
        if (!json_skip(j, 1))
            return false;
        if (out)
            *out = (part){begin, (size_t)(j->at - begin)};
        if (json_peek(j) != ',')
            break;
        j->at++;
    }
    return json_take(j, '}');
}

bool part_is_given(part value)
{
    return value.size > 0 && value.data[0] != 'n';
}

bool part_is_text(json *j, part value, const char *text)
{
    json_text found;
    if (value.size == 0 || value.data[0] != '"')
        return false;
    json_begin(j, value.data, value.size);
    return json_take_string(j, &found) && found.size == strlen(text) &&
           memcmp(found.data, text, found.size) == 0;
}

char *part_copy_text(json *j, part value)
{
    json_text found;
    if (value.size == 0 || value.data[0] != '"')
        return NULL;
    json_begin(j, value.data, value.size);
    return json_take_string(j, &found) ? common_copy(found.data, found.size) : NULL;
}

char *parts_nearest_key(json *j, part object, const char *wanted)
{
    enum { LOOKED_AT = 32 };
    char *keys[LOOKED_AT];
    size_t count = 0;
    json_text key;
    json_begin(j, object.data, object.size);
    for (bool goes_on = json_take(j, '{'); goes_on && count < LOOKED_AT;) {
        if (!json_take_string(j, &key))
            break;
        keys[count++] = common_copy(key.data, key.size);
        goes_on = json_take(j, ':') && json_skip(j, 1) && json_take(j, ',');
    }
    const char *nearest = names_nearest(wanted, (const char *const *)keys, count);
    char *copy = nearest ? common_copy(nearest, strlen(nearest)) : NULL;
    while (count > 0)
        free(keys[--count]);
    return copy;
}
