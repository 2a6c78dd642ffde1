/* SPDX-License-Identifier: MIT
 *
 * The child of an isolated plugin: it calls the plugin and tells what comes of it. A stream is
 * told as it comes; the duct is full when the parent is behind.
 */
#include <string.h>
#include <sys/socket.h>

#include "base/memory.h"
#include "plugin/isolated_serving.h"

/* Pieces that have a thread. */
typedef struct threads {
    serving **of;
    size_t count, capacity;
} threads;

/* ---- messages ----------------------------------------------------------------------- */

void serving_put_kind(serving *s, char kind)
{
    atomic_fetch_add_explicit(&s->common->alive, 1, memory_order_relaxed);
    duct_put(s->out, &kind, 1);
}

void serving_put_text(serving *s, const char *text, size_t size)
{
    uint64_t length = size < ISOLATED_LONGEST_TEXT ? size : ISOLATED_LONGEST_TEXT;
    duct_put(s->out, &length, sizeof length);
    duct_put(s->out, text, length);
}

static void on_log(void *context, carpel_log_level level, const char *message)
{
    serving *s = context;
    uint32_t number = (uint32_t)level;
    serving_put_kind(s, MESSAGE_LOG);
    duct_put(s->out, &number, sizeof number);
    serving_put_text(s, message, strlen(message));
    duct_flush(s->out);
}

static void on_progress(void *context, uint64_t done_bytes, uint64_t total_bytes)
{
    serving *s = context;
    const uint64_t numbers[2] = {done_bytes, total_bytes};
    serving_put_kind(s, MESSAGE_PROGRESS);
    duct_put(s->out, numbers, sizeof numbers);
}

static void put_refused(serving *s)
{
    for (size_t i = 0; i < s->refused.count; i++) {
        const refused_row *row = &s->refused.rows[i];
        serving_put_kind(s, MESSAGE_REFUSED);
        duct_put(s->out, &row->line, sizeof row->line);
        serving_put_text(s, row->person.data, row->person.size);
        serving_put_text(s, row->file, strlen(row->file));
        serving_put_text(s, row->reason, strlen(row->reason));
    }
    refused_rows_clear(&s->refused);
}

void serving_put_failure(serving *s, const carpel_error *err, bool is_broken)
{
    isolated_failure f = {.error = *err};
    f.is_broken = !host_is_well(s->host, &f.error) || is_broken;
    f.is_deaf = s->is_deaf;
    f.is_later = host_asks_again(s->host, &f.pause_seconds);
    if (s->pieces)
        guarded_place(s->host, isolation_inside(s->isolation), s->pieces, s->piece,
                      &f.place);
    put_refused(s);
    serving_put_kind(s, MESSAGE_FAILED);
    duct_put(s->out, &f, sizeof f);
    duct_flush(s->out);
}

void serving_put_done(serving *s, const void *answer, size_t size)
{
    serving_put_kind(s, MESSAGE_DONE);
    duct_put(s->out, answer, size);
    duct_flush(s->out);
}

/* ---- streams ------------------------------------------------------------------------ */

static const carpel_plugin *plugin_of(const serving *s)
{
    return isolation_inside(s->isolation);
}

static void put_place(serving *s, char kind)
{
    isolated_place p = {0};
    char *cursor = NULL;
    if (s->pieces) {
        guarded_place(s->host, plugin_of(s), s->pieces, s->piece, &p.place);
    } else if (s->task->wants_cursors) {
        p.has_cursor = true;
        p.is_cursor_good =
            guarded_cursor(s->host, plugin_of(s), &s->stream, &cursor, &p.cursor_error);
    }
    serving_put_kind(s, kind);
    duct_put(s->out, &p, sizeof p);
    if (cursor)
        serving_put_text(s, cursor, strlen(cursor));
    memory_free(cursor);
}

