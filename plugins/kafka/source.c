/* SPDX-License-Identifier: MIT
 *
 * The source `kafka`: messages of topics, whose values are objects of JSON.
 *
 * A load ends where the partitions ended when it began. Partitions are read one after the other, so
 * that the same messages come in the same order; those that follow are fetched meanwhile. Where each
 * of them is stands in the cursor, which the host keeps together with the rows: the offsets of the
 * consumer group are only told (acknowledge), for programs that watch how far behind somebody is.
 */
#include <carpel/plugin.h>

#include <stdio.h>
#include <string.h>

#include "common/columns.h"
#include "common/memory.h"
#include "common/records.h"
#include "common/stream.h"
#include "kafka/client.h"
#include "kafka/fields.h"
#include "kafka/places.h"
#include "kafka/window.h"

static const char *const starts[] = {"earliest", "latest", NULL};
static const char *const gap_choices[] = {"fail", "warn", NULL};

typedef struct kafka_options {
    client_options client;
    carpel_texts topics;
    const char *group, *start, *gaps;
} kafka_options;

#define AT(member) offsetof(kafka_options, member)

static const carpel_option options_table[] = {
    CLIENT_OPTIONS(AT(client)),
    {.name = "topics",
     .type = CARPEL_OPTION_TEXTS,
     .offset = AT(topics),
     .required = true,
     .help = "The topics to read."},
    {.name = "group",
     .type = CARPEL_OPTION_TEXT,
     .offset = AT(group),
     .help = "A consumer group that is told how far the rows are kept, for programs that "
             "watch it; without it nobody is told."},
    {.name = "start",
     .type = CARPEL_OPTION_CHOICE,
     .offset = AT(start),
     .default_text = "earliest",
     .choices = starts,
     .help = "Where the first load begins: with the oldest message that is there, or "
             "with those that come after it."},
    {.name = "gaps",
     .type = CARPEL_OPTION_CHOICE,
     .offset = AT(gaps),
     .default_text = "fail",
     .choices = gap_choices,
     .help = "What follows when messages were deleted before they were read."},
    {0}};

typedef struct kafka_source {
    const carpel_host *host;
    const carpel_request *request;
    const kafka_options *options;
    client client;
    places places;
    window window;
    records records;
    fields fields;
    uint64_t done_bytes;
    bool has_room; /* for the cursor of its end */
} kafka_source;

/* ---- rows ------------------------------------------------------------------------- */

static void begin_place(const kafka_source *s, const place *at)
{
    char name[300];
    snprintf(name, sizeof name, "%s/%d", at->topic, (int)at->partition);
    s->host->rows_begin_file(s->records.rows, name);
}

static void add_row(kafka_source *s, const rd_kafka_message_t *m)
{
    s->host->row_begin(s->records.rows, (uint64_t)m->offset);
    fields_fill(&s->fields, &s->records, m);
    s->host->row_end(s->records.rows);
    s->done_bytes += m->len + m->key_len;
}

/* Add messages that are at hand, or wait for some. */
static bool add_rows(kafka_source *s, carpel_error *err)
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

static bool fill(void *state, carpel_rows *rows, bool *is_over, carpel_error *err)
{
    kafka_source *s = state;
    s->records.rows = rows;
    client_note_progress(&s->client); /* what the host did since is not waited for */
    if (!add_rows(s, err))
        return false;
    *is_over = window_is_over(&s->window);
    if (*is_over)
        records_warn(&s->records);
    s->host->progress(s->host, s->done_bytes, 0);
    return true;
}

/* ---- where it is ------------------------------------------------------------------ */

/* What the cursor will be at the end has to fit, so that a load does not come to nothing there. */
static bool check_size(kafka_source *s, size_t capacity, carpel_error *err)
{
    size_t size = places_size_at_end(&s->places);
    s->has_room = size < capacity;
    return s->has_room ||
           carpel_fail(
               err, CARPEL_E_LIMIT,
               "the offsets of %zu partitions take %zu bytes, and there is room for %zu; "
               "split \"topics\" into several sources, or read with \"store: none\"",
               s->places.count, size, capacity - 1);
}

