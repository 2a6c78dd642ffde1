/* SPDX-License-Identifier: MIT
 *
 * Open addressing, a table a kind.
 */
#include "ingest/link_set.h"

#include "base/memory.h"

struct link_entry {
    uint64_t key; /* the person, and the code behind it */
    int64_t time; /* INT64_MAX: the place is free */
};

enum { FIRST_CAPACITY = 1024 };

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
        entries[i] = (link_entry){0, INT64_MAX};
    return entries;
}

static void grow(link_set *s, id_kind kind)
{
    link_entry *old = s->kinds[kind].entries;
    size_t count = s->kinds[kind].capacity,
           capacity = count > 0 ? count * 2 : FIRST_CAPACITY;
    link_entry *entries = free_entries(capacity);
    for (size_t i = 0; i < count; i++)
        if (old[i].time != INT64_MAX)
            *find(entries, capacity, old[i].key) = old[i];
    memory_free(old);
    s->kinds[kind].entries = entries;
    s->kinds[kind].capacity = capacity;
}

bool link_set_is_news(link_set *s, id_kind kind, uint32_t person, uint32_t code,
                      int64_t time)
{
    if (s->kinds[kind].count * 2 >= s->kinds[kind].capacity)
        grow(s, kind);
    uint64_t key = (uint64_t)person << 32 | code;
    link_entry *e = find(s->kinds[kind].entries, s->kinds[kind].capacity, key);
    if (e->time <= time)
        return false;
    s->kinds[kind].count += e->time == INT64_MAX;
    *e = (link_entry){key, time};
    return true;
}

/* Make room for the person, of whom nothing is known then. */
static void grow_own(link_set *s, id_kind kind, uint32_t person)
{
    size_t old = s->kinds[kind].own_count, count = ((size_t)person + 1) * 2;
    int64_t *times = memory_resize_array(s->kinds[kind].own_times, count, sizeof *times);
    for (size_t i = old; i < count; i++)
        times[i] = INT64_MAX;
    s->kinds[kind].own_times = times;
    s->kinds[kind].own_count = count;
}

bool link_set_own_is_news(link_set *s, id_kind kind, uint32_t person, int64_t time)
{
    if (person >= s->kinds[kind].own_count)
        grow_own(s, kind, person);
    if (s->kinds[kind].own_times[person] <= time)
        return false;
    s->kinds[kind].own_times[person] = time;
    return true;
}

size_t link_set_bytes(const link_set *s)
{
    size_t bytes = 0;
    for (int k = 0; k < ID_KIND_COUNT; k++)
        bytes += s->kinds[k].capacity * sizeof(link_entry) +
                 s->kinds[k].own_count * sizeof(int64_t);
    return bytes;
}

void link_set_done(link_set *s)
{
    for (int k = 0; k < ID_KIND_COUNT; k++) {
        memory_free(s->kinds[k].entries);
        memory_free(s->kinds[k].own_times);
    }
    *s = (link_set){0};
}
