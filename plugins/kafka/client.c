/* SPDX-License-Identifier: MIT
 *
 * Connections to Kafka: settings, waiting, messages.
 */
#include "kafka/client.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "common/buffer.h"
#include "common/clock.h"
#include "common/memory.h"
#include "common/names.h"

enum {
    LONGEST_TOPIC = 249,
    FIRST_SECONDS = 2, /* in which the first answer comes, when there was trouble */
};

const char *const client_securities[] = {"plaintext", "ssl", "sasl_plaintext", "sasl_ssl",
                                         NULL};
const char *const client_mechanisms[] = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", NULL};

/* Settings that people may give. None runs a program, loads a library, or holds a secret; none
 * is one that the plugin sets by itself. */
static const char *const allowed_settings[] = {
    "broker.address.family",
    "broker.address.ttl",
    "client.dns.lookup",
    "client.id",
    "client.rack",
    "compression.codec",
    "compression.level",
    "connections.max.idle.ms",
    "enable.ssl.certificate.verification",
    "fetch.max.bytes",
    "fetch.message.max.bytes",
    "fetch.min.bytes",
    "fetch.wait.max.ms",
    "linger.ms",
    "message.max.bytes",
    "partitioner",
    "receive.message.max.bytes",
    "reconnect.backoff.max.ms",
    "reconnect.backoff.ms",
    "request.timeout.ms",
    "retry.backoff.ms",
    "socket.connection.setup.timeout.ms",
    "socket.keepalive.enable",
    "socket.nagle.disable",
    "socket.receive.buffer.bytes",
    "socket.send.buffer.bytes",
    "socket.timeout.ms",
    "ssl.cipher.suites",
    "ssl.endpoint.identification.algorithm",
    "transaction.timeout.ms",
};

struct client_news {
    pthread_mutex_t lock;
    unsigned count, downs; /* all errors; those by which all brokers are down */
    char reason[300];
    bool is_denied;
};

/* ---- messages --------------------------------------------------------------------- */

static bool fail_cancelled(carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
}

/* Keep a reason in one line, without how long a connection was in which state. */
static void keep_reason(client_news *n, const char *reason)
{
    buffer line = {0};
    const char *behind = strstr(reason, " (after ");
    buffer_add(&line, "");
    buffer_add_bytes(&line, reason, behind ? (size_t)(behind - reason) : strlen(reason));
    buffer text = {0};
    buffer_add(&text, "");
    buffer_add_one_line(&text, line.data, sizeof n->reason - 10);
    snprintf(n->reason, sizeof n->reason, "%s", text.data);
    buffer_done(&line);
    buffer_done(&text);
}

static void on_error(rd_kafka_t *handle, int code, const char *reason, void *context)
{
    client_news *n = context;
    (void)handle;
    pthread_mutex_lock(&n->lock);
    n->count++;
    switch (code) {
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN: n->downs++; break;
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
        n->is_denied = true;
        keep_reason(n, reason);
        break;
    default: keep_reason(n, reason);
    }
    pthread_mutex_unlock(&n->lock);
}

static void hear_news(client *c)
{
    client_news *n = c->news;
    rd_kafka_poll(c->handle, 0);
    pthread_mutex_lock(&n->lock);
    c->is_denied = n->is_denied;
    c->are_all_down |= n->downs != c->heard_downs;
    if (n->count != c->heard_count && n->reason[0] != '\0')
        memcpy(c->reason, n->reason, sizeof c->reason);
    c->heard_count = n->count;
    c->heard_downs = n->downs;
    pthread_mutex_unlock(&n->lock);
}

/* The library writes on standard error when nobody takes its log. */
static void ignore_log(const rd_kafka_t *handle, int level, const char *facility,
                       const char *text)
{
    (void)handle;
    (void)level;
    (void)facility;
    (void)text;
}

static bool fail_unreached(client *c, carpel_error *err)
{
    c->reach = CARPEL_UNREACHABLE;
    return carpel_fail(err, CARPEL_E_LATER, "no broker can be reached%s%s",
                       c->reason[0] != '\0' ? ": " : "", c->reason);
}

