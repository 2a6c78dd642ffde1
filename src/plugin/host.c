/* SPDX-License-Identifier: MIT
 *
 * The table of functions that a plugin is handed, and what stands behind it.
 */
#include "plugin/host.h"

#include "base/memory.h"
#include "plugin/call.h"
#include "plugin/foreign.h"
#include "plugin/rows.h"
#include "value/calendar.h"

enum { MOST_MESSAGES = 100, LONGEST_MESSAGE = 1000 }; /* of one instance; bytes of one */

/* What changes while a plugin works; the plugin only sees a constant interface. */
typedef struct host_state {
    host_listener listener;
    rows_context rows;
    zone *utc;
    uint64_t message_count, progress_count;
    placing *files;                 /* NULL: none may be written */
    const placing_program *program; /* that gets what the output writes; or NULL */
    const host_files *replaced;     /* instead of `files`; or NULL */
    bool asks_again;                /* the plugin failed, and said: later */
    double pause_seconds;           /* after so long */
} host_state;

struct plugin_host {
    carpel_host interface; /* first: a plugin's pointer to it is one to the host */
    host_state *state;
};

/* What stands behind the interface; NULL when the plugin calls `function` without it. */
static host_state *state_of(const carpel_host *host, const char *function)
{
    if (host != NULL)
        return ((const plugin_host *)host)->state;
    plugin_call_lacks_object(function);
    return NULL;
}

static void tell(const host_state *s, carpel_log_level level, const char *message)
{
    const host_listener *l = &s->listener;
    text whole;
    if (l->log == NULL)
        return;
    text_init(&whole);
    text_append_format(&whole, "%s%s%s", l->title != NULL ? l->title : "",
                       l->title != NULL ? ": " : "", message);
    l->log(l->context, level, whole.data);
    text_done(&whole);
}

static void live(const host_state *s)
{
    if (s->listener.alive)
        atomic_fetch_add_explicit(s->listener.alive, 1, memory_order_relaxed);
}

static void host_log(const carpel_host *host, carpel_log_level level, const char *message)
{
    host_state *s = state_of(host, "log");
    char copy[LONGEST_MESSAGE];
    if (s == NULL)
        return;
    live(s);
    if (!foreign_text(message, copy, sizeof copy))
        instance_break(&s->rows.failure, "it calls log without a message");
    else if (++s->message_count <= MOST_MESSAGES || s->listener.alive)
        tell(s, level == CARPEL_LOG_WARNING ? level : CARPEL_LOG_INFO, copy);
}

static void host_progress(const carpel_host *host, uint64_t done_bytes,
                          uint64_t total_bytes)
{
    host_state *s = state_of(host, "progress");
    if (s == NULL)
        return;
    live(s);
    s->progress_count++;
    if (s->listener.progress != NULL)
        s->listener.progress(s->listener.context, done_bytes, total_bytes);
}

static bool host_is_cancelled(const carpel_host *host)
{
    const host_state *s = state_of(host, "is_cancelled");
    if (s)
        live(s);
    return s == NULL || s->rows.failure.has_failed || cancel_is_asked(s->listener.cancel);
}

static carpel_rows *host_rows_new(const carpel_host *host, const carpel_column *columns,
                                  size_t column_count)
{
    host_state *s = state_of(host, "rows_new");
    return s == NULL ? NULL : rows_new(&s->rows, columns, column_count);
}

/* A carpel_file is a placing_file by another name. */
static bool host_file_open(const carpel_host *host, const char *path, carpel_file **out,
                           carpel_error *err)
{
    host_state *s = state_of(host, "file_open");
    placing_file *file;
    if (s && s->replaced)
        return s->replaced->open(s->replaced->context, path, out, err);
    bool has_place = path != NULL || (s != NULL && s->program != NULL);
    if (s == NULL || s->files == NULL || !has_place)
        return carpel_fail(err, CARPEL_E_PLUGIN,
                           "only an output can open files, by name");
    if (path != NULL ? !placing_open(s->files, path, &file, err)
                     : !placing_open_program(s->files, s->program, &file, err))
        return false;
    *out = (carpel_file *)file;
    return true;
}

static bool host_file_write(carpel_file *file, const void *data, size_t size)
{
    return placing_write((placing_file *)file, data, size);
}

static void host_retry_after(const carpel_host *host, double seconds)
{
    host_state *s = state_of(host, "retry_after");
    if (s && seconds > 0)
        s->pause_seconds = seconds;
}

