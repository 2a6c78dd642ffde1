/* SPDX-License-Identifier: MIT
 *
 * An output in its child: it waits for what the parent orders, one call of the plugin after the other, asks for
 * batches while it writes, and hands what goes into the host's files to the parent.
 */
#include <errno.h>
#include <string.h>

#include "base/memory.h"
#include "plugin/isolated_serving.h"

typedef struct output_serving {
    serving *serving;
    const carpel_output *output;
    duct_reader *orders; /* NULL: none is followed any more, and `error` says why */
    uint64_t order_count;
    void *instance;
    carpel_error error; /* of the stream of rows */
} output_serving;

/* The rows of a delivery, as the host's own are. */
static const isolated_shape PLAIN;

/* A carpel_file here. */
typedef struct child_file {
    output_serving *of;
    uint64_t number; /* at the parent */
} child_file;

static void nothing_to_do(void *context)
{
    (void)context;
}

/* The parent is gone: so is this process, soon. */
static bool fail_alone(carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
}

/* What comes next may be anything, and is not read: the parent hears that, too, and writes no more. */
static void hear_no_more(output_serving *o)
{
    duct_reader_free(o->orders);
    o->orders = NULL;
    o->serving->is_deaf = true;
}

/* The parent is gone, or what it says makes no sense; what was the matter before stands. */
static void hear_the_end(output_serving *o)
{
    if (!o->orders)
        return;
    fail_alone(&o->error);
    hear_no_more(o);
}

/* The kind of the next order; 0: there is none any more. */
static char next_order(output_serving *o)
{
    isolated_order order;
    if (o->orders && duct_get(o->orders, &order, sizeof order) &&
        order.magic == ISOLATED_ORDER_MAGIC && order.number == o->order_count + 1) {
        o->order_count++;
        return (char)order.kind;
    }
    hear_the_end(o);
    return 0;
}

/* What belongs to an order. */
static bool get_part(output_serving *o, void *out, size_t size)
{
    if (duct_get(o->orders, out, size))
        return true;
    hear_the_end(o);
    return false;
}

/* ---- files of the host's ------------------------------------------------------------------ */

static bool open_file(void *context, const char *path, carpel_file **out,
                      carpel_error *err)
{
    output_serving *o = context;
    isolated_opened answer;
    uint32_t has_path = path != NULL;
    serving_put_kind(o->serving, MESSAGE_FILE);
    duct_put(o->serving->out, &has_path, sizeof has_path);
    serving_put_text(o->serving, path ? path : "", path ? strlen(path) : 0);
    duct_flush(o->serving->out);
    if (next_order(o) != ORDER_OPENED || !get_part(o, &answer, sizeof answer)) {
        hear_the_end(o);
        *err = o->error;
        return false;
    }
    if (!answer.is_open) {
        *err = answer.error;
        return false;
    }
    child_file *file = memory_alloc(sizeof *file); /* as long as the process */
    *file = (child_file){o, answer.number};
    *out = (carpel_file *)(void *)file;
    return true;
}

/* A write that fails is told when the files are prepared. */
static bool write_file(carpel_file *file, const void *data, size_t size)
{
    const child_file *f = (const child_file *)(const void *)file;
    serving *s = f->of->serving;
    const char *from = data;
    while (size > 0) {
        size_t part = size < ISOLATED_LONGEST_TEXT ? size : ISOLATED_LONGEST_TEXT;
        serving_put_kind(s, MESSAGE_BYTES);
        duct_put(s->out, &f->number, sizeof f->number);
        serving_put_text(s, from, part);
        from += part;
        size -= part;
    }
    return true;
}

/* ---- rows --------------------------------------------------------------------------------- */

static int stream_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    output_serving *o = stream->private_data;
    const carpel_delivery *d = o->serving->task->delivery;
    isolated_schema(d->columns, d->column_count, &PLAIN, out);
    return 0;
}

/* The rows of a batch. False: the rest of them is left behind. */
static bool take_batch(output_serving *o, struct ArrowArray *out)
{
    const carpel_delivery *d = o->serving->task->delivery;
    isolated_got got =
        isolated_rows_get(d->columns, d->column_count, &PLAIN, o->orders, out);
    if (got == ISOLATED_WHOLE)
        return true;
    if (got == ISOLATED_NO_MEMORY) {
        carpel_fail(&o->error, CARPEL_E_SYSTEM,
                    "out of memory: there is none for the next batch of rows");
        hear_no_more(o);
    }
    hear_the_end(o);
    return false;
}

