/* SPDX-License-Identifier: MIT
 *
 * client -- a connection to the brokers of a cluster of Kafka. No call blocks for longer than
 * some tenths of a second without asking the host whether somebody wants to stop.
 *
 *     client c = {0};
 *     if (client_open(&c, &options, host, RD_KAFKA_CONSUMER, conf, project_directory, err))
 *         ok = client_partitions(&c, "orders", &count, err);
 *     client_close(&c);
 *
 * Messages tell whether no broker can be reached, the user is refused, or what was asked is not
 * there. They never hold a password.
 */
#ifndef KAFKA_CLIENT_H
#define KAFKA_CLIENT_H

#include <carpel/plugin.h>
#include <librdkafka/rdkafka.h>

/* The options by which the brokers are found and convinced. */
typedef struct client_options {
    carpel_texts brokers, settings;
    const char *user, *password, *security, *mechanism;
    const char *ca, *certificate, *key, *key_password;
    double wait;
} client_options;

extern const char *const client_securities[], *const client_mechanisms[];

#define CLIENT_OPTIONS(at)                                                               \
    {.name = "brokers",                                                                  \
     .type = CARPEL_OPTION_TEXTS,                                                        \
     .offset = (at) + offsetof(client_options, brokers),                                 \
     .required = true,                                                                   \
     .help = "Some brokers of the cluster, such as \"kafka1.example.org:9092\"; they "   \
             "name the others."},                                                        \
        {.name = "user",                                                                 \
         .type = CARPEL_OPTION_TEXT,                                                     \
         .offset = (at) + offsetof(client_options, user),                                \
         .help = "Who reads or writes, by SASL."},                                       \
        {.name = "password",                                                             \
         .type = CARPEL_OPTION_TEXT,                                                     \
         .offset = (at) + offsetof(client_options, password),                            \
         .secret = true,                                                                 \
         .help = "The user's password."},                                                \
        {.name = "security",                                                             \
         .type = CARPEL_OPTION_CHOICE,                                                   \
         .offset = (at) + offsetof(client_options, security),                            \
         .choices = client_securities,                                                   \
         .help = "How connections are secured; default: \"sasl_ssl\" with a user, "      \
                 "\"ssl\" with a certificate, else \"plaintext\"."},                     \
        {.name = "mechanism",                                                            \
         .type = CARPEL_OPTION_CHOICE,                                                   \
         .offset = (at) + offsetof(client_options, mechanism),                           \
         .default_text = "PLAIN",                                                        \
         .choices = client_mechanisms,                                                   \
         .help = "How the password is shown."},                                          \
        {.name = "ca",                                                                   \
         .type = CARPEL_OPTION_TEXT,                                                     \
         .offset = (at) + offsetof(client_options, ca),                                  \
         .help = "A file of the certificates that vouch for the brokers; default: "      \
                 "those of the system."},                                                \
        {.name = "certificate",                                                          \
         .type = CARPEL_OPTION_TEXT,                                                     \
         .offset = (at) + offsetof(client_options, certificate),                         \
         .help = "A file with the client's own certificate (PEM)."},                     \
        {.name = "key_file",                                                             \
         .type = CARPEL_OPTION_TEXT,                                                     \
         .offset = (at) + offsetof(client_options, key),                                 \
         .help = "A file with its private key (PEM)."},                                  \
        {.name = "key_password",                                                         \
         .type = CARPEL_OPTION_TEXT,                                                     \
         .offset = (at) + offsetof(client_options, key_password),                        \
         .secret = true,                                                                 \
         .help = "The password of the private key."},                                    \
        {.name = "settings",                                                             \
         .type = CARPEL_OPTION_PAIRS,                                                    \
         .offset = (at) + offsetof(client_options, settings),                            \
         .help = "Further settings of librdkafka, such as \"{client.id: crm}\"."},       \
    {                                                                                    \
        .name = "wait", .type = CARPEL_OPTION_NUMBER,                                    \
        .offset = (at) + offsetof(client_options, wait), .default_text = "30",           \
        .minimum = 1, .maximum = 3600,                                                   \
        .help = "Seconds to wait for brokers that do not answer."                        \
    }

/* What the library has told of the connections, in whichever thread. */
typedef struct client_news client_news;

typedef struct client {
    const carpel_host *host;
    rd_kafka_t *handle;
    client_news *news;
    bool is_shared;                     /* both are another client's, which outlives it */
    unsigned heard_count, heard_downs;  /* of the news */
    double wait_seconds, last_progress; /* on the clock of clock_seconds */
    int slice_milliseconds;             /* for a question that is asked anew */
    carpel_reach reach;                 /* of the last failure */
    /* What was heard last, in calls of client_hear. */
    char reason[300];
    bool is_denied, are_all_down;
} client;

/* One call does not block for longer than this. A question that is asked anew when it has no answer in
 * time is given more time then, for brokers far away; a stop is still heard within a second. */
enum { CLIENT_SLICE_MILLISECONDS = 300, CLIENT_LONGEST_MILLISECONDS = 900 };

/* A setting of the plugin's own. */
typedef struct client_setting {
    const char *name, *value;
} client_setting;

/* What a client is opened for. */
typedef struct client_purpose {
    rd_kafka_type_t type;
    const client_setting *settings;
    size_t setting_count;
    const char *project_directory; /* from where paths are seen */
    /* Of a producer: what became of a message; the context of the output is its _private. */
    void (*on_delivery)(rd_kafka_t *handle, const rd_kafka_message_t *message,
                        void *ignored);
} client_purpose;

/* Nothing is connected to before it is asked for. Closed with client_close in any case. */
bool client_open(client *c, const client_options *options, const carpel_host *host,
                 const client_purpose *purpose, carpel_error *err);
void client_close(client *c);

/* Use the connections of another client, which may be at work in other threads meanwhile. */
void client_share(client *c, const client *of, const carpel_host *host);

/* Something came: the waiting begins anew. */
void client_note_progress(client *c);

/* Hear what the library tells. False when somebody wants to stop, the user is refused, or
 * nothing came for too long; what was waited for is for the message. */
bool client_hear(client *c, const char *what, carpel_error *err);

/* As client_hear, when nothing was ever reached: then trouble for some seconds is enough. */
bool client_hear_first(client *c, carpel_error *err);

/* Fail with an answer of the brokers; `what` was asked. */
bool client_fail(client *c, rd_kafka_resp_err_t code, const char *what,
                 carpel_error *err);

/* How many partitions the topic has. Fails when there is no such topic. */
bool client_partitions(client *c, const char *topic, size_t *out, carpel_error *err);

/* Is this a name that a topic can have? */
bool client_check_topic(const char *topic, carpel_error *err);

#endif