/* The next rows, or the end. False: it is over. */
static bool put_next(serving *s, batch *b, const isolated_shape *shape, carpel_error *err)
{
    struct ArrowArray array = {0};
    int number = s->stream.get_next(&s->stream, &array);
    if (number != 0) {
        batch_fail_stream(b->mapping, &s->stream, number, err);
        serving_put_failure(s, err, false);
        return false;
    }
    put_refused(s);
    if (!array.release) {
        put_place(s, MESSAGE_END);
        duct_flush(s->out);
        return false;
    }
    bool ok = batch_open(b, &array, err);
    if (ok) {
        put_place(s, MESSAGE_BATCH);
        isolated_rows_put(b, shape, s->out);
    } else {
        serving_put_failure(s, err, true);
    }
    array.release(&array);
    return duct_flush(s->out) && ok;
}

static bool put_shape(serving *s, batch *b, isolated_shape *shape, bool *is_broken,
                      carpel_error *err)
{
    int number = s->stream.get_schema(&s->stream, &b->schema);
    if (number != 0) {
        b->schema.release = NULL;
        return batch_fail_stream(b->mapping, &s->stream, number, err);
    }
    *is_broken = !batch_check_schema(b, err);
    if (*is_broken)
        return false;
    if (!isolated_shape_of(b, shape))
        return carpel_fail(err, CARPEL_E_LIMIT,
                           "a source with more than %d columns cannot be isolated",
                           ISOLATED_MOST_COLUMNS);
    serving_put_kind(s, MESSAGE_SHAPE);
    duct_put(s->out, shape, sizeof *shape);
    return true;
}

static void put_stream(serving *s)
{
    batch b;
    carpel_error err;
    isolated_shape *shape = memory_alloc(sizeof *shape);
    bool is_broken = false;
    serving_put_done(s, NULL, 0);
    batch_init(&b, host_mapping(s->host));
    if (!put_shape(s, &b, shape, &is_broken, &err))
        serving_put_failure(s, &err, is_broken);
    else
        while (put_next(s, &b, shape, &err))
            continue;
    batch_done(&b);
    memory_free(shape);
}

/* ---- calls -------------------------------------------------------------------------- */

static void serving_begin(serving *s)
{
    const host_listener hears = {.context = s,
                                 .log = on_log,
                                 .progress = on_progress,
                                 .cancel = &s->common->cancel,
                                 .plugin = plugin_of(s)->name,
                                 .alive = &s->common->alive};
    s->host = host_twin(s->model, &hears);
    refused_rows_init(&s->refused);
    host_collect_refused(s->host, &s->refused);
}

/* What was found when nobody listens any more is left where the parent looks. */
static void serving_end(serving *s)
{
    carpel_error err;
    if (s->stream.release)
        s->stream.release(&s->stream);
    if (!host_is_well(s->host, &err) && !atomic_load(&s->common->has_failed)) {
        s->common->error = err;
        atomic_store(&s->common->has_failed, 1);
    }
    refused_rows_done(&s->refused);
    host_free(s->host);
    duct_writer_free(s->out);
}

static void serve_open(serving *s)
{
    carpel_error err;
    if (guarded_open(s->host, plugin_of(s), s->task->request, &s->stream, &err))
        put_stream(s);
    else
        serving_put_failure(s, &err, false);
}

static void serve_acknowledge(serving *s)
{
    carpel_error err;
    if (guarded_acknowledge(s->host, plugin_of(s), s->task->request, s->task->cursor,
                            &err))
        serving_put_done(s, NULL, 0);
    else
        serving_put_failure(s, &err, false);
}

static void serve_check(serving *s)
{
    isolated_failure f = {0};
    bool is_tried;
    uint32_t reach =
        guarded_check(s->host, plugin_of(s), s->task->inquiry, &is_tried, &f.error);
    f.is_broken = !host_is_well(s->host, &f.error);
    serving_put_kind(s, MESSAGE_DONE);
    duct_put(s->out, &reach, sizeof reach);
    duct_put(s->out, &f, sizeof f);
    duct_flush(s->out);
}

