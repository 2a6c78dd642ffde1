/* SPDX-License-Identifier: MIT
 *
 * Partitions and cursors.
 */
#include "kafka/places.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/buffer.h"
#include "common/memory.h"

enum { BASE = 36, LONGEST_TOPIC_NAME = 249 };

/* ---- what partitions hold --------------------------------------------------------- */

static void add_topic(places *p, const char *topic, size_t partitions)
{
    p->items = common_resize(p->items, (p->count + partitions) * sizeof *p->items);
    for (size_t i = 0; i < partitions; i++)
        p->items[p->count + i] = (place){.topic = topic, .partition = (int32_t)i};
    p->count += partitions;
}

/* The brokers did not tell all of it; some errors go away by asking again. */
static bool check_answer(client *c, const rd_kafka_topic_partition_list_t *list,
                         bool *is_complete, carpel_error *err)
{
    *is_complete = true;
    for (int i = 0; i < list->cnt; i++) {
        rd_kafka_resp_err_t code = list->elems[i].err;
        char what[330];
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR && list->elems[i].offset >= 0)
            continue;
        *is_complete = false;
        snprintf(what, sizeof what, "tell the offsets of \"%s\", partition %d",
                 list->elems[i].topic, (int)list->elems[i].partition);
        if (code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
            return client_fail(c, code, what, err);
        snprintf(c->reason, sizeof c->reason, "%s", rd_kafka_err2str(code));
    }
    return true;
}

static bool ask_once(const places *p, client *c, int64_t which,
                     rd_kafka_topic_partition_list_t *list, bool *is_complete,
                     carpel_error *err)
{
    for (size_t i = 0; i < p->count; i++)
        rd_kafka_topic_partition_list_add(list, p->items[i].topic, p->items[i].partition)
            ->offset = which;
    rd_kafka_resp_err_t code =
        rd_kafka_offsets_for_times(c->handle, list, c->slice_milliseconds);
    *is_complete = false;
    return code != RD_KAFKA_RESP_ERR_NO_ERROR || check_answer(c, list, is_complete, err);
}

/* Ask for the oldest or the end of all; the list has the order of the places. */
static bool ask(const places *p, client *c, int64_t which,
                rd_kafka_topic_partition_list_t **out, carpel_error *err)
{
    for (;;) {
        bool is_complete;
        rd_kafka_topic_partition_list_t *list =
            rd_kafka_topic_partition_list_new((int)p->count);
        bool ok = ask_once(p, c, which, list, &is_complete, err);
        if (ok && is_complete) {
            *out = list;
            client_note_progress(c);
            return true;
        }
        rd_kafka_topic_partition_list_destroy(list);
        if (!ok || !client_hear(c, "tell what the partitions hold", err))
            return false;
    }
}

/* What arrives or is deleted in between does no harm: the load ends where the ends were, or where
 * messages begin now. */
static bool ask_offsets(places *p, client *c, carpel_error *err)
{
    rd_kafka_topic_partition_list_t *ends = NULL, *begins = NULL;
    bool ok = ask(p, c, RD_KAFKA_OFFSET_END, &ends, err) &&
              ask(p, c, RD_KAFKA_OFFSET_BEGINNING, &begins, err);
    for (size_t i = 0; ok && i < p->count; i++) {
        place *at = &p->items[i];
        const rd_kafka_topic_partition_t *end =
            rd_kafka_topic_partition_list_find(ends, at->topic, at->partition);
        const rd_kafka_topic_partition_t *begin =
            rd_kafka_topic_partition_list_find(begins, at->topic, at->partition);
        at->first = at->next = begin->offset;
        at->end = end->offset < begin->offset ? begin->offset : end->offset;
    }
    if (ends)
        rd_kafka_topic_partition_list_destroy(ends);
    if (begins)
        rd_kafka_topic_partition_list_destroy(begins);
    return ok;
}

/* It came with what the brokers told of the topics. */
static void note_cluster(places *p, client *c)
{
    char *cluster = rd_kafka_clusterid(c->handle, 0);
    bool is_good = cluster && cluster[0] != '\0' && !strchr(cluster, ' ');
    snprintf(p->cluster, sizeof p->cluster, "%s", is_good ? cluster : "-");
    if (cluster)
        rd_kafka_mem_free(c->handle, cluster);
}

static bool is_named_twice(carpel_texts topics, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(topics.items[i], topics.items[index]) == 0)
            return true;
    return false;
}

bool places_find(places *p, client *c, carpel_texts topics, carpel_error *err)
{
    for (size_t i = 0; i < topics.count; i++) {
        size_t partitions;
        if (!client_check_topic(topics.items[i], err))
            return false;
        if (is_named_twice(topics, i))
            return carpel_fail(err, CARPEL_E_INPUT, "\"topics\" names \"%s\" twice",
                               topics.items[i]);
        if (!client_partitions(c, topics.items[i], &partitions, err))
            return false;
        add_topic(p, topics.items[i], partitions);
    }
    note_cluster(p, c);
    return p->count == 0 || ask_offsets(p, c, err);
}

void places_done(places *p)
{
    free(p->items);
    *p = (places){0};
}

/* ---- cursors ---------------------------------------------------------------------- */

static bool fail_cursor(const char *cursor, carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_INPUT,
                       "the place \"%.100s\" at which it was is none of this plugin",
                       cursor);
}

