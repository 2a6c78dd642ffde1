/* SPDX-License-Identifier: MIT
 *
 * An output without a result of its own that tells when it is begun, written, prepared or
 * committed, and stays there.
 */
#include "gate.h"

typedef struct gate_options {
    const char *at, *manner;
    int64_t rows;
} gate_options;

typedef struct gate {
    const carpel_host *host;
    const gate_options *options;
} gate;

static const char *const stages[] = {"begin", "write", "prepare", "commit", NULL};

static const carpel_option options[] = {
    {.name = "at",
     .type = CARPEL_OPTION_CHOICE,
     .offset = offsetof(gate_options, at),
     .default_text = "write",
     .choices = stages,
     .help = "where to stay"},
    {.name = "manner",
     .type = CARPEL_OPTION_CHOICE,
     .offset = offsetof(gate_options, manner),
     .default_text = "ask",
     .choices = gate_manners,
     .help = "how to stay"},
    {.name = "rows",
     .type = CARPEL_OPTION_INTEGER,
     .offset = offsetof(gate_options, rows),
     .maximum = 1e9,
     .help = "how many rows to take before it stays at write"},
    {.name = NULL},
};

static bool stay(const gate *g, const char *stage, carpel_error *err)
{
    return strcmp(g->options->at, stage) != 0 ||
           gate_enter(g->host, g->options->manner, err);
}

static bool begin(const carpel_host *host, const carpel_delivery *delivery,
                  void **instance, carpel_error *err)
{
    gate *g = calloc(1, sizeof *g);
    if (g == NULL)
        return carpel_fail(err, CARPEL_E_SYSTEM, "no memory");
    g->host = host;
    g->options = delivery->options;
    if (!stay(g, "begin", err)) {
        free(g);
        return false;
    }
    *instance = g;
    return true;
}

static bool take_rows(const gate *g, struct ArrowArrayStream *rows, carpel_error *err)
{
    for (int64_t taken = 0; taken < g->options->rows;) {
        struct ArrowArray batch = {0};
        if (rows->get_next(rows, &batch) != 0)
            return carpel_fail(err, CARPEL_E_SYSTEM, "the rows do not come");
        if (!batch.release)
            return true;
        taken += batch.length;
        batch.release(&batch);
    }
    return true;
}

static bool write_rows(void *instance, struct ArrowArrayStream *rows, carpel_error *err)
{
    return take_rows(instance, rows, err) && stay(instance, "write", err);
}

static bool prepare(void *instance, carpel_error *err)
{
    return stay(instance, "prepare", err);
}

static bool commit(void *instance, carpel_error *err)
{
    return stay(instance, "commit", err);
}

static const carpel_output output = {.struct_size = sizeof(carpel_output),
                                     .begin = begin,
                                     .write = write_rows,
                                     .prepare = prepare,
                                     .commit = commit,
                                     .close = free};

const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_OUTPUT,
    .name = "gate",
    .version = "1",
    .summary = "stays where it is told",
    .options_size = sizeof(gate_options),
    .options = options,
    .output = &output,
};
