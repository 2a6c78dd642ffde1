/* SPDX-License-Identifier: MIT
 *
 * The parent of an isolated plugin: functions in the place of the plugin's, which make a child
 * and hand on what it tells.
 */
#include "plugin/isolation.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "plugin/isolated_parts.h"

/* A child that is to stop has so long to do it by itself. */
#define GRACE_SECONDS 0.3
#define PAUSE_SECONDS 0.001

/* More of them are not believed. */
#define MOST_PIECES ((size_t)1 << 24)

struct isolation {
    carpel_plugin plugin; /* in the place of `inside` */
    carpel_source source;
    carpel_reading reading;
    carpel_resuming resuming;
    const carpel_plugin *inside;
    double seconds;
};

/* Why a child is ended by force. */
typedef enum force {
    FORCE_NONE,    /* it ends by itself */
    FORCE_STOPPED, /* the user wants no more of it */
    FORCE_SILENT,
    FORCE_ENDLESS, /* it was to end, and works on */
    FORCE_GARBLED  /* what it tells is not whole, or cannot be */
} force;

/* A child. */
typedef struct worker {
    const isolation *isolation;
    isolated_common *common;
    int child, orders;    /* a socket, for a reading; else -1 */
    pthread_mutex_t lock; /* of what follows */
    atomic_bool has_ended;
    force force; /* the first */
    child_end end;
} worker;

/* What a child tells of one call. */
typedef struct channel {
    worker *worker;
    plugin_host *host;
    duct_reader *in;
    const carpel_column *columns;
    size_t column_count;
    isolated_shape shape;
    isolated_place at;      /* behind the last batch */
    bool has_all;           /* that is wanted of it, or will come */
    struct channel **place; /* of a piece: where it is known, until it is freed */
    unsigned alive;         /* as it was at `since` */
    double since, stopped;  /* seconds; stopped 0: nobody wants the end */
    carpel_error error;
} channel;

/* ---- children ----------------------------------------------------------------------- */

static void end_worker(worker *w, force force)
{
    pthread_mutex_lock(&w->lock);
    if (!atomic_load(&w->has_ended)) {
        w->force = force;
        w->end = child_wait(w->child, force != FORCE_NONE);
        atomic_store(&w->has_ended, true);
    }
    pthread_mutex_unlock(&w->lock);
}

static void free_worker(worker *w)
{
    duct_close(w->orders);
    pthread_mutex_destroy(&w->lock);
    child_common_memory_free(w->common, sizeof *w->common);
    memory_free(w);
}

/* Nothing comes: has the user stopped, or does the child sleep for ever? Its end is the end of
 * what it tells. */
static void look_after(void *context)
{
    channel *c = context;
    worker *w = c->worker;
    double now = clock_monotonic_seconds();
    unsigned alive = atomic_load(&w->common->alive);
    if (alive != c->alive) {
        c->alive = alive;
        c->since = now;
    }
    if (host_interface(c->host)->is_cancelled(host_interface(c->host))) {
        cancel_ask(&w->common->cancel);
        c->stopped = c->stopped > 0 ? c->stopped : now;
    }
    if (c->stopped > 0 && now - c->stopped > GRACE_SECONDS)
        end_worker(w, FORCE_STOPPED);
    if (now - c->since > w->isolation->seconds)
        end_worker(w, FORCE_SILENT);
}

/* Nobody is to read what the child writes but the end of `in`. */
static channel *new_channel(worker *w, plugin_host *host, int in,
                            const carpel_request *request)
{
    channel *c = memory_alloc_zero(sizeof *c);
    c->worker = w;
    c->host = host;
    c->in = duct_reader_new(in, look_after, c);
    c->columns = request ? request->columns : NULL;
    c->column_count = request ? request->column_count : 0;
    c->since = clock_monotonic_seconds();
    return c;
}

static bool fail_to_begin(carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_SYSTEM, "no process can be made for it: %s",
                       strerror(errno));
}

/* In the child, which has the parent's ends, too. */
static _Noreturn void work(const isolated_task *task, plugin_host *host,
                           isolated_common *common, const int pipe[2],
                           const int sockets[2])
{
    duct_close(pipe[0]);
    duct_close(sockets[0]);
    isolated_work(host_heard_by(host)->isolation, task, host, common, pipe[1],
                  sockets[1]);
    _exit(0);
}

