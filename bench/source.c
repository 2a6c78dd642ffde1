/* SPDX-License-Identifier: MIT
 *
 * How fast a source is by itself: it is opened as a load opens it, and its batches are let go as they come.
 *
 *     source PROJECT NAME ROUNDS
 *
 * reads the source NAME of the project from its beginning, with the columns that the project asks for, and
 * prints a line for each round: rows, megabytes of their batches, milliseconds of the clock and of the
 * processors (of its isolated process, too), and rows a second of either.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/memory.h"
#include "engine/parts.h"
#include "loaded.h"
#include "plugin/guarded.h"

typedef struct drained {
    uint64_t rows, bytes;
} drained;

static void on_log(void *context, carpel_log_level level, const char *message)
{
    (void)context;
    (void)level;
    fprintf(stderr, "%s\n", message);
}

/* ---- the bytes of a batch ------------------------------------------------------------- */

/* Bytes of `count` values of the column; of texts their offsets or codes. */
static uint64_t value_bytes(const char *format, uint64_t count)
{
    static const char four[] = "iutdD";
    if (strcmp(format, "b") == 0)
        return count / 8;
    if (strcmp(format, "+s") == 0)
        return 0;
    bool is_small = strcmp(format, "tdD") == 0 || format[0] == '+' ||
                    (format[1] == '\0' && strchr(four, format[0]));
    return count * (is_small ? 4 : 8);
}

static uint64_t array_bytes(const struct ArrowSchema *schema, const struct ArrowArray *a)
{
    uint64_t length = (uint64_t)a->length, all = value_bytes(schema->format, length);
    if (strcmp(schema->format, "u") == 0 && length > 0) {
        const int32_t *ends = a->buffers[1];
        all += (uint64_t)(ends[a->offset + a->length] - ends[a->offset]);
    }
    for (int64_t i = 0; i < a->n_children; i++)
        all += array_bytes(schema->children[i], a->children[i]);
    return all + (a->dictionary ? array_bytes(schema->dictionary, a->dictionary) : 0);
}

/* ---- reading ---------------------------------------------------------------------------- */

static bool fail_stream(struct ArrowArrayStream *stream, carpel_error *err)
{
    const char *why = stream->get_last_error(stream);
    return carpel_fail(err, CARPEL_E_SYSTEM, "%s", why ? why : "no reason");
}

static bool drain(struct ArrowArrayStream *stream, drained *out, carpel_error *err)
{
    struct ArrowSchema schema;
    bool is_good = true, is_over = false;
    if (stream->get_schema(stream, &schema) != 0)
        return fail_stream(stream, err);
    while (is_good && !is_over) {
        struct ArrowArray batch = {0};
        is_good = stream->get_next(stream, &batch) == 0 || fail_stream(stream, err);
        is_over = !batch.release;
        if (is_over)
            continue;
        out->rows += (uint64_t)batch.length;
        out->bytes += array_bytes(&schema, &batch);
        batch.release(&batch);
    }
    schema.release(&schema);
    return is_good;
}

static bool read_source(const engine *e, const engine_source *s, drained *out,
                        carpel_error *err)
{
    const host_listener hears = {.log = on_log,
                                 .plugin = s->connector.plugin->name,
                                 .title = s->name,
                                 .isolation = s->connector.isolation};
    const carpel_request request = {.struct_size = sizeof request,
                                    .name = s->name,
                                    .options = s->connector.options,
                                    .columns = mapping_columns(s->mapping),
                                    .column_count = mapping_column_count(s->mapping),
                                    .project_directory = e->project->directory,
                                    .events = e->event_names};
    struct ArrowArrayStream stream = {0};
    quarantine *refused = quarantine_new(NULL, false);
    plugin_host *host = host_new(s->mapping, refused, &hears);
    bool is_good = guarded_open(host, s->connector.plugin, &request, &stream, err) &&
                   drain(&stream, out, err);
    if (stream.release)
        stream.release(&stream);
    is_good = host_is_well(host, err) && is_good;
    host_free(host);
    quarantine_free(refused);
    return is_good;
}

/* ---- measuring --------------------------------------------------------------------------- */

static double seconds_of(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double processor_seconds(void)
{
    struct rusage own, ended;
    getrusage(RUSAGE_SELF, &own);
    getrusage(RUSAGE_CHILDREN, &ended);
    return seconds_of(own.ru_utime) + seconds_of(own.ru_stime) +
           seconds_of(ended.ru_utime) + seconds_of(ended.ru_stime);
}

static int read_once(const engine *e, const engine_source *s)
{
    drained all = {0};
    carpel_error err;
    double begin = clock_monotonic_seconds(), used = processor_seconds();
    if (!read_source(e, s, &all, &err))
        return complain(err.message);
    double wall = clock_monotonic_seconds() - begin;
    used = processor_seconds() - used;
    printf("%" PRIu64 " rows, %.1f MB, clock %.0f ms, processors %.0f ms: %.0f rows a "
           "second, of processors %.0f\n",
           all.rows, (double)all.bytes / 1e6, wall * 1000, used * 1000,
           (double)all.rows / wall, (double)all.rows / used);
    return 0;
}

static const engine_source *find_source(const engine *e, const char *name)
{
    for (size_t i = 0; i < e->project->source_count; i++)
        if (strcmp(e->sources[i].name, name) == 0)
            return &e->sources[i];
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return complain("usage: source PROJECT NAME ROUNDS");
    memory_keep_freed(); /* as a load does, whose tables lie behind the batches */
    diags *notes = diags_new();
    engine *e = engine_open(argv[1], notes);
    const engine_source *s = e ? find_source(e, argv[2]) : NULL;
    int code = 0;
    if (!e || !engine_compile(e, notes)) {
        diags_print(notes, stderr, false);
        code = 1;
    } else if (!s || !s->mapping || !s->connector.plugin) {
        code = complain("the project has no such source");
    }
    for (unsigned long i = strtoul(argv[3], NULL, 10); code == 0 && i > 0; i--)
        code = read_once(e, s);
    engine_close(e);
    diags_free(notes);
    return code;
}