static int stream_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    output_serving *o = stream->private_data;
    *out = (struct ArrowArray){0};
    if (o->orders) {
        serving_put_kind(o->serving, MESSAGE_WANT);
        duct_flush(o->serving->out);
    }
    char kind = next_order(o);
    if (kind == ORDER_NO_MORE || (kind == ORDER_BATCH && take_batch(o, out)))
        return 0;
    if (kind == ORDER_FAILED)
        (void)get_part(o, &o->error, sizeof o->error); /* the parent has no batch */
    else
        hear_the_end(o);
    return carpel_error_number(&o->error);
}

static const char *stream_last_error(struct ArrowArrayStream *stream)
{
    return ((output_serving *)stream->private_data)->error.message;
}

static void stream_release(struct ArrowArrayStream *stream)
{
    stream->release = NULL;
}

static bool write_rows(output_serving *o, carpel_error *err)
{
    struct ArrowArrayStream rows = {.get_schema = stream_schema,
                                    .get_next = stream_next,
                                    .get_last_error = stream_last_error,
                                    .release = stream_release,
                                    .private_data = o};
    return o->output->write(o->instance, &rows, err);
}

/* ---- orders ------------------------------------------------------------------------------- */

static bool begin(output_serving *o)
{
    serving *s = o->serving;
    guarded_call call;
    carpel_error err;
    guarded_begin(&call, s->host, "begin");
    bool is_begun = o->output->begin(host_interface(s->host), s->task->delivery,
                                     &o->instance, &call.error);
    bool ok = guarded_end(&call, is_begun, &err);
    if (ok)
        serving_put_done(s, NULL, 0);
    else
        serving_put_failure(s, &err, false);
    return is_begun;
}

/* What the function answers; those that answer nothing cannot fail. */
static bool call_function(output_serving *o, char order, carpel_error *err)
{
    const carpel_output *output = o->output;
    switch (order) {
    case ORDER_WRITE: return write_rows(o, err);
    case ORDER_PREPARE: return output->prepare(o->instance, err);
    case ORDER_COMMIT: return output->commit(o->instance, err);
    case ORDER_ABORT: output->abort(o->instance); return true;
    case ORDER_CLOSE: output->close(o->instance); return true;
    default: return fail_alone(err);
    }
}

static const char *name_of(char order)
{
    return order == ORDER_WRITE     ? "write"
           : order == ORDER_PREPARE ? "prepare"
           : order == ORDER_COMMIT  ? "commit"
           : order == ORDER_ABORT   ? "abort"
                                    : "close";
}

static void follow(output_serving *o, char order)
{
    serving *s = o->serving;
    guarded_call call;
    carpel_error err;
    guarded_begin(&call, s->host, name_of(order));
    bool ok = guarded_end(&call, call_function(o, order, &call.error), &err);
    if (ok && !o->orders) /* it does not heed that its rows are not all */
        err = o->error;
    if (ok && o->orders)
        serving_put_done(s, NULL, 0);
    else
        serving_put_failure(s, &err, false);
}

/* What the parent would order after such a failure. */
static void end_alone(output_serving *o)
{
    static const char orders[] = {ORDER_ABORT, ORDER_CLOSE};
    for (size_t i = 0; i < sizeof orders; i++) {
        guarded_call call;
        carpel_error ignored;
        if (orders[i] == ORDER_ABORT && !o->output->abort)
            continue;
        guarded_begin(&call, o->serving->host, name_of(orders[i]));
        (void)guarded_end(&call, call_function(o, orders[i], &call.error), &ignored);
    }
}

/* Until it is closed, or nothing can be ordered any more. */
static void follow_all(output_serving *o)
{
    char order = 0;
    while (order != ORDER_CLOSE && (order = next_order(o)) != 0)
        follow(o, order);
    if (order != ORDER_CLOSE)
        end_alone(o);
}

void serve_output(serving *s)
{
    duct_ring *ring = isolated_ring(s->ends->rings, s->ends->order_ring);
    output_serving o = {.serving = s,
                        .output = isolation_inside(s->isolation)->output,
                        .orders =
                            duct_reader_new(s->ends->orders, ring, nothing_to_do, NULL)};
    const host_files files = {&o, open_file, write_file};
    host_replace_files(s->host, &files);
    if (begin(&o))
        follow_all(&o);
    duct_reader_free(o.orders);
}
