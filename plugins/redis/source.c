/* SPDX-License-Identifier: MIT
 *
 * The source `redis`: the entries of streams, one stream behind the other, up to the last entry that
 * each had when it was opened. It goes on where the store says that it was; with a group, the server
 * is told what was taken (redis/groups.h). A row's place is its stream and its number in the load.
 */
#include <carpel/plugin.h>

#include <stdio.h>
#include <string.h>

#include "common/columns.h"
#include "common/memory.h"
#include "common/moments.h"
#include "common/stream.h"
#include "redis/entries.h"
#include "redis/groups.h"

enum {
    FIRST_ASKED = 100,
    MOST_ASKED = 10000,
    WANTED_BYTES = 1 << 20, /* about so many in one answer */
    TOLD_ROWS = 50000       /* show what there is */
};

typedef struct redis_options {
    server_options server;
    carpel_texts streams;
    const char *group;
} redis_options;

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

typedef struct redis_source {
    const carpel_host *host;
    const carpel_request *request;
    const redis_options *options;
    server server;
    place *places;
    size_t at;                 /* the stream that is read */
    redisReply *reply;         /* NULL: none is at hand */
    const redisReply *entries; /* of it, of which `next` were added */
    size_t next, asked;
    uint64_t row;
    bool *is_seen; /* by column: some entry had it */
    bool only_looks;
} redis_source;

/* ---- rows ------------------------------------------------------------------------- */

/* When an entry came, in milliseconds, or as the column's format says. */
static void set_time(const redis_source *s, carpel_rows *rows, size_t column)
{
    const carpel_column *c = &s->request->columns[column];
    uint64_t milliseconds = s->places[s->at].read.milliseconds;
    bool is_instant = c->type == CARPEL_TIME && !c->format;
    if (milliseconds > INT64_MAX / 1000)
        s->host->row_refuse(rows, "the entry's id is no time");
    else
        s->host->row_set_int(rows, column,
                             (int64_t)milliseconds * (is_instant ? 1000 : 1));
}

/* What an entry has besides its fields. */
static bool set_own(const redis_source *s, carpel_rows *rows, size_t column,
                    const char *from)
{
    const place *p = &s->places[s->at];
    char id[ENTRY_ID_SIZE];
    if (strcmp(from, "entry_time") == 0) {
        set_time(s, rows, column);
    } else if (strcmp(from, "entry_id") == 0) {
        entry_id_write(p->read, id);
        s->host->row_set_text(rows, column, id, strlen(id), true);
    } else if (strcmp(from, "entry_stream") == 0) {
        s->host->row_set_text(rows, column, p->name, strlen(p->name), true);
    } else {
        return false;
    }
    return true;
}

static bool set_from(const redis_source *s, carpel_rows *rows, const redisReply *fields,
                     size_t column, const char *from)
{
    const redisReply *value = entry_field(fields, from);
    if (!value)
        return set_own(s, rows, column, from);
    s->host->row_set_text(rows, column, value->str, (size_t)value->len, true);
    return true;
}

static void set_column(redis_source *s, carpel_rows *rows, const redisReply *fields,
                       size_t column)
{
    size_t others = columns_count_others(s->request, column);
    bool is_set = set_from(s, rows, fields, column, s->request->columns[column].from);
    for (size_t i = 0; !is_set && i < others; i++)
        is_set = set_from(s, rows, fields, column, s->request->columns[column].others[i]);
    s->is_seen[column] |= is_set;
}

static void drop_reply(redis_source *s)
{
    if (s->reply)
        freeReplyObject(s->reply);
    s->reply = NULL;
    s->entries = NULL;
    s->next = 0;
}

/* Add the next entry, unless it came after the load had begun. */
static bool add_entry(redis_source *s, carpel_rows *rows, carpel_error *err)
{
    entry_id id;
    place *p = &s->places[s->at];
    const redisReply *entry = s->entries->element[s->next];
    if (!entry_read(entry, &id) || !entry_id_is_before(p->read, id))
        return server_fail_form(&s->server, err);
    if (entry_id_is_before(p->end, id)) {
        p->end = p->read;
        drop_reply(s);
        return true;
    }
    p->read = id;
    s->host->row_begin(rows, ++s->row);
    for (size_t i = 0; i < s->request->column_count; i++)
        set_column(s, rows, entry->element[1], i);
    s->host->row_end(rows);
    if (++s->next == s->entries->elements)
        drop_reply(s);
    return true;
}

