/* SPDX-License-Identifier: MIT
 *
 * Threads read and judge the partitions that come next, some portions of each ahead (base/ahead.h), and the calling
 * thread takes one partition after the other into the loader.
 *
 *     partitions   0 1 | 2   3   4 | 5 6 ...
 *                taken   lanes: each is read by one thread at a time, as long as it has room
 *
 * A portion has the cursor behind its rows. When a partition fails and may be tried again, it is opened
 * behind the last portion that was taken of it; the others go on.
 */
#include "engine/load_partitions.h"

#include <stdatomic.h>
#include <string.h>

#include "base/ahead.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "engine/kept_messages.h"
#include "ingest/portion.h"
#include "plugin/guarded.h"

enum {
    AHEAD = 2,            /* portions of a partition that are read and not taken yet */
    LANE_ROWS = 32 * 1024 /* about so many in each */
};

/* What was read of a partition at a time. */
typedef struct stretch {
    portion portion;
    kept_messages messages;
    char *cursor; /* behind it; or NULL */
} stretch;

/* A partition that is being read. */
typedef struct lane {
    plugin_host *host; /* NULL: it is not open */
    struct ArrowArrayStream stream;
    stretch ahead[AHEAD];           /* the n-th that is read is ahead[n % AHEAD] */
    size_t read_count, taken_count; /* of these; guarded by the lock */
    bool is_at_work, is_read;       /* by a thread now; to its end. Guarded by the lock */
    uint64_t next_row;              /* the number of the partition's next row */
    _Atomic uint64_t done_bytes;
    char *cursor;   /* behind what was taken; NULL: it is where it begins */
    bool is_beyond; /* rows were taken that the cursor does not know of */
} lane;

typedef struct reading {
    partitions_load *load;
    carpel_partitions partitions;
    char **cursors; /* of partitions that were taken to their end */

    loader *loader;
    ahead threads;
    size_t lane_count;
    lane *lanes;         /* of partition i: lanes[i % lane_count] */
    size_t next;         /* the partition that is taken */
    uint64_t done_bytes; /* of partitions that were taken */
} reading;

static const carpel_plugin *plugin_of(const reading *r)
{
    return r->load->source->connector.plugin;
}

static lane *lane_of(const reading *r, size_t partition)
{
    return &r->lanes[partition % r->lane_count];
}

/* The stretch that is read next, or is being read; it is the reader's alone. */
static stretch *stretch_to_read(lane *l)
{
    return &l->ahead[l->read_count % AHEAD];
}

static void keep_message(void *context, carpel_log_level level, const char *message)
{
    kept_messages_add(&stretch_to_read(context)->messages, level, message);
}

static void keep_progress(void *context, uint64_t done_bytes, uint64_t total_bytes)
{
    lane *l = context;
    (void)total_bytes;
    atomic_store(&l->done_bytes, done_bytes);
}

/* ---- reading ahead, in any thread ---------------------------------------------------- */

/* Release what is open, with the rows that were read and not taken. */
static void close_lane(lane *l)
{
    for (size_t i = 0; i < AHEAD; i++) {
        portion_done(&l->ahead[i].portion);
        kept_messages_done(&l->ahead[i].messages);
        memory_free(l->ahead[i].cursor);
        l->ahead[i] = (stretch){0};
    }
    if (l->stream.release)
        l->stream.release(&l->stream);
    host_free(l->host);
    l->host = NULL;
}

static bool open_lane(const reading *r, size_t partition, carpel_error *err)
{
    lane *l = lane_of(r, partition);
    const partitions_load *p = r->load;
    const host_listener hears = {.context = l,
                                 .log = keep_message,
                                 .progress = keep_progress,
                                 .cancel = p->engine->cancel,
                                 .plugin = plugin_of(r)->name,
                                 .title = host_heard_by(p->host)->title};
    l->host = host_new(p->source->mapping, NULL, &hears);
    l->next_row = 1;
    for (size_t i = 0; i < AHEAD; i++) {
        portion_init(&l->ahead[i].portion, p->source->mapping);
        l->ahead[i].portion.most_rows = LANE_ROWS;
    }
    host_collect_refused(l->host, &l->ahead[0].portion.refused);
    return guarded_open_partition(l->host, plugin_of(r), r->partitions.state, partition,
                                  l->cursor, &l->stream, err);
}

/* Where the stream is behind what was read. */
static bool note_cursor(const reading *r, lane *l, stretch *s, carpel_error *err)
{
    memory_free(s->cursor);
    s->cursor = NULL;
    return !r->load->has_cursors ||
           guarded_cursor(l->host, plugin_of(r), &l->stream, &s->cursor, err);
}

/* Read and judge the next rows of an open lane. */
static void read_rows(const reading *r, lane *l, stretch *s)
{
    portion *p = &s->portion;
    host_collect_refused(l->host, &p->refused);
    p->next_row = l->next_row;
    portion_read(p, &l->stream, r->load->engine->cancel);
    l->next_row = p->next_row;
    if (!p->has_failed && !note_cursor(r, l, s, &p->error))
        p->has_failed = true;
    if (!host_is_well(l->host, &p->error))
        p->has_failed = true;
}

static void read_stretch(void *context, size_t partition)
{
    const reading *r = context;
    lane *l = lane_of(r, partition);
    stretch *s = stretch_to_read(l);
    carpel_error err;
    if (l->host || open_lane(r, partition, &err)) {
        read_rows(r, l, s);
    } else {
        s->portion.has_failed = true;
        s->portion.error = err;
    }
}

