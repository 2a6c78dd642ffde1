/* SPDX-License-Identifier: MIT
 *
 * The table of functions that a plugin is handed, and what stands behind it.
 */
#include "plugin/host.h"

#include "base/memory.h"
#include "plugin/rows.h"
#include "store/calendar.h"

/* What changes while a plugin works; the plugin only sees a constant interface. */
typedef struct host_state {
    host_listener listener;
    rows_context rows;
    zone *utc;
} host_state;

struct plugin_host {
    carpel_host interface; /* first: a plugin's pointer to it is one to the host */
    host_state *state;
};

static host_state *state_of(const carpel_host *host)
{
    return ((const plugin_host *)host)->state;
}

static void host_log(const carpel_host *host, carpel_log_level level, const char *message)
{
    const host_listener *l = &state_of(host)->listener;
    if (l->log != NULL)
        l->log(l->context, level, message);
}

static void host_progress(const carpel_host *host, uint64_t done_bytes,
                          uint64_t total_bytes)
{
    const host_listener *l = &state_of(host)->listener;
    if (l->progress != NULL)
        l->progress(l->context, done_bytes, total_bytes);
}

static bool host_is_cancelled(const carpel_host *host)
{
    const host_state *s = state_of(host);
    return s->rows.has_failed || cancel_is_asked(s->listener.cancel);
}

static carpel_rows *host_rows_new(const carpel_host *host, const carpel_column *columns,
                                  size_t column_count)
{
    return rows_new(&state_of(host)->rows, columns, column_count);
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
    rows->has_failed = !zone_open("UTC", &h->state->utc, &rows->failure);
    rows->utc = h->state->utc;
    h->interface = (carpel_host){
        .struct_size = sizeof(carpel_host),
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
    };
    return h;
}

void host_free(plugin_host *h)
{
    if (h == NULL)
        return;
    zone_free(h->state->utc);
    memory_free(h->state);
    memory_free(h);
}

const carpel_host *host_interface(const plugin_host *h)
{
    return &h->interface;
}

bool host_is_well(const plugin_host *h, carpel_error *err)
{
    const rows_context *rows = &h->state->rows;
    if (rows->has_failed)
        *err = rows->failure;
    return !rows->has_failed;
}