/* ---- asking ----------------------------------------------------------------------- */

static void ask_range(redis_source *s, const char *most)
{
    const place *p = &s->places[s->at];
    char begin[ENTRY_ID_SIZE], end[ENTRY_ID_SIZE];
    entry_id_write(entry_id_next(p->read), begin);
    entry_id_write(p->end, end);
    server_add(&s->server, "XRANGE", p->name, begin, end, "COUNT", most, NULL);
}

/* In one step, so that nobody else who reads by the group can have moved it in between. */
static void ask_group(redis_source *s, const char *most)
{
    const place *p = &s->places[s->at];
    const char *group = s->options->group;
    char read[ENTRY_ID_SIZE];
    entry_id_write(p->read, read);
    server_add(&s->server, "MULTI", NULL);
    server_add(&s->server, "XGROUP", "SETID", p->name, group, read, NULL);
    server_add(&s->server, "XREADGROUP", "GROUP", group, GROUP_CONSUMER, "COUNT", most,
               "STREAMS", p->name, ">", NULL);
    server_add(&s->server, "EXEC", NULL);
}

static const redisReply *element(const redisReply *reply, size_t at, size_t count)
{
    bool is_good = reply && reply->type == REDIS_REPLY_ARRAY && reply->elements == count;
    return is_good ? reply->element[at] : NULL;
}

/* What EXEC answers: of each command its own answer. */
static bool take_group(redis_source *s, carpel_error *err)
{
    if (!server_skip(&s->server, 3, err) || !server_take(&s->server, &s->reply, err))
        return false;
    const redisReply *read = element(s->reply, 1, 2);
    for (size_t i = 0; read && i < 2; i++)
        if (s->reply->element[i]->type == REDIS_REPLY_ERROR)
            return server_fail(&s->server, s->reply->element[i], err);
    if (read && read->type == REDIS_REPLY_NIL)
        return true;
    s->entries = element(element(read, 0, 1), 1, 2);
    return (s->entries && s->entries->type == REDIS_REPLY_ARRAY) ||
           server_fail_form(&s->server, err);
}

static bool take_range(redis_source *s, carpel_error *err)
{
    if (!server_take(&s->server, &s->reply, err))
        return false;
    s->entries = s->reply;
    return s->reply->type == REDIS_REPLY_ARRAY || server_fail_form(&s->server, err);
}

/* Entries are of any size, so the next answer is asked for by what this one had. */
static void choose_asked(redis_source *s, uint64_t bytes)
{
    uint64_t count = s->entries->elements;
    uint64_t wanted = bytes == 0 ? MOST_ASKED : count * WANTED_BYTES / bytes + 1;
    s->asked = wanted > MOST_ASKED ? MOST_ASKED : (size_t)wanted;
}

/* Have entries at hand, or know that the stream has no more. */
static bool ask(redis_source *s, carpel_error *err)
{
    char most[24];
    uint64_t before = s->server.received_bytes;
    snprintf(most, sizeof most, "%zu", s->asked);
    if (s->options->group)
        ask_group(s, most);
    else
        ask_range(s, most);
    if (!(s->options->group ? take_group(s, err) : take_range(s, err)))
        return false;
    if (s->entries && s->entries->elements > 0) {
        choose_asked(s, s->server.received_bytes - before);
        return true;
    }
    drop_reply(s);
    s->places[s->at].end = s->places[s->at].read; /* what there was is gone */
    return true;
}

/* ---- reading ---------------------------------------------------------------------- */

static void warn_missing(const redis_source *s)
{
    char message[300];
    for (size_t i = 0; s->row > 0 && i < s->request->column_count; i++) {
        if (s->is_seen[i] || s->request->columns[i].is_optional)
            continue;
        snprintf(message, sizeof message, "no entry has a field \"%.250s\"",
                 s->request->columns[i].from);
        s->host->log(s->host, CARPEL_LOG_WARNING, message);
    }
}

