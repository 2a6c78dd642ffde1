/* SPDX-License-Identifier: MIT
 *
 * Streams and their groups.
 */
#include "redis/groups.h"

#include <stdio.h>
#include <string.h>

#include "common/memory.h"
#include "common/names.h"

enum {
    MOST_NAMES = 200,   /* of streams in a message */
    MOST_SCANS = 20,    /* to find them */
    MOST_PENDING = 1000 /* entries that are acknowledged at once */
};

/* ---- streams ---------------------------------------------------------------------- */

/* The value of a key in an answer of keys and values; NULL: it has none. */
static const redisReply *find_member(const redisReply *reply, const char *key)
{
    for (size_t i = 0; reply->type == REDIS_REPLY_ARRAY && i + 1 < reply->elements;
         i += 2)
        if (reply->element[i]->type == REDIS_REPLY_STRING &&
            strcmp(reply->element[i]->str, key) == 0)
            return reply->element[i + 1];
    return NULL;
}

/* The names of some streams of the database, each of which the caller frees. */
static size_t find_names(server *s, char *names[MOST_NAMES])
{
    char cursor[32] = "0";
    size_t count = 0;
    for (int i = 0; i < MOST_SCANS; i++) {
        redisReply *reply;
        carpel_error ignored;
        server_add(s, "SCAN", cursor, "COUNT", "1000", "TYPE", "stream", NULL);
        if (!server_take(s, &reply, &ignored))
            break;
        bool is_good = reply->type == REDIS_REPLY_ARRAY && reply->elements == 2 &&
                       reply->element[0]->type == REDIS_REPLY_STRING &&
                       reply->element[1]->type == REDIS_REPLY_ARRAY;
        const redisReply *found = is_good ? reply->element[1] : NULL;
        for (size_t n = 0; found && n < found->elements && count < MOST_NAMES; n++)
            if (found->element[n]->type == REDIS_REPLY_STRING)
                names[count++] =
                    common_copy(found->element[n]->str, (size_t)found->element[n]->len);
        snprintf(cursor, sizeof cursor, "%.31s", is_good ? reply->element[0]->str : "0");
        freeReplyObject(reply);
        if (strcmp(cursor, "0") == 0)
            break;
    }
    return count;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* There is no such stream: name those that there are. */
static bool fail_missing(server *s, const char *name, carpel_error *err)
{
    char *names[MOST_NAMES];
    size_t count = find_names(s, names);
    qsort(names, count, sizeof *names, compare_names);
    names_fail(err, "the database", "stream", name, (const char *const *)names, count);
    s->reach = CARPEL_NO_DATA;
    while (count > 0)
        free(names[--count]);
    return false;
}

static bool fail_stream(server *s, const place *p, const redisReply *reply,
                        carpel_error *err)
{
    if (server_is_error(reply, "ERR no such key"))
        return fail_missing(s, p->name, err);
    if (!server_is_error(reply, "WRONGTYPE"))
        return server_fail(s, reply, err);
    s->reach = CARPEL_NO_DATA;
    return carpel_fail(err, CARPEL_E_INPUT, "the key \"%.200s\" holds no stream",
                       p->name);
}

/* A stream that was removed and begun again has ids that were read already. */
static bool check_reach(server *s, const place *p, carpel_error *err)
{
    char read[ENTRY_ID_SIZE], end[ENTRY_ID_SIZE];
    if (!entry_id_is_before(p->end, p->read))
        return true;
    entry_id_write(p->read, read);
    entry_id_write(p->end, end);
    s->reach = CARPEL_NO_DATA;
    return carpel_fail(
        err, CARPEL_E_INPUT,
        "the stream \"%.200s\" ends at %s, and was read up to %s: it was made "
        "anew, or the server has lost its end; \"carpel store drop\" and the "
        "name of this source begin again with what is there",
        p->name, end, read);
}

static bool find_end(server *s, place *p, carpel_error *err)
{
    redisReply *reply;
    server_add(s, "XINFO", "STREAM", p->name, NULL);
    if (!server_take_any(s, &reply, err))
        return false;
    bool ok = reply->type != REDIS_REPLY_ERROR || fail_stream(s, p, reply, err);
    if (ok) {
        const redisReply *last = find_member(reply, "last-generated-id");
        ok = (last && last->type == REDIS_REPLY_STRING &&
              entry_id_read(last->str, (size_t)last->len, &p->end)) ||
             server_fail_form(s, err);
    }
    freeReplyObject(reply);
    return ok && check_reach(s, p, err);
}

bool groups_find_ends(server *s, place *places, size_t count, carpel_error *err)
{
    for (size_t i = 0; i < count; i++)
        if (!find_end(s, &places[i], err))
            return false;
    return true;
}

/* ---- groups ----------------------------------------------------------------------- */

static bool make_group(server *s, const char *group, const place *p, carpel_error *err)
{
    redisReply *reply;
    server_add(s, "XGROUP", "CREATE", p->name, group, "0", NULL);
    if (!server_take_any(s, &reply, err))
        return false;
    bool ok = reply->type != REDIS_REPLY_ERROR || server_is_error(reply, "BUSYGROUP") ||
              server_fail(s, reply, err);
    freeReplyObject(reply);
    return ok;
}

static bool check_consumer(server *s, const char *group, const place *p,
                           const redisReply *consumer, carpel_error *err)
{
    const redisReply *name = find_member(consumer, "name");
    if (!name || name->type != REDIS_REPLY_STRING)
        return server_fail_form(s, err);
    s->reach = CARPEL_NO_DATA;
    return strcmp(name->str, GROUP_CONSUMER) == 0 ||
           carpel_fail(
               err, CARPEL_E_INPUT,
               "the group \"%.80s\" of the stream \"%.80s\" has the consumer \"%.80s\": "
               "carpel reads all entries, so it needs a group of its own; name another "
               "one, which is made",
               group, p->name, name->str);
}

/* A group that is not there yet has no consumers. */
static bool check_consumers(server *s, const char *group, const place *p,
                            carpel_error *err)
{
    redisReply *reply;
    server_add(s, "XINFO", "CONSUMERS", p->name, group, NULL);
    if (!server_take_any(s, &reply, err))
        return false;
    bool is_new = server_is_error(reply, "NOGROUP");
    bool ok = reply->type != REDIS_REPLY_ERROR || is_new || server_fail(s, reply, err);
    for (size_t i = 0; ok && reply->type == REDIS_REPLY_ARRAY && i < reply->elements; i++)
        ok = check_consumer(s, group, p, reply->element[i], err);
    freeReplyObject(reply);
    return ok;
}

bool groups_make(server *s, const char *group, const place *places, size_t count,
                 bool only_looks, carpel_error *err)
{
    for (size_t i = 0; i < count; i++)
        if (!check_consumers(s, group, &places[i], err) ||
            (!only_looks && !make_group(s, group, &places[i], err)))
            return false;
    return true;
}

/* ---- acknowledging ---------------------------------------------------------------- */

static bool is_pending(const redisReply *entry)
{
    return entry->type == REDIS_REPLY_ARRAY && entry->elements > 0 &&
           entry->element[0]->type == REDIS_REPLY_STRING;
}

/* One command for all these entries, each of which was given to somebody. */
static bool acknowledge(server *s, const char *group, const place *p,
                        const redisReply *pending, carpel_error *err)
{
    if (pending->elements == 0)
        return true;
    command_begin(&s->out, pending->elements + 3);
    command_add(&s->out, "XACK", strlen("XACK"));
    command_add(&s->out, p->name, strlen(p->name));
    command_add(&s->out, group, strlen(group));
    for (size_t i = 0; i < pending->elements; i++) {
        const redisReply *entry = pending->element[i];
        if (!is_pending(entry))
            return server_fail_form(s, err);
        command_add(&s->out, entry->element[0]->str, (size_t)entry->element[0]->len);
    }
    return server_skip(s, 1, err);
}

/* Some of the entries up to `read`; *is_over when there were no more. Where there is no group, there
 * is nothing to tell. */
static bool acknowledge_some(server *s, const char *group, const place *p, bool *is_over,
                             carpel_error *err)
{
    char last[ENTRY_ID_SIZE], most[16];
    redisReply *reply;
    entry_id_write(p->read, last);
    snprintf(most, sizeof most, "%d", MOST_PENDING);
    server_add(s, "XPENDING", p->name, group, "-", last, most, NULL);
    if (!server_take_any(s, &reply, err))
        return false;
    bool is_gone = server_is_error(reply, "NOGROUP");
    bool ok = reply->type != REDIS_REPLY_ERROR || is_gone || server_fail(s, reply, err);
    if (ok && !is_gone)
        ok = (reply->type == REDIS_REPLY_ARRAY || server_fail_form(s, err)) &&
             acknowledge(s, group, p, reply, err);
    *is_over = is_gone || reply->elements < MOST_PENDING;
    freeReplyObject(reply);
    return ok;
}

bool groups_acknowledge(server *s, const char *group, const place *places, size_t count,
                        carpel_error *err)
{
    for (size_t i = 0; i < count; i++)
        for (bool is_over = false; !is_over;)
            if (!acknowledge_some(s, group, &places[i], &is_over, err))
                return false;
    return true;
}
