/* SPDX-License-Identifier: MIT
 *
 * database -- a file of SQLite that a source reads or outputs write.
 *
 * While another program holds the file's lock, calls wait for up to `wait` seconds and
 * ask the host whether somebody wants to stop; so do statements that take long.
 *
 * The outputs of a run that write one file share a database and its transaction: each by
 * itself would wait for the lock that the one before holds until all of them are ready.
 */
#ifndef SQLITE_DATABASE_H
#define SQLITE_DATABASE_H

#include <carpel/plugin.h>
#include <sqlite3.h>

/* A table that an output has changed. */
typedef struct written_table {
    const char *name;
    bool is_replaced;
} written_table;

typedef struct database database;
struct database {
    sqlite3 *handle;
    const carpel_host *host; /* who waits: of several outputs, the one at work */
    const char *name;        /* for messages */
    double wait_seconds;
    double until;    /* when statements are broken off (common/clock.h); 0: never */
    bool is_writing; /* a transaction is under way */
    bool is_new;     /* the file was made here, and nothing is committed yet */

    /* Of outputs, in the list of their thread. */
    database *next;
    const char *path;
    uint64_t device, inode;
    size_t user_count;
    uint64_t next_rows;            /* names tables aside */
    struct written_table *written; /* by the transaction under way */
    size_t written_count;
};

/* `name` outlives the database. Only what is there is opened. */
bool database_open(database *d, const char *path, const char *name,
                   const carpel_host *host, double wait_seconds, carpel_error *err);
void database_close(database *d);

/* The same for an output, which makes a file that is missing; the last to leave removes
 * such a file when it is still empty. `path` outlives the database. */
bool database_share(database **out, const char *path, const char *name,
                    const carpel_host *host, double wait_seconds, carpel_error *err);
void database_leave(database *d);

/* Break off statements that are not done so many seconds from now. */
void database_hurry(database *d, double seconds);

/* Take the lock for writing. Fails when the path leads to another file by now. */
bool database_begin(database *d, carpel_error *err);
bool database_commit(database *d, carpel_error *err);

/* Fail with what SQLite says of its last call. */
bool database_fail(const database *d, carpel_error *err);

/* Who is at fault for such a failure, when the file may be opened? */
carpel_reach database_reach(const carpel_error *err);

/* Prepare the one statement of a text; *out is NULL when it holds none. */
bool database_prepare(const database *d, const char *text, sqlite3_stmt **out,
                      carpel_error *err);

/* Run statements that yield nothing. */
bool database_run(const database *d, const char *text, carpel_error *err);

/* Fail as running them would, for what names and schema tell; nothing is run. */
bool database_foresee(const database *d, const char *text, carpel_error *err);

#endif
