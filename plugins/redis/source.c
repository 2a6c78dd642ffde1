/* SPDX-License-Identifier: MIT
 *
 * The source `redis`: the entries of streams, one stream behind the other, up to the last entry that
 * each had when it was opened, or side by side. It goes on where the store says that it was; with a group, the
 * server is told what was taken (redis/groups.h).
 */
#include <carpel/plugin.h>

#include <stdio.h>
#include <string.h>

#include "common/columns.h"
#include "common/memory.h"
#include "common/moments.h"
#include "common/stream.h"
#include "redis/groups.h"
#include "redis/partitions.h"

enum { TOLD_ROWS = 50000 }; /* show what there is */

static const carpel_option options_table[] = {
    SERVER_OPTIONS(offsetof(redis_options, server)),
    {.name = "streams",
     .type = CARPEL_OPTION_TEXTS,
     .offset = offsetof(redis_options, streams),
     .required = true,
     .help = "The stream to read, or several."},
    {.name = "group",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(redis_options, group),
     .help = "A consumer group of carpel's own, by which the server knows what was "
             "taken; it is "
             "made when it is missing. Without one, nothing is written to the server."},
    {0}};

/* ---- rows ------------------------------------------------------------------------- */

static bool fill(void *state, carpel_rows *rows, bool *is_over, carpel_error *err)
{
    reading *r = state;
    if (!reading_fill(r, rows, is_over, err))
        return false;
    if (*is_over)
        reading_warn(r->host, r->request, r->row, r->is_seen);
    return true;
}

static void close_source(void *state)
{
    reading_done(state);
    free(state);
}

/* ---- where it was ----------------------------------------------------------------- */

static bool tell_cursor(struct ArrowArrayStream *stream, char *out, size_t capacity,
                        carpel_error *err)
{
    const reading *r = row_stream_state(stream);
    if (r->of)
        return partition_tell(r, out, capacity, err);
    return places_write(r->places, r->count, out, capacity, err);
}

static bool acknowledge(const carpel_host *host, const carpel_request *request,
                        const char *cursor, carpel_error *err)
{
    const redis_options *options = request->options;
    server s;
    place *places;
    size_t count = options->streams.count;
    if (!options->group)
        return true;
    if (!places_new(&options->streams, &places, err))
        return false;
    bool ok = places_read(places, count, cursor, err) &&
              server_open(&s, &options->server, host, err);
    if (ok) {
        ok = groups_acknowledge(&s, options->group, places, count, err);
        server_close(&s);
    }
    free(places);
    return ok || server_show(err);
}

/* How the entries are reached. Another host, port or database has other entries. */
static const char *const access_options[] = {"user", "password", "tls",
                                             "wait", "group",    NULL};

static const carpel_resuming resuming = {.struct_size = sizeof resuming,
                                         .cursor = tell_cursor,
                                         .acknowledge = acknowledge,
                                         .access_options = access_options,
                                         .partitions = &partitions};

/* ---- opening ---------------------------------------------------------------------- */

static bool open_source(const carpel_host *host, const carpel_request *request,
                        struct ArrowArrayStream *out, carpel_error *err)
{
    reading *s = common_alloc(1, sizeof *s);
    *s = (reading){.host = host, .request = request, .options = request->options};
    if (!reading_open(s, false, err)) {
        close_source(s);
        return server_show(err);
    }
    row_stream_open(host, request,
                    (row_source){.state = s, .fill = fill, .close = close_source}, out);
    return true;
}

/* Is what would be read there? */
static carpel_reach check(const carpel_host *host, const carpel_inquiry *inquiry,
                          carpel_error *err)
{
    const carpel_request request = columns_ask_told(inquiry);
    reading r = {.host = host,
                 .request = &request,
                 .options = inquiry->options,
                 .server = {.reach = CARPEL_NO_DATA}};
    bool ok = reading_open(&r, true, err);
    carpel_reach reach = ok ? CARPEL_REACHED : r.server.reach;
    reading_done(&r);
    if (!ok)
        server_show(err);
    return reach;
}