static bool fail_denied(client *c, carpel_error *err)
{
    c->reach = CARPEL_DENIED;
    return carpel_fail(err, CARPEL_E_INPUT, "the brokers refuse the user: %s", c->reason);
}

static bool is_about_rights(rd_kafka_resp_err_t code)
{
    return code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
           code == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED ||
           code == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED ||
           code == RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
}

static bool is_about_network(rd_kafka_resp_err_t code)
{
    return code == RD_KAFKA_RESP_ERR__TRANSPORT || code == RD_KAFKA_RESP_ERR__TIMED_OUT ||
           code == RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT ||
           code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN ||
           code == RD_KAFKA_RESP_ERR__WAIT_COORD ||
           code == RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE ||
           code == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
           code == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION;
}

bool client_fail(client *c, rd_kafka_resp_err_t code, const char *what, carpel_error *err)
{
    const char *words = rd_kafka_err2str(code);
    c->reach = is_about_rights(code)    ? CARPEL_DENIED
               : is_about_network(code) ? CARPEL_UNREACHABLE
                                        : CARPEL_NO_DATA;
    if (c->reach == CARPEL_DENIED)
        return carpel_fail(err, CARPEL_E_INPUT, "the user has not the right to %s: %s",
                           what, words);
    return carpel_fail(err,
                       c->reach == CARPEL_UNREACHABLE ? CARPEL_E_SYSTEM : CARPEL_E_INPUT,
                       "the brokers do not %s: %s", what, words);
}

/* ---- waiting ---------------------------------------------------------------------- */

void client_note_progress(client *c)
{
    c->last_progress = clock_seconds();
    c->are_all_down = false;
}

bool client_hear(client *c, const char *what, carpel_error *err)
{
    hear_news(c);
    c->slice_milliseconds *= 2;
    if (c->slice_milliseconds > CLIENT_LONGEST_MILLISECONDS)
        c->slice_milliseconds = CLIENT_LONGEST_MILLISECONDS;
    if (c->host->is_cancelled(c->host))
        return fail_cancelled(err);
    if (c->is_denied)
        return fail_denied(c, err);
    if (clock_seconds() - c->last_progress < c->wait_seconds)
        return true;
    c->reach = CARPEL_UNREACHABLE;
    return carpel_fail(err, CARPEL_E_SYSTEM,
                       "the brokers did not %s within %g seconds (option \"wait\")%s%s",
                       what, c->wait_seconds, c->reason[0] != '\0' ? ": " : "",
                       c->reason);
}

bool client_hear_first(client *c, carpel_error *err)
{
    bool is_late = clock_seconds() - c->last_progress > FIRST_SECONDS;
    if (!client_hear(c, "answer", err))
        return false;
    return !(c->are_all_down || (is_late && c->reason[0] != '\0')) ||
           fail_unreached(c, err);
}

/* ---- settings --------------------------------------------------------------------- */

static bool set(rd_kafka_conf_t *conf, const char *name, const char *value,
                const char *option, carpel_error *err)
{
    char reason[300];
    if (!value ||
        rd_kafka_conf_set(conf, name, value, reason, sizeof reason) == RD_KAFKA_CONF_OK)
        return true;
    return carpel_fail(err, CARPEL_E_INPUT, "\"%s\" cannot be used: %s", option, reason);
}

/* Of what is secret the library's words are not shown. */
static bool set_secret(rd_kafka_conf_t *conf, const char *name, const char *value,
                       const char *option, carpel_error *err)
{
    carpel_error ignored;
    return set(conf, name, value, option, &ignored) ||
           carpel_fail(err, CARPEL_E_INPUT, "\"%s\" cannot be used", option);
}

