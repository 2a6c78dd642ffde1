/* SPDX-License-Identifier: MIT
 *
 * places -- up to where streams of Redis were read. An entry's id is two numbers, as in
 * 1767225600000-0: the millisecond in which it came, and which of that millisecond it was; ids of a
 * stream only grow. A cursor has the last id of each stream that has one, as
 *
 *     6:orders 1767225600000-0
 *     6:visits 1767225600123-7
 *
 * with the size of each name before it, since a name may be of any bytes.
 */
#ifndef REDIS_PLACES_H
#define REDIS_PLACES_H

#include <carpel/plugin.h>

typedef struct entry_id {
    uint64_t milliseconds, number;
} entry_id;

enum { ENTRY_ID_SIZE = 48 };

/* All of a text is the id of an entry. */
bool entry_id_read(const char *text, size_t size, entry_id *out);
void entry_id_write(entry_id id, char out[ENTRY_ID_SIZE]);
bool entry_id_is_before(entry_id a, entry_id b);

/* The least id behind this one; there is none behind the greatest, which is returned as it is. */
entry_id entry_id_next(entry_id id);

/* A stream, the last entry that was read of it, and the last that is to be read. */
typedef struct place {
    const char *name;
    entry_id read, end;
} place;

/* Each of these streams once, and nothing read yet. The caller frees *out. */
bool places_new(const carpel_texts *streams, place **out, carpel_error *err);

/* Set `read` of each stream that the cursor has. */
bool places_read(place *places, size_t count, const char *cursor, carpel_error *err);

/* Write the cursor; fails when some later one may not fit into so many bytes. */
bool places_write(const place *places, size_t count, char *out, size_t capacity,
                  carpel_error *err);

#endif