/* Begin a child for the task. NULL: there is none, and *err says why. */
static channel *begin(plugin_host *host, const isolated_task *task, carpel_error *err)
{
    const isolation *i = host_heard_by(host)->isolation;
    int pipe[2], sockets[2] = {-1, -1};
    isolated_common *common = child_common_memory(sizeof *common);
    if (!common || !duct_open(pipe)) {
        if (common)
            child_common_memory_free(common, sizeof *common);
        fail_to_begin(err);
        return NULL;
    }
    cancel_init(&common->cancel);
    int child = -1;
    if (!task->is_reading ||
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) == 0)
        child = child_begin();
    if (child == 0)
        work(task, host, common, pipe, sockets);
    if (child < 0)
        fail_to_begin(err);
    duct_close(pipe[1]);
    duct_close(sockets[1]);
    worker *w = memory_alloc_zero(sizeof *w);
    *w = (worker){.isolation = i,
                  .common = common,
                  .child = child,
                  .orders = sockets[0],
                  .has_ended = child < 0};
    pthread_mutex_init(&w->lock, NULL);
    if (child > 0)
        return new_channel(w, host, pipe[0], task->request);
    duct_close(pipe[0]);
    free_worker(w);
    return NULL;
}

/* ---- what a child leaves ------------------------------------------------------------- */

static void break_with(plugin_host *host, const carpel_error *err)
{
    instance_failure *failure = host_failure(host);
    if (failure->has_failed)
        return;
    failure->has_failed = true;
    failure->error = *err;
    failure->error.message[sizeof err->message - 1] = '\0';
}

/* So long a child may work on that is to end. */
static double seconds_to_end(const worker *w)
{
    return w->isolation->seconds + 1;
}

/* The child ended before its work did. */
static void describe_end(const channel *c)
{
    const worker *w = c->worker;
    instance_failure *failure = host_failure(c->host);
    char where[CALL_NAME];
    if (!plugin_call_shown(&w->common->calls, where))
        strcpy(where, "a thread of its own");
    bool is_forced = w->end.kind == CHILD_CRASHED && w->end.number == SIGKILL;
    if (is_forced && w->force == FORCE_SILENT)
        instance_break(failure, "it gives no sign of life for %g seconds in %s",
                       w->isolation->seconds, where);
    else if (is_forced && w->force == FORCE_ENDLESS)
        instance_break(failure, "it does not end within %g seconds in %s",
                       seconds_to_end(w), where);
    else if (w->force == FORCE_GARBLED && (is_forced || atomic_load(&w->common->is_done)))
        instance_break(failure, "its process tells what cannot be read");
    else if (w->end.kind == CHILD_CRASHED && w->end.number == SIGABRT)
        instance_break(failure, "it aborts in %s (%s)", where, strsignal(SIGABRT));
    else if (w->end.kind == CHILD_CRASHED)
        instance_break(failure, "it crashes in %s (%s)", where, strsignal(w->end.number));
    else
        instance_break(failure, "it ends the process in %s (exit code %d)", where,
                       w->end.number);
}

static bool is_at_end(const worker *w)
{
    return atomic_load(&w->has_ended) || atomic_load(&w->common->is_done) ||
           child_is_over(w->child);
}

/* Wait until the child has ended, or has nothing more to do. False: it works on. */
static bool await_end(channel *c, double seconds)
{
    double end = clock_monotonic_seconds() + seconds;
    while (!is_at_end(c->worker)) {
        if (clock_monotonic_seconds() >= end)
            return false;
        look_after(c);
        cancel_pause(NULL, PAUSE_SECONDS);
    }
    return true;
}

/* What comes from the child is not there, or not whole. */
static bool fail_end(channel *c, carpel_error *err)
{
    c->has_all = true;
    await_end(c, GRACE_SECONDS);
    end_worker(c->worker, FORCE_GARBLED);
    if (c->stopped > 0 || c->worker->force == FORCE_STOPPED)
        return cancel_fail(err);
    describe_end(c);
    return carpel_fail(err, CARPEL_E_PLUGIN, "its process has ended");
}

/* What was found after the last that it told. */
static void look_at_end(channel *c)
{
    isolated_common *common = c->worker->common;
    if (c->stopped > 0)
        return;
    if (!atomic_load(&common->is_done))
        describe_end(c);
    else if (atomic_load(&common->has_failed))
        break_with(c->host, &common->error);
}

static void free_channel(channel *c)
{
    if (c->place)
        *c->place = NULL;
    duct_reader_free(c->in);
    memory_free(c);
}

/* The call is over: wait for the child's end. Whatever it still tells is not heard. */
static void end_channel(channel *c)
{
    worker *w = c->worker;
    duct_reader_free(c->in);
    c->in = NULL;
    if (!c->has_all)
        cancel_ask(&w->common->cancel);
    c->since = clock_monotonic_seconds();
    bool ends = await_end(c, seconds_to_end(w));
    end_worker(w, ends ? FORCE_NONE : FORCE_ENDLESS);
    look_at_end(c);
    free_channel(c);
    free_worker(w);
}