static bool set_path(rd_kafka_conf_t *conf, const char *name, const char *path,
                     const char *directory, const char *option, carpel_error *err)
{
    buffer whole = {0};
    if (!path)
        return true;
    buffer_add(&whole, path[0] != '/' && directory ? directory : "");
    buffer_add(&whole, path[0] != '/' && directory ? "/" : "");
    buffer_add(&whole, path);
    bool ok = set(conf, name, whole.data, option, err);
    buffer_done(&whole);
    return ok;
}

static bool is_allowed(const char *name)
{
    for (size_t i = 0; i < sizeof allowed_settings / sizeof *allowed_settings; i++)
        if (strcmp(allowed_settings[i], name) == 0)
            return true;
    return false;
}

static bool fail_setting(const char *name, carpel_error *err)
{
    size_t count = sizeof allowed_settings / sizeof *allowed_settings;
    const char *nearest = names_nearest(name, allowed_settings, count);
    return carpel_fail(err, CARPEL_E_INPUT, "\"settings\" may not have \"%.80s\"%s%s%s",
                       name, nearest ? "; did you mean \"" : "", nearest ? nearest : "",
                       nearest ? "\"?" : "; docs/connectors.md lists what they may");
}

static bool set_given(rd_kafka_conf_t *conf, const char *name, const char *value,
                      carpel_error *err)
{
    return is_allowed(name) ? set(conf, name, value, "settings", err)
                            : fail_setting(name, err);
}

static const char *choose_security(const client_options *o)
{
    if (o->security)
        return o->security;
    return o->user ? "sasl_ssl" : o->certificate || o->ca ? "ssl" : "plaintext";
}

static bool set_security(rd_kafka_conf_t *conf, const client_options *o,
                         const char *directory, carpel_error *err)
{
    const char *security = choose_security(o);
    bool is_sasl = strncmp(security, "sasl", 4) == 0;
    if (is_sasl && (!o->user || !o->password))
        return carpel_fail(err, CARPEL_E_INPUT,
                           "\"security: %s\" needs \"user\" and \"password\"", security);
    if (!is_sasl && o->user)
        return carpel_fail(err, CARPEL_E_INPUT,
                           "\"user\" needs \"security: sasl_ssl\" or "
                           "\"sasl_plaintext\", and not \"%s\"",
                           security);
    return set(conf, "security.protocol", security, "security", err) &&
           (!is_sasl || set(conf, "sasl.mechanisms", o->mechanism, "mechanism", err)) &&
           set(conf, "sasl.username", o->user, "user", err) &&
           set_secret(conf, "sasl.password", o->password, "password", err) &&
           set_path(conf, "ssl.ca.location", o->ca, directory, "ca", err) &&
           set_path(conf, "ssl.certificate.location", o->certificate, directory,
                    "certificate", err) &&
           set_path(conf, "ssl.key.location", o->key, directory, "key_file", err) &&
           set_secret(conf, "ssl.key.password", o->key_password, "key_password", err);
}

static bool set_brokers(rd_kafka_conf_t *conf, carpel_texts brokers, carpel_error *err)
{
    buffer list = {0};
    buffer_add(&list, "");
    for (size_t i = 0; i < brokers.count; i++) {
        buffer_add(&list, i > 0 ? "," : "");
        buffer_add(&list, brokers.items[i]);
    }
    bool ok = set(conf, "bootstrap.servers", list.data, "brokers", err);
    buffer_done(&list);
    return ok;
}

static bool set_all(rd_kafka_conf_t *conf, const client_options *options,
                    const client_purpose *purpose, carpel_error *err)
{
    bool ok = set_brokers(conf, options->brokers, err) &&
              set(conf, "client.id", "carpel", "client.id", err) &&
              set_security(conf, options, purpose->project_directory, err);
    for (size_t i = 0; ok && i < purpose->setting_count; i++)
        ok = set(conf, purpose->settings[i].name, purpose->settings[i].value,
                 purpose->settings[i].name, err);
    for (size_t i = 0; ok && i + 1 < options->settings.count; i += 2)
        ok = set_given(conf, options->settings.items[i], options->settings.items[i + 1],
                       err);
    return ok;
}

/* ---- opening ---------------------------------------------------------------------- */

