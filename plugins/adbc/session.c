/* SPDX-License-Identifier: MIT
 *
 * Connections to databases, by whatever driver.
 */
#include "adbc/session.h"

#include <errno.h>
#include <string.h>

#include "adbc/driver.h"
#include "adbc/reasons.h"
#include "adbc/shared.h"
#include "common/memory.h"

enum { PAUSE_MILLISECONDS = 50 };

/* ---- calls ------------------------------------------------------------------------- */

typedef struct asked {
    session *session;
    session_job *job;
    void *context;
    adbc_error error;
    uint8_t status;
} asked;

static void run_job(void *context)
{
    asked *a = context;
    a->status = a->job(a->session, a->context, &a->error);
}

/* Drivers of revision 1.0 cannot be told: then the call goes on until it ends. */
static void tell_to_stop(session *s)
{
    adbc_error error = {.vendor_number = ADBC_ERROR_IS_LONG};
    if (s->statement.private_data && s->driver.statement_cancel)
        s->driver.statement_cancel(&s->statement, &error);
    else if (s->connection.private_data && s->driver.connection_cancel)
        s->driver.connection_cancel(&s->connection, &error);
    if (error.release)
        error.release(&error);
}

bool session_do(session *s, session_job *job, void *context, carpel_error *err)
{
    asked a = {.session = s, .job = job, .context = context};
    a.error.vendor_number = ADBC_ERROR_IS_LONG;
    bool is_stopped = false;
    worker_start(&s->worker, run_job, &a);
    while (!worker_is_done(&s->worker, PAUSE_MILLISECONDS)) {
        is_stopped |= s->host->is_cancelled(s->host);
        if (is_stopped)
            tell_to_stop(s);
    }
    if (a.status != ADBC_OK)
        s->reach = reason_reach(a.status, s->connection.private_data != NULL);
    bool ok = a.status == ADBC_OK && !is_stopped;
    if (is_stopped || s->host->is_cancelled(s->host))
        ok = ok || carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
    else if (!ok)
        reason_fail(a.status, a.error.message, s->options, s->project_directory, err);
    if (a.error.release)
        a.error.release(&a.error);
    return ok;
}

/* ---- opening ----------------------------------------------------------------------- */

void session_add_text(const char *project_directory, const char *text, bool is_sql,
                      buffer *out)
{
    static const char mark[] = "{project}";
    buffer_add(out, "");
    for (const char *at; (at = strstr(text, mark)); text = at + sizeof mark - 1) {
        buffer_add_bytes(out, text, (size_t)(at - text));
        for (const char *c = project_directory ? project_directory : "."; *c != '\0'; c++)
            buffer_add_bytes(out, is_sql && *c == '\'' ? "''" : c,
                             is_sql && *c == '\'' ? 2 : 1);
    }
    buffer_add(out, text);
}

typedef struct setting {
    const char *name, *value;
} setting;

static uint8_t make_database(session *s, void *context, adbc_error *error)
{
    (void)context;
    return s->driver.database_new(&s->database, error);
}

static uint8_t set_of_database(session *s, void *context, adbc_error *error)
{
    const setting *o = context;
    return s->driver.database_set_option(&s->database, o->name, o->value, error);
}

static uint8_t open_database(session *s, void *context, adbc_error *error)
{
    (void)context;
    return s->driver.database_init(&s->database, error);
}

static uint8_t make_connection(session *s, void *context, adbc_error *error)
{
    (void)context;
    return s->driver.connection_new(&s->connection, error);
}

static uint8_t set_of_connection(session *s, void *context, adbc_error *error)
{
    const setting *o = context;
    return s->driver.connection_set_option(&s->connection, o->name, o->value, error);
}

static uint8_t open_connection(session *s, void *context, adbc_error *error)
{
    (void)context;
    return s->driver.connection_init(&s->connection, &s->database, error);
}

/* Those of a connection say so in their names. */
static bool set_all(session *s, session_job *job, bool are_of_connection,
                    carpel_error *err)
{
    static const char begin[] = "adbc.connection.";
    const carpel_texts *all = &s->options->options;
    bool ok = true;
    for (size_t i = 0; ok && i + 1 < all->count; i += 2) {
        buffer value = {0};
        bool is_of_connection = strncmp(all->items[i], begin, sizeof begin - 1) == 0;
        if (is_of_connection != are_of_connection)
            continue;
        session_add_text(s->project_directory, all->items[i + 1], false, &value);
        setting o = {all->items[i], value.data};
        ok = session_do(s, job, &o, err);
        buffer_done(&value);
    }
    return ok;
}

