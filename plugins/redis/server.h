/* SPDX-License-Identifier: MIT
 *
 * server -- a connection to a server of Redis. Commands are queued, and their answers taken in
 * the same order; no call blocks for longer than some hundredths of a second without asking the
 * host whether somebody wants to stop, nor for longer than "wait" when nothing comes.
 *
 *     server s;
 *     redisReply *reply;
 *     if (server_open(&s, options, host, err)) {
 *         server_add(&s, "XLEN", "orders", NULL);
 *         if (server_take(&s, &reply, err)) { ... freeReplyObject(reply); }
 *     }
 *     server_close(&s);
 *
 * Messages tell whether the server cannot be reached, refuses the user, or refuses what was
 * asked. They never hold what stands in `password`.
 */
#ifndef REDIS_SERVER_H
#define REDIS_SERVER_H

#include <carpel/plugin.h>
#include <hiredis.h>

#include "common/buffer.h"

/* The options by which a server is found. */
typedef struct server_options {
    const char *host, *user, *password;
    int64_t port, database;
    double wait;
    bool tls;
} server_options;

#define SERVER_OPTIONS(at)                                                               \
    {.name = "host",                                                                     \
     .type = CARPEL_OPTION_TEXT,                                                         \
     .offset = (at) + offsetof(server_options, host),                                    \
     .default_text = "127.0.0.1",                                                        \
     .help = "The server's name or address, or the path of its socket (\"/...\")."},     \
        {.name = "port",                                                                 \
         .type = CARPEL_OPTION_INTEGER,                                                  \
         .offset = (at) + offsetof(server_options, port),                                \
         .default_text = "6379",                                                         \
         .minimum = 1,                                                                   \
         .maximum = 65535,                                                               \
         .help = "Its port."},                                                           \
        {.name = "database",                                                             \
         .type = CARPEL_OPTION_INTEGER,                                                  \
         .offset = (at) + offsetof(server_options, database),                            \
         .default_text = "0",                                                            \
         .maximum = 65535,                                                               \
         .help = "The number of the database."},                                         \
        {.name = "user",                                                                 \
         .type = CARPEL_OPTION_TEXT,                                                     \
         .offset = (at) + offsetof(server_options, user),                                \
         .help = "Who connects, where the server knows users (ACL); default: its "       \
                 "default user."},                                                       \
        {.name = "password",                                                             \
         .type = CARPEL_OPTION_TEXT,                                                     \
         .offset = (at) + offsetof(server_options, password),                            \
         .secret = true,                                                                 \
         .help = "The password, as ${NAME} from the environment."},                      \
        {.name = "tls",                                                                  \
         .type = CARPEL_OPTION_BOOLEAN,                                                  \
         .offset = (at) + offsetof(server_options, tls),                                 \
         .default_text = "false",                                                        \
         .help = "Not there: `true` is refused, with what to do in its place."},         \
    {                                                                                    \
        .name = "wait", .type = CARPEL_OPTION_NUMBER,                                    \
        .offset = (at) + offsetof(server_options, wait), .default_text = "10",           \
        .minimum = 1, .maximum = 3600,                                                   \
        .help = "How many seconds to wait for the connection, and for any answer."       \
    }

typedef struct server {
    redisContext *connection;
    const carpel_host *host;
    const server_options *options;
    carpel_reach reach; /* of the last failure: who is to look at it */
    buffer out;         /* commands on their way, of which some bytes were sent */
    size_t sent;
    uint64_t received_bytes;
    double wait_seconds;
    bool is_ending; /* somebody wants to stop, and is not asked again */
    redisReplyObjectFunctions makers, usual_makers; /* of answers */
} server;

/* Connect and say who it is. On failure nothing is left to be closed, but may be. */
bool server_open(server *s, const server_options *options, const carpel_host *host,
                 carpel_error *err);
void server_close(server *s);

/* Connect once more, for the last that is to be done: within a moment or not at all, whether
 * somebody wants to stop or not. */
bool server_open_again(server *s, carpel_error *err);

/* Queue a command: its words, each ended by a NUL, and NULL. */
void server_add(server *s, const char *word, ...);

/* Write a command whose words may have any bytes: so many follow, each by command_add. It is queued
 * when `out` is that of the server. */
void command_begin(buffer *out, size_t word_count);
void command_add(buffer *out, const char *word, size_t size);

/* Send what is queued, as far as the server takes it without waiting for answers to be taken. */
bool server_send(server *s, carpel_error *err);

/* Take the answer to the oldest command that has none yet, for the caller to free; what is queued
 * is sent first. An answer that is an error fails. */
bool server_take(server *s, redisReply **out, carpel_error *err);

/* The same, with an error as an answer like any other. */
bool server_take_any(server *s, redisReply **out, carpel_error *err);

/* Take so many answers, of which none may be an error, and forget them. */
bool server_skip(server *s, size_t count, carpel_error *err);

/* Is it an error that begins with this word? */
bool server_is_error(const redisReply *reply, const char *word);

/* Fail with an answer that is an error. */
bool server_fail(server *s, const redisReply *reply, carpel_error *err);

/* Make a message one line, whatever names stand in it; false. */
bool server_show(carpel_error *err);

/* Fail: the answer is none that such a command has. */
bool server_fail_form(server *s, carpel_error *err);

#endif
