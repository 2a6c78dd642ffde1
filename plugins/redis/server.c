/* SPDX-License-Identifier: MIT
 *
 * Connections to Redis: the socket and waiting are ours, so that stopping works and a server that is
 * gone raises no signal; the library connects, and takes answers apart.
 */
#include "redis/server.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "common/clock.h"

enum {
    PAUSE_MILLISECONDS = 50,
    LONGEST_REASON = 300,
    MOST_ELEMENTS = 1 << 20, /* of an array in an answer */
};

static const double HURRY_SECONDS = 0.3;

/* ---- messages --------------------------------------------------------------------- */

static bool fail_cancelled(carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
}

static bool fail_because(carpel_error *err, carpel_error_code code, const char *what,
                         const char *reason)
{
    buffer text = {0};
    buffer_add(&text, "");
    buffer_add_one_line(&text, reason, LONGEST_REASON);
    if (text.size > 0 && text.data[text.size - 1] == '.')
        text.data[text.size - 1] = '\0';
    carpel_fail(err, code, "%s: %s", what, text.data);
    buffer_done(&text);
    return false;
}

bool server_show(carpel_error *err)
{
    for (char *c = err->message; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == '\x7f')
            *c = ' ';
    return false;
}

#define CLUSTER                                                                          \
    "the server is part of a cluster, which is not followed from node to node; name a "  \
    "server that has all keys"

#define TROUBLE "the server is in trouble"

/* How answers begin: who is to act, and does it go by? */
static const struct {
    const char *begin;
    carpel_reach reach;
    carpel_error_code code;
    const char *what;
} answers[] = {
    {"NOAUTH", CARPEL_DENIED, CARPEL_E_INPUT,
     "the server wants a password: write \"password: ${NAME}\" and set that variable"},
    {"NOPERM", CARPEL_DENIED, CARPEL_E_INPUT, "the user has not the right"},
    {"DENIED", CARPEL_DENIED, CARPEL_E_INPUT,
     "the server takes no connections from here"},
    {"MOVED", CARPEL_NO_DATA, CARPEL_E_INPUT, CLUSTER},
    {"ASK", CARPEL_NO_DATA, CARPEL_E_INPUT, CLUSTER},
    {"CROSSSLOT", CARPEL_NO_DATA, CARPEL_E_INPUT, CLUSTER},
    {"CLUSTERDOWN", CARPEL_NO_DATA, CARPEL_E_INPUT, CLUSTER},
    {"ERR SELECT is not allowed in cluster mode", CARPEL_NO_DATA, CARPEL_E_INPUT,
     CLUSTER},
    {"READONLY", CARPEL_NO_DATA, CARPEL_E_INPUT,
     "the server is a replica, which takes no changes"},
    {"ERR max number of clients", CARPEL_UNREACHABLE, CARPEL_E_LATER, TROUBLE},
    {"LOADING", CARPEL_UNREACHABLE, CARPEL_E_LATER, TROUBLE},
    {"BUSY ", CARPEL_UNREACHABLE, CARPEL_E_LATER, TROUBLE},
    {"MASTERDOWN", CARPEL_UNREACHABLE, CARPEL_E_LATER, TROUBLE},
    {"NOREPLICAS", CARPEL_UNREACHABLE, CARPEL_E_LATER, TROUBLE},
    {"MISCONF", CARPEL_UNREACHABLE, CARPEL_E_SYSTEM, TROUBLE},
    {"OOM", CARPEL_UNREACHABLE, CARPEL_E_SYSTEM, TROUBLE},
    {"", CARPEL_NO_DATA, CARPEL_E_INPUT, "the server answers"},
};

bool server_is_error(const redisReply *reply, const char *word)
{
    return reply->type == REDIS_REPLY_ERROR &&
           strncmp(reply->str, word, strlen(word)) == 0;
}

/* The place in the table; the last of it takes what no other does. */
static size_t find_answer(const redisReply *reply)
{
    size_t i = 0;
    while (!server_is_error(reply, answers[i].begin))
        i++;
    return i;
}

