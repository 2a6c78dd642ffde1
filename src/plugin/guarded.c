/* SPDX-License-Identifier: MIT
 *
 * The stream that stands before a plugin's own. A batch and a schema go out under a
 * release function of ours, so that the plugin's is called as guarded as the others.
 */
#include "plugin/guarded.h"

#include <string.h>

#include "base/memory.h"
#include "plugin/foreign.h"
#include "plugin/guarded_stream.h"

typedef struct guard {
    plugin_host *host;
    const char *plugin;
    struct ArrowArrayStream stream; /* the plugin's */
    uint64_t row_count;             /* handed over */
    uint64_t activity;              /* of the host, when a batch last had rows */
    unsigned empty_count;           /* batches since then */
    carpel_error error;             /* of the last call */
} guard;

/* A struct of the plugin that went out, and its owner. */
typedef struct lent_array {
    guard *guard;
    struct ArrowArray array;
} lent_array;

typedef struct lent_schema {
    guard *guard;
    struct ArrowSchema schema;
} lent_schema;

static void enter(guard *g, plugin_call *call, const char *function)
{
    plugin_call_begin(call, g->plugin, function, host_failure(g->host));
}

/* ---- failures --------------------------------------------------------------------- */

/* Put the source's name before the message. */
static void add_title(const plugin_host *host, carpel_error *err)
{
    carpel_error bare = *err;
    const char *title = host_heard_by(host)->title;
    if (title != NULL && err->code != CARPEL_E_CANCELLED)
        carpel_fail(err, bare.code, "%s: %.*s", title, (int)sizeof bare.message,
                    bare.message);
}

/* The host's failure is the cause of what came after it. */
static bool settle(plugin_host *host, carpel_error *err)
{
    carpel_error cause;
    if (host_is_well(host, &cause))
        return true;
    *err = cause;
    return false;
}

static void hear_later(plugin_host *host, carpel_error *err)
{
    if (err->code == CARPEL_E_LATER)
        host_note_later(host, err);
}

/* What the plugin says of a call of its stream that failed; returns the number to fail
 * with. */
static int fail_call(guard *g, const char *function, int number)
{
    plugin_call call;
    enter(g, &call, "get_last_error");
    const char *said = g->stream.get_last_error(&g->stream);
    plugin_call_end(&call);
    g->error.code = carpel_error_code_of(number);
    bool has_text = foreign_text(said, g->error.message, sizeof g->error.message);
    if (number < 0)
        instance_break(host_failure(g->host), "%s failed with the number %d", function,
                       number);
    else if (!has_text || g->error.message[0] == '\0')
        instance_break(host_failure(g->host), "%s failed without a message (%s)",
                       function, strerror(number));
    if (settle(g->host, &g->error)) {
        add_title(g->host, &g->error);
        hear_later(g->host, &g->error);
    }
    return carpel_error_number(&g->error);
}

/* A function failed: is what it says an error? */
static void check_error(plugin_host *host, const char *function, const carpel_error *err)
{
    const char *fault = NULL;
    if (memchr(err->message, '\0', sizeof err->message) == NULL)
        fault = "a message that does not end";
    else if (err->message[0] == '\0')
        fault = "no message";
    else if (err->code < CARPEL_E_INPUT || err->code > CARPEL_E_LATER)
        fault = "an unknown code";
    if (fault != NULL)
        instance_break(host_failure(host), "%s failed with %s", function, fault);
}

/* ---- calls that answer true or an error ------------------------------------------- */

void guarded_begin(guarded_call *call, plugin_host *host, const char *function)
{
    instance_failure *failure = host_failure(host);
    call->host = host;
    call->error = (carpel_error){0};
    plugin_call_begin(&call->call, failure->plugin, function, failure);
}

bool guarded_end(guarded_call *call, bool answer, carpel_error *err)
{
    plugin_call_end(&call->call);
    if (!answer)
        check_error(call->host, call->call.function, &call->error);
    if (!settle(call->host, err))
        return false;
    if (answer)
        return true;
    *err = call->error;
    add_title(call->host, err);
    hear_later(call->host, err);
    return false;
}

/* ---- batches and schemas on their way ---------------------------------------------- */

