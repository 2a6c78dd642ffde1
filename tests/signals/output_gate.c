/* SPDX-License-Identifier: MIT
 *
 * An output without a result of its own that tells when it is begun, written, prepared or
 * committed, and stays there.
 */
#include "gate.h"

typedef struct gate_options {
    const char *at, *manner;
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

static bool write_rows(void *instance, struct ArrowArrayStream *rows, carpel_error *err)
{
    (void)rows;
    return stay(instance, "write", err);
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
