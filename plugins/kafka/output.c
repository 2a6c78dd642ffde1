/* SPDX-License-Identifier: MIT
 *
 * The output `kafka`: a message of JSON for each row, all of a run in one transaction.
 *
 * write() begins the transaction and hands the messages to the library, prepare() waits until the
 * brokers have all of them, and commit() ends it. Who reads what is committed (read_committed) sees
 * all of a run or nothing of it.
 */
#include <carpel/plugin.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/buffer.h"
#include "common/clock.h"
#include "common/delivery.h"
#include "common/json_write.h"
#include "common/memory.h"
#include "common/names.h"
#include "kafka/claim.h"
#include "kafka/client.h"

enum {
    POLL_ROWS = 1000, /* after which callbacks are heard */
    NO_KEY = -1,
    ABORT_SECONDS = 2,
};

typedef struct kafka_output_options {
    client_options client;
    const char *topic, *key, *transactions;
} kafka_output_options;

#define AT(member) offsetof(kafka_output_options, member)

static const carpel_option options_table[] = {
    CLIENT_OPTIONS(AT(client)),
    {.name = "topic",
     .type = CARPEL_OPTION_TEXT,
     .offset = AT(topic),
     .required = true,
     .help = "The topic to write to."},
    {.name = "key",
     .type = CARPEL_OPTION_TEXT,
     .offset = AT(key),
     .help = "The column whose value is the key of a message; default: the person."},
    {.name = "transactions",
     .type = CARPEL_OPTION_TEXT,
     .offset = AT(transactions),
     .help = "The name of the transactions (transactional.id); default: one made of the "
             "project's folder and the topic."},
    {0}};

typedef struct kafka_output {
    const carpel_host *host;
    const carpel_delivery *delivery;
    const kafka_output_options *options;
    client client;
    claim claim;
    rd_kafka_topic_t *topic;
    int key; /* the column; NO_KEY: messages have none */
    buffer value, key_text;
    uint64_t row_count;
    bool is_open; /* a transaction */
    bool has_failed;
    carpel_error error; /* of the first message that was not taken */
} kafka_output;

/* ---- messages --------------------------------------------------------------------- */

static void put(void *context, const char *data, size_t size)
{
    buffer_add_bytes(context, data, size);
}

static void fail_message(kafka_output *o, rd_kafka_resp_err_t code)
{
    char what[330];
    if (o->has_failed)
        return;
    snprintf(what, sizeof what, "take a message for \"%s\"", o->options->topic);
    o->has_failed = true;
    client_fail(&o->client, code, what, &o->error);
}

static void on_delivery(rd_kafka_t *handle, const rd_kafka_message_t *m, void *ignored)
{
    kafka_output *o = m->_private;
    (void)handle;
    (void)ignored;
    client_note_progress(&o->client);
    if (m->err)
        fail_message(o, m->err);
}

/* The key of a row is in key_text; false: it has none. */
static bool make_key(kafka_output *o, const delivered *row)
{
    char text[DELIVERED_TEXT_SIZE];
    if (o->key == NO_KEY || row[o->key].is_missing)
        return false;
    buffer_clear(&o->key_text);
    buffer_add(&o->key_text, "");
    if (delivered_is_text(&row[o->key]))
        buffer_add_bytes(&o->key_text, row[o->key].text, row[o->key].size);
    else
        buffer_add_bytes(&o->key_text, text, delivered_text(&row[o->key], text));
    return true;
}

/* What a consumer knows a repetition by: the run, and the number of the row in it. */
static rd_kafka_headers_t *make_headers(const kafka_output *o)
{
    char number[24];
    rd_kafka_headers_t *headers = rd_kafka_headers_new(2);
    int size = snprintf(number, sizeof number, "%" PRIu64, o->row_count);
    if (o->delivery->run)
        rd_kafka_header_add(headers, "carpel-run", -1, o->delivery->run, -1);
    rd_kafka_header_add(headers, "carpel-row", -1, number, size);
    return headers;
}

static rd_kafka_resp_err_t produce(kafka_output *o, bool has_key)
{
    rd_kafka_headers_t *headers = make_headers(o);
    rd_kafka_resp_err_t code = rd_kafka_producev(
        o->client.handle, RD_KAFKA_V_RKT(o->topic),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_VALUE(o->value.data, o->value.size),
        RD_KAFKA_V_KEY(has_key ? o->key_text.data : NULL, has_key ? o->key_text.size : 0),
        RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_OPAQUE(o), RD_KAFKA_V_END);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        rd_kafka_headers_destroy(headers);
    return code;
}

/* When the library has no room for more, the brokers are waited for. */
static void send_row(kafka_output *o, bool has_key)
{
    rd_kafka_resp_err_t code;
    while ((code = produce(o, has_key)) == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        rd_kafka_poll(o->client.handle, CLIENT_SLICE_MILLISECONDS / 3);
        if (!client_hear(&o->client, "take messages", &o->error)) {
            o->has_failed = true;
            return;
        }
    }
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        fail_message(o, code);
}

