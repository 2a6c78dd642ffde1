/* SPDX-License-Identifier: MIT
 *
 * Ids of entries, and cursors made of them.
 */
#include "redis/places.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/memory.h"

/* ---- ids -------------------------------------------------------------------------- */

/* Digits up to `end`; false when there are none, or too many. */
static bool read_number(const char **at, const char *end, uint64_t *out)
{
    const char *begin = *at;
    *out = 0;
    for (; *at < end && **at >= '0' && **at <= '9'; ++*at) {
        uint64_t digit = (uint64_t)(**at - '0');
        if (*out > (UINT64_MAX - digit) / 10)
            return false;
        *out = *out * 10 + digit;
    }
    return *at > begin;
}

bool entry_id_read(const char *text, size_t size, entry_id *out)
{
    const char *at = text, *end = text + size;
    if (!read_number(&at, end, &out->milliseconds) || at == end || *at != '-')
        return false;
    at++;
    return read_number(&at, end, &out->number) && at == end;
}

void entry_id_write(entry_id id, char out[ENTRY_ID_SIZE])
{
    snprintf(out, ENTRY_ID_SIZE, "%" PRIu64 "-%" PRIu64, id.milliseconds, id.number);
}

bool entry_id_is_before(entry_id a, entry_id b)
{
    return a.milliseconds < b.milliseconds ||
           (a.milliseconds == b.milliseconds && a.number < b.number);
}

entry_id entry_id_next(entry_id id)
{
    if (id.number < UINT64_MAX)
        return (entry_id){id.milliseconds, id.number + 1};
    if (id.milliseconds < UINT64_MAX)
        return (entry_id){id.milliseconds + 1, 0};
    return id;
}

/* ---- cursors ---------------------------------------------------------------------- */

static bool check_names(const carpel_texts *streams, carpel_error *err)
{
    if (streams->count == 0)
        return carpel_fail(err, CARPEL_E_INPUT, "\"streams\" has no name");
    for (size_t i = 0; i < streams->count; i++)
        for (size_t before = 0; before < i; before++)
            if (strcmp(streams->items[i], streams->items[before]) == 0)
                return carpel_fail(err, CARPEL_E_INPUT,
                                   "\"streams\" names \"%.200s\" twice",
                                   streams->items[i]);
    return true;
}

bool places_new(const carpel_texts *streams, place **out, carpel_error *err)
{
    if (!check_names(streams, err))
        return false;
    *out = common_alloc(streams->count, sizeof **out);
    for (size_t i = 0; i < streams->count; i++)
        (*out)[i].name = streams->items[i];
    return true;
}

/* A stream that the project does not name any more is passed over. */
static void set_place(place *places, size_t count, const char *name, size_t size,
                      entry_id read)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(places[i].name) == size && memcmp(places[i].name, name, size) == 0)
            places[i].read = read;
}

/* One line of a cursor. */
static bool take_place(place *places, size_t count, const char **at, const char *end)
{
    uint64_t size;
    entry_id read;
    if (!read_number(at, end, &size) || *at == end || *(*at)++ != ':' ||
        size >= (uint64_t)(end - *at))
        return false;
    const char *name = *at, *id = name + size + 1;
    const char *line_end = memchr(id - 1, '\n', (size_t)(end - id) + 1);
    if (id[-1] != ' ' || !line_end || !entry_id_read(id, (size_t)(line_end - id), &read))
        return false;
    set_place(places, count, name, size, read);
    *at = line_end + 1;
    return true;
}

bool places_read(place *places, size_t count, const char *cursor, carpel_error *err)
{
    const char *at = cursor, *end = cursor + strlen(cursor);
    while (at < end)
        if (!take_place(places, count, &at, end))
            return carpel_fail(
                err, CARPEL_E_INPUT,
                "the cursor \"%.100s\" in the store is none of this source", cursor);
    return true;
}

/* The ids that come later may be longer. */
static bool check_room(const place *places, size_t count, size_t capacity,
                       carpel_error *err)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++)
        size += strlen(places[i].name) + 2 * ENTRY_ID_SIZE;
    return size < capacity ||
           carpel_fail(err, CARPEL_E_LIMIT,
                       "\"streams\" has too many names, or too long ones, to remember "
                       "where each of them was (up to %zu bytes, and there is room for "
                       "%zu); read some of them by another source",
                       size, capacity - 1);
}

bool places_write(const place *places, size_t count, char *out, size_t capacity,
                  carpel_error *err)
{
    char id[ENTRY_ID_SIZE];
    if (!check_room(places, count, capacity, err))
        return false;
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        const place *p = &places[i];
        if (p->read.milliseconds == 0 && p->read.number == 0)
            continue;
        entry_id_write(p->read, id);
        used += (size_t)snprintf(out + used, capacity - used, "%zu:%s %s\n",
                                 strlen(p->name), p->name, id);
    }
    return true;
}
