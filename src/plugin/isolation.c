/* SPDX-License-Identifier: MIT
 *
 * The parent of an isolated plugin: functions in the place of the plugin's, which make a child
 * and hand on what it tells (isolated_channel.h).
 */
#include "plugin/isolation.h"

#include <string.h>
#include <sys/socket.h>

#include "base/memory.h"
#include "plugin/isolated_channel.h"
#include "plugin/isolated_output.h"

/* More of them are not believed. */
#define MOST_PIECES ((size_t)1 << 24)

struct isolation {
    carpel_plugin plugin; /* in the place of `inside` */
    carpel_source source;
    carpel_output output;
    carpel_reading reading;
    carpel_resuming resuming;
    const carpel_plugin *inside;
    double seconds;
};

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
    char kind = channel_next(c);
    if (kind == MESSAGE_FAILED) {
        channel_take_failure(c, &c->error);
        return fail_stream(c);
    }
    if (kind != MESSAGE_SHAPE || !duct_get(c->in, &c->shape, sizeof c->shape) ||
        c->shape.count != flag_count(c) || c->shape.count > ISOLATED_MOST_COLUMNS) {
        channel_fail_end(c, &c->error);
        return fail_stream(c);
    }
    isolated_schema(c->columns, c->column_count, &c->shape, out);
    return 0;
}

static void end_stream(channel *c)
{
    c->has_all = true;
    channel_hear_no_more(c);
}

static void get_batch(channel *c, struct ArrowArray *out)
{
    isolated_got got =
        isolated_rows_get(c->columns, c->column_count, &c->shape, c->in, out);
    if (got == ISOLATED_NO_MEMORY)
        channel_fail_memory(c, &c->error);
    else if (got != ISOLATED_WHOLE)
        channel_fail_end(c, &c->error);
}

static int stream_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    channel *c = stream->private_data;
    *out = (struct ArrowArray){0};
    if (c->has_all)
        return 0;
    char kind = channel_next(c);
    bool has_place =
        (kind == MESSAGE_BATCH || kind == MESSAGE_END) && channel_get_place(c);
    if (kind == MESSAGE_FAILED)
        channel_take_failure(c, &c->error);
    else if (has_place && kind == MESSAGE_END)
        end_stream(c);
    else if (has_place)
        get_batch(c, out);
    else
        channel_fail_end(c, &c->error);
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
        channel_free(c);
    else
        channel_end(c);
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
    channel *c = channel_begin(host_of(host), &task, err);
    if (!c)
        return false;
    if (channel_take_answer(c, NULL, 0, err)) {
        make_stream(c, out);
        return true;
    }
    channel_end(c);
    return false;
}

static bool tell_cursor(struct ArrowArrayStream *stream, char *out, size_t capacity,
                        carpel_error *err)
{
    const channel *c = stream->private_data;
    snprintf(out, capacity, "%s", c->cursor ? c->cursor : "");
    if (!c->at.has_cursor || c->at.is_cursor_good)
        return true;
    *err = c->at.cursor_error;
    return false;
}

static bool acknowledge(const carpel_host *host, const carpel_request *request,
                        const char *cursor, carpel_error *err)
{
    const isolated_task task = {
        .request = request, .is_acknowledge = true, .cursor = cursor};
    channel *c = channel_begin(host_of(host), &task, err);
    if (!c)
        return false;
    bool ok = channel_take_answer(c, NULL, 0, err);
    c->has_all = true;
    channel_end(c);
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
    channel *c = channel_begin(host_of(host), &task, err);
    uint32_t reach = CARPEL_UNREACHABLE;
    isolated_failure f = {0};
    if (!c)
        return CARPEL_UNREACHABLE;
    bool ok = channel_take_answer(c, &reach, sizeof reach, err) &&
              (duct_get(c->in, &f, sizeof f) || channel_fail_end(c, err));
    if (ok && reach != CARPEL_REACHED)
        *err = f.error;
    if (ok && f.is_broken)
        channel_break(c->host, &f.error);
    c->has_all = true;
    channel_end(c);
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
    channel *c = channel_begin(host_of(host), &task, err);
    carpel_pieces inside;
    if (!c)
        return false;
    if (!channel_take_answer(c, &inside, sizeof inside, err) ||
        (inside.count > MOST_PIECES && !channel_fail_end(c, err))) {
        channel_end(c);
        return false;
    }
    pieces *p = memory_alloc_zero(sizeof *p);
    p->channel = c;
    p->inside = inside;
    p->of = memory_alloc_zero_array(inside.count + 1, sizeof *p->of);
    out->state = p;
    out->count = inside.count;
    out->total_bytes = inside.total_bytes;
    return true;
}

/* Tell the child of a piece, with the end of a duct for it. */
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
        channel_free(p->of[piece]);
}

/* When the child is there, it is not its fault. */
static bool fail_wish(channel *c, int reason, carpel_error *err)
{
    if (reason == EPIPE || reason == ECONNRESET)
        return channel_fail_end(c, err);
    channel_free(c);
    return carpel_fail(err, CARPEL_E_SYSTEM,
                       "its process cannot be asked for a piece: %s", strerror(reason));
}

static bool open_piece(const carpel_host *host, void *state, size_t piece,
                       uint64_t begin_at, struct ArrowArrayStream *out, carpel_error *err)
{
    pieces *p = state;
    worker *w = p->channel->worker;
    int duct[2];
    close_piece(p, piece);
    if (!duct_open(duct))
        return channel_fail_to_begin(err);
    channel *c = channel_new(w, host_of(host), duct[0]);
    const isolated_wish wish = {.piece = piece, .begin = begin_at, .ring = c->ring};
    c->columns = p->channel->columns;
    c->column_count = p->channel->column_count;
    c->place = &p->of[piece];
    *c->place = c;
    bool is_sent = wish_for(w, &wish, duct[1]);
    int reason = is_sent ? 0 : errno;
    duct_close(duct[1]);
    if (!is_sent)
        return fail_wish(c, reason, err);
    if (!channel_take_answer(c, NULL, 0, err))
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
    channel_end(p->channel);
    memory_free(p->of);
    memory_free(p);
}

/* ---- the plugin ---------------------------------------------------------------------------------- */

/* All that says how it goes on stays as it is. The child reads partitions one after the other. */
static void take_place_of_resuming(isolation *i, const carpel_resuming *inside)
{
    i->resuming = *inside;
    i->resuming.partitions = NULL;
    i->resuming.cursor = tell_cursor;
    i->resuming.acknowledge = inside->acknowledge ? acknowledge : NULL;
    i->source.resuming = &i->resuming;
}

static void take_place_of_output(isolation *i)
{
    i->output = isolated_output_of(i->inside->output);
    if (guarded_can_check(i->inside))
        i->output.check = check;
    i->plugin.output = &i->output;
}

/* What a source has. */
static void take_place_of_source(isolation *i)
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
    i->plugin.source = &i->source;
}

isolation *isolation_new(const carpel_plugin *plugin, double seconds, arena *memory)
{
    isolation *i = arena_alloc(memory, sizeof *i);
    *i = (isolation){.plugin = *plugin, .inside = plugin, .seconds = seconds};
    if (plugin->kind == CARPEL_OUTPUT)
        take_place_of_output(i);
    else
        take_place_of_source(i);
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
