/* SPDX-License-Identifier: MIT
 *
 * Entries, asked for by their ids or by a consumer group.
 */
#include "redis/reading.h"

#include <stdio.h>
#include <string.h>

#include "common/columns.h"
#include "common/memory.h"
#include "redis/groups.h"

enum {
    FIRST_ASKED = 100,
    MOST_ASKED = 10000,
    WANTED_BYTES = 1 << 20 /* about so many in one answer */
};

/* ---- rows ------------------------------------------------------------------------- */

/* When an entry came, in milliseconds, or as the column's format says. */
static void set_time(const reading *s, carpel_rows *rows, size_t column)
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
static bool set_own(const reading *s, carpel_rows *rows, size_t column, const char *from)
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

static bool set_from(const reading *s, carpel_rows *rows, const redisReply *fields,
                     size_t column, const char *from)
{
    const redisReply *value = entry_field(fields, from);
    if (!value)
        return set_own(s, rows, column, from);
    s->host->row_set_text(rows, column, value->str, (size_t)value->len, true);
    return true;
}

static void set_column(reading *s, carpel_rows *rows, const redisReply *fields,
                       size_t column)
{
    size_t others = columns_count_others(s->request, column);
    bool is_set = set_from(s, rows, fields, column, s->request->columns[column].from);
    for (size_t i = 0; !is_set && i < others; i++)
        is_set = set_from(s, rows, fields, column, s->request->columns[column].others[i]);
    s->is_seen[column] |= is_set;
}

void reading_drop(reading *s)
{
    if (s->reply)
        freeReplyObject(s->reply);
    s->reply = NULL;
    s->entries = NULL;
    s->next = 0;
}

/* Add the next entry, unless it came after the load had begun. */
static bool add_entry(reading *s, carpel_rows *rows, carpel_error *err)
{
    entry_id id;
    place *p = &s->places[s->at];
    const redisReply *entry = s->entries->element[s->next];
    if (!entry_read(entry, &id) || !entry_id_is_before(p->read, id))
        return server_fail_form(&s->server, err);
    if (entry_id_is_before(p->end, id)) {
        p->end = p->read;
        reading_drop(s);
        return true;
    }
    p->read = id;
    s->host->row_begin(rows, ++s->row_of_stream);
    s->row++;
    for (size_t i = 0; i < s->request->column_count; i++)
        set_column(s, rows, entry->element[1], i);
    s->host->row_end(rows);
    if (++s->next == s->entries->elements)
        reading_drop(s);
    return true;
}

/* ---- asking ----------------------------------------------------------------------- */

static void ask_range(reading *s, const char *most)
{
    const place *p = &s->places[s->at];
    char begin[ENTRY_ID_SIZE], end[ENTRY_ID_SIZE];
    entry_id_write(entry_id_next(p->read), begin);
    entry_id_write(p->end, end);
    server_add(&s->server, "XRANGE", p->name, begin, end, "COUNT", most, NULL);
}

/* In one step, so that nobody else who reads by the group can have moved it in between. */
static void ask_group(reading *s, const char *most)
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
static bool take_group(reading *s, carpel_error *err)
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

static bool take_range(reading *s, carpel_error *err)
{
    if (!server_take(&s->server, &s->reply, err))
        return false;
    s->entries = s->reply;
    return s->reply->type == REDIS_REPLY_ARRAY || server_fail_form(&s->server, err);
}

/* Entries are of any size, so the next answer is asked for by what this one had. */
static void choose_asked(reading *s, uint64_t bytes)
{
    uint64_t count = s->entries->elements;
    uint64_t wanted = bytes == 0 ? MOST_ASKED : count * WANTED_BYTES / bytes + 1;
    s->asked = wanted > MOST_ASKED ? MOST_ASKED : (size_t)wanted;
}

/* Have entries at hand, or know that the stream has no more. */
bool reading_ask(reading *s, carpel_error *err)
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
    reading_drop(s);
    s->places[s->at].end = s->places[s->at].read; /* what there was is gone */
    return true;
}

/* ---- reading ---------------------------------------------------------------------- */

void reading_warn(const carpel_host *host, const carpel_request *request,
                  uint64_t row_count, const bool *is_seen)
{
    char message[300];
    for (size_t i = 0; row_count > 0 && i < request->column_count; i++) {
        if (is_seen[i] || request->columns[i].is_optional)
            continue;
        snprintf(message, sizeof message, "no entry has a field \"%.250s\"",
                 request->columns[i].from);
        host->log(host, CARPEL_LOG_WARNING, message);
    }
}

static void begin_stream(reading *s, carpel_rows *rows)
{
    s->row_of_stream = 0;
    if (s->at < s->count)
        s->host->rows_begin_file(rows, s->places[s->at].name);
}

/* One step; *is_over: behind the last stream. */
static bool step(reading *s, carpel_rows *rows, bool *is_over, carpel_error *err)
{
    const place *p = &s->places[s->at];
    if (s->entries)
        return add_entry(s, rows, err);
    if (entry_id_is_before(p->read, p->end))
        return reading_ask(s, err);
    s->at++;
    *is_over = s->at == s->count;
    begin_stream(s, rows);
    return true;
}

bool reading_fill(reading *s, carpel_rows *rows, bool *is_over, carpel_error *err)
{
    if (s->row == 0)
        begin_stream(s, rows);
    while (!*is_over && !s->host->rows_is_full(rows))
        if (!step(s, rows, is_over, err))
            return false;
    s->host->progress(s->host, s->server.received_bytes, 0);
    return true;
}

/* ---- opening ---------------------------------------------------------------------- */

static void reading_begin(reading *s)
{
    s->is_seen = common_alloc(s->request->column_count, sizeof *s->is_seen);
    s->asked = FIRST_ASKED;
}

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

bool reading_open(reading *s, bool only_looks, carpel_error *err)
{
    const redis_options *options = s->options;
    const char *cursor = s->request->cursor;
    s->count = options->streams.count;
    reading_begin(s);
    if (!check_columns(s->request, err) ||
        !places_new(&options->streams, &s->places, err) ||
        (cursor && !places_read(s->places, s->count, cursor, err)))
        return false;
    return server_open(&s->server, &options->server, s->host, err) &&
           groups_find_ends(&s->server, s->places, s->count, err) &&
           (!options->group || groups_make(&s->server, options->group, s->places,
                                           s->count, only_looks, err));
}

bool reading_open_one(reading *s, const place *from, carpel_error *err)
{
    s->count = 1;
    reading_begin(s);
    s->places = common_alloc(1, sizeof *s->places);
    *s->places = *from;
    return server_open(&s->server, &s->options->server, s->host, err);
}

void reading_done(reading *s)
{
    reading_drop(s);
    server_close(&s->server);
    free(s->is_seen);
    free(s->places);
    *s = (reading){0};
}
