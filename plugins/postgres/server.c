/* SPDX-License-Identifier: MIT
 *
 * Connections to PostgreSQL: finding the server, waiting, messages.
 */
#include "postgres/server.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "common/buffer.h"
#include "common/clock.h"

enum {
    PAUSE_MILLISECONDS = 50,
    LONGEST_REASON = 400,
};

/* ---- messages --------------------------------------------------------------------- */

/* A reason of the library or the server, in one line, without the words before it that
 * say what the message says by itself. */
static void add_reason(buffer *out, const char *reason)
{
    const char *failed = strstr(reason, " failed: ");
    if (failed && strncmp(reason, "connection to server ", 21) == 0)
        reason = failed + 9;
    for (const char *word = "FATAL:  "; strncmp(reason, word, 8) == 0;)
        reason += 8;
    char first[LONGEST_REASON];
    snprintf(first, sizeof first, "%.*s", (int)strcspn(reason, "\n"), reason);
    buffer_add_one_line(out, first, sizeof first);
}

static bool fail_because(carpel_error *err, carpel_error_code code, const char *what,
                         const char *reason)
{
    buffer text = {0};
    buffer_add(&text, "");
    add_reason(&text, reason);
    carpel_fail(err, code, "%s: %s", what, text.data);
    buffer_done(&text);
    return false;
}

static bool fail_cancelled(carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
}

/* The server ends or starts, has no place for one more, or chose this one of two transactions that
 * were in each other's way. */
static bool goes_by(const char *state)
{
    static const char *const states[] = {"40001", "40P01", "53300", "57P"};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strncmp(state, states[i], strlen(states[i])) == 0)
            return true;
    return strncmp(state, "08", 2) == 0;
}

/* The classes of SQLSTATE: of what the server answers, who is to act? */
static bool fail_answer(const char *state, const char *reason, carpel_error *err)
{
    carpel_error_code code = goes_by(state) ? CARPEL_E_LATER : CARPEL_E_SYSTEM;
    if (strcmp(state, "42501") == 0 || strncmp(state, "28", 2) == 0)
        return fail_because(err, CARPEL_E_INPUT, "the user has not the right", reason);
    if (strcmp(state, "55P03") == 0)
        return fail_because(
            err, CARPEL_E_SYSTEM,
            "somebody else, or another output of this run, holds a lock for longer than "
            "\"wait\"",
            reason);
    if (strncmp(state, "57", 2) == 0 || strncmp(state, "08", 2) == 0)
        return fail_because(err, code, "the connection to the server ended", reason);
    if (strncmp(state, "40", 2) == 0)
        return fail_because(err, code, "another transaction was in the way", reason);
    if (strncmp(state, "53", 2) == 0 || strncmp(state, "58", 2) == 0 ||
        strncmp(state, "XX", 2) == 0)
        return fail_because(err, code, "the server is in trouble", reason);
    return fail_because(err, CARPEL_E_INPUT, "the server answers", reason);
}

static carpel_reach reach_of(const char *state)
{
    if (strcmp(state, "42501") == 0 || strncmp(state, "28", 2) == 0)
        return CARPEL_DENIED;
    bool is_trouble = strncmp(state, "57", 2) == 0 || strncmp(state, "08", 2) == 0 ||
                      strncmp(state, "53", 2) == 0 || strncmp(state, "58", 2) == 0;
    return is_trouble ? CARPEL_UNREACHABLE : CARPEL_NO_DATA;
}

bool server_fail(server *s, const PGresult *answer, carpel_error *err)
{
    const char *state = answer ? PQresultErrorField(answer, PG_DIAG_SQLSTATE) : NULL;
    s->reach = state ? reach_of(state) : CARPEL_UNREACHABLE;
    if (s->host->is_cancelled(s->host))
        return fail_cancelled(err);
    if (!state)
        return fail_because(err, CARPEL_E_LATER, "the connection to the server is lost",
                            PQerrorMessage(s->connection));
    return fail_answer(state, PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY), err);
}

/* ---- waiting ---------------------------------------------------------------------- */

static void tell_to_stop(const server *s)
{
    char ignored[256];
    PGcancel *cancel = PQgetCancel(s->connection);
    if (cancel)
        PQcancel(cancel, ignored, sizeof ignored);
    PQfreeCancel(cancel);
}

static void wait_for(const server *s, short what)
{
    struct pollfd socket = {.fd = PQsocket(s->connection), .events = what};
    poll(&socket, 1, PAUSE_MILLISECONDS);
}