/* ---- messages ------------------------------------------------------------------------- */

/* A text that the caller frees; NULL: it does not come. */
static char *get_text(channel *c, size_t *size)
{
    uint64_t length;
    if (!duct_get(c->in, &length, sizeof length) || length > ISOLATED_LONGEST_TEXT)
        return NULL;
    char *text = memory_alloc(length + 1);
    text[length] = '\0';
    *size = length;
    if (duct_get(c->in, text, length))
        return text;
    memory_free(text);
    return NULL;
}

static bool take_log(channel *c)
{
    uint32_t level;
    size_t size;
    char *message = duct_get(c->in, &level, sizeof level) ? get_text(c, &size) : NULL;
    if (!message)
        return false;
    const carpel_host *host = host_interface(c->host);
    host->log(host, (carpel_log_level)level, message);
    memory_free(message);
    return true;
}

static bool take_progress(channel *c)
{
    uint64_t numbers[2];
    if (!duct_get(c->in, numbers, sizeof numbers))
        return false;
    const carpel_host *host = host_interface(c->host);
    host->progress(host, numbers[0], numbers[1]);
    return true;
}

static bool take_refused(channel *c)
{
    uint64_t line;
    size_t size, ignored;
    if (!duct_get(c->in, &line, sizeof line))
        return false;
    char *person = get_text(c, &size);
    char *file = person ? get_text(c, &ignored) : NULL;
    char *reason = file ? get_text(c, &ignored) : NULL;
    if (reason)
        host_refuse_row(c->host, (slice){person, size}, file, line, reason);
    memory_free(person);
    memory_free(file);
    memory_free(reason);
    return reason != NULL;
}

/* The next message that is not for the host alone; 0: none comes whole. */
static char next_message(channel *c)
{
    char kind;
    bool ok = true;
    while (ok && duct_get(c->in, &kind, 1)) {
        if (kind == MESSAGE_LOG)
            ok = take_log(c);
        else if (kind == MESSAGE_PROGRESS)
            ok = take_progress(c);
        else if (kind == MESSAGE_REFUSED)
            ok = take_refused(c);
        else
            return kind;
    }
    return 0;
}

/* A failure that the child tells. */
static bool take_failure(channel *c, carpel_error *err)
{
    isolated_failure f;
    const carpel_host *host = host_interface(c->host);
    if (!duct_get(c->in, &f, sizeof f))
        return fail_end(c, err);
    c->has_all = true;
    c->at.place = f.place;
    *err = f.error;
    err->message[sizeof err->message - 1] = '\0';
    if (f.is_broken)
        break_with(c->host, err);
    if (f.is_later) {
        err->code = CARPEL_E_LATER;
        host->retry_after(host, f.pause_seconds);
    }
    return false;
}

/* Wait for the answer of a call, with so much behind it. */
static bool take_answer(channel *c, void *out, size_t size, carpel_error *err)
{
    char kind = next_message(c);
    if (kind == MESSAGE_FAILED)
        return take_failure(c, err);
    return (kind == MESSAGE_DONE && duct_get(c->in, out, size)) || fail_end(c, err);
}

/* ---- streams ---------------------------------------------------------------------------- */

/* How many flags a shape of these columns has. */
static size_t flag_count(const channel *c)
{
    size_t count = 0;
    for (size_t i = 0; i < c->column_count; i++)
        count += c->columns[i].type == CARPEL_LIST ? c->columns[i].item_count : 1;
    return count;
}

static int fail_stream(channel *c)
{
    return carpel_error_number(&c->error);
}

static int stream_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    channel *c = stream->private_data;
    char kind = next_message(c);
    if (kind == MESSAGE_FAILED) {
        take_failure(c, &c->error);
        return fail_stream(c);
    }
    if (kind != MESSAGE_SHAPE || !duct_get(c->in, &c->shape, sizeof c->shape) ||
        c->shape.count != flag_count(c)) {
        fail_end(c, &c->error);
        return fail_stream(c);
    }
    isolated_schema(c->columns, c->column_count, &c->shape, out);
    return 0;
}

static int stream_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    channel *c = stream->private_data;
    *out = (struct ArrowArray){0};
    if (c->has_all)
        return 0;
    char kind = next_message(c);
    bool has_place = (kind == MESSAGE_BATCH || kind == MESSAGE_END) &&
                     duct_get(c->in, &c->at, sizeof c->at);
    if (kind == MESSAGE_FAILED)
        take_failure(c, &c->error);
    else if (has_place && kind == MESSAGE_END)
        c->has_all = true;
    else if (!has_place ||
             !isolated_rows_get(c->columns, c->column_count, &c->shape, c->in, out))
        fail_end(c, &c->error);
    bool is_good = kind == MESSAGE_END ? c->has_all && has_place : out->release != NULL;
    return is_good ? 0 : fail_stream(c);
}

