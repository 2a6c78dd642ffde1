/* SPDX-License-Identifier: MIT
 *
 * Open addressing, a table a kind.
 */
#include "ingest/link_set.h"

#include "base/memory.h"

typedef struct link_entry {
    uint64_t key;  /* the person, and the code behind it */
    link_row told; /* none: the place is free */
} link_entry;

enum { FIRST_CAPACITY = 1024 };

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
    while (entries[at].told.time != INT64_MAX && entries[at].key != key)
        at = (at + 1) & (capacity - 1);
    return &entries[at];
}

static link_entry *free_entries(size_t capacity)
{
    link_entry *entries = memory_alloc_array(capacity, sizeof *entries);
    for (size_t i = 0; i < capacity; i++)
        entries[i] = (link_entry){.told = {.time = INT64_MAX}};
    return entries;
}

static void grow(link_table *t)
{
    size_t capacity = t->capacity > 0 ? t->capacity * 2 : FIRST_CAPACITY;
    link_entry *entries = free_entries(capacity);
    for (size_t i = 0; i < t->capacity; i++)
        if (t->entries[i].told.time != INT64_MAX)
            *find(entries, capacity, t->entries[i].key) = t->entries[i];
    memory_free(t->entries);
    t->entries = entries;
    t->capacity = capacity;
}

/* A row of a time is told where there is another one, or none. */
static link_news note(link_row *kept, int64_t time, uint32_t row, uint32_t *old)
{
    link_news news = kept->time <= time        ? LINK_IS_KNOWN
                     : kept->time == INT64_MAX ? LINK_IS_NEW
                                               : LINK_IS_EARLIER;
    *old = kept->row;
    if (news != LINK_IS_KNOWN)
        *kept = (link_row){time, row};
    return news;
}

link_news link_set_note(link_set *s, id_kind kind, uint32_t person, uint32_t code,
                        int64_t time, uint32_t row, uint32_t *old)
{
    link_table *t = &s->kinds[kind];
    if (t->count * 2 >= t->capacity)
        grow(t);
    link_entry *e = find(t->entries, t->capacity, key_of(person, code));
    link_news news = note(&e->told, time, row, old);
    e->key = key_of(person, code);
    t->count += news == LINK_IS_NEW;
    return news;
}

/* Make room for the person, of whom nothing is known then. */
static void grow_own(link_table *t, uint32_t person)
{
    size_t old = t->own_count, count = ((size_t)person + 1) * 2;
    t->own = memory_resize_array(t->own, count, sizeof *t->own);
    for (size_t i = old; i < count; i++)
        t->own[i] = (link_row){.time = INT64_MAX};
    t->own_count = count;
}

link_news link_set_note_own(link_set *s, id_kind kind, uint32_t person, int64_t time,
                            uint32_t row, uint32_t *old)
{
    link_table *t = &s->kinds[kind];
    if (person >= t->own_count)
        grow_own(t, person);
    return note(&t->own[person], time, row, old);
}

void link_set_expect(const link_set *s, id_kind kind, uint32_t person, uint32_t code)
{
    const link_table *t = &s->kinds[kind];
    if (t->capacity > 0)
        __builtin_prefetch(
            &t->entries[scatter(key_of(person, code)) & (t->capacity - 1)]);
}

void link_set_expect_own(const link_set *s, id_kind kind, uint32_t person)
{
    const link_table *t = &s->kinds[kind];
    if (person < t->own_count)
        __builtin_prefetch(&t->own[person]);
}

size_t link_set_bytes(const link_set *s)
{
    size_t bytes = 0;
    for (int k = 0; k < ID_KIND_COUNT; k++)
        bytes += s->kinds[k].capacity * sizeof(link_entry) +
                 s->kinds[k].own_count * sizeof(link_row);
    return bytes;
}

void link_set_done(link_set *s)
{
    for (int k = 0; k < ID_KIND_COUNT; k++) {
        memory_free(s->kinds[k].entries);
        memory_free(s->kinds[k].own);
    }
    *s = (link_set){0};
}
