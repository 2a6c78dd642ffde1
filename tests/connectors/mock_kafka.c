/* SPDX-License-Identifier: MIT
 *
 * A cluster of Kafka for tests: the one that librdkafka has for its own tests, behind a program that
 * is told what to do, a line each, and answers in a line each. It prints its brokers first.
 *
 *     topic NAME PARTITIONS               make a topic
 *     put NAME FILE                       messages: PARTITION, KEY and VALUE with tabs between, "-" is none
 *     fill NAME PARTITIONS COUNT SECONDS PEOPLE   so many purchases, one each so many seconds
 *     take NAME FILE                      write what is there: partition, offset, key, heads, value
 *     offsets GROUP NAME PARTITIONS       what a group has committed
 *     down BROKER, up BROKER              -1: all
 *     slow MILLISECONDS                   how long each answer of all takes
 *     error API CODE COUNT                the next requests of that kind are answered so
 *     topic-error NAME CODE               asked for the topic, the brokers answer so
 *     at COUNT kill FILE                  at that request from now, kill the process whose number is there
 *     at COUNT down                       at that request, all brokers go away
 *     hit                                 has that moment come?
 *     disarm                              it comes no more; had it come?
 *     count                               requests so far
 *     quit
 */
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

enum { WAIT_MILLISECONDS = 10000, LINE_BYTES = 4096 };

static rd_kafka_mock_cluster_t *cluster;
static const char *brokers;

/* ---- moments ---------------------------------------------------------------------- */

