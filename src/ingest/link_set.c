/* SPDX-License-Identifier: MIT
 *
 * Open addressing, a table a kind; and what is told of people's own ids by person, where nearly all have one kind.
 */
#include "ingest/link_set.h"

#include <string.h>

#include "base/memory.h"

enum { FIRST_CAPACITY = 1024 };

_Static_assert(sizeof(first_link) == 32 && sizeof(slice) <= LINK_TEXT,
               "half a line of the cache, with room for a slice");

/* In the place of a code: the person's own id. */
#define OWN_ID UINT32_MAX

static uint64_t key_of(uint32_t person, uint32_t code)
{
    return (uint64_t)person << 32 | code;
}

static uint64_t scatter(uint64_t key)
{
    key = (key ^ key >> 32) * UINT64_C(0x9e3779b97f4a7c15);
    return key ^ key >> 29;
}

/* Where the key is, or would be. */
static link_entry *find(link_entry *entries, size_t capacity, uint64_t key)
{
    size_t at = scatter(key) & (capacity - 1);
    while (entries[at].time != INT64_MAX && entries[at].key != key)
        at = (at + 1) & (capacity - 1);
    return &entries[at];
}

static link_entry *free_entries(size_t capacity)
{
    link_entry *entries = memory_alloc_array(capacity, sizeof *entries);
    for (size_t i = 0; i < capacity; i++)
        entries[i] = (link_entry){.time = INT64_MAX};
    return entries;
}

static void grow(link_table *t)
{
    size_t capacity = t->capacity > 0 ? t->capacity * 2 : FIRST_CAPACITY;
    link_entry *entries = free_entries(capacity);
    for (size_t i = 0; i < t->capacity; i++)
        if (t->entries[i].time != INT64_MAX)
            *find(entries, capacity, t->entries[i].key) = t->entries[i];
    memory_free(t->entries);
    t->entries = entries;
    t->capacity = capacity;
}

static link_news note_entry(link_table *t, uint64_t key, int64_t time, uint32_t row,
                            uint32_t *kept)
{
    if (t->count * 2 >= t->capacity)
        grow(t);
    link_entry *e = find(t->entries, t->capacity, key);
    if (e->time == INT64_MAX) {
        *e = (link_entry){key, time, row};
        t->count++;
        return LINK_IS_NEW;
    }
    *kept = e->row;
    if (e->time <= time)
        return LINK_IS_KNOWN;
    e->time = time;
    return LINK_IS_EARLIER;
}

/* Where the first link of the person is, or would be. Places of people who are not there yet are not touched. */
static first_link *place_of_first(link_table *t, uint32_t person)
{
    size_t needed = (size_t)person + 1, capacity = t->first_capacity;
    if (needed > capacity) {
        capacity = capacity > 0 ? capacity : FIRST_CAPACITY;
        while (capacity < needed)
            capacity *= 4;
        t->firsts =
            memory_enlarge(t->firsts, t->first_count, capacity, sizeof *t->firsts);
        t->first_capacity = capacity;
    }
    for (; t->first_count < needed; t->first_count++)
        t->firsts[t->first_count].size = 0;
    return &t->firsts[person];
}

static void keep_text(first_link *f, slice id)
{
    bool is_longer = id.size > LINK_TEXT;
    f->size = is_longer ? LINK_IS_LONGER : (uint8_t)id.size;
    if (is_longer)
        memcpy(f->text, &id, sizeof id);
    else
        memcpy(f->text, id.data, id.size);
}

link_news link_set_note(link_set *s, id_kind kind, uint32_t person, uint32_t code,
                        slice id, int64_t time, uint32_t row, uint32_t *kept)
{
    link_news news;
    if (link_set_note_first(s, kind, person, id, time, &news, kept))
        return news;
    first_link *f = place_of_first(&s->kinds[kind], person);
    if (f->size > 0)
        return note_entry(&s->kinds[kind], key_of(person, code), time, row, kept);
    f->time = time;
    f->row = row;
    keep_text(f, id);
    return LINK_IS_NEW;
}

link_news link_set_note_own(link_set *s, id_kind kind, uint32_t person, int64_t time,
                            uint32_t row, uint32_t *kept)
{
    return note_entry(&s->kinds[kind], key_of(person, OWN_ID), time, row, kept);
}

void link_set_add_persons(link_set *s, size_t count)
{
    if (count <= s->own_count)
        return;
    s->own = memory_resize(s->own, count * 2);
    memset(s->own + s->own_count, OWN_UNSEEN, count * 2 - s->own_count);
    s->own_arrivals =
        memory_resize_array(s->own_arrivals, count * 2, sizeof *s->own_arrivals);
    s->own_count = count * 2;
}

static size_t table_bytes(const link_table *t)
{
    return t->capacity * sizeof(link_entry) + t->first_count * sizeof(first_link);
}

size_t link_set_bytes(const link_set *s)
{
    size_t bytes = s->own_count * (sizeof *s->own + sizeof *s->own_arrivals);
    for (int k = 0; k < ID_KIND_COUNT; k++)
        bytes += table_bytes(&s->kinds[k]);
    return bytes;
}

static void table_done(link_table *t)
{
    memory_free(t->firsts);
    memory_free(t->entries);
}

void link_set_done(link_set *s)
{
    for (int k = 0; k < ID_KIND_COUNT; k++)
        table_done(&s->kinds[k]);
    memory_free(s->own);
    memory_free(s->own_arrivals);
    *s = (link_set){0};
}