/* ---- pieces ------------------------------------------------------------------------- */

static void *serve_piece(void *context)
{
    serving *s = context;
    carpel_error err;
    serving_begin(s);
    if (guarded_open_piece(s->host, plugin_of(s), s->pieces, s->piece, s->begin,
                           &s->stream, &err))
        put_stream(s);
    else
        serving_put_failure(s, &err, false);
    serving_end(s);
    atomic_store(&s->has_ended, true);
    return NULL;
}

/* A wish of the parent, and the end of a duct that came with it. False: there is none any more. */
static bool take_wish(int orders, isolated_wish *wish, int *end)
{
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec part = {wish, sizeof *wish};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    if (recvmsg(orders, &message, MSG_CMSG_CLOEXEC) != (ssize_t)sizeof *wish)
        return false;
    const struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (head)
        memcpy(end, CMSG_DATA(head), sizeof *end);
    return head != NULL;
}

static void join(serving *piece)
{
    pthread_join(piece->thread, NULL);
    memory_free(piece);
}

/* Join what has ended, and wait for the piece, which is open once at a time: nobody reads any more
 * what its thread writes. */
static void join_some(threads *t, size_t piece)
{
    size_t left = 0;
    for (size_t i = 0; i < t->count; i++)
        if (t->of[i]->piece == piece || atomic_load(&t->of[i]->has_ended))
            join(t->of[i]);
        else
            t->of[left++] = t->of[i];
    t->count = left;
}

static void begin_piece(threads *t, serving *piece)
{
    memory_grow((void **)&t->of, t->count, &t->capacity, sizeof *t->of);
    if (pthread_create(&piece->thread, NULL, serve_piece, piece) == 0) {
        t->of[t->count++] = piece;
    } else {
        serve_piece(piece);
        memory_free(piece);
    }
}

static void serve_pieces(const serving *s, void *state)
{
    isolated_wish wish;
    int end;
    threads t = {0};
    while (take_wish(s->ends->orders, &wish, &end)) {
        join_some(&t, wish.piece);
        serving *piece = memory_alloc(sizeof *piece);
        *piece = (serving){.isolation = s->isolation,
                           .task = s->task,
                           .common = s->common,
                           .ends = s->ends,
                           .model = s->model,
                           .out = duct_writer_new(
                               end, isolated_ring(s->ends->rings, wish.ring), NULL, NULL),
                           .pieces = state,
                           .piece = wish.piece,
                           .begin = wish.begin};
        begin_piece(&t, piece);
    }
    for (size_t i = 0; i < t.count; i++)
        join(t.of[i]);
    memory_free(t.of);
}

static void serve_reading(serving *s)
{
    carpel_pieces pieces;
    carpel_error err;
    if (!guarded_open_reading(s->host, plugin_of(s), s->task->request,
                              s->task->piece_bytes, &pieces, &err)) {
        serving_put_failure(s, &err, false);
        return;
    }
    serving_put_done(s, &pieces, sizeof pieces);
    serve_pieces(s, pieces.state);
    guarded_close_reading(s->host, plugin_of(s), pieces.state);
}

void isolated_work(const isolation *i, const isolated_task *task, plugin_host *host,
                   isolated_common *common, const isolated_ends *ends)
{
    duct_ring *ring = isolated_ring(ends->rings, ends->out_ring);
    serving s = {.isolation = i,
                 .task = task,
                 .common = common,
                 .ends = ends,
                 .model = host,
                 .out = duct_writer_new(ends->out, ring, NULL, NULL)};
    memory_keep_freed(); /* as batches are */
    plugin_call_show(&common->calls);
    serving_begin(&s);
    if (task->inquiry)
        serve_check(&s);
    else if (task->is_acknowledge)
        serve_acknowledge(&s);
    else if (task->delivery)
        serve_output(&s);
    else if (task->is_reading)
        serve_reading(&s);
    else
        serve_open(&s);
    serving_end(&s);
    atomic_store(&common->is_done, 1);
}