static bool tell_cursor(struct ArrowArrayStream *stream, char *out, size_t capacity,
                        carpel_error *err)
{
    kafka_source *s = row_stream_state(stream);
    if (!s->has_room && !check_size(s, capacity, err))
        return false;
    places_write(&s->places, out, capacity);
    return true;
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
static bool meet_gap(const kafka_source *s, place *at, carpel_error *err)
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

static bool choose_begin(const kafka_source *s, place *at, carpel_error *err)
{
    bool is_latest = strcmp(s->options->start, "latest") == 0;
    if (!at->is_known && is_latest)
        at->next = at->end;
    if (at->next < at->first)
        return meet_gap(s, at, err);
    return at->next <= at->end || fail_anew(at, err);
}

static bool find_begins(kafka_source *s, carpel_error *err)
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

static bool open_client(client *c, const kafka_options *options, const carpel_host *host,
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

static void close_source(void *state)
{
    kafka_source *s = state;
    window_done(&s->window);
    client_close(&s->client);
    places_done(&s->places);
    fields_done(&s->fields);
    records_done(&s->records);
    free(s);
}

static bool begin_reading(kafka_source *s, carpel_error *err)
{
    if (!records_check(s->request, "messages", err) ||
        !fields_init(&s->fields, s->host, s->request, err) ||
        !open_client(&s->client, s->options, s->host, s->request->project_directory, NULL,
                     err) ||
        !find_begins(s, err))
        return false;
    window_init(&s->window, &s->client, &s->places);
    return true;
}

static bool open_source(const carpel_host *host, const carpel_request *request,
                        struct ArrowArrayStream *out, carpel_error *err)
{
    kafka_source *s = common_alloc(1, sizeof *s);
    s->host = host;
    s->request = request;
    s->options = request->options;
    records_init(&s->records, host, request);
    if (!begin_reading(s, err)) {
        close_source(s);
        return false;
    }
    row_stream_open(host, request,
                    (row_source){.state = s, .fill = fill, .close = close_source}, out);
    return true;
}

/* ---- the consumer group ----------------------------------------------------------- */

static bool add_offset(void *context, const char *topic, int32_t partition, int64_t next,
                       carpel_error *err)
{
    (void)err;
    rd_kafka_topic_partition_list_t *offsets = context;
    rd_kafka_topic_partition_list_add(offsets, topic, partition)->offset = next;
    return true;
}

/* The answer is waited for, as long as nobody wants to stop. */
static bool wait_for_commit(client *c, rd_kafka_queue_t *answers, carpel_error *err)
{
    for (;;) {
        rd_kafka_event_t *answer =
            rd_kafka_queue_poll(answers, CLIENT_SLICE_MILLISECONDS);
        if (answer && rd_kafka_event_type(answer) == RD_KAFKA_EVENT_OFFSET_COMMIT) {
            rd_kafka_resp_err_t code = rd_kafka_event_error(answer);
            rd_kafka_event_destroy(answer);
            return code == RD_KAFKA_RESP_ERR_NO_ERROR ||
                   client_fail(c, code, "keep offsets of the group", err);
        }
        if (answer)
            rd_kafka_event_destroy(answer);
        if (!client_hear_first(c, err))
            return false;
    }
}

static bool commit_offsets(client *c, const char *cursor, carpel_error *err)
{
    rd_kafka_topic_partition_list_t *offsets = rd_kafka_topic_partition_list_new(16);
    rd_kafka_queue_t *answers = rd_kafka_queue_new(c->handle);
    bool ok = places_walk(cursor, add_offset, offsets, err);
    if (ok) {
        rd_kafka_resp_err_t code =
            rd_kafka_commit_queue(c->handle, offsets, answers, NULL, NULL);
        ok = code == RD_KAFKA_RESP_ERR_NO_ERROR
                 ? wait_for_commit(c, answers, err)
                 : client_fail(c, code, "keep offsets of the group", err);
    }
    rd_kafka_queue_destroy(answers);
    rd_kafka_topic_partition_list_destroy(offsets);
    return ok;
}

static bool acknowledge(const carpel_host *host, const carpel_request *request,
                        const char *cursor, carpel_error *err)
{
    const kafka_options *options = request->options;
    client c = {0};
    if (!options->group)
        return true;
    bool ok =
        open_client(&c, options, host, request->project_directory, options->group, err) &&
        commit_offsets(&c, cursor, err);
    client_close(&c);
    return ok;
}

/* All but the topics. The cursor tells one cluster from another. */
static const char *const access_options[] = {
    "brokers",     "settings", "user", "password", "security", "mechanism", "ca",
    "certificate", "key_file", "wait", "group",    "start",    "gaps",      NULL};

static const carpel_resuming resuming = {.struct_size = sizeof resuming,
                                         .cursor = tell_cursor,
                                         .acknowledge = acknowledge,
                                         .access_options = access_options};

/* ---- looking ---------------------------------------------------------------------- */

static carpel_reach check(const carpel_host *host, const carpel_inquiry *inquiry,
                          carpel_error *err)
{
    const kafka_options *options = inquiry->options;
    client c = {.reach = CARPEL_NO_DATA};
    places p = {0};
    const carpel_request request = columns_ask_told(inquiry);
    bool ok = records_check(&request, "messages", err) &&
              open_client(&c, options, host, inquiry->project_directory, NULL, err) &&
              places_find(&p, &c, options->topics, err);
    carpel_reach reach = ok ? CARPEL_REACHED : c.reach;
    places_done(&p);
    client_close(&c);
    return reach;
}

static bool tell_messages(kafka_source *s, carpel_error *err)
{
    const rd_kafka_message_t *m;
    place *at;
    bool is_new;
    do {
        if (!window_next(&s->window, &m, &at, &is_new, err))
            return false;
    } while (m ? fields_tell(&s->fields, &s->records, m) : !window_is_over(&s->window));
    return true;
}

/* From the oldest messages on; nobody is told of it. */
static bool discover(const carpel_host *host, const carpel_inquiry *inquiry,
                     const carpel_view *view, carpel_error *err)
{
    const carpel_request request = columns_ask_none(inquiry);
    kafka_options options = *(const kafka_options *)inquiry->options;
    kafka_source *s = common_alloc(1, sizeof *s);
    options.start = starts[0];
    options.gaps = gap_choices[1];
    *s = (kafka_source){.host = host, .request = &request, .options = &options};
    records_init(&s->records, host, &request);
    s->records.view = view;
    bool ok = begin_reading(s, err) && tell_messages(s, err);
    close_source(s);
    return ok;
}

static const carpel_source source = {.struct_size = sizeof(carpel_source),
                                     .open = open_source,
                                     .resuming = &resuming,
                                     .check = check,
                                     .discover = discover};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "kafka",
    .version = "1.0",
    .summary = "Messages of topics of Kafka, whose values are objects of JSON.",
    .manual =
        "sources:\n"
        "  - plugin: kafka\n"
        "    brokers: [kafka1.example.org:9092, kafka2.example.org:9092]\n"
        "    topics: orders\n"
        "    user: reader\n"
        "    password: ${KAFKA_PASSWORD}\n"
        "    event: purchase\n"
        "    person: customer.id\n"
        "    time: \"@time\"\n"
        "\n"
        "`from` is a path of keys within a value; \"@key\", \"@time\", \"@topic\", "
        "\"@partition\" and\n"
        "\"@offset\" are those of the message. A load reads up to where the "
        "partitions ended when it\n"
        "began, and the next one goes on there. Messages without a value, and those "
        "that are no JSON,\n"
        "are refused rows, whose place is the partition and the offset: orders/3:17.\n",
    .options_size = sizeof(kafka_options),
    .options = options_table,
    .source = &source,
};