/* The first that is to be read. */
static bool claim_partition(void *context, size_t *partition)
{
    const reading *r = context;
    for (size_t i = 0; i < r->lane_count && r->next + i < r->partitions.count; i++) {
        lane *l = lane_of(r, r->next + i);
        bool has_room = l->read_count - l->taken_count < AHEAD;
        if (l->is_at_work || l->is_read || !has_room)
            continue;
        l->is_at_work = true;
        *partition = r->next + i;
        return true;
    }
    return false;
}

static void note_read(void *context, size_t partition)
{
    lane *l = lane_of(context, partition);
    const portion *p = &stretch_to_read(l)->portion;
    l->is_read = p->is_over || p->has_failed;
    l->is_at_work = false;
    l->read_count++;
}

/* ---- taking, in the calling thread ---------------------------------------------------- */

static void tell_progress(const reading *r)
{
    const host_listener *hears = host_heard_by(r->load->host);
    uint64_t done = r->done_bytes;
    for (size_t i = 0; i < r->lane_count; i++)
        done += atomic_load(&r->lanes[i].done_bytes);
    hears->progress(hears->context, done, 0);
}

/* Rows were taken: it can be gone on behind them, or, where nobody knows the cursor, not at all. */
static void move_cursor(lane *l, stretch *s)
{
    bool has_rows = s->portion.count > 0 || s->portion.refused.count > 0;
    if (s->cursor && s->cursor[0] != '\0') {
        memory_free(l->cursor);
        l->cursor = s->cursor;
        s->cursor = NULL;
        l->is_beyond = false;
    } else {
        l->is_beyond |= has_rows;
    }
}

/* The partition was taken to its end: the lane is free for another one. The lock is held. */
static void end_partition(reading *r, lane *l)
{
    r->cursors[r->next++] = l->cursor;
    r->done_bytes += atomic_load(&l->done_bytes);
    memset(l, 0, sizeof *l);
}

/* A partition failed: may it be opened again behind what was taken of it? It has been waited then. */
static bool reopen(reading *r, lane *l, carpel_error *err)
{
    if (l->is_beyond || !retrying_wait(r->load->again, l->host, err))
        return false;
    r->done_bytes += atomic_exchange(&l->done_bytes, 0);
    close_lane(l);
    ahead_lock(&r->threads);
    l->read_count = l->taken_count = 0;
    l->is_read = false;
    ahead_unlock(&r->threads);
    return true;
}

/* Take what was read of the partition that is taken now; *is_last: there is no more. */
static bool take_stretch(reading *r, lane *l, stretch *s, bool *is_last,
                         carpel_error *err)
{
    if (!loader_add_portion(r->loader, &s->portion, 0, err))
        return false;
    *is_last = s->portion.is_over;
    move_cursor(l, s);
    tell_progress(r);
    if (*is_last)
        close_lane(l);
    return true;
}

static bool take_next(void *context, carpel_error *err)
{
    reading *r = context;
    lane *l = lane_of(r, r->next);
    stretch *s = &l->ahead[l->taken_count % AHEAD];
    portion *p = &s->portion;
    bool is_last = false;
    kept_messages_tell(&s->messages, host_heard_by(r->load->host));
    bool is_reopened = p->has_failed && reopen(r, l, &p->error);
    bool ok = is_reopened || take_stretch(r, l, s, &is_last, err);
    ahead_lock(&r->threads);
    l->taken_count += is_reopened ? 0 : 1;
    if (is_last)
        end_partition(r, l);
    ahead_unlock(&r->threads);
    return ok;
}

static bool is_next_read(const void *context)
{
    const reading *r = context;
    const lane *l = lane_of(r, r->next);
    return l->read_count > l->taken_count;
}

static bool is_over(const void *context)
{
    const reading *r = context;
    return r->next == r->partitions.count;
}

static const ahead_kind reading_partitions = {is_over,   claim_partition, read_stretch,
                                              note_read, is_next_read,    take_next};

/* ---- all of it ------------------------------------------------------------------------- */

static void reading_init(reading *r, size_t thread_count)
{
    r->lane_count = thread_count + 1;
    r->lanes = memory_alloc_zero_array(r->lane_count, sizeof *r->lanes);
    r->cursors = memory_alloc_zero_array(r->partitions.count + 1, sizeof *r->cursors);
    ahead_init(&r->threads, &reading_partitions, r);
}

static void reading_done(reading *r)
{
    for (size_t i = 0; i < r->lane_count; i++) {
        if (r->lanes[i].host)
            close_lane(&r->lanes[i]);
        memory_free(r->lanes[i].cursor);
    }
    for (size_t i = 0; i < r->partitions.count; i++)
        memory_free(r->cursors[i]);
    memory_free(r->cursors);
    memory_free(r->lanes);
    ahead_done(&r->threads);
}

/* Of the source's cursor there is one when rows were read. */
static bool join_cursors(const reading *r, carpel_error *err)
{
    partitions_load *p = r->load;
    return !p->has_cursors || guarded_join(p->host, plugin_of(r), r->partitions.state,
                                           (const char *const *)r->cursors,
                                           r->partitions.count, &p->cursor, err);
}

bool engine_load_partitions(partitions_load *p, loader *l, carpel_error *err)
{
    reading r = {.load = p, .loader = l};
    size_t threads = p->threads > 0 ? p->threads : parallel_processor_count();
    p->can_go_on = true;
    if (!guarded_open_partitions(p->host, plugin_of(&r), p->request, &r.partitions, err))
        return false;
    p->can_go_on = false;
    if (threads > r.partitions.count)
        threads = r.partitions.count;
    reading_init(&r, threads);
    bool ok = ahead_run(&r.threads, threads, err) && join_cursors(&r, err);
    reading_done(&r);
    guarded_close_partitions(p->host, plugin_of(&r), r.partitions.state);
    return ok;
}