/* ---- telling what there is ------------------------------------------------------- */

static void tell_own(const carpel_view *view, const redisReply *fields, const char *name,
                     const char *value, bool is_text)
{
    if (!entry_field(fields, name))
        view->row_field(view->context, name, value, strlen(value), is_text);
}

static void tell_entry(const place *p, const redisReply *fields, const carpel_view *view)
{
    char id[ENTRY_ID_SIZE], time[64];
    for (size_t i = 0; i + 1 < fields->elements; i += 2) {
        const redisReply *name = fields->element[i], *value = fields->element[i + 1];
        bool is_whole = strlen(name->str) == (size_t)name->len;
        if (is_whole && entry_field(fields, name->str) == value)
            view->row_field(view->context, name->str, value->str, (size_t)value->len,
                            false);
    }
    entry_id_write(p->read, id);
    tell_own(view, fields, "entry_id", id, true);
    if (p->read.milliseconds <= INT64_MAX / 1000) {
        moment_write_time((int64_t)p->read.milliseconds, 1000, 'T', "Z", time,
                          sizeof time);
        tell_own(view, fields, "entry_time", time, false);
    }
    tell_own(view, fields, "entry_stream", p->name, true);
}

/* The entries of an answer. False, with no failure, when no more are wanted. */
static bool tell_answer(reading *s, const carpel_view *view, bool *is_over,
                        carpel_error *err)
{
    place *p = &s->places[s->at];
    for (size_t i = 0; !*is_over && i < s->entries->elements; i++) {
        const redisReply *entry = s->entries->element[i];
        if (!entry_read(entry, &p->read))
            return server_fail_form(&s->server, err);
        *is_over = !view->row_begin(view->context, ++s->row);
        if (*is_over)
            return true;
        tell_entry(p, entry->element[1], view);
        view->row_end(view->context);
        *is_over = s->row == TOLD_ROWS;
    }
    reading_drop(s);
    return true;
}

static bool tell_streams(reading *s, const carpel_view *view, carpel_error *err)
{
    bool is_over = false;
    for (s->at = 0; !is_over && s->at < s->count; s->at++) {
        const place *p = &s->places[s->at];
        while (!is_over && entry_id_is_before(p->read, p->end))
            if (!reading_ask(s, err) ||
                (s->entries && !tell_answer(s, view, &is_over, err)))
                return false;
    }
    return true;
}

/* The group is left alone: what it was given would be wanted back. */
static bool discover(const carpel_host *host, const carpel_inquiry *inquiry,
                     const carpel_view *view, carpel_error *err)
{
    const carpel_request request = columns_ask_none(inquiry);
    redis_options options = *(const redis_options *)inquiry->options;
    options.group = NULL;
    reading r = {.host = host, .request = &request, .options = &options};
    bool ok = reading_open(&r, true, err) && tell_streams(&r, view, err);
    reading_done(&r);
    return ok || server_show(err);
}

static const carpel_source source = {.struct_size = sizeof(carpel_source),
                                     .open = open_source,
                                     .resuming = &resuming,
                                     .check = check,
                                     .discover = discover};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "redis",
    .version = "1.0",
    .summary = "Entries of streams of a server of Redis.",
    .manual = "sources:\n"
              "  - plugin: redis\n"
              "    host: redis.example.org\n"
              "    password: ${REDIS_PASSWORD}\n"
              "    streams: orders\n"
              "    group: carpel\n"
              "    person: customer\n"
              "    time: entry_time\n"
              "    event: purchase\n"
              "\n"
              "`from` is a field of an entry, or entry_id, entry_time (when it came) or "
              "entry_stream.\n"
              "Each load goes on behind the entries that the store has. With `group`, "
              "they are\n"
              "acknowledged when they are on the disk.\n",
    .options_size = sizeof(redis_options),
    .options = options_table,
    .source = &source,
};
