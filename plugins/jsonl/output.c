/* SPDX-License-Identifier: MIT
 *
 * The output `jsonl`: one JSON object a row, a line each, with the columns' names as
 * its keys. Missing values are null.
 */
#include <carpel/plugin.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/delivery.h"
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

static void put(const jsonl_output *o, const char *data, size_t size)
{
    o->host->file_write(o->file, data, size);
}

/* Write the escape of a byte that may not stand in a JSON string as it is. */
static void write_escape(const jsonl_output *o, unsigned char c)
{
    char escape[8];
    int size;
    if (c == '"' || c == '\\')
        size = snprintf(escape, sizeof escape, "\\%c", c);
    else if (c == '\n')
        size = snprintf(escape, sizeof escape, "\\n");
    else if (c == '\t')
        size = snprintf(escape, sizeof escape, "\\t");
    else
        size = snprintf(escape, sizeof escape, "\\u%04x", (unsigned)c);
    put(o, escape, (size_t)size);
}

static void write_string(const jsonl_output *o, const char *data, size_t size)
{
    size_t begin = 0;
    put(o, "\"", 1);
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)data[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        put(o, data + begin, i - begin);
        write_escape(o, c);
        begin = i + 1;
    }
    put(o, data + begin, size - begin);
    put(o, "\"", 1);
}

/* Values of these types are JSON as they are; others stand in quotes. */
static bool is_bare(carpel_type type)
{
    return type == CARPEL_BOOL || type == CARPEL_INT || type == CARPEL_DECIMAL ||
           type == CARPEL_NUMBER || type == CARPEL_DURATION;
}

static void write_value(const jsonl_output *o, const delivered *value)
{
    char text[DELIVERED_TEXT_SIZE];
    bool is_number = value->column->type == CARPEL_NUMBER;
    if (value->is_missing || (is_number && !isfinite(value->number)))
        put(o, "null", 4);
    else if (delivered_is_text(value))
        write_string(o, value->text, value->size);
    else if (is_bare(value->column->type))
        put(o, text, delivered_text(value, text));
    else
        write_string(o, text, delivered_text(value, text));
}

static void add_row(void *context, const delivered *row, size_t count)
{
    const jsonl_output *o = context;
    for (size_t i = 0; i < count; i++) {
        put(o, i == 0 ? "{" : ",", 1);
        write_string(o, row[i].column->name, strlen(row[i].column->name));
        put(o, ":", 1);
        write_value(o, &row[i]);
    }
    put(o, "}\n", 2);
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

static const carpel_output output = {.begin = begin, .write = write_rows, .close = free};

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