bool server_wait(server *s, carpel_error *err)
{
    int left = PQflush(s->connection);
    if (s->host->is_cancelled(s->host)) {
        tell_to_stop(s);
        return fail_cancelled(err);
    }
    if (left < 0)
        return server_fail(s, NULL, err);
    wait_for(s, left > 0 ? POLLIN | POLLOUT : POLLIN);
    return PQconsumeInput(s->connection) == 1 || server_fail(s, NULL, err);
}

bool server_take(server *s, PGresult **out, char state[6], carpel_error *err)
{
    PGresult *answer = NULL;
    for (;;) {
        while (PQisBusy(s->connection))
            if (!server_wait(s, err)) {
                PQclear(answer);
                return false;
            }
        PGresult *next = PQgetResult(s->connection);
        if (!next)
            break;
        PQclear(answer);
        answer = next;
        ExecStatusType status = PQresultStatus(next);
        if (status == PGRES_COPY_OUT || status == PGRES_COPY_IN)
            break;
    }
    bool ok = answer && PQresultStatus(answer) != PGRES_FATAL_ERROR &&
              PQresultStatus(answer) != PGRES_BAD_RESPONSE;
    if (!ok) {
        const char *code = answer ? PQresultErrorField(answer, PG_DIAG_SQLSTATE) : NULL;
        if (state)
            snprintf(state, 6, "%s", code ? code : "");
        server_fail(s, answer, err);
    }
    if (ok && out)
        *out = answer;
    else
        PQclear(answer);
    return ok;
}

bool server_run(server *s, const char *statement, const char *const *parameters,
                int count, PGresult **out, char state[6], carpel_error *err)
{
    if (state)
        state[0] = '\0';
    if (!PQsendQueryParams(s->connection, statement, count, NULL, parameters, NULL, NULL,
                           0))
        return server_fail(s, NULL, err);
    return server_take(s, out, state, err);
}

/* ---- connecting ------------------------------------------------------------------- */

/* With an @, / or ? as it is in a password, an address is cut at the wrong places, and messages
 * would show a part of it as the host. */
static bool is_cut_rightly(const char *connection)
{
    const char *rest = strstr(connection, "://");
    const char *at = rest ? strchr(rest, '@') : NULL;
    return !at || (!strchr(at + 1, '@') && at < rest + 3 + strcspn(rest + 3, "/?"));
}

/* What the library says of a connection string that it cannot read may have parts of it. */
static bool check_string(const char *connection, carpel_error *err)
{
    char *why = NULL;
    PQconninfoOption *parts = PQconninfoParse(connection, &why);
    PQfreemem(why);
    PQconninfoFree(parts);
    return (parts && is_cut_rightly(connection)) ||
           carpel_fail(
               err, CARPEL_E_INPUT,
               "\"connection\" is not written as PostgreSQL takes it: "
               "\"postgresql://user@host:port/database\" or \"host=... dbname=...\"; "
               "signs such as @ or / in a password are written %%40, %%2F in the "
               "first form");
}

/* Who was not reached, or who refused. */
static bool fail_connection(server *s, bool has_answered, carpel_error *err)
{
    const char *reason = PQerrorMessage(s->connection);
    char who[300];
    if (strstr(reason, "closed the connection unexpectedly"))
        has_answered = false; /* it went while it was asked */
    if (strncmp(reason, "invalid ", 8) ==
        0) { /* the value of a setting; nobody was asked */
        s->reach = CARPEL_NO_DATA;
        return fail_because(err, CARPEL_E_INPUT, "a setting of the connection", reason);
    }
    bool lacks_database =
        strstr(reason, "database \"") && strstr(reason, "does not exist");
    s->reach = !has_answered    ? CARPEL_UNREACHABLE
               : lacks_database ? CARPEL_NO_DATA
                                : CARPEL_DENIED;
    if (!has_answered) {
        snprintf(who, sizeof who, "the server \"%.200s\" cannot be reached at port %s",
                 PQhost(s->connection), PQport(s->connection));
        bool is_unknown = strstr(reason, "could not translate host name") != NULL;
        return fail_because(err, is_unknown ? CARPEL_E_SYSTEM : CARPEL_E_LATER, who,
                            reason);
    }
    if (PQconnectionNeedsPassword(s->connection))
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "the server \"%.100s\" wants a password of the user \"%.100s\": "
            "write \"password: ${NAME}\" and set that variable, or have it in "
            "~/.pgpass",
            PQhost(s->connection), PQuser(s->connection));
    snprintf(
        who, sizeof who,
        "the server \"%.100s\" refuses the user \"%.60s\" for the database \"%.60s\"",
        PQhost(s->connection), PQuser(s->connection), PQdb(s->connection));
    return fail_because(err, CARPEL_E_INPUT, who, reason);
}

