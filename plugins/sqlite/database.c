/* SPDX-License-Identifier: MIT
 *
 * Files of SQLite: opening, waiting, messages.
 */
#include "sqlite/database.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/files.h"
#include "common/memory.h"

enum {
    PAUSE_MILLISECONDS = 10,
    STEPS_BETWEEN_QUESTIONS = 20000, /* of SQLite's machine: some milliseconds */
};

/* The databases that outputs of this thread's run have open. */
static _Thread_local database *shared_databases;

/* ---- messages --------------------------------------------------------------------- */

static bool fail_to_open(const database *d, carpel_error *err)
{
    int number = sqlite3_system_errno(d->handle);
    return carpel_fail(err, CARPEL_E_SYSTEM, "cannot open \"%s\": %s", d->name,
                       number != 0 ? strerror(number) : sqlite3_errmsg(d->handle));
}

bool database_fail(const database *d, carpel_error *err)
{
    switch (sqlite3_errcode(d->handle)) {
    case SQLITE_CANTOPEN: return fail_to_open(d, err);
    case SQLITE_INTERRUPT:
        return carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
    case SQLITE_NOTADB:
        return carpel_fail(err, CARPEL_E_INPUT, "\"%s\" is not a database of SQLite",
                           d->name);
    case SQLITE_BUSY:
        if (d->host->is_cancelled(d->host))
            return carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
        return carpel_fail(err, CARPEL_E_LATER,
                           "\"%s\" is locked by another program, also after %g seconds "
                           "(option \"wait\")",
                           d->name, d->wait_seconds);
    case SQLITE_ERROR:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
        return carpel_fail(err, CARPEL_E_INPUT, "\"%s\": %s", d->name,
                           sqlite3_errmsg(d->handle));
    default:
        return carpel_fail(err, CARPEL_E_SYSTEM, "\"%s\": %s", d->name,
                           sqlite3_errmsg(d->handle));
    }
}

carpel_reach database_reach(const carpel_error *err)
{
    return err->code == CARPEL_E_SYSTEM || err->code == CARPEL_E_LATER
               ? CARPEL_UNREACHABLE
               : CARPEL_NO_DATA;
}

/* ---- waiting ---------------------------------------------------------------------- */

static int on_busy(void *context, int count)
{
    const database *d = context;
    const struct timespec pause = {0, PAUSE_MILLISECONDS * 1000000L};
    if (d->host->is_cancelled(d->host) ||
        (double)count * PAUSE_MILLISECONDS >= d->wait_seconds * 1000)
        return 0;
    nanosleep(&pause, NULL);
    return 1;
}

static int on_steps(void *context)
{
    const database *d = context;
    return d->host->is_cancelled(d->host) || (d->until > 0 && clock_seconds() > d->until);
}

void database_hurry(database *d, double seconds)
{
    d->until = clock_seconds() + seconds;
}

/* ---- opening ---------------------------------------------------------------------- */

