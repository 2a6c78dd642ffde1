/* SPDX-License-Identifier: MIT
 *
 * A hash table with open addressing, at most half full.
 */
#include "base/name_index.h"

#include <stdint.h>
#include <string.h>
#include <xxhash.h>

typedef struct name_entry {
    const char *name; /* NULL: a gap */
    size_t number;
} name_entry;

/* The place of a name, or of the gap where it belongs. */
static name_entry *slot_of(const name_index *index, const char *name)
{
    size_t slot = (size_t)XXH3_64bits(name, strlen(name));
    for (;; slot++) {
        name_entry *entry = &index->slots[slot & (index->slot_count - 1)];
        if (!entry->name || strcmp(entry->name, name) == 0)
            return entry;
    }
}

static void widen(name_index *index, arena *memory)
{
    name_index old = *index;
    index->slot_count = old.slot_count > 0 ? old.slot_count * 2 : 8;
    index->slots = arena_alloc_array(memory, index->slot_count, sizeof *index->slots);
    for (size_t i = 0; i < old.slot_count; i++)
        if (old.slots[i].name)
            *slot_of(index, old.slots[i].name) = old.slots[i];
}

void name_index_add(name_index *index, arena *memory, const char *name, size_t number)
{
    if (index->count * 2 >= index->slot_count)
        widen(index, memory);
    name_entry *entry = slot_of(index, name);
    if (entry->name)
        return;
    *entry = (name_entry){name, number};
    index->count++;
}

size_t name_index_find(const name_index *index, const char *name)
{
    const name_entry *entry = index->slot_count > 0 ? slot_of(index, name) : NULL;
    return entry && entry->name ? entry->number : SIZE_MAX;
}
