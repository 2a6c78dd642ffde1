/* SPDX-License-Identifier: MIT
 *
 * Children of isolated plugins, how they end, and their messages.
 */
#include "plugin/isolated_channel.h"

#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"

/* A child that is to stop has so long to do it by itself. */
#define GRACE_SECONDS 0.3
#define PAUSE_SECONDS 0.001

/* Pieces beyond go through sockets. */
enum { MOST_RINGS = 64 };

/* ---- children ----------------------------------------------------------------------- */

static void end_worker(worker *w, force force)
{
    pthread_mutex_lock(&w->lock);
    if (!atomic_load(&w->has_ended)) {
        w->force = force;
        w->is_forced = force != FORCE_NONE && !child_is_over(w->child);
        w->end = child_wait(w->child, w->is_forced);
        atomic_store(&w->has_ended, true);
    }
    pthread_mutex_unlock(&w->lock);
}

static void free_worker(worker *w)
{
    if (!w)
        return;
    duct_close(w->orders);
    pthread_mutex_destroy(&w->lock);
    child_common_memory_free(w->common, sizeof *w->common);
    if (w->rings)
        child_common_memory_free(w->rings, w->ring_count * duct_ring_size());
    memory_free(w->is_lent);
    memory_free(w);
}

/* ---- rings ---------------------------------------------------------------------------- */

/* Memory that a child of the task may write to. Without, it is slower. */
static void make_rings(worker *w, const isolated_task *task)
{
    size_t count = task->is_reading ? MOST_RINGS : task->delivery ? 2 : 1;
    if (task->inquiry || task->is_acknowledge)
        return;
    w->rings = child_common_memory(count * duct_ring_size());
    w->ring_count = w->rings ? count : 0;
    w->is_lent = memory_alloc_zero_array(count, sizeof *w->is_lent);
}

/* The first ring that nobody has: used more than those behind it, it is in the caches. */
static size_t lend_ring(worker *w)
{
    size_t ring = ISOLATED_NO_RING;
    pthread_mutex_lock(&w->lock);
    for (size_t i = 0; i < w->ring_count && ring == ISOLATED_NO_RING; i++)
        if (!w->is_lent[i] && duct_ring_is_free(isolated_ring(w->rings, i)))
            ring = i;
    if (ring != ISOLATED_NO_RING) {
        w->is_lent[ring] = true;
        duct_ring_init(isolated_ring(w->rings, ring));
    }
    pthread_mutex_unlock(&w->lock);
    return ring;
}

static void return_ring(worker *w, size_t ring)
{
    if (ring == ISOLATED_NO_RING)
        return;
    pthread_mutex_lock(&w->lock);
    w->is_lent[ring] = false;
    pthread_mutex_unlock(&w->lock);
}

/* ---- channels ------------------------------------------------------------------------- */

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
    if (c->stopped > 0 && !c->is_held && now - c->stopped > GRACE_SECONDS)
        end_worker(w, FORCE_STOPPED);
    if (now - c->since > isolation_seconds(w->isolation))
        end_worker(w, FORCE_SILENT);
}

static channel *make_channel(worker *w, plugin_host *host, int in, size_t ring)
{
    channel *c = memory_alloc_zero(sizeof *c);
    c->worker = w;
    c->host = host;
    c->ring = ring;
    c->in = duct_reader_new(in, isolated_ring(w->rings, ring), look_after, c);
    c->since = clock_monotonic_seconds();
    return c;
}

channel *channel_new(worker *w, plugin_host *host, int in)
{
    return make_channel(w, host, in, lend_ring(w));
}

bool channel_fail_to_begin(carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_SYSTEM, "no process can be made for it: %s",
                       strerror(errno));
}

static worker *new_worker(const isolation *i, const isolated_task *task)
{
    isolated_common *common = child_common_memory(sizeof *common);
    if (!common)
        return NULL;
    worker *w = memory_alloc_zero(sizeof *w);
    *w = (worker){.isolation = i, .common = common, .child = -1, .orders = -1};
    cancel_init(&common->cancel);
    pthread_mutex_init(&w->lock, NULL);
    make_rings(w, task);
    return w;
}

/* In the child, which has the parent's ends, too. */
static _Noreturn void work(const worker *w, const isolated_task *task, plugin_host *host,
                           const int duct[2], size_t ring, const int sockets[2])
{
    duct_close(duct[0]);
    duct_close(sockets[0]);
    const isolated_ends ends = {.rings = w->rings,
                                .out = duct[1],
                                .out_ring = ring,
                                .orders = sockets[1],
                                .order_ring = w->order_ring};
    isolated_work(w->isolation, task, host, w->common, &ends);
    _exit(0);
}

/* What a child is told by, of which the first is the parent's. */
static bool open_orders(worker *w, const isolated_task *task, int ends[2])
{
    if (task->is_reading)
        return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0;
    if (!task->delivery)
        return true;
    w->order_ring = lend_ring(w);
    return duct_open(ends);
}

duct_writer *channel_take_orders(channel *c)
{
    worker *w = c->worker;
    duct_writer *out =
        duct_writer_new(w->orders, isolated_ring(w->rings, w->order_ring), look_after, c);
    w->orders = -1;
    return out;
}

/* Fork, and keep the parent's ends. NULL: there is no child. */
static channel *begin_child(worker *w, plugin_host *host, const isolated_task *task)
{
    int duct[2], sockets[2] = {-1, -1};
    if (!duct_open(duct))
        return NULL;
    size_t ring = lend_ring(w);
    if (open_orders(w, task, sockets))
        w->child = child_begin();
    if (w->child == 0)
        work(w, task, host, duct, ring, sockets);
    int reason = errno;
    duct_close(duct[1]);
    duct_close(sockets[1]);
    w->orders = sockets[0];
    if (w->child > 0)
        return make_channel(w, host, duct[0], ring);
    duct_close(duct[0]);
    errno = reason;
    return NULL;
}