bool client_open(client *c, const client_options *options, const carpel_host *host,
                 const client_purpose *purpose, carpel_error *err)
{
    char reason[300];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    *c = (client){.host = host,
                  .wait_seconds = options->wait,
                  .last_progress = clock_seconds(),
                  .slice_milliseconds = CLIENT_SLICE_MILLISECONDS,
                  .reach = CARPEL_NO_DATA};
    c->news = common_alloc(1, sizeof *c->news);
    pthread_mutex_init(&c->news->lock, NULL);
    bool ok = set_all(conf, options, purpose, err);
    rd_kafka_conf_set_opaque(conf, c->news);
    rd_kafka_conf_set_error_cb(conf, on_error);
    rd_kafka_conf_set_log_cb(conf, ignore_log);
    if (purpose->on_delivery)
        rd_kafka_conf_set_dr_msg_cb(conf, purpose->on_delivery);
    if (ok)
        c->handle = rd_kafka_new(purpose->type, conf, reason, sizeof reason);
    if (c->handle)
        return true;
    rd_kafka_conf_destroy(conf);
    return ok &&
           carpel_fail(err, CARPEL_E_INPUT, "the settings cannot be used: %s", reason);
}

void client_close(client *c)
{
    if (c->handle && !c->is_shared)
        rd_kafka_destroy_flags(c->handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    if (c->news && !c->is_shared) {
        pthread_mutex_destroy(&c->news->lock);
        free(c->news);
    }
    c->handle = NULL;
    c->news = NULL;
}

void client_share(client *c, const client *of, const carpel_host *host)
{
    *c = (client){.host = host,
                  .handle = of->handle,
                  .news = of->news,
                  .is_shared = true,
                  .wait_seconds = of->wait_seconds,
                  .last_progress = clock_seconds(),
                  .slice_milliseconds = CLIENT_SLICE_MILLISECONDS,
                  .reach = CARPEL_NO_DATA};
}

/* ---- topics ----------------------------------------------------------------------- */

bool client_check_topic(const char *topic, carpel_error *err)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    size_t size = strlen(topic);
    if (size > 0 && size <= LONGEST_TOPIC && strspn(topic, letters) == size)
        return true;
    return carpel_fail(err, CARPEL_E_INPUT,
                       "\"%.80s\" is no name of a topic: that has 1 to %d letters (a-z, "
                       "A-Z), digits, \".\", \"_\" and \"-\"",
                       topic, LONGEST_TOPIC);
}

static bool take_topic(client *c, const rd_kafka_metadata_topic_t *topic, size_t *out,
                       carpel_error *err)
{
    char what[300];
    if (topic->err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
        topic->err == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC) {
        c->reach = CARPEL_NO_DATA;
        return carpel_fail(err, CARPEL_E_INPUT, "the brokers have no topic \"%s\"",
                           topic->topic);
    }
    snprintf(what, sizeof what, "describe the topic \"%s\"", topic->topic);
    if (topic->err != RD_KAFKA_RESP_ERR_NO_ERROR)
        return client_fail(c, topic->err, what, err);
    *out = (size_t)topic->partition_cnt;
    return true;
}

bool client_partitions(client *c, const char *topic, size_t *out, carpel_error *err)
{
    const struct rd_kafka_metadata *found;
    rd_kafka_topic_t *handle = rd_kafka_topic_new(c->handle, topic, NULL);
    rd_kafka_resp_err_t code;
    bool ok = true;
    while (ok && (code = rd_kafka_metadata(c->handle, 0, handle, &found,
                                           c->slice_milliseconds)) != 0)
        ok = is_about_network(code) ? client_hear_first(c, err)
                                    : client_fail(c, code, "describe a topic", err);
    rd_kafka_topic_destroy(handle);
    if (!ok)
        return false;
    ok = found->topic_cnt == 1 ? take_topic(c, &found->topics[0], out, err)
                               : client_fail(c, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
                                             "describe the topic", err);
    rd_kafka_metadata_destroy(found);
    client_note_progress(c);
    return ok;
}