/* One offset, and the comma or blank behind it; false: there is none. */
static bool take_offset(const char **at, int64_t *out, bool *goes_on)
{
    char *end;
    errno = 0;
    if (!((**at >= '0' && **at <= '9') || (**at >= 'a' && **at <= 'z')))
        return false;
    long long value = strtoll(*at, &end, BASE);
    if (errno != 0 || value < 0 || (*end != ',' && *end != ' ' && *end != '\0'))
        return false;
    *out = value;
    *goes_on = *end == ',';
    *at = *goes_on ? end + 1 : end;
    return true;
}

bool places_walk(const char *cursor,
                 bool (*take)(void *context, const char *topic, int32_t partition,
                              int64_t next, carpel_error *err),
                 void *context, carpel_error *err)
{
    for (const char *at = cursor + strcspn(cursor, " "); *at != '\0';) {
        at += *at == ' ';
        char topic[LONGEST_TOPIC_NAME + 1];
        size_t size = strcspn(at, " ");
        if (size == 0 || size >= sizeof topic || at[size] == '\0')
            return fail_cursor(cursor, err);
        snprintf(topic, sizeof topic, "%.*s", (int)size, at);
        at += size + 1;
        bool goes_on = true;
        for (int32_t partition = 0; goes_on; partition++) {
            int64_t next;
            if (!take_offset(&at, &next, &goes_on))
                return fail_cursor(cursor, err);
            if (!take(context, topic, partition, next, err))
                return false;
        }
    }
    return true;
}

static bool take_place(void *context, const char *topic, int32_t partition, int64_t next,
                       carpel_error *err)
{
    places *p = context;
    bool has_topic = false;
    for (size_t i = 0; i < p->count; i++) {
        place *at = &p->items[i];
        if (strcmp(at->topic, topic) != 0)
            continue;
        has_topic = at->is_known = true;
        if (at->partition != partition)
            continue;
        at->next = next;
        return true;
    }
    return !has_topic ||
           carpel_fail(err, CARPEL_E_INPUT,
                       "the topic \"%s\" had a partition %d, and has it no more: it was "
                       "made anew; drop the source's rows to read it from its beginning",
                       topic, (int)partition);
}

bool places_read(places *p, const char *cursor, carpel_error *err)
{
    size_t size = strcspn(cursor, " ");
    bool is_known = strncmp(cursor, "- ", 2) != 0 && strcmp(p->cluster, "-") != 0;
    if (is_known && (size != strlen(p->cluster) || memcmp(cursor, p->cluster, size) != 0))
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "the brokers are those of the cluster \"%s\", and the rows came "
            "from \"%.*s\"; drop the source's rows to read this one from "
            "its beginning",
            p->cluster, (int)(size < 64 ? size : 64), cursor);
    return places_walk(cursor, take_place, p, err);
}

static void add_number(buffer *out, int64_t number)
{
    char digits[16];
    size_t at = sizeof digits;
    do {
        digits[--at] = "0123456789abcdefghijklmnopqrstuvwxyz"[number % BASE];
        number /= BASE;
    } while (number > 0);
    buffer_add_bytes(out, digits + at, sizeof digits - at);
}

static void append(const places *p, bool at_end, buffer *text)
{
    buffer_add(text, p->cluster);
    for (size_t i = 0; i < p->count; i++) {
        const place *at = &p->items[i];
        bool is_first = at->partition == 0;
        buffer_add(text, is_first ? " " : ",");
        buffer_add(text, is_first ? at->topic : "");
        buffer_add(text, is_first ? " " : "");
        add_number(text, at_end ? at->end : at->next);
    }
}

void places_write(const places *p, char *out, size_t capacity)
{
    buffer text = {0};
    append(p, false, &text);
    snprintf(out, capacity, "%s", text.data);
    buffer_done(&text);
}

bool places_check_room(const places *p, size_t capacity, carpel_error *err)
{
    buffer text = {0};
    append(p, true, &text);
    size_t size = text.size;
    buffer_done(&text);
    return size < capacity ||
           carpel_fail(
               err, CARPEL_E_LIMIT,
               "the offsets of %zu partitions take %zu bytes, and there is room for %zu; "
               "split \"topics\" into several sources, or read with \"store: none\"",
               p->count, size, capacity - 1);
}

/* ---- some of them ----------------------------------------------------------------- */

bool places_write_offsets(const places *p, char *out, size_t capacity, carpel_error *err)
{
    buffer text = {0};
    buffer_add(&text, "");
    for (size_t i = 0; i < p->count; i++) {
        buffer_add(&text, i > 0 ? "," : "");
        add_number(&text, p->items[i].next);
    }
    bool fits = text.size < capacity;
    snprintf(out, capacity, "%s", text.data);
    buffer_done(&text);
    return fits || carpel_fail(err, CARPEL_E_LIMIT,
                               "the offsets of %zu partitions do not fit", p->count);
}

bool places_read_offsets(place *items, size_t count, const char *cursor,
                         carpel_error *err)
{
    const char *at = cursor;
    bool goes_on = true;
    for (size_t i = 0; i < count; i++)
        if (!goes_on || !take_offset(&at, &items[i].next, &goes_on))
            return fail_cursor(cursor, err);
    return (!goes_on && *at == '\0') || fail_cursor(cursor, err);
}