static void add_row(void *context, const delivered *row, size_t count)
{
    kafka_output *o = context;
    const json_sink sink = {put, &o->value};
    if (o->has_failed)
        return;
    buffer_clear(&o->value);
    json_write_row(&sink, row, count);
    o->row_count++;
    send_row(o, make_key(o, row));
    if (o->row_count % POLL_ROWS == 0)
        rd_kafka_poll(o->client.handle, 0);
}

/* ---- transactions ----------------------------------------------------------------- */

/* Takes over the library's error. */
static bool fail_transaction(kafka_output *o, rd_kafka_error_t *error, const char *what,
                             carpel_error *err)
{
    client_fail(&o->client, rd_kafka_error_code(error), what, err);
    if (rd_kafka_error_code(error) == RD_KAFKA_RESP_ERR__FENCED ||
        rd_kafka_error_code(error) == RD_KAFKA_RESP_ERR_PRODUCER_FENCED)
        carpel_fail(err, CARPEL_E_INPUT,
                    "somebody else began transactions with the name \"%s\"; give this "
                    "project one of its own with \"transactions\"",
                    o->claim.name);
    rd_kafka_error_destroy(error);
    return false;
}

/* Go on with a step until it is done; asked again, the library goes on with it. */
static bool finish(kafka_output *o,
                   rd_kafka_error_t *(*step)(rd_kafka_t *handle, int milliseconds),
                   const char *what, carpel_error *err)
{
    for (;;) {
        rd_kafka_error_t *error = step(o->client.handle, CLIENT_SLICE_MILLISECONDS);
        if (!error)
            break;
        if (!rd_kafka_error_is_retriable(error))
            return fail_transaction(o, error, what, err);
        rd_kafka_error_destroy(error);
        if (!client_hear(&o->client, what, err))
            return false;
    }
    client_note_progress(&o->client);
    return true;
}

static bool write_rows(void *instance, struct ArrowArrayStream *rows, carpel_error *err)
{
    kafka_output *o = instance;
    rd_kafka_error_t *error = rd_kafka_begin_transaction(o->client.handle);
    if (error)
        return fail_transaction(o, error, "begin a transaction", err);
    o->is_open = true;
    client_note_progress(&o->client);
    if (!delivery_read(o->host, o->delivery, rows, add_row, o, err))
        return false;
    if (o->has_failed)
        *err = o->error;
    return !o->has_failed;
}

/* Wait until the brokers have taken all messages, or not. */
static bool prepare(void *instance, carpel_error *err)
{
    kafka_output *o = instance;
    client_note_progress(&o->client);
    while (!o->has_failed &&
           rd_kafka_flush(o->client.handle, CLIENT_SLICE_MILLISECONDS / 3) != 0)
        if (!client_hear(&o->client, "take messages", err))
            return false;
    if (o->has_failed)
        *err = o->error;
    return !o->has_failed;
}

static bool commit(void *instance, carpel_error *err)
{
    kafka_output *o = instance;
    carpel_error why;
    client_note_progress(&o->client);
    if (finish(o, rd_kafka_commit_transaction, "end the transaction", &why)) {
        o->is_open = false;
        return true;
    }
    return carpel_fail(err, why.code,
                       "%.300s; the messages may be there or not, and the next run sends "
                       "them again, with the same run in their heads",
                       why.message);
}

