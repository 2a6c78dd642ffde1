/* SPDX-License-Identifier: MIT
 *
 * Where the streams end is found out once, and each is then read by whoever opens it. What all entries lack is
 * told in the end.
 */
#include "redis/partitions.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "common/memory.h"
#include "common/stream.h"

typedef struct partitions {
    reading found; /* where they are and end; its connection is closed */
    pthread_mutex_t lock;
    size_t ended_count; /* streams that were read to their end */
    uint64_t row_count; /* of streams that are released */
    bool *is_seen;      /* by column, in those */
} opened;

static void free_opened(opened *o)
{
    free(o->is_seen);
    reading_done(&o->found);
    pthread_mutex_destroy(&o->lock);
    free(o);
}

static bool open_all(const carpel_host *host, const carpel_request *request,
                     carpel_partitions *out, carpel_error *err)
{
    opened *o = common_alloc(1, sizeof *o);
    pthread_mutex_init(&o->lock, NULL);
    o->is_seen = common_alloc(request->column_count, sizeof *o->is_seen);
    o->found = (reading){.host = host, .request = request, .options = request->options};
    if (!reading_open(&o->found, false, err)) {
        free_opened(o);
        return server_show(err);
    }
    server_close(&o->found.server);
    *out = (carpel_partitions){.state = o, .count = o->found.count};
    return true;
}

/* ---- one -------------------------------------------------------------------------- */

static void note_seen(opened *o, const reading *r)
{
    pthread_mutex_lock(&o->lock);
    o->ended_count += r->count > 0 && r->at == r->count;
    o->row_count += r->row;
    for (size_t i = 0; r->is_seen && i < r->request->column_count; i++)
        o->is_seen[i] |= r->is_seen[i];
    pthread_mutex_unlock(&o->lock);
}

static bool fill(void *state, carpel_rows *rows, bool *is_over, carpel_error *err)
{
    return reading_fill(state, rows, is_over, err);
}

static void close_one(void *state)
{
    reading *r = state;
    note_seen(r->of, r);
    reading_done(r);
    free(r);
}

static bool begin_one(reading *r, size_t partition, const char *cursor, carpel_error *err)
{
    place p = r->of->found.places[partition];
    if (cursor && !entry_id_read(cursor, strlen(cursor), &p.read))
        return carpel_fail(err, CARPEL_E_INPUT, "\"%.100s\" is no id of an entry",
                           cursor);
    return reading_open_one(r, &p, err);
}

static bool open_one(const carpel_host *host, void *state, size_t partition,
                     const char *cursor, struct ArrowArrayStream *out, carpel_error *err)
{
    opened *o = state;
    reading *r = common_alloc(1, sizeof *r);
    *r = (reading){
        .host = host, .request = o->found.request, .options = o->found.options, .of = o};
    if (!begin_one(r, partition, cursor, err)) {
        close_one(r);
        return server_show(err);
    }
    row_stream_open(host, r->request,
                    (row_source){.state = r, .fill = fill, .close = close_one}, out);
    return true;
}

bool partition_tell(const reading *r, char *out, size_t capacity, carpel_error *err)
{
    char id[ENTRY_ID_SIZE];
    (void)err;
    entry_id_write(r->places[0].read, id);
    snprintf(out, capacity, "%s", id);
    return true;
}

/* ---- all of them ------------------------------------------------------------------ */

static bool join(const carpel_host *host, void *state, const char *const *cursors,
                 char *out, size_t capacity, carpel_error *err)
{
    const reading *found = &((const opened *)state)->found;
    place *places = common_alloc(found->count, sizeof *places);
    bool ok = true;
    (void)host;
    for (size_t i = 0; ok && i < found->count; i++) {
        places[i] = found->places[i];
        ok =
            !cursors[i] || entry_id_read(cursors[i], strlen(cursors[i]), &places[i].read);
    }
    ok = ok ? places_write(places, found->count, out, capacity, err)
            : carpel_fail(err, CARPEL_E_INPUT, "a cursor is no id of an entry");
    free(places);
    return ok;
}

static void close_all(const carpel_host *host, void *state)
{
    opened *o = state;
    if (o->ended_count >= o->found.count)
        reading_warn(host, o->found.request, o->row_count, o->is_seen);
    free_opened(o);
}

const carpel_partitioning partitions = {.struct_size = sizeof partitions,
                                        .open = open_all,
                                        .open_partition = open_one,
                                        .join = join,
                                        .close = close_all};
