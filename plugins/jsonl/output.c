/* SPDX-License-Identifier: MIT
 *
 * The output `jsonl`: one JSON object a row, a line each, with the columns' names as
 * its keys. Missing values are null.
 */
#include <carpel/plugin.h>

#include <stdio.h>
#include <string.h>

#include "common/delivery.h"
#include "common/json_write.h"
#include "common/memory.h"

typedef struct jsonl_output_options {
    const char *path;
} jsonl_output_options;

static const carpel_option options_table[] = {
    {.name = "path",
     .type = CARPEL_OPTION_OUTPUT_PATH,
     .offset = offsetof(jsonl_output_options, path),
     .required = true,
     .help = "The file to write; its folder is made when it is missing. \"-\" is "
             "standard output."},
    {0}};

/* One output under way. */
typedef struct jsonl_output {
    const carpel_host *host;
    const carpel_delivery *delivery;
    carpel_file *file;
} jsonl_output;

static void put(void *context, const char *data, size_t size)
{
    const jsonl_output *o = context;
    o->host->file_write(o->file, data, size);
}

static void add_row(void *context, const delivered *row, size_t count)
{
    const json_sink sink = {put, context};
    json_write_row(&sink, row, count);
    put(context, "\n", 1);
}

static bool begin(const carpel_host *host, const carpel_delivery *delivery,
                  void **instance, carpel_error *err)
{
    const jsonl_output_options *options = delivery->options;
    jsonl_output o = {host, delivery, NULL};
    if (!host->file_open(host, options->path, &o.file, err))
        return false;
    *instance = common_alloc(1, sizeof o);
    memcpy(*instance, &o, sizeof o);
    return true;
}

static bool write_rows(void *instance, struct ArrowArrayStream *rows, carpel_error *err)
{
    const jsonl_output *o = instance;
    return delivery_read(o->host, o->delivery, rows, add_row, instance, err);
}

static const carpel_output output = {.struct_size = sizeof(carpel_output),
                                     .begin = begin,
                                     .write = write_rows,
                                     .close = free};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_OUTPUT,
    .name = "jsonl",
    .version = "2.0",
    .summary = "Results as JSON lines, an object a row.",
    .manual =
        "outputs:\n"
        "  - plugin: jsonl\n"
        "    path: out/segments.jsonl\n"
        "\n"
        "The file appears whole or not at all, together with those of all other "
        "outputs.\n"
        "Times are UTC in ISO 8601; durations are in seconds; missing values are null.\n",
    .options_size = sizeof(jsonl_output_options),
    .options = options_table,
    .output = &output,
};