static bool set_uri(session *s, carpel_error *err)
{
    buffer value = {0};
    if (!s->options->uri)
        return true;
    session_add_text(s->project_directory, s->options->uri, false, &value);
    setting o = {"uri", value.data};
    bool ok = session_do(s, set_of_database, &o, err);
    buffer_done(&value);
    return ok;
}

/* A path is seen from the project's folder. */
static bool load_driver(session *s, carpel_error *err)
{
    buffer path = {0};
    const char *name = s->options->driver;
    if (name[0] != '/' && strchr(name, '/') && s->project_directory) {
        buffer_add(&path, s->project_directory);
        buffer_add(&path, "/");
    }
    session_add_text(s->project_directory, name, false, &path);
    bool ok = driver_load(&s->driver, path.data, s->options->entrypoint, err);
    buffer_done(&path);
    return ok;
}

/* ---- databases that are open ------------------------------------------------------- */

static bool open_shared(session *s, carpel_error *err)
{
    if (shared_join(s))
        return true;
    s->new_file = s->is_output ? shared_new_file(s) : NULL;
    bool ok = load_driver(s, err) && session_do(s, make_database, NULL, err) &&
              set_uri(s, err) && set_all(s, set_of_database, false, err) &&
              session_do(s, open_database, NULL, err);
    if (ok)
        shared_add(s);
    return ok;
}

bool session_open(session *s, const session_options *options, const carpel_host *host,
                  const char *project_directory, bool is_output, carpel_error *err)
{
    *s = (session){.host = host,
                   .options = options,
                   .project_directory = project_directory,
                   .is_output = is_output,
                   .reach = CARPEL_UNREACHABLE};
    if (!worker_begin(&s->worker))
        return carpel_fail(err, CARPEL_E_SYSTEM, "no further thread can be begun");
    return shared_check_file(s, err) && open_shared(s, err) &&
           session_do(s, make_connection, NULL, err) &&
           set_all(s, set_of_connection, true, err) &&
           session_do(s, open_connection, NULL, err);
}

/* ---- statements -------------------------------------------------------------------- */

static void release(uint8_t (*function)(adbc_object *, adbc_error *), adbc_object *object)
{
    adbc_error error = {.vendor_number = ADBC_ERROR_IS_LONG};
    if (object->private_data && function)
        function(object, &error);
    if (error.release)
        error.release(&error);
    *object = (adbc_object){0};
}

static uint8_t make_statement(session *s, void *context, adbc_error *error)
{
    (void)context;
    return s->driver.statement_new(&s->connection, &s->statement, error);
}

static uint8_t set_text(session *s, void *context, adbc_error *error)
{
    return s->driver.statement_set_sql_query(&s->statement, context, error);
}

static uint8_t execute(session *s, void *context, adbc_error *error)
{
    int64_t count = -1;
    return s->driver.statement_execute_query(&s->statement, context, &count, error);
}

static bool prepare_text(session *s, const char *text, carpel_error *err)
{
    union {
        const char *constant;
        void *any;
    } words = {text};
    release(s->driver.statement_release, &s->statement);
    return session_do(s, make_statement, NULL, err) &&
           session_do(s, set_text, words.any, err);
}

bool session_query(session *s, const char *text, struct ArrowArrayStream *out,
                   carpel_error *err)
{
    *out = (struct ArrowArrayStream){0};
    return prepare_text(s, text, err) && session_do(s, execute, out, err);
}

bool session_run(session *s, const char *text, carpel_error *err)
{
    bool ok = prepare_text(s, text, err) && session_do(s, execute, NULL, err);
    release(s->driver.statement_release, &s->statement);
    return ok;
}

static uint8_t set_of_statement(session *s, void *context, adbc_error *error)
{
    const setting *o = context;
    return s->driver.statement_set_option
               ? s->driver.statement_set_option(&s->statement, o->name, o->value, error)
               : ADBC_NOT_IMPLEMENTED;
}

static uint8_t bind(session *s, void *context, adbc_error *error)
{
    return s->driver.statement_bind_stream
               ? s->driver.statement_bind_stream(&s->statement, context, error)
               : ADBC_NOT_IMPLEMENTED;
}

bool session_ingest(session *s, const char *table, bool makes_table,
                    struct ArrowArrayStream *rows, carpel_error *err)
{
    setting settings[] = {{"adbc.ingest.target_table", table},
                          {"adbc.ingest.mode", makes_table ? "adbc.ingest.mode.create"
                                                           : "adbc.ingest.mode.append"},
                          {"adbc.ingest.temporary", "true"}};
    release(s->driver.statement_release, &s->statement);
    bool ok = session_do(s, make_statement, NULL, err);
    for (size_t i = 0; i < 3 && ok; i++)
        ok = session_do(s, set_of_statement, &settings[i], err);
    bool is_bound = ok && session_do(s, bind, rows, err);
    ok = is_bound && session_do(s, execute, NULL, err);
    release(s->driver.statement_release, &s->statement);
    if (!is_bound && rows->release)
        rows->release(rows);
    return ok;
}

