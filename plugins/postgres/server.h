/* SPDX-License-Identifier: MIT
 *
 * server -- a connection to a server of PostgreSQL. No call blocks for longer than some
 * hundredths of a second without asking the host whether somebody wants to stop; then the
 * server is told to stop its work, too.
 *
 * Messages tell whether the server cannot be reached, refuses the user, or refuses what was
 * asked. They never hold what stands in `connection` or `password`.
 */
#ifndef POSTGRES_SERVER_H
#define POSTGRES_SERVER_H

#include <carpel/plugin.h>
#include <libpq-fe.h>

/* The options by which a server is found. */
typedef struct server_options {
    const char *connection, *host, *database, *user, *password;
    int64_t port;
    double wait;
} server_options;

#define SERVER_OPTIONS(at)                                                               \
    {.name = "connection",                                                               \
     .type = CARPEL_OPTION_TEXT,                                                         \
     .offset = (at) + offsetof(server_options, connection),                              \
     .secret = true,                                                                     \
     .help = "The server as \"postgresql://user@host/database\" or \"host=... "          \
             "dbname=...\"; what it leaves out is found as psql finds it."},             \
        {.name = "host",                                                                 \
         .type = CARPEL_OPTION_TEXT,                                                     \
         .offset = (at) + offsetof(server_options, host),                                \
         .help = "The server's name or address, or the folder of its socket."},          \
        {.name = "port",                                                                 \
         .type = CARPEL_OPTION_INTEGER,                                                  \
         .offset = (at) + offsetof(server_options, port),                                \
         .default_text = "0",                                                            \
         .maximum = 65535,                                                               \
         .help = "Its port; 0: the usual one."},                                         \
        {.name = "database",                                                             \
         .type = CARPEL_OPTION_TEXT,                                                     \
         .offset = (at) + offsetof(server_options, database),                            \
         .help = "The database."},                                                       \
        {.name = "user",                                                                 \
         .type = CARPEL_OPTION_TEXT,                                                     \
         .offset = (at) + offsetof(server_options, user),                                \
         .help = "Who connects."},                                                       \
        {.name = "password",                                                             \
         .type = CARPEL_OPTION_TEXT,                                                     \
         .offset = (at) + offsetof(server_options, password),                            \
         .secret = true,                                                                 \
         .help = "The user's password, as ${NAME} from the environment; without it, "    \
                 "that of ~/.pgpass."},                                                  \
    {                                                                                    \
        .name = "wait", .type = CARPEL_OPTION_NUMBER,                                    \
        .offset = (at) + offsetof(server_options, wait), .default_text = "10",           \
        .minimum = 1, .maximum = 3600,                                                   \
        .help = "How many seconds to wait for a connection, and for a lock."             \
    }

typedef struct server {
    PGconn *connection;
    const carpel_host *host;
    carpel_reach reach; /* of the last failure: who is to look at it */
} server;

/* `is_reading`: nothing can be written. Texts are UTF-8, times are those of UTC in ISO
 * 8601. */
bool server_open(server *s, const server_options *options, const carpel_host *host,
                 bool is_reading, carpel_error *err);

/* Whatever is under way is broken off. */
void server_close(server *s);

/* Wait until the socket has something to read, or takes something when there is something
 * to write; false when somebody wants to stop. */
bool server_wait(server *s, carpel_error *err);

/* Run one statement with `count` texts as its parameters. On success *out is what it answered, for the
 * caller to clear; NULL: it is not wanted. On failure `state` (6 bytes or NULL) has the
 * code of the server's answer. */
bool server_run(server *s, const char *statement, const char *const *parameters,
                int count, PGresult **out, char state[6], carpel_error *err);

/* Take the answer to what was sent. */
bool server_take(server *s, PGresult **out, char state[6], carpel_error *err);

/* Fail with what the server answered, or the connection says of its end. */
bool server_fail(server *s, const PGresult *answer, carpel_error *err);

#endif
