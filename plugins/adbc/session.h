/* SPDX-License-Identifier: MIT
 *
 * session -- a connection of a driver of ADBC. Its calls are made by a thread of the session, so
 * that no call of the driver keeps the caller from asking whether somebody wants to stop; then
 * the driver is told to.
 *
 *     session_open(&s, &options, host, project_directory, false, &err)
 *     session_query(&s, "select ...", &stream, &err)
 *     session_close(&s);                                  // in any case
 *
 * Sessions with the same options have one database and a connection each: two databases of one
 * process in one file would not see each other's locks.
 *
 * Messages tell what the driver said, without what stands in `uri` and `options`.
 */
#ifndef ADBC_SESSION_H
#define ADBC_SESSION_H

#include <carpel/plugin.h>

#include "adbc/adbc.h"
#include "adbc/worker.h"
#include "common/buffer.h"

/* The options by which a database is found. */
typedef struct session_options {
    const char *driver, *entrypoint, *uri;
    carpel_texts options;
} session_options;

#define SESSION_OPTIONS(at)                                                              \
    {.name = "driver",                                                                   \
     .type = CARPEL_OPTION_TEXT,                                                         \
     .offset = (at) + offsetof(session_options, driver),                                 \
     .required = true,                                                                   \
     .help = "The driver's shared object: a path, seen from the project's folder, or a " \
             "name that the system finds."},                                             \
        {.name = "entrypoint",                                                           \
         .type = CARPEL_OPTION_TEXT,                                                     \
         .offset = (at) + offsetof(session_options, entrypoint),                         \
         .help = "The driver's function to begin with; default: AdbcDriverInit, or the " \
                 "one that goes with the file's name."},                                 \
        {.name = "uri",                                                                  \
         .type = CARPEL_OPTION_TEXT,                                                     \
         .offset = (at) + offsetof(session_options, uri),                                \
         .secret = true,                                                                 \
         .help = "The database, as the driver wants it named."},                         \
    {                                                                                    \
        .name = "options", .type = CARPEL_OPTION_PAIRS,                                  \
        .offset = (at) + offsetof(session_options, options), .secret = true,             \
        .help = "Further settings of the driver, as {username: ann, password: "          \
                "${PASSWORD}}; in values {project} is the project's folder."             \
    }

typedef struct session {
    const carpel_host *host;
    const session_options *options;
    const char *project_directory;
    adbc_driver driver;
    adbc_object database, connection, statement;
    struct shared_database *shared; /* whose the database is, once it is open */
    char *
        new_file; /* which opening it makes, as long as nobody else has the database; or NULL */
    worker worker;
    bool is_output, is_in_transaction;
    carpel_reach reach; /* of the last failure: who is to look at it */
} session;

/* `is_output`: nothing is committed but by session_commit, so that a file which opening made is removed without it. */
bool session_open(session *s, const session_options *options, const carpel_host *host,
                  const char *project_directory, bool is_output, carpel_error *err);

/* Whatever has not been committed is taken back. Streams were released before. */
void session_close(session *s);

/* One call of the driver. */
typedef uint8_t session_job(session *s, void *context, adbc_error *error);
bool session_do(session *s, session_job *job, void *context, carpel_error *err);

/* Ask; the rows are valid until the next question. What the driver calls by names stays so. */
bool session_query(session *s, const char *text, struct ArrowArrayStream *out,
                   carpel_error *err);

/* Run a statement whose rows nobody wants. */
bool session_run(session *s, const char *text, carpel_error *err);

bool session_schema(session *s, struct ArrowArrayStream *stream, struct ArrowSchema *out,
                    carpel_error *err);

/* out->release is NULL at the end. */
bool session_next(session *s, struct ArrowArrayStream *stream, struct ArrowArray *out,
                  carpel_error *err);

/* The columns of a table; *is_there is false when the driver has no way to tell. */
bool session_table_schema(session *s, const char *schema, const char *table,
                          struct ArrowSchema *out, bool *is_there, carpel_error *err);

/* Have the driver take the rows into a temporary table, which they make or are added to. The stream
 * is the driver's, and read from any thread. */
bool session_ingest(session *s, const char *table, bool makes_table,
                    struct ArrowArrayStream *rows, carpel_error *err);

/* Changes wait for session_commit from here on; false in *can: the driver has no transactions. */
bool session_begin(session *s, bool *can, carpel_error *err);
bool session_commit(session *s, carpel_error *err);
void session_rollback(session *s);

/* A text of the project, in which {project} is its folder. `is_sql`: the folder stands within
 * quotes of SQL. */
void session_add_text(const char *project_directory, const char *text, bool is_sql,
                      buffer *out);

#endif