/* ---- rows -------------------------------------------------------------------------- */

typedef struct taking {
    struct ArrowArrayStream *stream;
    void *out;
    int number;
} taking;

static uint8_t take_schema(session *s, void *context, adbc_error *error)
{
    taking *t = context;
    (void)s;
    (void)error;
    t->number = t->stream->get_schema(t->stream, t->out);
    return ADBC_OK;
}

static uint8_t take_batch(session *s, void *context, adbc_error *error)
{
    taking *t = context;
    (void)s;
    (void)error;
    t->number = t->stream->get_next(t->stream, t->out);
    return ADBC_OK;
}

static bool take(session *s, session_job *job, taking *t, carpel_error *err)
{
    if (!t->stream->release || !t->stream->get_schema || !t->stream->get_next)
        return carpel_fail(err, CARPEL_E_INPUT, "the statement yields no rows");
    if (!session_do(s, job, t, err))
        return false;
    if (t->number == 0)
        return true;
    const char *said =
        t->stream->get_last_error ? t->stream->get_last_error(t->stream) : NULL;
    if (s->host->is_cancelled(s->host))
        return carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
    s->reach = t->number == EIO ? CARPEL_UNREACHABLE : CARPEL_NO_DATA;
    return reason_fail(t->number == EIO ? ADBC_IO : 0, said ? said : strerror(t->number),
                       s->options, s->project_directory, err);
}

bool session_schema(session *s, struct ArrowArrayStream *stream, struct ArrowSchema *out,
                    carpel_error *err)
{
    *out = (struct ArrowSchema){0};
    return take(s, take_schema, &(taking){stream, out, 0}, err);
}

bool session_next(session *s, struct ArrowArrayStream *stream, struct ArrowArray *out,
                  carpel_error *err)
{
    *out = (struct ArrowArray){0};
    return take(s, take_batch, &(taking){stream, out, 0}, err);
}

/* ---- tables ------------------------------------------------------------------------ */

typedef struct table_question {
    const char *schema, *table;
    struct ArrowSchema *out;
    uint8_t status;
} table_question;

static uint8_t ask_table(session *s, void *context, adbc_error *error)
{
    table_question *q = context;
    q->status = s->driver.connection_get_table_schema(&s->connection, NULL, q->schema,
                                                      q->table, q->out, error);
    return q->status;
}

bool session_table_schema(session *s, const char *schema, const char *table,
                          struct ArrowSchema *out, bool *is_there, carpel_error *err)
{
    table_question q = {schema, table, out, ADBC_OK};
    *out = (struct ArrowSchema){0};
    *is_there = false;
    if (!s->driver.connection_get_table_schema)
        return true;
    *is_there = session_do(s, ask_table, &q, err);
    return *is_there || q.status == ADBC_NOT_IMPLEMENTED;
}

/* ---- transactions ------------------------------------------------------------------ */

static uint8_t commit(session *s, void *context, adbc_error *error)
{
    (void)context;
    return s->driver.connection_commit(&s->connection, error);
}

bool session_begin(session *s, bool *can, carpel_error *err)
{
    setting o = {"adbc.connection.autocommit", "false"};
    carpel_error why;
    release(s->driver.statement_release,
            &s->statement); /* it may be a transaction itself */
    *can = s->driver.connection_commit && s->driver.connection_rollback &&
           session_do(s, set_of_connection, &o, &why);
    s->is_in_transaction = *can;
    if (!*can && s->host->is_cancelled(s->host))
        return carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
    return true;
}

bool session_commit(session *s, carpel_error *err)
{
    if (!session_do(s, commit, NULL, err))
        return false;
    shared_keep_file(s);
    return true;
}

void session_rollback(session *s)
{
    adbc_error error = {.vendor_number = ADBC_ERROR_IS_LONG};
    release(s->driver.statement_release, &s->statement);
    if (s->is_in_transaction)
        s->driver.connection_rollback(&s->connection, &error);
    if (error.release)
        error.release(&error);
}

void session_close(session *s)
{
    worker_end(&s->worker);
    session_rollback(s);
    release(s->driver.connection_release, &s->connection);
    if (shared_leave(s)) {
        adbc_error error = {.vendor_number = ADBC_ERROR_IS_LONG};
        release(s->driver.database_release, &s->database);
        shared_remove_file(s);
        if (s->driver.release)
            s->driver.release(&s->driver, &error);
        if (error.release)
            error.release(&error);
    }
    s->driver = (adbc_driver){0};
}
