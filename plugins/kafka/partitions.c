/* SPDX-License-Identifier: MIT
 *
 * Where partitions begin and end is found out once. All are read by the same connections; those that come next are
 * fetched before they are opened. What all messages lack is told in the end.
 */
#include "kafka/partitions.h"

#include <pthread.h>
#include <string.h>

#include "common/memory.h"
#include "common/stream.h"

enum {
    MUCH_MESSAGES = 10000, /* so many are worth a thread of their own */
    MOST_PLACES = 200,     /* whose offsets fit into any cursor */
    GROUPS_AHEAD = 3       /* of one that is opened, that are fetched */
};

/* Places that follow one another. */
typedef struct group {
    size_t first, count;
    bool is_begun;  /* somebody fetches it, or has done so */
    reading *ahead; /* it is fetched, and nobody has opened it; or NULL */
} group;

typedef struct partitions {
    reading found; /* where they are and end, the connections, and what messages have */
    group *groups;
    size_t group_count, ended_count;
    pthread_mutex_t lock;
} shared;

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

static void free_reading(reading *r)
{
    reading_done(r);
    free(r);
}

static void free_shared(shared *o)
{
    for (size_t i = 0; i < o->group_count; i++)
        if (o->groups[i].ahead)
            free_reading(o->groups[i].ahead);
    free(o->groups);
    reading_done(&o->found);
    pthread_mutex_destroy(&o->lock);
    free(o);
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
    *out = (carpel_partitions){.state = o, .count = o->group_count};
    return true;
}

/* ---- fetching --------------------------------------------------------------------- */

/* A reading of a group, whose places are where they begin. */
static reading *make_reading(shared *o, const carpel_host *host, const group *g)
{
    const places *all = &o->found.places;
    reading *r = common_alloc(1, sizeof *r);
    *r = (reading){
        .host = host, .request = o->found.request, .options = o->found.options, .of = o};
    reading_init(r);
    client_share(&r->client, &o->found.client, host);
    r->places = *all;
    r->places.count = g->count;
    r->places.items = common_alloc(g->count, sizeof(place));
    memcpy(r->places.items, all->items + g->first, g->count * sizeof(place));
    return r;
}

/* Fetch a group that nobody fetches. What goes wrong comes again when it is opened. The lock is held, since a
 * partition is fetched once at a time. */
static void fetch_group(shared *o, const carpel_host *host, group *g)
{
    carpel_error ignored;
    if (g->is_begun)
        return;
    g->is_begun = true;
    g->ahead = make_reading(o, host, g);
    if (reading_begin(g->ahead, &ignored) && window_begin(&g->ahead->window, &ignored))
        return;
    free_reading(g->ahead);
    g->ahead = NULL;
}

static void fetch_ahead(shared *o, const carpel_host *host, size_t from)
{
    pthread_mutex_lock(&o->lock);
    for (size_t i = from; i < from + GROUPS_AHEAD && i < o->group_count; i++)
        fetch_group(o, host, &o->groups[i]);
    pthread_mutex_unlock(&o->lock);
}

/* What is fetched of a group that is opened now; NULL: nothing. */
static reading *take_ahead(shared *o, group *g)
{
    pthread_mutex_lock(&o->lock);
    reading *r = g->ahead;
    g->ahead = NULL;
    g->is_begun = true;
    pthread_mutex_unlock(&o->lock);
    return r;
}

/* ---- one -------------------------------------------------------------------------- */

static bool fill(void *state, carpel_rows *rows, bool *is_over, carpel_error *err)
{
    return reading_fill(state, rows, is_over, err);
}

static void close_one(void *state)
{
    reading *r = state;
    shared *o = r->of;
    bool is_over = !r->has_failed && window_is_over(&r->window);
    pthread_mutex_lock(&o->lock);
    o->ended_count += is_over;
    records_note_found(&o->found.records, &r->records);
    pthread_mutex_unlock(&o->lock);
    free_reading(r);
}

/* The host of who opens it is asked from now on. */
static void change_host(reading *r, const carpel_host *host)
{
    r->host = r->client.host = r->records.host = r->fields.host = host;
    client_note_progress(&r->client);
}

/* Have a reading of the group, from the cursor on. */
static bool begin_one(shared *o, const carpel_host *host, group *g, const char *cursor,
                      reading **out, carpel_error *err)
{
    *out = take_ahead(o, g);
    if (*out && !cursor) {
        change_host(*out, host);
        return true;
    }
    if (*out)
        free_reading(*out);
    *out = make_reading(o, host, g);
    bool ok = !cursor || places_read_offsets((*out)->places.items, g->count, cursor, err);
    return ok && reading_begin(*out, err) && window_begin(&(*out)->window, err);
}

static bool open_one(const carpel_host *host, void *state, size_t partition,
                     const char *cursor, struct ArrowArrayStream *out, carpel_error *err)
{
    shared *o = state;
    reading *r;
    if (!begin_one(o, host, &o->groups[partition], cursor, &r, err)) {
        free_reading(r);
        return false;
    }
    fetch_ahead(o, host, partition + 1);
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