static const char *stream_last_error(struct ArrowArrayStream *stream)
{
    return ((channel *)stream->private_data)->error.message;
}

static void stream_release(struct ArrowArrayStream *stream)
{
    channel *c = stream->private_data;
    stream->release = NULL;
    if (c->place)
        free_channel(c);
    else
        end_channel(c);
}

static void make_stream(channel *c, struct ArrowArrayStream *out)
{
    *out = (struct ArrowArrayStream){.get_schema = stream_schema,
                                     .get_next = stream_next,
                                     .get_last_error = stream_last_error,
                                     .release = stream_release,
                                     .private_data = c};
}

/* ---- in the place of the plugin's functions ------------------------------------------------ */

static plugin_host *host_of(const carpel_host *host)
{
    return (plugin_host *)(uintptr_t)host; /* its interface is its first member */
}

static bool open_source(const carpel_host *host, const carpel_request *request,
                        struct ArrowArrayStream *out, carpel_error *err)
{
    const isolation *i = host_heard_by(host_of(host))->isolation;
    const isolated_task task = {.request = request,
                                .wants_cursors =
                                    guarded_resumes(i->inside, request->options)};
    channel *c = begin(host_of(host), &task, err);
    if (!c)
        return false;
    if (take_answer(c, NULL, 0, err)) {
        make_stream(c, out);
        return true;
    }
    end_channel(c);
    return false;
}

static bool tell_cursor(struct ArrowArrayStream *stream, char out[CARPEL_CURSOR_SIZE],
                        carpel_error *err)
{
    const isolated_place *at = &((channel *)stream->private_data)->at;
    memcpy(out, at->cursor, CARPEL_CURSOR_SIZE);
    if (!at->has_cursor)
        out[0] = '\0';
    if (!at->has_cursor || at->is_cursor_good)
        return true;
    *err = at->cursor_error;
    return false;
}

static bool acknowledge(const carpel_host *host, const carpel_request *request,
                        const char *cursor, carpel_error *err)
{
    const isolated_task task = {
        .request = request, .is_acknowledge = true, .cursor = cursor};
    channel *c = begin(host_of(host), &task, err);
    if (!c)
        return false;
    bool ok = take_answer(c, NULL, 0, err);
    c->has_all = true;
    end_channel(c);
    return ok;
}

typedef struct check_answer {
    uint32_t reach;
    isolated_failure failure;
} check_answer;

static carpel_reach check(const carpel_host *host, const carpel_inquiry *inquiry,
                          carpel_error *err)
{
    const isolated_task task = {.inquiry = inquiry};
    channel *c = begin(host_of(host), &task, err);
    uint32_t reach = CARPEL_UNREACHABLE;
    isolated_failure f = {0};
    if (!c)
        return CARPEL_UNREACHABLE;
    bool ok = take_answer(c, &reach, sizeof reach, err) &&
              (duct_get(c->in, &f, sizeof f) || fail_end(c, err));
    if (ok && reach != CARPEL_REACHED)
        *err = f.error;
    if (ok && f.is_broken)
        break_with(c->host, &f.error);
    c->has_all = true;
    end_channel(c);
    return ok ? (carpel_reach)reach : CARPEL_UNREACHABLE;
}

/* ---- pieces ----------------------------------------------------------------------------------- */

/* A reading in the parent. */
typedef struct pieces {
    channel *channel; /* of the call that opened it */
    carpel_pieces inside;
    channel **of; /* by piece, as long as it is open */
} pieces;

static bool open_reading(const carpel_host *host, const carpel_request *request,
                         size_t piece_bytes, carpel_pieces *out, carpel_error *err)
{
    const isolated_task task = {
        .request = request, .is_reading = true, .piece_bytes = piece_bytes};
    channel *c = begin(host_of(host), &task, err);
    carpel_pieces inside;
    if (!c)
        return false;
    if (!take_answer(c, &inside, sizeof inside, err) ||
        (inside.count > MOST_PIECES && !fail_end(c, err))) {
        end_channel(c);
        return false;
    }
    pieces *p = memory_alloc_zero(sizeof *p);
    p->channel = c;
    p->inside = inside;
    p->of = memory_alloc_zero_array(inside.count + 1, sizeof *p->of);
    *out = (carpel_pieces){p, inside.count, inside.total_bytes};
    return true;
}