channel *channel_begin(plugin_host *host, const isolated_task *task, carpel_error *err)
{
    worker *w = new_worker(host_heard_by(host)->isolation, task);
    channel *c = w ? begin_child(w, host, task) : NULL;
    if (!c) {
        channel_fail_to_begin(err);
        free_worker(w);
        return NULL;
    }
    if (task->request) {
        c->columns = task->request->columns;
        c->column_count = task->request->column_count;
    }
    return c;
}

/* ---- what a child leaves ------------------------------------------------------------- */

void channel_break(plugin_host *host, const carpel_error *err)
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
    return isolation_seconds(w->isolation) + 1;
}

/* The child ended before its work did. */
static void describe_end(const channel *c)
{
    const worker *w = c->worker;
    instance_failure *failure = host_failure(c->host);
    char where[CALL_NAME];
    if (!plugin_call_shown(&w->common->calls, where))
        strcpy(where, "a thread of its own");
    bool is_killed = w->end.kind == CHILD_CRASHED && w->end.number == SIGKILL;
    bool is_forced = is_killed && w->is_forced;
    if (is_forced && w->force == FORCE_SILENT)
        instance_break(failure, "it gives no sign of life for %g seconds in %s",
                       isolation_seconds(w->isolation), where);
    else if (is_forced && w->force == FORCE_ENDLESS)
        instance_break(failure, "it does not end within %g seconds in %s",
                       seconds_to_end(w), where);
    else if (w->force == FORCE_GARBLED && (is_forced || atomic_load(&w->common->is_done)))
        instance_break(failure, "its process tells what cannot be read");
    else if (is_killed)
        instance_break(failure,
                       "it is killed in %s (%s), as the system does when memory runs out",
                       where, strsignal(SIGKILL));
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

bool channel_fail_end(channel *c, carpel_error *err)
{
    c->has_all = true;
    await_end(c, GRACE_SECONDS);
    end_worker(c->worker, FORCE_GARBLED);
    if (c->stopped > 0 || c->worker->force == FORCE_STOPPED)
        return cancel_fail(err);
    describe_end(c);
    return carpel_fail(err, CARPEL_E_PLUGIN, "its process has ended");
}

bool channel_fail_memory(channel *c, carpel_error *err)
{
    cancel_ask(&c->worker->common->cancel);
    c->stopped = clock_monotonic_seconds();
    return carpel_fail(err, CARPEL_E_SYSTEM,
                       "out of memory: there is none for a batch of its rows");
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
        channel_break(c->host, &common->error);
}

void channel_hear_no_more(channel *c)
{
    duct_reader_free(c->in);
    c->in = NULL;
    return_ring(c->worker, c->ring);
    c->ring = ISOLATED_NO_RING;
}

void channel_free(channel *c)
{
    if (c->place)
        *c->place = NULL;
    channel_hear_no_more(c);
    memory_free(c->cursor);
    memory_free(c);
}

void channel_end(channel *c)
{
    worker *w = c->worker;
    channel_hear_no_more(c);
    if (!c->has_all)
        cancel_ask(&w->common->cancel);
    c->since = clock_monotonic_seconds();
    bool ends = await_end(c, seconds_to_end(w));
    end_worker(w, ends ? FORCE_NONE : FORCE_ENDLESS);
    look_at_end(c);
    channel_free(c);
    free_worker(w);
}

/* ---- messages ------------------------------------------------------------------------- */

char *channel_get_text(channel *c, size_t *size)
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

bool channel_get_place(channel *c)
{
    size_t size;
    if (!duct_get(c->in, &c->at, sizeof c->at))
        return false;
    memory_free(c->cursor);
    bool has_cursor = c->at.has_cursor && c->at.is_cursor_good;
    c->cursor = has_cursor ? channel_get_text(c, &size) : NULL;
    return c->cursor || !has_cursor;
}

static bool take_log(channel *c)
{
    uint32_t level;
    size_t size;
    char *message =
        duct_get(c->in, &level, sizeof level) ? channel_get_text(c, &size) : NULL;
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
    char *person = channel_get_text(c, &size);
    char *file = person ? channel_get_text(c, &ignored) : NULL;
    char *reason = file ? channel_get_text(c, &ignored) : NULL;
    if (reason)
        host_refuse_row(c->host, (slice){person, size}, file, line, reason);
    memory_free(person);
    memory_free(file);
    memory_free(reason);
    return reason != NULL;
}

char channel_next(channel *c)
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

bool channel_take_failure(channel *c, carpel_error *err)
{
    isolated_failure f;
    const carpel_host *host = host_interface(c->host);
    if (!duct_get(c->in, &f, sizeof f))
        return channel_fail_end(c, err);
    c->has_all = true;
    c->at.place = f.place;
    c->is_deaf = f.is_deaf;
    *err = f.error;
    err->message[sizeof err->message - 1] = '\0';
    if (f.is_broken)
        channel_break(c->host, err);
    if (f.is_later) {
        err->code = CARPEL_E_LATER;
        host->retry_after(host, f.pause_seconds);
    }
    return false;
}

bool channel_take_answer(channel *c, void *out, size_t size, carpel_error *err)
{
    char kind = channel_next(c);
    if (kind == MESSAGE_FAILED)
        return channel_take_failure(c, err);
    return (kind == MESSAGE_DONE && duct_get(c->in, out, size)) ||
           channel_fail_end(c, err);
}