static atomic_long request_count, moment = -1;
static atomic_bool is_down_wanted, is_hit;
static char victim[LINE_BYTES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t hit = PTHREAD_COND_INITIALIZER;

static void kill_victim(void)
{
    FILE *file = fopen(victim, "r");
    long process;
    if (file && fscanf(file, "%ld", &process) == 1 && process > 1)
        kill((pid_t)process, SIGKILL);
    if (file)
        fclose(file);
}

/* The brokers tell of each request in their log, from their own thread, where they cannot be taken
 * away. */
static void on_log(const rd_kafka_t *handle, int level, const char *facility,
                   const char *text)
{
    (void)handle;
    (void)level;
    if (strcmp(facility, "MOCK") != 0 || !strstr(text, ": Received "))
        return;
    long count = atomic_fetch_add(&request_count, 1) + 1;
    if (count != atomic_load(&moment))
        return;
    if (!atomic_load(&is_down_wanted))
        kill_victim();
    pthread_mutex_lock(&lock);
    atomic_store(&is_hit, true);
    pthread_cond_broadcast(&hit);
    pthread_mutex_unlock(&lock);
}

static void *take_down(void *ignored)
{
    (void)ignored;
    for (;;) {
        pthread_mutex_lock(&lock);
        while (!(atomic_load(&is_hit) && atomic_load(&is_down_wanted)))
            pthread_cond_wait(&hit, &lock);
        pthread_mutex_unlock(&lock);
        rd_kafka_mock_broker_set_down(cluster, -1);
        pthread_mutex_lock(&lock);
        atomic_store(&is_down_wanted, false);
        pthread_cond_broadcast(&hit);
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

static void arm(const char *count, const char *what, const char *file)
{
    atomic_store(&is_hit, false);
    atomic_store(&is_down_wanted, strcmp(what, "down") == 0);
    snprintf(victim, sizeof victim, "%s", file);
    atomic_store(&moment, atomic_load(&request_count) + atol(count));
}

static bool disarm(void)
{
    atomic_store(&moment, -1);
    pthread_mutex_lock(&lock);
    while (atomic_load(&is_hit) && atomic_load(&is_down_wanted))
        pthread_cond_wait(&hit, &lock);
    pthread_mutex_unlock(&lock);
    return atomic_load(&is_hit);
}

/* ---- clients ---------------------------------------------------------------------- */

static rd_kafka_t *new_client(rd_kafka_type_t type, const char *group)
{
    char why[300];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    const char *const settings[][2] = {
        {"bootstrap.servers", brokers},
        {"enable.auto.commit", "false"},
        {"isolation.level", "read_committed"},
        {"enable.partition.eof", "true"},
        {"linger.ms", "20"},
        {"batch.num.messages", "10000"},
        {"queue.buffering.max.messages", "2000000"},
        {"enable.idempotence", type == RD_KAFKA_PRODUCER ? "true" : "false"},
        {"group.id", group}};
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        if (settings[i][1])
            rd_kafka_conf_set(conf, settings[i][0], settings[i][1], why, sizeof why);
    rd_kafka_t *client = rd_kafka_new(type, conf, why, sizeof why);
    if (!client) {
        fprintf(stderr, "mock_kafka: %s\n", why);
        exit(1);
    }
    return client;
}

static bool put_message(rd_kafka_t *client, const char *topic, int32_t partition,
                        const char *key, const char *value, size_t size)
{
    for (;;) {
        rd_kafka_resp_err_t code = rd_kafka_producev(
            client, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(partition),
            RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
            RD_KAFKA_V_KEY(key, key ? strlen(key) : 0),
            RD_KAFKA_V_VALUE((void *)(uintptr_t)value, size),
            RD_KAFKA_V_TIMESTAMP(INT64_C(1767225600000)), RD_KAFKA_V_END);
        if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL)
            return code == RD_KAFKA_RESP_ERR_NO_ERROR;
        rd_kafka_poll(client, 100);
    }
}

static bool finish_putting(rd_kafka_t *client)
{
    bool ok = rd_kafka_flush(client, WAIT_MILLISECONDS) == 0;
    rd_kafka_destroy(client);
    return ok;
}

/* \xHH in a value stands for a byte. */
static size_t unescape(char *text)
{
    char *out = text;
    for (const char *at = text; *at != '\0';) {
        unsigned byte;
        if (sscanf(at, "\\x%2x", &byte) == 1) {
            *out++ = (char)byte;
            at += 4;
        } else {
            *out++ = *at++;
        }
    }
    *out = '\0';
    return (size_t)(out - text);
}

static bool put_file(const char *topic, const char *path)
{
    static char line[1024 * 1024];
    rd_kafka_t *client = new_client(RD_KAFKA_PRODUCER, NULL);
    FILE *file = fopen(path, "r");
    bool ok = file != NULL;
    while (ok && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        char *key = strchr(line, '\t'), *value = key ? strchr(key + 1, '\t') : NULL;
        if (!value)
            break;
        *key++ = *value++ = '\0';
        unescape(key);
        bool is_none = strcmp(value, "-") == 0;
        size_t size = unescape(value);
        ok = put_message(client, topic, atoi(line), strcmp(key, "-") == 0 ? NULL : key,
                         is_none ? NULL : value, is_none ? 0 : size);
    }
    if (file)
        fclose(file);
    return finish_putting(client) && ok;
}

static bool fill(const char *topic, long partitions, long count, long seconds,
                 long people)
{
    rd_kafka_t *client = new_client(RD_KAFKA_PRODUCER, NULL);
    bool ok = partitions > 0 && people > 0;
    for (long i = 0; ok && i < count; i++) {
        char value[300], key[30];
        int size =
            snprintf(value, sizeof value,
                     "{\"id\": %ld, \"customer\": {\"id\": \"p%ld\", \"country\": "
                     "\"DE\"}, \"at\": %ld, \"amount\": %ld.%02ld, \"note\": "
                     "\"nothing of interest\"}",
                     i, i * 7919 % people, 1767225600 + i * seconds, i % 1000, i % 100);
        snprintf(key, sizeof key, "%ld", i);
        ok = put_message(client, topic, (int32_t)(i % partitions), key, value,
                         (size_t)size);
    }
    return finish_putting(client) && ok;
}

/* ---- looking ---------------------------------------------------------------------- */

static void print_heads(FILE *out, const rd_kafka_message_t *m)
{
    rd_kafka_headers_t *heads;
    const char *name;
    const void *value;
    size_t size;
    if (rd_kafka_message_headers(m, &heads))
        return;
    for (size_t i = 0; rd_kafka_header_get_all(heads, i, &name, &value, &size) == 0; i++)
        fprintf(out, "%s%s=%.*s", i > 0 ? "," : "", name, (int)size, (const char *)value);
}

static void print_message(FILE *out, const rd_kafka_message_t *m)
{
    fprintf(out, "%d\t%" PRId64 "\t%.*s\t", (int)m->partition, m->offset, (int)m->key_len,
            m->key ? (const char *)m->key : "");
    print_heads(out, m);
    fprintf(out, "\t%.*s\n", (int)m->len, m->payload ? (const char *)m->payload : "");
}

static int assign_all(rd_kafka_t *client, const char *topic)
{
    const struct rd_kafka_metadata *found;
    rd_kafka_topic_t *handle = rd_kafka_topic_new(client, topic, NULL);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(4);
    int count = 0;
    if (rd_kafka_metadata(client, 0, handle, &found, WAIT_MILLISECONDS) == 0) {
        count = found->topics[0].partition_cnt;
        rd_kafka_metadata_destroy(found);
    }
    for (int i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(list, topic, i)->offset =
            RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_assign(client, list);
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_topic_destroy(handle);
    return count;
}

static bool take(const char *topic, const char *path)
{
    rd_kafka_t *client = new_client(RD_KAFKA_CONSUMER, "mock_kafka");
    FILE *out = fopen(path, "w");
    bool ok = out != NULL;
    rd_kafka_poll_set_consumer(client);
    for (int left = assign_all(client, topic); ok && left > 0;) {
        rd_kafka_message_t *m = rd_kafka_consumer_poll(client, WAIT_MILLISECONDS);
        ok = m != NULL;
        if (m && m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
            left--;
        else if (m && !m->err)
            print_message(out, m);
        if (m)
            rd_kafka_message_destroy(m);
    }
    if (out)
        fclose(out);
    rd_kafka_destroy(client);
    return ok;
}

static void tell_offsets(const char *group, const char *topic, int partitions)
{
    rd_kafka_t *client = new_client(RD_KAFKA_CONSUMER, group);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(4);
    for (int i = 0; i < partitions; i++)
        rd_kafka_topic_partition_list_add(list, topic, i);
    rd_kafka_resp_err_t code = rd_kafka_committed(client, list, WAIT_MILLISECONDS);
    printf("%s", code ? rd_kafka_err2name(code) : "offsets");
    for (int i = 0; i < partitions; i++)
        printf(" %" PRId64, list->elems[i].offset);
    puts("");
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_destroy(client);
}

static void push_errors(const char *api, const char *code, const char *count)
{
    for (int i = 0; i < atoi(count); i++)
        rd_kafka_mock_push_request_errors(cluster, (int16_t)atoi(api), 1,
                                          (rd_kafka_resp_err_t)atoi(code));
}

static bool slow_down(int milliseconds)
{
    bool ok = true;
    for (int32_t broker = 1; broker <= 3; broker++)
        ok &= rd_kafka_mock_broker_set_rtt(cluster, broker, milliseconds) == 0;
    return ok;
}

/* ---- commands --------------------------------------------------------------------- */

static void answer(bool is_good)
{
    puts(is_good ? "ok" : "failed");
}

static bool obey(char word[6][LINE_BYTES / 4], int count)
{
    const char *what = count > 0 ? word[0] : "quit";
    if (strcmp(what, "topic") == 0)
        answer(rd_kafka_mock_topic_create(cluster, word[1], atoi(word[2]), 1) == 0);
    else if (strcmp(what, "put") == 0)
        answer(put_file(word[1], word[2]));
    else if (strcmp(what, "fill") == 0)
        answer(fill(word[1], atol(word[2]), atol(word[3]), atol(word[4]), atol(word[5])));
    else if (strcmp(what, "take") == 0)
        answer(take(word[1], word[2]));
    else if (strcmp(what, "offsets") == 0)
        tell_offsets(word[1], word[2], atoi(word[3]));
    else if (strcmp(what, "down") == 0)
        answer(rd_kafka_mock_broker_set_down(cluster, atoi(word[1])) == 0);
    else if (strcmp(what, "up") == 0)
        answer(rd_kafka_mock_broker_set_up(cluster, atoi(word[1])) == 0);
    else if (strcmp(what, "slow") == 0)
        answer(slow_down(atoi(word[1])));
    else if (strcmp(what, "error") == 0)
        answer((push_errors(word[1], word[2], word[3]), true));
    else if (strcmp(what, "topic-error") == 0)
        answer((rd_kafka_mock_topic_set_error(cluster, word[1],
                                              (rd_kafka_resp_err_t)atoi(word[2])),
                true));
    else if (strcmp(what, "at") == 0)
        answer((arm(word[1], word[2], word[3]), true));
    else if (strcmp(what, "hit") == 0)
        answer(atomic_load(&is_hit));
    else if (strcmp(what, "disarm") == 0)
        answer(disarm());
    else if (strcmp(what, "count") == 0)
        printf("%ld\n", atomic_load(&request_count));
    else
        return false;
    fflush(stdout);
    return true;
}

int main(void)
{
    char line[LINE_BYTES], word[6][LINE_BYTES / 4], why[300];
    pthread_t downer;
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "debug", "mock", why, sizeof why);
    rd_kafka_conf_set_log_cb(conf, on_log);
    rd_kafka_t *keeper = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why);
    cluster = keeper ? rd_kafka_mock_cluster_new(keeper, 3) : NULL;
    if (!cluster || pthread_create(&downer, NULL, take_down, NULL) != 0)
        return 1;
    brokers = rd_kafka_mock_cluster_bootstraps(cluster);
    puts(brokers);
    fflush(stdout);
    for (bool goes_on = true; goes_on && fgets(line, sizeof line, stdin);) {
        int count = sscanf(line, "%1023s %1023s %1023s %1023s %1023s %1023s", word[0],
                           word[1], word[2], word[3], word[4], word[5]);
        goes_on = obey(word, count);
    }
    return 0;
}
