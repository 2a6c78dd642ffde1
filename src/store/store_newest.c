/* SPDX-License-Identifier: MIT
 *
 * A table that nobody asked about yet has no times.
 */
#include "store/store_newest.h"

#include <pthread.h>

#include "base/memory.h"
#include "base/parallel.h"

struct store_newest {
    pthread_mutex_t lock;
    size_t kind_count, trait_count;
    int64_t **times; /* of kinds, then of traits; or NULL */
};

store_newest *store_newest_new(const schema *s)
{
    store_newest *n = memory_alloc_zero(sizeof *n);
    n->kind_count = schema_total(s);
    n->trait_count = s->trait_count;
    n->times =
        memory_alloc_zero_array(n->kind_count + n->trait_count + 1, sizeof *n->times);
    pthread_mutex_init(&n->lock, NULL);
    return n;
}

void store_newest_free(store_newest *n)
{
    if (!n)
        return;
    for (size_t i = 0; i < n->kind_count + n->trait_count; i++)
        memory_free(n->times[i]);
    memory_free(n->times);
    pthread_mutex_destroy(&n->lock);
    memory_free(n);
}

static int64_t *find_times(const event_table *t, size_t person_count)
{
    int64_t *times = memory_alloc_array(person_count + 1, sizeof *times);
    for (size_t p = 0; p < person_count; p++) {
        uint64_t end = t->offsets[p + 1];
        times[p] = end > t->offsets[p] ? event_table_time(t, end - 1) : 0;
    }
    return times;
}

/* Tables whose times are to be found side by side. */
typedef struct finding {
    const store *store;
    const event_table *const *tables;
} finding;

static size_t place_of(const store *s, const event_table *table)
{
    const store_newest *n = s->newest;
    bool is_kind = table >= s->kinds && table < s->kinds + n->kind_count;
    return is_kind ? (size_t)(table - s->kinds)
                   : n->kind_count + (size_t)(table - s->traits);
}

/* Nobody else works on the same table: each has a place of its own. */
static void find_table(void *context, size_t piece, size_t worker)
{
    const finding *f = context;
    const event_table *table = f->tables[piece];
    (void)worker;
    int64_t **times = &f->store->newest->times[place_of(f->store, table)];
    if (!*times && table->offsets)
        *times = find_times(table, f->store->person_count);
}

void store_newest_find(const store *s, const event_table *const *tables, size_t count)
{
    enum { FEW = 10000 }; /* sooner done than threads begun */
    finding f = {s, tables};
    if (!s->newest)
        return;
    pthread_mutex_lock(&s->newest->lock);
    parallel_run(s->person_count < FEW ? 1 : parallel_processor_count(), count,
                 find_table, &f);
    pthread_mutex_unlock(&s->newest->lock);
}

const int64_t *store_newest_times(const store *s, const event_table *table)
{
    store_newest *n = s->newest;
    if (!n || !table->offsets)
        return NULL;
    int64_t **times = &n->times[place_of(s, table)];
    pthread_mutex_lock(&n->lock);
    if (!*times)
        *times = find_times(table, s->person_count);
    const int64_t *found = *times;
    pthread_mutex_unlock(&n->lock);
    return found;
}