plugin_host *host_new(const mapping *m, quarantine *q, const host_listener *listener)
{
    plugin_host *h = memory_alloc_zero(sizeof *h);
    h->state = memory_alloc_zero(sizeof *h->state);
    if (listener != NULL)
        h->state->listener = *listener;
    rows_context *rows = &h->state->rows;
    rows->mapping = m;
    rows->quarantine = q;
    rows->cancel = h->state->listener.cancel;
    const char *plugin = h->state->listener.plugin;
    rows->failure.plugin = plugin != NULL ? plugin : "?";
    rows->failure.has_failed = !zone_open("UTC", &h->state->utc, &rows->failure.error);
    rows->utc = h->state->utc;
    h->interface = (carpel_host){
        .struct_size = sizeof(carpel_host),
        .abi_minor = CARPEL_ABI_MINOR,
        .log = host_log,
        .progress = host_progress,
        .is_cancelled = host_is_cancelled,
        .rows_new = host_rows_new,
        .rows_free = rows_free,
        .rows_begin_file = rows_begin_file,
        .row_begin = rows_begin_row,
        .row_set_text = rows_set_text,
        .row_set_int = rows_set_int,
        .row_set_number = rows_set_number,
        .row_set_bool = rows_set_bool,
        .item_begin = rows_begin_item,
        .item_end = rows_end_item,
        .row_refuse = rows_refuse_row,
        .row_end = rows_end_row,
        .rows_count = rows_count,
        .rows_is_full = rows_is_full,
        .rows_schema = rows_schema,
        .rows_take = rows_take,
        .file_open = host_file_open,
        .file_write = host_file_write,
        .list_begin = rows_begin_list,
        .rows_add = rows_add,
        .retry_after = host_retry_after,
    };
    return h;
}

/* Messages beyond the limit are not silently gone. */
static void tell_count(const host_state *s)
{
    char message[100];
    if (s->message_count <= MOST_MESSAGES || s->listener.alive)
        return;
    uint64_t count = s->message_count - MOST_MESSAGES;
    snprintf(message, sizeof message, "%llu more message%s", (unsigned long long)count,
             count == 1 ? "" : "s");
    tell(s, CARPEL_LOG_INFO, message);
}

void host_free(plugin_host *h)
{
    if (h == NULL)
        return;
    tell_count(h->state);
    rows_end(&h->state->rows);
    zone_free(h->state->utc);
    memory_free(h->state);
    memory_free(h);
}

void host_lend_files(plugin_host *h, placing *files)
{
    h->state->files = files;
}

void host_lend_program(plugin_host *h, const placing_program *program)
{
    h->state->program = program;
}

void host_replace_files(plugin_host *h, const host_files *files)
{
    h->state->replaced = files;
    h->interface.file_write = files->write;
}

void host_size_batches(plugin_host *h, size_t rows)
{
    h->state->rows.full_rows = rows;
}

void host_collect_refused(plugin_host *h, refused_rows *refused)
{
    h->state->rows.refused = refused;
}

void host_title_file(plugin_host *h, const char *path, const char *title)
{
    h->state->rows.file = path;
    h->state->rows.file_title = title;
}

void host_refuse_row(plugin_host *h, slice person, const char *file, uint64_t line,
                     const char *reason)
{
    rows_context *rows = &h->state->rows;
    rows->bad_count++;
    if (rows->refused)
        refused_rows_add(rows->refused, person, file, line, reason);
    else if (rows->quarantine && !rows->failure.has_failed)
        rows->failure.has_failed = !quarantine_add_of(rows->quarantine, person, file,
                                                      line, reason, &rows->failure.error);
}

plugin_host *host_twin(const plugin_host *of, const host_listener *listener)
{
    const rows_context *rows = &of->state->rows;
    plugin_host *h = host_new(rows->mapping, NULL, listener);
    host_title_file(h, rows->file, rows->file_title);
    host_size_batches(h, rows->full_rows);
    return h;
}

const mapping *host_mapping(const plugin_host *h)
{
    return h->state->rows.mapping;
}

const carpel_host *host_interface(const plugin_host *h)
{
    return &h->interface;
}

bool host_is_well(const plugin_host *h, carpel_error *err)
{
    const instance_failure *failure = &h->state->rows.failure;
    if (failure->has_failed)
        *err = failure->error;
    return !failure->has_failed;
}

const host_listener *host_heard_by(const plugin_host *h)
{
    return &h->state->listener;
}

instance_failure *host_failure(plugin_host *h)
{
    return &h->state->rows.failure;
}

void host_note_later(plugin_host *h, carpel_error *err)
{
    err->code = CARPEL_E_SYSTEM;
    h->state->asks_again = true;
}

bool host_asks_again(plugin_host *h, double *pause_seconds)
{
    bool asks = h->state->asks_again && !h->state->rows.failure.has_failed;
    *pause_seconds = h->state->pause_seconds;
    h->state->asks_again = false;
    h->state->pause_seconds = 0;
    return asks;
}

void host_check_end(plugin_host *h, uint64_t row_count)
{
    rows_context *rows = &h->state->rows;
    rows_check_end(rows);
    if (row_count < rows->taken_count)
        instance_break(&rows->failure, "it took %llu rows and handed over %llu",
                       (unsigned long long)rows->taken_count,
                       (unsigned long long)row_count);
}

uint64_t host_activity(const plugin_host *h)
{
    return h->state->progress_count + h->state->rows.bad_count;
}