/* Does the answer begin with words that are known? */
static bool is_known_error(const redisReply *reply)
{
    return find_answer(reply) + 1 < sizeof answers / sizeof *answers;
}

bool server_fail(server *s, const redisReply *reply, carpel_error *err)
{
    size_t i = find_answer(reply);
    s->reach = answers[i].reach;
    return fail_because(err, answers[i].code, answers[i].what, reply->str);
}

bool server_fail_form(server *s, carpel_error *err)
{
    s->reach = CARPEL_UNREACHABLE;
    return carpel_fail(err, CARPEL_E_SYSTEM,
                       "what \"%.200s\" answers is nothing that Redis would",
                       s->options->host);
}

static bool fail_lost(server *s, const char *reason, carpel_error *err)
{
    s->reach = CARPEL_UNREACHABLE;
    return fail_because(err, CARPEL_E_LATER, "the connection to the server is lost",
                        reason);
}

static bool fail_silence(server *s, carpel_error *err)
{
    s->reach = CARPEL_UNREACHABLE;
    return carpel_fail(err, CARPEL_E_SYSTEM,
                       "the server \"%.200s\" did not answer within %g seconds (option "
                       "\"wait\")",
                       s->options->host, s->wait_seconds);
}

/* ---- sending and receiving ------------------------------------------------------------ */

static bool has_more_to_send(const server *s)
{
    return s->sent < s->out.size;
}