static bool finish_connecting(server *s, double wait_seconds, carpel_error *err)
{
    double end = clock_seconds() + wait_seconds;
    bool has_answered = false;
    PostgresPollingStatusType next = PGRES_POLLING_WRITING;
    while (next != PGRES_POLLING_OK) {
        if (s->host->is_cancelled(s->host))
            return fail_cancelled(err);
        if (clock_seconds() > end)
            return carpel_fail(err, CARPEL_E_SYSTEM,
                               "the server \"%.200s\" did not answer within %g seconds "
                               "(option \"wait\")",
                               PQhost(s->connection), wait_seconds);
        struct pollfd socket = {.fd = PQsocket(s->connection),
                                .events =
                                    next == PGRES_POLLING_READING ? POLLIN : POLLOUT};
        if (poll(&socket, 1, PAUSE_MILLISECONDS) <= 0)
            continue;
        ConnStatusType status = PQstatus(s->connection);
        has_answered |= status == CONNECTION_AWAITING_RESPONSE && socket.revents & POLLIN;
        next = PQconnectPoll(s->connection);
        if (next == PGRES_POLLING_FAILED)
            return fail_connection(s, has_answered, err);
    }
    return true;
}

static bool start_connecting(server *s, const server_options *options, carpel_error *err)
{
    char port[8];
    const char *keys[12], *values[12];
    size_t count = 0;
    const struct {
        const char *key, *value;
    } all[] = {
        {"dbname", options->connection}, /* first: the others go before its parts */
        {"host", options->host},
        {"port", options->port > 0 ? port : NULL},
        {"dbname", options->database},
        {"user", options->user},
        {"password", options->password},
        {"client_encoding", "UTF8"},
        {"fallback_application_name", "carpel"}};
    snprintf(port, sizeof port, "%d", (int)options->port);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!all[i].value)
            continue;
        keys[count] = all[i].key;
        values[count++] = all[i].value;
    }
    keys[count] = values[count] = NULL;
    s->connection = PQconnectStartParams(keys, values, options->connection != NULL);
    return s->connection && PQstatus(s->connection) != CONNECTION_BAD
               ? true
               : fail_connection(s, false, err);
}

static void ignore_notice(void *context, const char *message)
{
    (void)context;
    (void)message;
}

/* What later statements count on. */
static bool set_up(server *s, double wait_seconds, bool is_reading, carpel_error *err)
{
    char lock[64];
    const char *access = is_reading ? "set default_transaction_read_only = on"
                                    : "set default_transaction_read_only = off";
    snprintf(lock, sizeof lock, "set lock_timeout = %ld", (long)(wait_seconds * 1000));
    PQsetNoticeProcessor(s->connection, ignore_notice, NULL);
    PQsetnonblocking(s->connection, 1);
    return server_run(s, "set datestyle = iso", NULL, 0, NULL, NULL, err) &&
           server_run(s, "set intervalstyle = postgres", NULL, 0, NULL, NULL, err) &&
           server_run(s, "set timezone = 'UTC'", NULL, 0, NULL, NULL, err) &&
           server_run(s, "set extra_float_digits = 1", NULL, 0, NULL, NULL, err) &&
           server_run(s, access, NULL, 0, NULL, NULL, err) &&
           server_run(s, lock, NULL, 0, NULL, NULL, err);
}

bool server_open(server *s, const server_options *options, const carpel_host *host,
                 bool is_reading, carpel_error *err)
{
    *s = (server){.host = host, .reach = CARPEL_NO_DATA};
    if (options->connection && !check_string(options->connection, err))
        return false;
    s->reach = CARPEL_UNREACHABLE;
    if (start_connecting(s, options, err) && finish_connecting(s, options->wait, err) &&
        set_up(s, options->wait, is_reading, err)) {
        s->reach = CARPEL_NO_DATA; /* what may be wrong from here on */
        return true;
    }
    server_close(s);
    return false;
}

void server_close(server *s)
{
    PQfinish(s->connection);
    s->connection = NULL;
}
