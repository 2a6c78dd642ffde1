/* SPDX-License-Identifier: MIT
 *
 * A source of ten people with an event each that tells when it is opened, asked for rows,
 * or at its end, and stays there.
 */
#include "gate.h"

#include <stdio.h>

enum { PEOPLE = 10 };

typedef struct gate_options {
    const char *at, *manner, *since;
} gate_options;

typedef struct gate {
    const carpel_host *host;
    const carpel_request *request;
    carpel_rows *rows;
    bool has_given;
    carpel_error error;
} gate;

static const char *const stages[] = {"open", "rows", "end", "never", NULL};

static const carpel_option options[] = {
    {.name = "at",
     .type = CARPEL_OPTION_CHOICE,
     .offset = offsetof(gate_options, at),
     .default_text = "never",
     .choices = stages,
     .help = "where to stay"},
    {.name = "manner",
     .type = CARPEL_OPTION_CHOICE,
     .offset = offsetof(gate_options, manner),
     .default_text = "ask",
     .choices = gate_manners,
     .help = "how to stay"},
    {.name = "since",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(gate_options, since),
     .default_text = "2026-01-01",
     .help = "the time of all events"},
    {.name = NULL},
};

static bool stay(gate *g, const char *stage)
{
    const gate_options *o = g->request->options;
    return strcmp(o->at, stage) != 0 || gate_enter(g->host, o->manner, &g->error);
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    gate *g = stream->private_data;
    g->host->rows_schema(g->rows, out);
    return 0;
}

static void add_row(gate *g, int person)
{
    char id[16];
    const gate_options *o = g->request->options;
    snprintf(id, sizeof id, "p%d", person);
    g->host->row_begin(g->rows, (uint64_t)person + 1);
    for (size_t c = 0; c < g->request->column_count; c++) {
        bool is_time = g->request->columns[c].type == CARPEL_TIME;
        const char *text = is_time ? o->since : id;
        g->host->row_set_text(g->rows, c, text, strlen(text), false);
    }
    g->host->row_end(g->rows);
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    gate *g = stream->private_data;
    *out = (struct ArrowArray){0};
    if (!stay(g, g->has_given ? "end" : "rows"))
        return carpel_error_number(&g->error);
    if (g->has_given)
        return 0;
    for (int person = 0; person < PEOPLE; person++)
        add_row(g, person);
    g->host->rows_take(g->rows, out);
    g->has_given = true;
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    return ((gate *)stream->private_data)->error.message;
}

static void release(struct ArrowArrayStream *stream)
{
    gate *g = stream->private_data;
    g->host->rows_free(g->rows);
    free(g);
    stream->release = NULL;
}

static bool open_gate(const carpel_host *host, const carpel_request *request,
                      struct ArrowArrayStream *out, carpel_error *err)
{
    gate *g = calloc(1, sizeof *g);
    if (g == NULL)
        return carpel_fail(err, CARPEL_E_SYSTEM, "no memory");
    g->host = host;
    g->request = request;
    if (!stay(g, "open")) {
        *err = g->error;
        free(g);
        return false;
    }
    g->rows = host->rows_new(host, request->columns, request->column_count);
    *out = (struct ArrowArrayStream){.get_schema = get_schema,
                                     .get_next = get_next,
                                     .get_last_error = get_last_error,
                                     .release = release,
                                     .private_data = g};
    return true;
}

static const carpel_source source = {.struct_size = sizeof(carpel_source),
                                     .open = open_gate};

const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "gate",
    .version = "1",
    .summary = "stays where it is told",
    .options_size = sizeof(gate_options),
    .options = options,
    .source = &source,
};