static bool is_passing(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

static bool send_some(server *s, carpel_error *err)
{
    ssize_t taken = send(s->connection->fd, s->out.data + s->sent, s->out.size - s->sent,
                         MSG_NOSIGNAL);
    if (taken < 0 && errno == EPIPE) /* what it said before it ended may be there */
        taken = (ssize_t)(s->out.size - s->sent);
    if (taken < 0)
        return is_passing(errno) || fail_lost(s, strerror(errno), err);
    s->sent += (size_t)taken;
    if (!has_more_to_send(s)) {
        buffer_clear(&s->out);
        s->sent = 0;
    }
    return true;
}

static bool receive_some(server *s, carpel_error *err)
{
    char bytes[65536];
    ssize_t size = recv(s->connection->fd, bytes, sizeof bytes, 0);
    if (size < 0)
        return is_passing(errno) || fail_lost(s, strerror(errno), err);
    if (size == 0)
        return fail_lost(s, "the server ended it", err);
    s->received_bytes += (uint64_t)size;
    return redisReaderFeed(s->connection->reader, bytes, (size_t)size) == REDIS_OK ||
           server_fail_form(s, err);
}

/* Send and receive what can be, or wait a moment. */
static bool exchange(server *s, bool *has_moved, carpel_error *err)
{
    *has_moved = false;
    if (!s->is_ending && s->host->is_cancelled(s->host))
        return fail_cancelled(err);
    struct pollfd socket = {.fd = s->connection->fd, .events = POLLIN};
    if (has_more_to_send(s))
        socket.events |= POLLOUT;
    if (poll(&socket, 1, PAUSE_MILLISECONDS) <= 0)
        return true;
    *has_moved = true;
    if (socket.revents & (POLLIN | POLLHUP | POLLERR))
        return receive_some(s, err);
    return send_some(s, err);
}

/* Exchange until something has moved. */
static bool wait_for_move(server *s, carpel_error *err)
{
    double end = clock_seconds() + s->wait_seconds;
    for (bool has_moved = false; !has_moved;) {
        if (!exchange(s, &has_moved, err))
            return false;
        if (!has_moved && clock_seconds() > end)
            return fail_silence(s, err);
    }
    return true;
}

bool server_send(server *s, carpel_error *err)
{
    while (has_more_to_send(s))
        if (!wait_for_move(s, err))
            return false;
    return true;
}

bool server_take_any(server *s, redisReply **out, carpel_error *err)
{
    void *reply = NULL;
    if (!s->connection)
        return carpel_fail(err, CARPEL_E_SYSTEM, "there is no connection to the server");
    for (;;) {
        if (redisReaderGetReply(s->connection->reader, &reply) != REDIS_OK)
            return server_fail_form(s, err);
        *out = reply;
        if (reply)
            return true;
        if (!wait_for_move(s, err))
            return false;
    }
}

bool server_take(server *s, redisReply **out, carpel_error *err)
{
    if (!server_take_any(s, out, err))
        return false;
    if ((*out)->type != REDIS_REPLY_ERROR)
        return true;
    server_fail(s, *out, err);
    freeReplyObject(*out);
    *out = NULL;
    return false;
}

bool server_skip(server *s, size_t count, carpel_error *err)
{
    for (size_t i = 0; i < count; i++) {
        redisReply *reply;
        if (!server_take(s, &reply, err))
            return false;
        freeReplyObject(reply);
    }
    return true;
}

/* ---- commands ------------------------------------------------------------------------- */

static void add_count(buffer *out, char sign, size_t count)
{
    char text[32];
    snprintf(text, sizeof text, "%c%zu\r\n", sign, count);
    buffer_add(out, text);
}

void command_begin(buffer *out, size_t word_count)
{
    add_count(out, '*', word_count);
}

void command_add(buffer *out, const char *word, size_t size)
{
    add_count(out, '$', size);
    buffer_add_bytes(out, word, size);
    buffer_add(out, "\r\n");
}

void server_add(server *s, const char *word, ...)
{
    size_t count = 1;
    va_list words;
    va_start(words, word);
    while (va_arg(words, const char *))
        count++;
    va_end(words);
    command_begin(&s->out, count);
    va_start(words, word);
    for (const char *w = word; w; w = va_arg(words, const char *))
        command_add(&s->out, w, strlen(w));
    va_end(words);
}

/* ---- connecting ----------------------------------------------------------------------- */

#if HIREDIS_MAJOR >= 1
typedef size_t element_count;
#else
typedef int element_count;
#endif

/* No answer that is asked for here has so many elements; what says so is no Redis. */
static void *make_array(const redisReadTask *task, element_count count)
{
    const redisReplyObjectFunctions *usual = task->privdata;
    return count > MOST_ELEMENTS ? NULL : usual->createArray(task, count);
}

static void limit_answers(server *s)
{
    redisReader *reader = s->connection->reader;
    s->usual_makers = s->makers = *reader->fn;
    s->makers.createArray = make_array;
    reader->fn = &s->makers;
    reader->privdata = &s->usual_makers;
}

static bool is_socket(const server_options *options)
{
    return options->host[0] == '/';
}

static bool fail_connection(server *s, const char *reason, carpel_error *err)
{
    char who[300];
    int size = snprintf(who, sizeof who, "the server \"%.200s\" cannot be reached",
                        s->options->host);
    if (!is_socket(s->options))
        snprintf(who + size, sizeof who - (size_t)size, " at port %d",
                 (int)s->options->port);
    bool is_unknown = s->connection->err == REDIS_ERR_OTHER; /* the name of the host */
    s->reach = CARPEL_UNREACHABLE;
    return fail_because(err, is_unknown ? CARPEL_E_SYSTEM : CARPEL_E_LATER, who, reason);
}

/* The connection is made when the socket can be written. */
static bool finish_connecting(server *s, carpel_error *err)
{
    double end = clock_seconds() + s->wait_seconds;
    struct pollfd socket = {.fd = s->connection->fd, .events = POLLOUT};
    while (poll(&socket, 1, PAUSE_MILLISECONDS) <= 0) {
        if (!s->is_ending && s->host->is_cancelled(s->host))
            return fail_cancelled(err);
        if (clock_seconds() > end)
            return fail_silence(s, err);
    }
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(socket.fd, SOL_SOCKET, SO_ERROR, &error, &size);
    return error == 0 || fail_connection(s, strerror(error), err);
}

static bool start_connecting(server *s, carpel_error *err)
{
    const server_options *options = s->options;
    s->connection = is_socket(options)
                        ? redisConnectUnixNonBlock(options->host)
                        : redisConnectNonBlock(options->host, (int)options->port);
    if (!s->connection)
        return carpel_fail(err, CARPEL_E_SYSTEM, "out of memory");
    if (s->connection->err)
        return fail_connection(s, s->connection->errstr, err);
    limit_answers(s);
    return finish_connecting(s, err);
}

/* An answer to the password is shown only when it is known to have no part of it. */
static bool fail_password(server *s, const redisReply *reply, carpel_error *err)
{
    const server_options *options = s->options;
    if (is_known_error(reply)) /* such as that the server takes nobody at all */
        return server_fail(s, reply, err);
    bool is_known = server_is_error(reply, "WRONGPASS ") ||
                    server_is_error(reply, "ERR AUTH <password> called without");
    char who[300];
    snprintf(who, sizeof who, "the server \"%.150s\" refuses the user \"%.60s\"",
             options->host, options->user ? options->user : "default");
    s->reach = CARPEL_DENIED;
    return fail_because(err, CARPEL_E_INPUT, who,
                        is_known ? reply->str : "the password is not the right one");
}

static bool authenticate(server *s, carpel_error *err)
{
    const server_options *options = s->options;
    redisReply *reply;
    if (!options->password)
        return true;
    if (options->user)
        server_add(s, "AUTH", options->user, options->password, NULL);
    else
        server_add(s, "AUTH", options->password, NULL);
    if (!server_take_any(s, &reply, err))
        return false;
    bool ok = reply->type != REDIS_REPLY_ERROR || fail_password(s, reply, err);
    freeReplyObject(reply);
    return ok;
}

/* Does it speak as Redis does, and let us in? */
static bool greet(server *s, carpel_error *err)
{
    redisReply *reply;
    server_add(s, "PING", NULL);
    if (!server_take_any(s, &reply, err))
        return false;
    bool is_pong = reply->type == REDIS_REPLY_STATUS && strcmp(reply->str, "PONG") == 0;
    bool is_error = reply->type == REDIS_REPLY_ERROR;
    bool ok = is_pong || server_is_error(reply, "NOPERM");
    if (!ok && is_error)
        server_fail(s, reply, err);
    else if (!ok)
        server_fail_form(s, err);
    freeReplyObject(reply);
    return ok;
}

static bool select_database(server *s, carpel_error *err)
{
    char number[16];
    if (s->options->database == 0)
        return true;
    snprintf(number, sizeof number, "%d", (int)s->options->database);
    server_add(s, "SELECT", number, NULL);
    return server_skip(s, 1, err);
}

static bool check_options(const server_options *options, carpel_error *err)
{
    if (options->tls)
        return carpel_fail(err, CARPEL_E_INPUT,
                           "connections to Redis have no TLS here: lead them through a "
                           "tunnel (stunnel, ssh "
                           "or a proxy beside carpel), and name its end as \"host\"");
    return !options->user || options->password ||
           carpel_fail(err, CARPEL_E_INPUT, "\"user\" needs a \"password\"");
}

static bool open_connection(server *s, carpel_error *err)
{
    if (check_options(s->options, err) && start_connecting(s, err) &&
        authenticate(s, err) && greet(s, err) && select_database(s, err))
        return true;
    server_close(s);
    return false;
}

bool server_open(server *s, const server_options *options, const carpel_host *host,
                 carpel_error *err)
{
    *s = (server){.host = host,
                  .options = options,
                  .reach = CARPEL_NO_DATA,
                  .wait_seconds = options->wait};
    return open_connection(s, err);
}

bool server_open_again(server *s, carpel_error *err)
{
    server_close(s);
    s->is_ending = true;
    s->wait_seconds = HURRY_SECONDS;
    return open_connection(s, err);
}

void server_close(server *s)
{
    if (s->connection)
        redisFree(s->connection);
    s->connection = NULL;
    buffer_done(&s->out);
    s->sent = 0;
}
