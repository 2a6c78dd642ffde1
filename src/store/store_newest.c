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
    packed *times; /* of kinds, then of traits; or without data */
    void **blocks; /* the memory of all times */
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
    void *times;
    uint32_t bits;
} finding;

static void find_stored(const finding *f, uint32_t *times)
{
    const uint64_t *offsets = f->table->offsets;
    for (size_t p = 0; p < f->person_count; p++)
        times[p] =
            offsets[p + 1] > offsets[p]
                ? (uint32_t)packed_stored(&f->table->time, (size_t)offsets[p + 1] - 1)
                : 0;
}

static void find_plain(const finding *f, int64_t *times)
{
    const uint64_t *offsets = f->table->offsets;
    for (size_t p = 0; p < f->person_count; p++)
        times[p] = offsets[p + 1] > offsets[p]
                       ? event_table_time(f->table, offsets[p + 1] - 1)
                       : 0;
}

/* Is it noted when the newest rows happened, in numbers of the shape that is wanted? */
static bool are_noted(const finding *f)
{
    const packed *times = &f->table->time;
    const newest_rows *newest = f->table->newest;
    return f->bits == 32 && newest && newest->times.bits == times->bits &&
           newest->times.base == times->base && newest->times.unit == times->unit;
}

/* The last rows lie far from each other, and what is noted of them one behind the other. There is no branch,
 * since nobody could foretell who has rows. */
static void take_noted(const finding *f, uint32_t *times)
{
    enum { MANY = 1024 };
    uint32_t noted[MANY + 1] = {0};
    const uint64_t *offsets = f->table->offsets;
    const newest_rows *newest = f->table->newest;
    const packed stored = {newest->times.data, newest->times.bits, 0, 1};
    size_t met = 0;
    for (size_t from = 0; from < f->person_count; from += MANY) {
        size_t end = f->person_count - from < MANY ? f->person_count : from + MANY;
        size_t left = newest->person_count - met, next = 0;
        packed_widen_32(&stored, met, left < MANY ? left : MANY, noted);
        for (size_t p = from; p < end; p++) {
            uint32_t has = offsets[p + 1] > offsets[p];
            times[p] = noted[next] & -has;
            next += has;
        }
        met += next;
    }
}

static void find_times(void *context, size_t piece, size_t worker)
{
    const finding *f = (const finding *)context + piece;
    (void)worker;
    if (are_noted(f))
        take_noted(f, f->times);
    else if (f->bits == 32)
        find_stored(f, f->times);
    else
        find_plain(f, f->times);
}

static uint32_t bits_of(const event_table *table)
{
    return table->time.bits <= 32 ? 32 : 64;
}

/* Is there nothing to find, or was it found? */
static bool is_known(const store *s, const event_table *table)
{
    return !table->offsets || table->time.bits == 0 ||
           s->newest->times[place_of(s, table)].data;
}

/* Whole lines of the cache, so that what follows is aligned. */
static size_t bytes_of(const store *s, const event_table *table)
{
    enum { LINE = 64 };
    size_t bytes = (s->person_count + 1) * (bits_of(table) / 8);
    return is_known(s, table) ? 0 : (bytes + LINE - 1) / LINE * LINE;
}

/* Numbers of a table's own shape, or plain ones. */
static packed shape_of(const event_table *table, const void *times)
{
    return bits_of(table) == 32 ? (packed){times, 32, table->time.base, table->time.unit}
                                : (packed){times, 64, 0, 1};
}

/* Memory for the times of all tables that are to be found. */
static char *take_times(const store *s, const event_table *const *tables, size_t count)
{
    store_newest *n = s->newest;
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += bytes_of(s, tables[i]);
    memory_grow((void **)&n->blocks, n->block_count, &n->block_capacity,
                sizeof *n->blocks);
    return n->blocks[n->block_count++] = memory_alloc_large(1, bytes);
}

/* Those of the tables that nobody asked about yet, with memory for their times. */
static size_t list_unknown(const store *s, const event_table *const *tables, size_t count,
                           finding *out)
{
    char *times = take_times(s, tables, count);
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        size_t bytes = bytes_of(s, tables[i]);
        if (bytes == 0)
            continue;
        out[found++] = (finding){tables[i], s->person_count, times, bits_of(tables[i])};
        s->newest->times[place_of(s, tables[i])] = shape_of(tables[i], times);
        times += bytes;
    }
    return found;
}

static bool are_known(const store *s, const event_table *const *tables, size_t count)
{
    bool are = true;
    for (size_t i = 0; i < count; i++)
        are &= is_known(s, tables[i]);
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

packed store_newest_times(const store *s, const event_table *table)
{
    store_newest *n = s->newest;
    if (!n || !table->offsets)
        return (packed){0};
    pthread_mutex_lock(&n->lock);
    find_unknown(s, &table, 1);
    packed found = n->times[place_of(s, table)];
    pthread_mutex_unlock(&n->lock);
    return found;
}
