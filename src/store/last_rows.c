/* SPDX-License-Identifier: MIT
 *
 * A hash table with open places; the ids are hashes already.
 */
#include "store/last_rows.h"

#include "base/memory.h"

enum { FIRST_SLOTS = 1024 }; /* a power of two */

typedef struct slot {
    id_hash id;
    uint64_t number; /* 0: the slot is free */
} slot;

struct last_rows {
    slot *slots;
    size_t slot_count, used;
};

/* The slot of the id, or the free one where it would be. */
static slot *find_slot(const last_rows *t, id_hash id)
{
    size_t i = id.low & (t->slot_count - 1);
    while (t->slots[i].number != 0 &&
           (t->slots[i].id.low != id.low || t->slots[i].id.high != id.high))
        i = (i + 1) & (t->slot_count - 1);
    return &t->slots[i];
}

static void grow(last_rows *t)
{
    slot *old = t->slots;
    size_t old_count = t->slot_count;
    t->slot_count = old_count * 2;
    t->slots = memory_alloc_zero_array(t->slot_count, sizeof *t->slots);
    for (size_t i = 0; i < old_count; i++)
        if (old[i].number != 0)
            *find_slot(t, old[i].id) = old[i];
    memory_free(old);
}

last_rows *last_rows_new(void)
{
    last_rows *t = memory_alloc_zero(sizeof *t);
    t->slot_count = FIRST_SLOTS;
    t->slots = memory_alloc_zero_array(t->slot_count, sizeof *t->slots);
    return t;
}

void last_rows_free(last_rows *t)
{
    if (!t)
        return;
    memory_free(t->slots);
    memory_free(t);
}

void last_rows_note(last_rows *t, id_hash id, uint64_t number)
{
    if (t->used * 4 >= t->slot_count * 3)
        grow(t);
    slot *s = find_slot(t, id);
    t->used += s->number == 0;
    *s = (slot){id, number + 1};
}

bool last_rows_is_last(const last_rows *t, id_hash id, uint64_t number)
{
    return find_slot(t, id)->number == number + 1;
}
