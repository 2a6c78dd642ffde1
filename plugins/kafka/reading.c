/* SPDX-License-Identifier: MIT
 *
 * Where partitions begin, and their messages.
 */
#include "kafka/reading.h"

#include <stdio.h>
#include <string.h>

#include "common/memory.h"

/* ---- rows ------------------------------------------------------------------------- */

static void begin_place(const reading *s, const place *at)
{
    char name[300];
    snprintf(name, sizeof name, "%s/%d", at->topic, (int)at->partition);
    s->host->rows_begin_file(s->records.rows, name);
}

static void add_row(reading *s, const rd_kafka_message_t *m)
{
    s->host->row_begin(s->records.rows, (uint64_t)m->offset);
    fields_fill(&s->fields, &s->records, m);
    s->host->row_end(s->records.rows);
    s->done_bytes += m->len + m->key_len;
}

/* Add messages that are at hand, or wait for some. */
static bool add_rows(reading *s, carpel_error *err)
{
    const rd_kafka_message_t *m;
    while (!s->host->rows_is_full(s->records.rows)) {
        place *at;
        bool is_new;
        if (!window_next(&s->window, &m, &at, &is_new, err))
            return false;
        if (!m)
            return true;
        if (is_new)
            begin_place(s, at);
        add_row(s, m);
    }
    return true;
}

bool reading_fill(reading *s, carpel_rows *rows, bool *is_over, carpel_error *err)
{
    s->records.rows = rows;
    client_note_progress(&s->client); /* what the host did since is not waited for */
    s->has_failed = !add_rows(s, err);
    *is_over = !s->has_failed && window_is_over(&s->window);
    s->host->progress(s->host, s->done_bytes, 0);
    return !s->has_failed;
}

/* ---- where it begins -------------------------------------------------------------- */

static bool fail_anew(const place *at, carpel_error *err)
{
    return carpel_fail(
        err, CARPEL_E_INPUT,
        "the topic \"%s\" ends at offset %lld in partition %d, before %lld, where it was "
        "read to: it was made anew, or has lost messages; drop the source's rows to read "
        "it from its beginning",
        at->topic, (long long)at->end, (int)at->partition, (long long)at->next);
}

/* Messages between what was read and the oldest that is there. */
static bool meet_gap(const reading *s, place *at, carpel_error *err)
{
    char text[500];
    snprintf(text, sizeof text,
             "topic \"%s\", partition %d: %lld messages (offsets %lld to %lld) were "
             "deleted before they were read",
             at->topic, (int)at->partition, (long long)(at->first - at->next),
             (long long)at->next, (long long)at->first - 1);
    if (strcmp(s->options->gaps, "fail") == 0)
        return carpel_fail(err, CARPEL_E_INPUT, "%s; \"gaps: warn\" goes on without them",
                           text);
    s->host->log(s->host, CARPEL_LOG_WARNING, text);
    at->next = at->first;
    return true;
}

static bool choose_begin(const reading *s, place *at, carpel_error *err)
{
    bool is_latest = strcmp(s->options->start, "latest") == 0;
    if (!at->is_known && is_latest)
        at->next = at->end;
    if (at->next < at->first)
        return meet_gap(s, at, err);
    return at->next <= at->end || fail_anew(at, err);
}

static bool find_begins(reading *s, carpel_error *err)
{
    const char *cursor = s->request->cursor;
    if (!places_find(&s->places, &s->client, s->options->topics, err) ||
        (cursor && !places_read(&s->places, cursor, err)))
        return false;
    for (size_t i = 0; i < s->places.count; i++)
        if (!choose_begin(s, &s->places.items[i], err))
            return false;
    return true;
}

/* ---- opening ---------------------------------------------------------------------- */

/* What a group is told waits no longer for the broker that keeps it, also when all is closed. */
#define GROUP_MILLISECONDS "6000"

static const client_setting reading_settings[] = {
    {"session.timeout.ms", GROUP_MILLISECONDS},
    {"isolation.level", "read_committed"},
    {"auto.offset.reset", "error"},
    {"enable.partition.eof", "true"},
    {"enable.auto.commit", "false"},
    {"fetch.wait.max.ms", "20"}, /* a partition waits for the answer to the one before */
    {"queued.max.messages.kbytes", "16384"}, /* of each partition that is begun */
};

bool reading_open_client(client *c, const kafka_options *options, const carpel_host *host,
                         const char *project_directory, const char *group,
                         carpel_error *err)
{
    client_setting settings[10] = {{"group.id", group}};
    size_t count = sizeof reading_settings / sizeof *reading_settings;
    memcpy(settings + 1, reading_settings, sizeof reading_settings);
    const client_purpose purpose = {.type = RD_KAFKA_CONSUMER,
                                    .settings = group ? settings : settings + 1,
                                    .setting_count = group ? count + 1 : count,
                                    .project_directory = project_directory};
    return client_open(c, &options->client, host, &purpose, err);
}

void reading_init(reading *s)
{
    records_init(&s->records, s->host, s->request);
}

void reading_done(reading *s)
{
    window_done(&s->window);
    client_close(&s->client);
    places_done(&s->places);
    fields_done(&s->fields);
    records_done(&s->records);
}

bool reading_find(reading *s, carpel_error *err)
{
    return records_check(s->request, "messages", err) &&
           reading_open_client(&s->client, s->options, s->host,
                               s->request->project_directory, NULL, err) &&
           find_begins(s, err);
}

bool reading_begin(reading *s, carpel_error *err)
{
    window_init(&s->window, &s->client, &s->places);
    return fields_init(&s->fields, s->host, s->request, err);
}
