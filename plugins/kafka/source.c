/* SPDX-License-Identifier: MIT
 *
 * The source `kafka`: messages of topics, whose values are objects of JSON.
 *
 * A load ends where the partitions ended when it began. Partitions are read side by side, or one after
 * the other with those that follow fetched meanwhile; the rows come in the same order. Where each of them is
 * stands in the cursor, which the host keeps together with the rows: the offsets of the
 * consumer group are only told (acknowledge), for programs that watch how far behind somebody is.
 */
#include <carpel/plugin.h>

#include <stdio.h>
#include <string.h>

#include "common/columns.h"
#include "common/memory.h"
#include "common/stream.h"
#include "kafka/partitions.h"

static const char *const starts[] = {"earliest", "latest", NULL};
static const char *const gap_choices[] = {"fail", "warn", NULL};

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

/* ---- where it is ------------------------------------------------------------------ */

static bool tell_cursor(struct ArrowArrayStream *stream, char *out, size_t capacity,
                        carpel_error *err)
{
    reading *r = row_stream_state(stream);
    if (r->of)
        return partition_tell(r, out, capacity, err);
    if (!r->has_room && !places_check_room(&r->places, capacity, err))
        return false;
    r->has_room = true;
    places_write(&r->places, out, capacity);
    return true;
}

/* ---- opening ---------------------------------------------------------------------- */

static bool fill(void *state, carpel_rows *rows, bool *is_over, carpel_error *err)
{
    reading *r = state;
    bool ok = reading_fill(r, rows, is_over, err);
    if (*is_over)
        records_warn(&r->records);
    return ok;
}

static void close_source(void *state)
{
    reading_done(state);
    free(state);
}

static bool begin_reading(reading *r, carpel_error *err)
{
    reading_init(r);
    return reading_find(r, err) && reading_begin(r, err);
}

static bool open_source(const carpel_host *host, const carpel_request *request,
                        struct ArrowArrayStream *out, carpel_error *err)
{
    reading *s = common_alloc(1, sizeof *s);
    *s = (reading){.host = host, .request = request, .options = request->options};
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
    bool ok = reading_open_client(&c, options, host, request->project_directory,
                                  options->group, err) &&
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
                                         .access_options = access_options,
                                         .partitions = &partitions};

/* ---- looking ---------------------------------------------------------------------- */

static carpel_reach check(const carpel_host *host, const carpel_inquiry *inquiry,
                          carpel_error *err)
{
    const kafka_options *options = inquiry->options;
    client c = {.reach = CARPEL_NO_DATA};
    places p = {0};
    const carpel_request request = columns_ask_told(inquiry);
    bool ok =
        records_check(&request, "messages", err) &&
        reading_open_client(&c, options, host, inquiry->project_directory, NULL, err) &&
        places_find(&p, &c, options->topics, err);
    carpel_reach reach = ok ? CARPEL_REACHED : c.reach;
    places_done(&p);
    client_close(&c);
    return reach;
}

static bool tell_messages(reading *s, carpel_error *err)
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
    reading *s = common_alloc(1, sizeof *s);
    options.start = starts[0];
    options.gaps = gap_choices[1];
    *s = (reading){.host = host, .request = &request, .options = &options};
    reading_init(s);
    s->records.view = view;
    bool ok = reading_find(s, err) && reading_begin(s, err) && tell_messages(s, err);
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
