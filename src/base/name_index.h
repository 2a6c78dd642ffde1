/* SPDX-License-Identifier: MIT
 *
 * name_index -- finding the number of a name, however many there are.
 *
 *     name_index columns = {0};
 *     name_index_add(&columns, memory, "amount", 0);
 *     size_t number = name_index_find(&columns, "amount");    // SIZE_MAX: no such name
 *
 * Names are not copied; the table lives in the arena. Copies of the struct share it, so
 * none may be added to afterwards.
 */
#ifndef BASE_NAME_INDEX_H
#define BASE_NAME_INDEX_H

#include <stddef.h>

#include "base/arena.h"

typedef struct name_index {
    struct name_entry *slots;
    size_t slot_count, count;
} name_index;

/* A name that is there already keeps its number. */
void name_index_add(name_index *index, arena *memory, const char *name, size_t number);

/* The number of the name, or SIZE_MAX. */
size_t name_index_find(const name_index *index, const char *name);

#endif
