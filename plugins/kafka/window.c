/* SPDX-License-Identifier: MIT
 *
 * Partitions one after the other.
 */
#include "kafka/window.h"

#include <stdio.h>

/* ---- partitions ------------------------------------------------------------------- */

/* Begin to fetch the next partition that has something to read; none is left: do nothing. */
static bool open_next(window *w, carpel_error *err)
{
    const client *c = w->client;
    while (w->next_place < w->places->count) {
        place *at = &w->places->items[w->next_place++];
        if (at->next >= at->end)
            continue;
        opened *o = &w->opened[w->opened_count++];
        *o = (opened){at, rd_kafka_topic_new(c->handle, at->topic, NULL),
                      rd_kafka_queue_new(c->handle)};
        if (rd_kafka_consume_start_queue(o->topic, at->partition, at->next, o->queue) ==
            0)
            return true;
        rd_kafka_topic_destroy(o->topic);
        rd_kafka_queue_destroy(o->queue);
        w->opened_count--;
        return client_fail(w->client, rd_kafka_last_error(), "read a partition", err);
    }
    return true;
}

static bool open_some(window *w, carpel_error *err)
{
    while (w->opened_count < WINDOW_PARTITIONS && w->next_place < w->places->count)
        if (!open_next(w, err))
            return false;
    return true;
}

static void drop_messages(window *w)
{
    while (w->at < w->message_count)
        rd_kafka_message_destroy(w->messages[w->at++]);
    w->at = w->message_count = 0;
}

static void close_first(window *w)
{
    opened *o = &w->opened[0];
    drop_messages(w);
    rd_kafka_consume_stop(o->topic, o->place->partition);
    rd_kafka_queue_destroy(o->queue);
    rd_kafka_topic_destroy(o->topic);
    w->opened_count--;
    for (size_t i = 0; i < w->opened_count; i++)
        w->opened[i] = w->opened[i + 1];
    w->is_begun = false;
}

/* ---- messages --------------------------------------------------------------------- */

/* Take what is there, or wait a while for one. A longer list would be waited for until it is
 * full. */
static bool take_messages(window *w, carpel_error *err)
{
    rd_kafka_queue_t *queue = w->opened[0].queue;
    drop_messages(w);
    ssize_t count = rd_kafka_consume_batch_queue(queue, 0, w->messages, WINDOW_MESSAGES);
    if (count == 0)
        count = rd_kafka_consume_batch_queue(queue, CLIENT_SLICE_MILLISECONDS,
                                             w->messages, 1);
    w->message_count = count > 0 ? (size_t)count : 0;
    if (count > 0)
        client_note_progress(w->client);
    return client_hear(w->client, "send what a partition holds", err);
}

static bool fail_deleted(const place *at, carpel_error *err)
{
    return carpel_fail(
        err, CARPEL_E_INPUT,
        "topic \"%s\", partition %d: the messages from offset %lld on were "
        "deleted while they were read; the next run tells which",
        at->topic, (int)at->partition, (long long)at->next);
}

/* What comes instead of a message: the end of what is there, or an error. Errors of the network go
 * away by themselves, or the waiting ends. */
static bool meet_event(const window *w, place *at, const rd_kafka_message_t *m,
                       carpel_error *err)
{
    char what[330];
    snprintf(what, sizeof what, "let \"%s\" be read", at->topic);
    switch (m->err) {
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
        if (m->offset > at->next)
            at->next = m->offset < at->end ? m->offset : at->end;
        at->end = at->next;
        return true;
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE: return fail_deleted(at, err);
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
        return client_fail(w->client, m->err, what, err);
    default:
        snprintf(w->client->reason, sizeof w->client->reason, "%s",
                 rd_kafka_err2str(m->err));
    }
    return true;
}

/* Is it a message to give? What comes behind the end belongs to the next load. */
static bool judge(const window *w, const rd_kafka_message_t *m, bool *is_given,
                  carpel_error *err)
{
    place *at = w->opened[0].place;
    *is_given = false;
    if (m->err)
        return meet_event(w, at, m, err);
    if (m->offset >= at->end) {
        at->next = at->end;
    } else if (m->offset >= at->next) {
        at->next = m->offset + 1;
        *is_given = true;
    }
    return true;
}

/* The next message of the partition that is being read; NULL: none is there yet, or it is at its
 * end. */
static bool next_of_first(window *w, const rd_kafka_message_t **m, carpel_error *err)
{
    const place *at = w->opened[0].place;
    bool is_given = false;
    *m = NULL;
    if (w->at == w->message_count && !take_messages(w, err))
        return false;
    while (w->at < w->message_count && !is_given && at->next < at->end) {
        rd_kafka_message_t *found = w->messages[w->at++];
        if (!judge(w, found, &is_given, err)) {
            rd_kafka_message_destroy(found);
            return false;
        }
        if (is_given)
            *m = w->given = found;
        else
            rd_kafka_message_destroy(found);
    }
    return true;
}

static bool is_at_end(const window *w)
{
    const place *at = w->opened[0].place;
    return at->next >= at->end;
}

static void drop_given(window *w)
{
    if (w->given)
        rd_kafka_message_destroy(w->given);
    w->given = NULL;
}

/* ---- the public functions --------------------------------------------------------- */

void window_init(window *w, client *c, places *p)
{
    *w = (window){.client = c, .places = p};
}

void window_done(window *w)
{
    drop_given(w);
    while (w->opened_count > 0)
        close_first(w);
}

bool window_begin(window *w, carpel_error *err)
{
    return open_some(w, err);
}

bool window_next(window *w, const rd_kafka_message_t **m, place **at, bool *is_new,
                 carpel_error *err)
{
    *m = NULL;
    drop_given(w);
    for (;;) {
        while (w->opened_count > 0 && is_at_end(w))
            close_first(w);
        if (!open_some(w, err))
            return false;
        if (w->opened_count == 0)
            return true;
        *at = w->opened[0].place;
        if (!next_of_first(w, m, err))
            return false;
        if (!*m)
            continue;
        *is_new = !w->is_begun;
        w->is_begun = true;
        return true;
    }
}

bool window_is_over(const window *w)
{
    return w->next_place == w->places->count &&
           (w->opened_count == 0 || (w->opened_count == 1 && is_at_end(w)));
}