/* Tell the child of a piece, with the end of a pipe for it. */
static bool wish_for(const worker *w, const isolated_wish *wish, int end)
{
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec part = {(void *)(uintptr_t)wish, sizeof *wish};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof end);
    memcpy(CMSG_DATA(head), &end, sizeof end);
    return sendmsg(w->orders, &message, MSG_NOSIGNAL) == (ssize_t)sizeof *wish;
}

static void close_piece(pieces *p, size_t piece)
{
    if (p->of[piece])
        free_channel(p->of[piece]);
}

/* When the child is there, it is not its fault. */
static bool fail_wish(channel *c, int reason, carpel_error *err)
{
    if (reason == EPIPE || reason == ECONNRESET)
        return fail_end(c, err);
    free_channel(c);
    return carpel_fail(err, CARPEL_E_SYSTEM,
                       "its process cannot be asked for a piece: %s", strerror(reason));
}

static bool open_piece(void *state, size_t piece, uint64_t begin_at,
                       const carpel_host *host, struct ArrowArrayStream *out,
                       carpel_error *err)
{
    pieces *p = state;
    worker *w = p->channel->worker;
    const isolated_wish wish = {.piece = piece, .begin = begin_at};
    int pipe[2];
    close_piece(p, piece);
    if (!duct_open(pipe))
        return fail_to_begin(err);
    channel *c = new_channel(w, host_of(host), pipe[0], NULL);
    c->columns = p->channel->columns;
    c->column_count = p->channel->column_count;
    c->place = &p->of[piece];
    *c->place = c;
    bool is_sent = wish_for(w, &wish, pipe[1]);
    int reason = is_sent ? 0 : errno;
    duct_close(pipe[1]);
    if (!is_sent)
        return fail_wish(c, reason, err);
    if (!take_answer(c, NULL, 0, err))
        return false;
    make_stream(c, out);
    return true;
}

static void tell_place(void *state, size_t piece, carpel_piece_place *out)
{
    const pieces *p = state;
    if (p->of[piece])
        *out = p->of[piece]->at.place;
}

static void close_reading(void *state)
{
    pieces *p = state;
    worker *w = p->channel->worker;
    duct_close(w->orders); /* it has no wishes any more */
    w->orders = -1;
    for (size_t i = 0; i < p->inside.count; i++)
        close_piece(p, i);
    p->channel->has_all = true;
    end_channel(p->channel);
    memory_free(p->of);
    memory_free(p);
}

/* ---- the plugin ---------------------------------------------------------------------------------- */

/* All that says how it goes on stays as it is, as far as the struct goes. */
static void take_place_of_resuming(isolation *i, const carpel_resuming *inside)
{
    size_t size = inside->struct_size < sizeof i->resuming ? inside->struct_size
                                                           : sizeof i->resuming;
    memcpy(&i->resuming, inside, size);
    i->resuming.struct_size = size;
    i->resuming.cursor = tell_cursor;
    i->resuming.acknowledge = inside->acknowledge ? acknowledge : NULL;
    i->source.resuming = &i->resuming;
}

/* What the plugin has, as far as its version goes. */
static void take_place_of(isolation *i)
{
    const carpel_plugin *inside = i->inside;
    const carpel_reading *reading = guarded_reading(inside);
    const carpel_resuming *resuming = guarded_resuming(inside);
    i->source = (carpel_source){.open = open_source,
                                .brings_own_names = inside->source->brings_own_names};
    if (guarded_can_look(inside))
        i->source.look = inside->source->look;
    if (guarded_can_check(inside))
        i->source.check = check;
    if (reading) {
        i->reading = (carpel_reading){.open = open_reading,
                                      .open_piece = open_piece,
                                      .place = tell_place,
                                      .close = close_reading,
                                      .goes_on = reading->goes_on};
        if (guarded_can_unpack(inside))
            i->reading.unpack = reading->unpack;
        i->source.reading = &i->reading;
    }
    if (resuming)
        take_place_of_resuming(i, resuming);
}

isolation *isolation_new(const carpel_plugin *plugin, double seconds, arena *memory)
{
    isolation *i = arena_alloc(memory, sizeof *i);
    *i = (isolation){.plugin = *plugin, .inside = plugin, .seconds = seconds};
    take_place_of(i);
    i->plugin.source = &i->source;
    return i;
}

const carpel_plugin *isolation_plugin(const isolation *i)
{
    return &i->plugin;
}

const carpel_plugin *isolation_inside(const isolation *i)
{
    return i->inside;
}

double isolation_seconds(const isolation *i)
{
    return i->seconds;
}