static bool open_file(database *d, const char *path, int flags, carpel_error *err)
{
    if (!files_check_regular(path, d->name, err))
        return false;
    if (sqlite3_open_v2(path, &d->handle, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return fail_to_open(d, err);
    sqlite3_extended_result_codes(d->handle, 0);
    sqlite3_busy_handler(d->handle, on_busy, d);
    sqlite3_progress_handler(d->handle, STEPS_BETWEEN_QUESTIONS, on_steps, d);
    sqlite3_db_config(d->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL); /* "x" is a name */
    return database_run(d, "select count(*) from sqlite_schema", err);
}

bool database_open(database *d, const char *path, const char *name,
                   const carpel_host *host, double wait_seconds, carpel_error *err)
{
    *d = (database){.host = host, .name = name, .wait_seconds = wait_seconds};
    if (open_file(d, path, SQLITE_OPEN_READONLY, err))
        return true;
    database_close(d);
    return false;
}

void database_close(database *d)
{
    sqlite3_close(d->handle);
    d->handle = NULL;
}

static database *find_shared(const char *path)
{
    struct stat file;
    if (stat(path, &file) != 0)
        return NULL;
    database *d = shared_databases;
    while (d && (d->device != file.st_dev || d->inode != file.st_ino))
        d = d->next;
    return d;
}

/* An empty file is a database without tables. */
static bool make_file(const char *path)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (file >= 0)
        close(file);
    return file >= 0;
}

static bool open_shared(database *d, carpel_error *err)
{
    struct stat file;
    d->is_new = make_file(d->path);
    if (!open_file(d, d->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err))
        return false;
    if (stat(d->path, &file) != 0)
        return fail_to_open(d, err);
    d->device = file.st_dev;
    d->inode = file.st_ino;
    d->next = shared_databases;
    shared_databases = d;
    return true;
}

static bool is_in_place(const database *d, struct stat *file)
{
    return stat(d->path, file) == 0 && file->st_dev == d->device &&
           file->st_ino == d->inode;
}

/* Under the lock, so that nobody's tables go with it. */
static void remove_empty(const database *d)
{
    struct stat file;
    sqlite3_busy_timeout(d->handle, 0);
    sqlite3_progress_handler(d->handle, 0, NULL, NULL);
    if (sqlite3_exec(d->handle, "begin exclusive", NULL, NULL, NULL) == SQLITE_OK &&
        is_in_place(d, &file) && file.st_size == 0)
        unlink(d->path);
}

static void close_shared(database *d)
{
    if (d->is_new && d->handle)
        remove_empty(d);
    database_close(d);
    free(d->written);
    free(d);
}

bool database_share(database **out, const char *path, const char *name,
                    const carpel_host *host, double wait_seconds, carpel_error *err)
{
    database *d = find_shared(path);
    if (!d) {
        d = common_alloc(1, sizeof *d);
        *d = (database){
            .host = host, .name = name, .path = path, .wait_seconds = wait_seconds};
        if (!open_shared(d, err)) {
            close_shared(d);
            return false;
        }
    }
    d->host = host;
    d->user_count++;
    *out = d;
    return true;
}

void database_leave(database *d)
{
    database **place = &shared_databases;
    if (--d->user_count > 0)
        return;
    while (*place && *place != d)
        place = &(*place)->next;
    if (*place)
        *place = d->next;
    close_shared(d);
}

bool database_begin(database *d, carpel_error *err)
{
    struct stat file;
    if (!database_run(d, "begin exclusive", err))
        return false;
    d->is_writing = true;
    return is_in_place(d, &file) ||
           carpel_fail(err, CARPEL_E_LATER, "\"%s\" was replaced or removed meanwhile",
                       d->name);
}

bool database_commit(database *d, carpel_error *err)
{
    if (d->is_writing && !database_run(d, "commit", err))
        return false;
    d->is_writing = d->is_new = false;
    d->written_count = 0;
    return true;
}

/* ---- statements ------------------------------------------------------------------- */

bool database_prepare(const database *d, const char *text, sqlite3_stmt **out,
                      carpel_error *err)
{
    const char *rest;
    sqlite3_stmt *second = NULL;
    *out = NULL;
    if (sqlite3_prepare_v2(d->handle, text, -1, out, &rest) != SQLITE_OK)
        return database_fail(d, err);
    if (sqlite3_prepare_v2(d->handle, rest, -1, &second, NULL) == SQLITE_OK && !second)
        return true;
    sqlite3_finalize(second);
    sqlite3_finalize(*out);
    *out = NULL;
    return carpel_fail(err, CARPEL_E_INPUT, "\"query\" has more than one statement");
}

bool database_run(const database *d, const char *text, carpel_error *err)
{
    return sqlite3_exec(d->handle, text, NULL, NULL, NULL) == SQLITE_OK ||
           database_fail(d, err);
}

bool database_foresee(const database *d, const char *text, carpel_error *err)
{
    while (*text != '\0') {
        sqlite3_stmt *statement;
        if (sqlite3_prepare_v2(d->handle, text, -1, &statement, &text) != SQLITE_OK)
            return database_fail(d, err);
        sqlite3_finalize(statement);
    }
    return true;
}