static void begin_stream(redis_source *s, carpel_rows *rows)
{
    if (s->at < s->options->streams.count)
        s->host->rows_begin_file(rows, s->places[s->at].name);
}

/* One step; *is_over: behind the last stream. */
static bool step(redis_source *s, carpel_rows *rows, bool *is_over, carpel_error *err)
{
    const place *p = &s->places[s->at];
    if (s->entries)
        return add_entry(s, rows, err);
    if (entry_id_is_before(p->read, p->end))
        return ask(s, err);
    s->at++;
    *is_over = s->at == s->options->streams.count;
    begin_stream(s, rows);
    return true;
}

static bool fill(void *state, carpel_rows *rows, bool *is_over, carpel_error *err)
{
    redis_source *s = state;
    if (s->row == 0)
        begin_stream(s, rows);
    while (!*is_over && !s->host->rows_is_full(rows))
        if (!step(s, rows, is_over, err))
            return false;
    if (*is_over)
        warn_missing(s);
    s->host->progress(s->host, s->server.received_bytes, 0);
    return true;
}

static void close_source(void *state)
{
    redis_source *s = state;
    drop_reply(s);
    server_close(&s->server);
    free(s->places);
    free(s->is_seen);
    free(s);
}

/* ---- where it was ----------------------------------------------------------------- */

static bool tell_cursor(struct ArrowArrayStream *stream, char *out, size_t capacity,
                        carpel_error *err)
{
    const redis_source *s = row_stream_state(stream);
    return places_write(s->places, s->options->streams.count, out, capacity, err);
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
                                         .access_options = access_options};

/* ---- opening ---------------------------------------------------------------------- */

static bool check_columns(const carpel_request *request, carpel_error *err)
{
    for (size_t i = 0; i < request->column_count; i++)
        if (request->columns[i].type == CARPEL_LIST && !request->columns[i].is_optional)
            return carpel_fail(
                err, CARPEL_E_INPUT,
                "the fields of an entry are no lists, so \"%s\" cannot be read "
                "from them",
                request->columns[i].from);
    return true;
}

static bool open_streams(redis_source *s, carpel_error *err)
{
    const redis_options *options = s->options;
    size_t count = options->streams.count;
    s->is_seen = common_alloc(s->request->column_count, sizeof *s->is_seen);
    s->asked = FIRST_ASKED;
    if (!check_columns(s->request, err) ||
        !places_new(&options->streams, &s->places, err) ||
        (s->request->cursor && !places_read(s->places, count, s->request->cursor, err)))
        return false;
    return server_open(&s->server, &options->server, s->host, err) &&
           groups_find_ends(&s->server, s->places, count, err) &&
           (!options->group || groups_make(&s->server, options->group, s->places, count,
                                           s->only_looks, err));
}

static bool open_source(const carpel_host *host, const carpel_request *request,
                        struct ArrowArrayStream *out, carpel_error *err)
{
    redis_source *s = common_alloc(1, sizeof *s);
    s->host = host;
    s->request = request;
    s->options = request->options;
    if (!open_streams(s, err)) {
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
    redis_source *s = common_alloc(1, sizeof *s);
    *s = (redis_source){.host = host,
                        .request = &request,
                        .options = inquiry->options,
                        .server = {.reach = CARPEL_NO_DATA},
                        .only_looks = true};
    bool ok = open_streams(s, err);
    carpel_reach reach = ok ? CARPEL_REACHED : s->server.reach;
    close_source(s);
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
static bool tell_answer(redis_source *s, const carpel_view *view, bool *is_over,
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
    drop_reply(s);
    return true;
}

static bool tell_streams(redis_source *s, const carpel_view *view, carpel_error *err)
{
    bool is_over = false;
    for (s->at = 0; !is_over && s->at < s->options->streams.count; s->at++) {
        const place *p = &s->places[s->at];
        while (!is_over && entry_id_is_before(p->read, p->end))
            if (!ask(s, err) || (s->entries && !tell_answer(s, view, &is_over, err)))
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
    redis_source *s = common_alloc(1, sizeof *s);
    options.group = NULL;
    *s = (redis_source){
        .host = host, .request = &request, .options = &options, .only_looks = true};
    bool ok = open_streams(s, err) && tell_streams(s, view, err);
    close_source(s);
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
