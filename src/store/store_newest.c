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
    void **blocks;   /* the memory of all times */
    size_t block_count, block_capacity;
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
    for (size_t i = 0; i < n->block_count; i++)
        memory_free(n->blocks[i]);
    memory_free(n->blocks);
    memory_free(n->times);
    pthread_mutex_destroy(&n->lock);
    memory_free(n);
}

static size_t place_of(const store *s, const event_table *table)
{
    const store_newest *n = s->newest;
    bool is_kind = table >= s->kinds && table < s->kinds + n->kind_count;
    return is_kind ? (size_t)(table - s->kinds)
                   : n->kind_count + (size_t)(table - s->traits);
}

/* A table whose times are to be found. */
typedef struct finding {
    const event_table *table;
    size_t person_count;
    int64_t *times;
} finding;

static void find_times(void *context, size_t piece, size_t worker)
{
    const finding *f = (const finding *)context + piece;
    const uint64_t *offsets = f->table->offsets;
    (void)worker;
    for (size_t p = 0; p < f->person_count; p++)
        f->times[p] = offsets[p + 1] > offsets[p]
                          ? event_table_time(f->table, offsets[p + 1] - 1)
                          : 0;
}

/* Those of the tables that nobody asked about yet, with memory for their times. */
static size_t list_unknown(const store *s, const event_table *const *tables, size_t count,
                           finding *out)
{
    store_newest *n = s->newest;
    size_t people = s->person_count, found = 0;
    int64_t *times = memory_alloc_large(count * (people + 1), sizeof *times);
    memory_grow((void **)&n->blocks, n->block_count, &n->block_capacity,
                sizeof *n->blocks);
    n->blocks[n->block_count++] = times;
    for (size_t i = 0; i < count; i++) {
        size_t place = place_of(s, tables[i]);
        if (n->times[place] || !tables[i]->offsets)
            continue;
        n->times[place] = times + found * (people + 1);
        out[found++] = (finding){tables[i], people, n->times[place]};
    }
    return found;
}

static bool are_known(const store *s, const event_table *const *tables, size_t count)
{
    bool are = true;
    for (size_t i = 0; i < count; i++)
        are &= s->newest->times[place_of(s, tables[i])] || !tables[i]->offsets;
    return are;
}

static void find_unknown(const store *s, const event_table *const *tables, size_t count)
{
    enum { FEW = 10000 }; /* sooner done than threads begun */
    if (are_known(s, tables, count))
        return;
    finding *all = memory_alloc_array(count, sizeof *all);
    size_t found = list_unknown(s, tables, count, all);
    parallel_run(s->person_count < FEW ? 1 : parallel_processor_count(), found,
                 find_times, all);
    memory_free(all);
}

void store_newest_find(const store *s, const event_table *const *tables, size_t count)
{
    if (!s->newest)
        return;
    pthread_mutex_lock(&s->newest->lock);
    find_unknown(s, tables, count);
    pthread_mutex_unlock(&s->newest->lock);
}

const int64_t *store_newest_times(const store *s, const event_table *table)
{
    store_newest *n = s->newest;
    if (!n || !table->offsets)
        return NULL;
    pthread_mutex_lock(&n->lock);
    find_unknown(s, &table, 1);
    const int64_t *found = n->times[place_of(s, table)];
    pthread_mutex_unlock(&n->lock);
    return found;
}