static void release_array(struct ArrowArray *array)
{
    plugin_call call;
    lent_array *lent = array->private_data;
    guard *g = lent->guard;
    enter(g, &call, "the release of a batch");
    lent->array.release(&lent->array);
    plugin_call_end(&call);
    if (lent->array.release != NULL)
        instance_break(host_failure(g->host), "the release of a batch did not reset it");
    memory_free(lent);
    array->release = NULL;
}

static void lend_array(guard *g, const struct ArrowArray *array, struct ArrowArray *out)
{
    lent_array *lent = memory_alloc(sizeof *lent);
    *lent = (lent_array){g, *array};
    *out = *array;
    out->private_data = lent;
    out->release = release_array;
}

static void release_schema(struct ArrowSchema *schema)
{
    plugin_call call;
    lent_schema *lent = schema->private_data;
    guard *g = lent->guard;
    enter(g, &call, "the release of the schema");
    lent->schema.release(&lent->schema);
    plugin_call_end(&call);
    if (lent->schema.release != NULL)
        instance_break(host_failure(g->host),
                       "the release of the schema did not reset it");
    memory_free(lent);
    schema->release = NULL;
}

static void lend_schema(guard *g, const struct ArrowSchema *schema,
                        struct ArrowSchema *out)
{
    lent_schema *lent = memory_alloc(sizeof *lent);
    *lent = (lent_schema){g, *schema};
    *out = *schema;
    out->private_data = lent;
    out->release = release_schema;
}

/* ---- the stream ---------------------------------------------------------------------- */

static int stream_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    guard *g = stream->private_data;
    plugin_call call;
    struct ArrowSchema schema = {0};
    *out = schema;
    enter(g, &call, "get_schema");
    int number = g->stream.get_schema(&g->stream, &schema);
    plugin_call_end(&call);
    if (number != 0)
        return fail_call(g, "get_schema", number);
    if (schema.release == NULL)
        instance_break(host_failure(g->host), "get_schema gave no schema");
    else
        lend_schema(g, &schema, out);
    return settle(g->host, &g->error) ? 0 : carpel_error_number(&g->error);
}

/* A batch came that can be released. */
static void count_rows(guard *g, const struct ArrowArray *batch)
{
    uint64_t activity = host_activity(g->host);
    bool is_working = batch->length != 0 || activity != g->activity;
    g->activity = activity;
    g->empty_count = is_working ? 0 : g->empty_count + 1;
    if (batch->length > 0)
        g->row_count += (uint64_t)batch->length;
    if (g->empty_count > GUARDED_MOST_EMPTY_BATCHES)
        instance_break(host_failure(g->host), "it gave %d batches without a row",
                       GUARDED_MOST_EMPTY_BATCHES);
}

static int stream_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    guard *g = stream->private_data;
    plugin_call call;
    struct ArrowArray batch = {0};
    *out = batch;
    if (!settle(g->host, &g->error)) /* met in the release of the batch before */
        return carpel_error_number(&g->error);
    enter(g, &call, "get_next");
    int number = g->stream.get_next(&g->stream, &batch);
    plugin_call_end(&call);
    if (number != 0)
        return fail_call(g, "get_next", number);
    if (batch.release != NULL) {
        count_rows(g, &batch);
        lend_array(g, &batch, out);
    } else if (batch.length != 0) {
        instance_break(host_failure(g->host), "a batch of %lld rows cannot be released",
                       (long long)batch.length);
    } else {
        host_check_end(g->host, g->row_count);
    }
    if (settle(g->host, &g->error))
        return 0;
    if (out->release != NULL)
        out->release(out);
    return carpel_error_number(&g->error);
}

static const char *stream_last_error(struct ArrowArrayStream *stream)
{
    guard *g = stream->private_data;
    return g->error.message[0] != '\0' ? g->error.message : NULL;
}

static void stream_release(struct ArrowArrayStream *stream)
{
    guard *g = stream->private_data;
    plugin_call call;
    enter(g, &call, "the release of its stream");
    g->stream.release(&g->stream);
    plugin_call_end(&call);
    if (g->stream.release != NULL)
        instance_break(host_failure(g->host),
                       "the release of its stream did not reset it");
    memory_free(g);
    stream->release = NULL;
}

/* ---- opening ------------------------------------------------------------------------- */

