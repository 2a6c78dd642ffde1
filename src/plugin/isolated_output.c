/* SPDX-License-Identifier: MIT
 *
 * The parent of an isolated output: it orders one call after the other, and hears the child until it has
 * answered. The child asks for each batch, so that never both write and nobody reads.
 */
#include "plugin/isolated_output.h"

#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "plugin/isolated_channel.h"

typedef struct isolated_output {
    channel *channel;
    duct_writer *orders;
    const carpel_delivery *delivery;
    uint64_t order_count; /* so far */
    carpel_file **files;  /* that it opened, by number */
    size_t file_count, file_capacity;
    bool is_gone; /* the child, or it is about to end by itself */
} isolated_output;

static void put_order(isolated_output *o, char kind)
{
    const isolated_order order = {ISOLATED_ORDER_MAGIC, ++o->order_count,
                                  (unsigned char)kind};
    duct_put(o->orders, &order, sizeof order);
}

/* ---- files ---------------------------------------------------------------------------------- */

static bool open_file(isolated_output *o)
{
    channel *c = o->channel;
    const carpel_host *host = host_interface(c->host);
    isolated_opened answer = {.number = o->file_count};
    uint32_t has_path;
    size_t size;
    char *path =
        duct_get(c->in, &has_path, sizeof has_path) ? channel_get_text(c, &size) : NULL;
    if (!path)
        return false;
    carpel_file *file;
    answer.is_open = host->file_open(host, has_path ? path : NULL, &file, &answer.error);
    memory_free(path);
    if (answer.is_open) {
        memory_grow((void **)&o->files, o->file_count, &o->file_capacity,
                    sizeof(carpel_file *));
        o->files[o->file_count++] = file;
    }
    put_order(o, ORDER_OPENED);
    duct_put(o->orders, &answer, sizeof answer);
    return duct_flush(o->orders);
}

static bool write_file(isolated_output *o)
{
    channel *c = o->channel;
    const carpel_host *host = host_interface(c->host);
    uint64_t number;
    size_t size;
    if (!duct_get(c->in, &number, sizeof number) || number >= o->file_count)
        return false;
    char *bytes = channel_get_text(c, &size);
    if (bytes)
        (void)host->file_write(o->files[number], bytes, size); /* told by its prepare */
    memory_free(bytes);
    return bytes != NULL;
}

/* ---- steps ------------------------------------------------------------------------------------ */

static void put_batch(isolated_output *o, struct ArrowArray *batch)
{
    put_order(o, batch->release ? ORDER_BATCH : ORDER_NO_MORE);
    if (!batch->release)
        return;
    isolated_table_put(batch, o->delivery->columns, o->delivery->column_count, o->orders);
    batch->release(batch);
}

/* The rows have come to their end too early. */
static void put_failure(isolated_output *o, struct ArrowArrayStream *rows, int number)
{
    carpel_error err;
    const char *said = rows->get_last_error(rows);
    carpel_fail(&err, carpel_error_code_of(number), "%s", said ? said : strerror(number));
    put_order(o, ORDER_FAILED);
    duct_put(o->orders, &err, sizeof err);
}

static void give_next(isolated_output *o, struct ArrowArrayStream *rows)
{
    struct ArrowArray batch = {0};
    int number = rows->get_next(rows, &batch);
    if (number != 0)
        put_failure(o, rows, number);
    else
        put_batch(o, &batch);
    duct_flush(o->orders);
}

static bool fail_gone(isolated_output *o, carpel_error *err)
{
    o->is_gone = true;
    return channel_fail_end(o->channel, err);
}

static bool take_failure(isolated_output *o, carpel_error *err)
{
    (void)channel_take_failure(o->channel, err);
    o->is_gone = o->channel->is_deaf;
    return false;
}

/* Hear the child until the call is answered. */
static bool take_answer(isolated_output *o, struct ArrowArrayStream *rows,
                        carpel_error *err)
{
    channel *c = o->channel;
    for (bool ok = true; ok;) {
        char kind = channel_next(c);
        if (kind == MESSAGE_DONE)
            return true;
        if (kind == MESSAGE_FAILED)
            return take_failure(o, err);
        if (kind == MESSAGE_FILE)
            ok = open_file(o);
        else if (kind == MESSAGE_BYTES)
            ok = write_file(o);
        else if (kind == MESSAGE_WANT && rows)
            give_next(o, rows);
        else
            ok = false;
    }
    return fail_gone(o, err);
}

/* How long the child was left alone says nothing. What has begun to be put in place is not ended by whoever wants
 * to stop. */
static bool step(isolated_output *o, char order, struct ArrowArrayStream *rows,
                 carpel_error *err)
{
    if (o->is_gone)
        return carpel_fail(err, CARPEL_E_PLUGIN, "its process has ended");
    o->channel->since = clock_monotonic_seconds();
    o->channel->is_held = order == ORDER_COMMIT || order == ORDER_ABORT;
    put_order(o, order);
    duct_flush(o->orders);
    return take_answer(o, rows, err);
}

/* ---- in the place of the plugin's functions --------------------------------------------------- */

static void free_output(isolated_output *o)
{
    o->channel->has_all = true;
    duct_writer_free(o->orders);
    channel_end(o->channel);
    memory_free(o->files);
    memory_free(o);
}

static bool begin(const carpel_host *host, const carpel_delivery *delivery,
                  void **instance, carpel_error *err)
{
    const isolated_task task = {.delivery = delivery};
    channel *c = channel_begin((plugin_host *)(uintptr_t)host, &task, err);
    if (!c)
        return false;
    isolated_output *o = memory_alloc_zero(sizeof *o);
    o->channel = c;
    o->delivery = delivery;
    o->orders = channel_take_orders(c);
    *instance = o;
    if (take_answer(o, NULL, err))
        return true;
    free_output(o);
    return false;
}

static bool write_rows(void *instance, struct ArrowArrayStream *rows, carpel_error *err)
{
    return step(instance, ORDER_WRITE, rows, err);
}

static bool prepare(void *instance, carpel_error *err)
{
    return step(instance, ORDER_PREPARE, NULL, err);
}

/* A child that is gone may have done it. */
static bool commit(void *instance, carpel_error *err)
{
    isolated_output *o = instance;
    if (step(o, ORDER_COMMIT, NULL, err))
        return true;
    instance_failure *failure = host_failure(o->channel->host);
    if (o->is_gone && failure->has_failed) {
        carpel_error why = failure->error;
        carpel_fail(&failure->error, why.code,
                    "%.900s: whether its rows are there is not known", why.message);
    }
    return false;
}

static void abort_output(void *instance)
{
    carpel_error ignored;
    isolated_output *o = instance;
    if (!o->is_gone)
        (void)step(o, ORDER_ABORT, NULL, &ignored);
}

static void close_output(void *instance)
{
    carpel_error ignored;
    isolated_output *o = instance;
    if (!o->is_gone)
        (void)step(o, ORDER_CLOSE, NULL, &ignored);
    free_output(o);
}

carpel_output isolated_output_of(const carpel_output *inside)
{
    return (carpel_output){.struct_size = sizeof(carpel_output),
                           .begin = begin,
                           .write = write_rows,
                           .prepare = inside->prepare ? prepare : NULL,
                           .commit = inside->commit ? commit : NULL,
                           .abort = inside->abort ? abort_output : NULL,
                           .close = close_output};
}