/* What cannot be said now the brokers learn from the next run, which has the same name. */
static void abort_output(void *instance)
{
    kafka_output *o = instance;
    double end = clock_seconds() + ABORT_SECONDS;
    if (!o->is_open)
        return;
    o->is_open = false;
    rd_kafka_purge(o->client.handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    for (bool goes_on = true; goes_on;) {
        rd_kafka_error_t *error =
            rd_kafka_abort_transaction(o->client.handle, CLIENT_SLICE_MILLISECONDS);
        goes_on = error && rd_kafka_error_is_retriable(error) && clock_seconds() < end &&
                  !o->host->is_cancelled(o->host);
        if (error)
            rd_kafka_error_destroy(error);
    }
}

/* ---- the steps of an output ------------------------------------------------------- */

static void close_output(void *instance)
{
    kafka_output *o = instance;
    if (o->client.handle)
        rd_kafka_purge(o->client.handle,
                       RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    if (o->topic)
        rd_kafka_topic_destroy(o->topic);
    client_close(&o->client);
    claim_end(&o->claim);
    buffer_done(&o->value);
    buffer_done(&o->key_text);
    free(o);
}

/* The column by its name; without one, that of persons. */
static bool choose_key(kafka_output *o, carpel_error *err)
{
    const carpel_delivery *d = o->delivery;
    const char *wanted = o->options->key;
    const char **names = common_alloc(d->column_count, sizeof *names);
    o->key = NO_KEY;
    for (size_t i = 0; i < d->column_count; i++) {
        const carpel_column *c = &d->columns[i];
        names[i] = c->name;
        bool is_it = wanted ? strcmp(c->name, wanted) == 0
                            : strcmp(c->from ? c->from : c->name, "person") == 0;
        if (is_it && o->key == NO_KEY)
            o->key = (int)i;
    }
    bool ok = !wanted || o->key != NO_KEY ||
              names_fail_missing(err, "\"key\" names what the output has not: it", wanted,
                                 names, d->column_count);
    free(names);
    return ok;
}

static bool claim_name(kafka_output *o, carpel_error *err)
{
    buffer name = {0};
    const char *wanted = o->options->transactions;
    buffer_add(&name, wanted ? wanted : "carpel-");
    if (!wanted) {
        char hash[24];
        snprintf(hash, sizeof hash, "%016llx-",
                 claim_hash(o->delivery->project_directory));
        buffer_add(&name, hash);
        buffer_add(&name, o->options->topic);
    }
    bool ok = claim_begin(&o->claim, name.data, err);
    buffer_done(&name);
    return ok;
}

static bool open_client(kafka_output *o, carpel_error *err)
{
    const client_setting settings[] = {{"transactional.id", o->claim.name},
                                       {"transaction.timeout.ms", "600000"},
                                       {"partitioner", "murmur2_random"}};
    const client_purpose purpose = {.type = RD_KAFKA_PRODUCER,
                                    .settings = settings,
                                    .setting_count = sizeof settings / sizeof *settings,
                                    .project_directory = o->delivery->project_directory,
                                    .on_delivery = on_delivery};
    return client_open(&o->client, &o->options->client, o->host, &purpose, err);
}

static bool begin_rows(kafka_output *o, carpel_error *err)
{
    size_t partitions;
    if (!client_check_topic(o->options->topic, err) || !choose_key(o, err) ||
        !claim_name(o, err) || !open_client(o, err) ||
        !client_partitions(&o->client, o->options->topic, &partitions, err) ||
        !finish(o, rd_kafka_init_transactions, "let transactions begin", err))
        return false;
    o->topic = rd_kafka_topic_new(o->client.handle, o->options->topic, NULL);
    return true;
}

static bool begin(const carpel_host *host, const carpel_delivery *delivery,
                  void **instance, carpel_error *err)
{
    kafka_output *o = common_alloc(1, sizeof *o);
    *o = (kafka_output){.host = host,
                        .delivery = delivery,
                        .options = delivery->options,
                        .claim = {.socket = -1}};
    if (!begin_rows(o, err)) {
        close_output(o);
        return false;
    }
    *instance = o;
    return true;
}

/* Has the output the column that the key is to be? */
static bool has_key(const carpel_inquiry *inquiry, carpel_error *err)
{
    carpel_delivery delivery;
    kafka_output o = {.delivery = &delivery, .options = inquiry->options};
    return !delivery_foreseen(inquiry, &delivery) || choose_key(&o, err);
}

/* Is the topic there? One who only reads does not make it by asking. */
static carpel_reach check(const carpel_host *host, const carpel_inquiry *inquiry,
                          carpel_error *err)
{
    const kafka_output_options *options = inquiry->options;
    const client_purpose purpose = {.type = RD_KAFKA_CONSUMER,
                                    .project_directory = inquiry->project_directory};
    client c = {.reach = CARPEL_NO_DATA};
    size_t partitions;
    bool ok = has_key(inquiry, err) && client_check_topic(options->topic, err) &&
              client_open(&c, &options->client, host, &purpose, err) &&
              client_partitions(&c, options->topic, &partitions, err);
    carpel_reach reach = ok ? CARPEL_REACHED : c.reach;
    client_close(&c);
    return reach;
}

static const carpel_output output = {.struct_size = sizeof(carpel_output),
                                     .begin = begin,
                                     .write = write_rows,
                                     .prepare = prepare,
                                     .commit = commit,
                                     .abort = abort_output,
                                     .close = close_output,
                                     .check = check};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_OUTPUT,
    .name = "kafka",
    .version = "1.0",
    .summary = "Results as messages of JSON of a topic of Kafka, in one transaction.",
    .manual = "outputs:\n"
              "  - plugin: kafka\n"
              "    brokers: kafka1.example.org:9092\n"
              "    topic: segments\n"
              "    changes: true\n"
              "\n"
              "Each row is a message of JSON; its key is the person. All messages of a "
              "run are one\n"
              "transaction: who reads with isolation.level=read_committed sees all or "
              "none. Heads say\n"
              "which run (carpel-run) and which of its rows (carpel-row) it is, so that "
              "a run that is\n"
              "made again can be known.\n",
    .options_size = sizeof(kafka_output_options),
    .options = options_table,
    .output = &output,
};
