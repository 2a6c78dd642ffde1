/* SPDX-License-Identifier: MIT
 *
 * Where partitions begin and end is found out once. A thread reads by a client that nobody else uses: one that
 * read another partition before, as long as that went well, or a new one. What all messages lack is told in
 * the end.
 */
#include "kafka/partitions.h"

#include <pthread.h>
#include <string.h>

#include "common/memory.h"
#include "common/stream.h"

enum {
    MUCH_MESSAGES = 10000, /* so many are worth a thread of their own */
    MOST_PLACES = 200      /* whose offsets fit into any cursor */
};

/* Places that follow one another. */
typedef struct group {
    size_t first, count;
} group;

typedef struct partitions {
    reading found; /* where they are and end, and what their messages have */
    group *groups;
    size_t group_count, ended_count;
    pthread_mutex_t lock;
    client **idle; /* as many as there are groups, and one more, at most */
    size_t idle_count;
} shared;

static void free_shared(shared *o)
{
    while (o->idle_count > 0) {
        client *c = o->idle[--o->idle_count];
        client_close(c);
        free(c);
    }
    free(o->idle);
    free(o->groups);
    reading_done(&o->found);
    pthread_mutex_destroy(&o->lock);
    free(o);
}

static void make_groups(shared *o)
{
    const places *p = &o->found.places;
    o->groups = common_alloc(p->count, sizeof *o->groups);
    int64_t messages = MUCH_MESSAGES;
    for (size_t i = 0; i < p->count; i++) {
        bool is_full = messages >= MUCH_MESSAGES ||
                       o->groups[o->group_count - 1].count == MOST_PLACES;
        if (is_full)
            o->groups[o->group_count++] = (group){.first = i};
        messages = (is_full ? 0 : messages) + p->items[i].end - p->items[i].next;
        o->groups[o->group_count - 1].count++;
    }
}

static bool open_all(const carpel_host *host, const carpel_request *request,
                     carpel_partitions *out, carpel_error *err)
{
    shared *o = common_alloc(1, sizeof *o);
    pthread_mutex_init(&o->lock, NULL);
    o->found = (reading){.host = host, .request = request, .options = request->options};
    reading_init(&o->found);
    if (!reading_find(&o->found, err)) {
        free_shared(o);
        return false;
    }
    make_groups(o);
    o->idle = common_alloc(o->group_count + 1, sizeof(client *));
    o->idle[o->idle_count++] = o->found.client;
    o->found.client = NULL;
    *out = (carpel_partitions){.state = o, .count = o->group_count};
    return true;
}

/* ---- clients ---------------------------------------------------------------------- */

static client *take_idle(shared *o)
{
    pthread_mutex_lock(&o->lock);
    client *c = o->idle_count > 0 ? o->idle[--o->idle_count] : NULL;
    pthread_mutex_unlock(&o->lock);
    return c;
}

static bool take_client(reading *r, carpel_error *err)
{
    r->client = take_idle(r->of);
    if (r->client) {
        r->client->host = r->host;
        client_note_progress(r->client);
        return true;
    }
    r->client = common_alloc(1, sizeof *r->client);
    return reading_open_client(r->client, r->options, r->host,
                               r->request->project_directory, NULL, err);
}

/* ---- one -------------------------------------------------------------------------- */

static bool fill(void *state, carpel_rows *rows, bool *is_over, carpel_error *err)
{
    return reading_fill(state, rows, is_over, err);
}

/* What it had, and its client, are there for the others. */
static void give_back(reading *r)
{
    shared *o = r->of;
    bool is_good = !r->has_failed, is_over = is_good && window_is_over(&r->window);
    window_done(&r->window);
    pthread_mutex_lock(&o->lock);
    o->ended_count += is_over;
    records_note_found(&o->found.records, &r->records);
    if (is_good && o->idle_count <= o->group_count) {
        o->idle[o->idle_count++] = r->client;
        r->client = NULL;
    }
    pthread_mutex_unlock(&o->lock);
}

static void close_one(void *state)
{
    reading *r = state;
    give_back(r);
    reading_done(r);
    free(r);
}

static bool begin_one(reading *r, size_t partition, const char *cursor, carpel_error *err)
{
    const group *g = &r->of->groups[partition];
    const places *all = &r->of->found.places;
    r->places = *all;
    r->places.count = g->count;
    r->places.items = common_alloc(g->count, sizeof(place));
    memcpy(r->places.items, all->items + g->first, g->count * sizeof(place));
    return (!cursor || places_read_offsets(r->places.items, g->count, cursor, err)) &&
           take_client(r, err) && reading_begin(r, err);
}

static bool open_one(const carpel_host *host, void *state, size_t partition,
                     const char *cursor, struct ArrowArrayStream *out, carpel_error *err)
{
    shared *o = state;
    reading *r = common_alloc(1, sizeof *r);
    *r = (reading){
        .host = host, .request = o->found.request, .options = o->found.options, .of = o};
    reading_init(r);
    if (!begin_one(r, partition, cursor, err)) {
        r->has_failed = true;
        close_one(r);
        return false;
    }
    row_stream_open(host, r->request,
                    (row_source){.state = r, .fill = fill, .close = close_one}, out);
    return true;
}

bool partition_tell(const reading *r, char *out, size_t capacity, carpel_error *err)
{
    return places_write_offsets(&r->places, out, capacity, err);
}

/* ---- all of them ------------------------------------------------------------------ */

static bool join(const carpel_host *host, void *state, const char *const *cursors,
                 char *out, size_t capacity, carpel_error *err)
{
    const shared *o = state;
    places p = o->found.places;
    bool ok = true;
    (void)host;
    p.items = common_alloc(p.count, sizeof *p.items);
    if (p.count > 0)
        memcpy(p.items, o->found.places.items, p.count * sizeof *p.items);
    for (size_t i = 0; ok && i < o->group_count; i++)
        ok = !cursors[i] || places_read_offsets(p.items + o->groups[i].first,
                                                o->groups[i].count, cursors[i], err);
    ok = ok && places_check_room(&p, capacity, err);
    if (ok)
        places_write(&p, out, capacity);
    places_done(&p);
    return ok;
}

static void close_all(const carpel_host *host, void *state)
{
    shared *o = state;
    o->found.records.host = host;
    if (o->ended_count >= o->group_count)
        records_warn(&o->found.records);
    free_shared(o);
}

const carpel_partitioning partitions = {.struct_size = sizeof partitions,
                                        .open = open_all,
                                        .open_partition = open_one,
                                        .join = join,
                                        .close = close_all};