/* open() succeeded: is what it gave a stream? */
static void check_stream(plugin_host *host, const struct ArrowArrayStream *stream)
{
    const char *lacking = stream->release == NULL          ? "release"
                          : stream->get_schema == NULL     ? "get_schema"
                          : stream->get_next == NULL       ? "get_next"
                          : stream->get_last_error == NULL ? "get_last_error"
                                                           : NULL;
    if (lacking != NULL)
        instance_break(host_failure(host), "its stream lacks %s", lacking);
}

void guarded_lend(plugin_host *host, const carpel_plugin *plugin,
                  const struct ArrowArrayStream *stream, struct ArrowArrayStream *out)
{
    check_stream(host, stream);
    if (!stream->release)
        return;
    guard *g = memory_alloc_zero(sizeof *g);
    g->host = host;
    g->plugin = plugin->name;
    g->stream = *stream;
    *out = (struct ArrowArrayStream){.get_schema = stream_schema,
                                     .get_next = stream_next,
                                     .get_last_error = stream_last_error,
                                     .release = stream_release,
                                     .private_data = g};
}

struct ArrowArrayStream *guarded_inside(const struct ArrowArrayStream *stream)
{
    guard *g = stream->private_data;
    return &g->stream;
}

bool guarded_open(plugin_host *host, const carpel_plugin *plugin,
                  const carpel_request *request, struct ArrowArrayStream *out,
                  carpel_error *err)
{
    guarded_call call;
    struct ArrowArrayStream stream = {0};
    *out = stream;
    guarded_begin(&call, host, "open");
    bool is_open =
        plugin->source->open(host_interface(host), request, &stream, &call.error);
    if (is_open)
        guarded_lend(host, plugin, &stream, out);
    return guarded_end(&call, is_open, err);
}

/* ---- pieces ---------------------------------------------------------------------------- */

const carpel_reading *guarded_reading(const carpel_plugin *plugin)
{
    return plugin->source->reading;
}

bool guarded_open_reading(plugin_host *host, const carpel_plugin *plugin,
                          const carpel_request *request, size_t piece_bytes,
                          carpel_pieces *out, carpel_error *err)
{
    guarded_call call;
    *out = (carpel_pieces){0};
    guarded_begin(&call, host, "reading.open");
    bool is_open = guarded_reading(plugin)->open(host_interface(host), request,
                                                 piece_bytes, out, &call.error);
    return guarded_end(&call, is_open, err);
}

bool guarded_open_piece(plugin_host *host, const carpel_plugin *plugin, void *state,
                        size_t piece, uint64_t begin, struct ArrowArrayStream *out,
                        carpel_error *err)
{
    guarded_call call;
    struct ArrowArrayStream stream = {0};
    *out = stream;
    guarded_begin(&call, host, "open_piece");
    bool is_open = guarded_reading(plugin)->open_piece(host_interface(host), state, piece,
                                                       begin, &stream, &call.error);
    if (is_open)
        guarded_lend(host, plugin, &stream, out);
    return guarded_end(&call, is_open, err);
}

void guarded_place(plugin_host *host, const carpel_plugin *plugin, void *state,
                   size_t piece, carpel_piece_place *out)
{
    plugin_call call;
    plugin_call_begin(&call, plugin->name, "place", host_failure(host));
    *out = (carpel_piece_place){0};
    guarded_reading(plugin)->place(state, piece, out);
    plugin_call_end(&call);
}

bool guarded_can_unpack(const carpel_plugin *plugin)
{
    const carpel_reading *r = guarded_reading(plugin);
    return r && r->unpack;
}

bool guarded_unpack(plugin_host *host, const carpel_plugin *plugin, const char *path,
                    bool (*take)(void *context, const char *bytes, size_t size),
                    void *context, bool *is_packed, carpel_error *err)
{
    const carpel_reading *r = guarded_reading(plugin);
    guarded_call call;
    *is_packed = false;
    if (!guarded_can_unpack(plugin))
        return true;
    guarded_begin(&call, host, "unpack");
    bool is_read =
        r->unpack(host_interface(host), path, take, context, is_packed, &call.error);
    return guarded_end(&call, is_read, err);
}

void guarded_close_reading(plugin_host *host, const carpel_plugin *plugin, void *state)
{
    plugin_call call;
    plugin_call_begin(&call, plugin->name, "close", host_failure(host));
    guarded_reading(plugin)->close(state);
    plugin_call_end(&call);
}
