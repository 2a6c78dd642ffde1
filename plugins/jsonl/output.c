/* SPDX-License-Identifier: MIT
 *
 * The output `jsonl`: one JSON object a line for each person in each segment.
 */
#include <carpel/plugin.h>

#include <stdio.h>

#include "common/members.h"

typedef struct jsonl_output_options {
    const char *path;
} jsonl_output_options;

static const carpel_option options_table[] = {
    {.name = "path",
     .type = CARPEL_OPTION_PATH,
     .offset = offsetof(jsonl_output_options, path),
     .required = true,
     .help = "The file to write; its folder is made when it is missing."},
    {0}};

/* Write the escape of a byte that may not stand in a JSON string as it is. */
static void write_escape(aside *out, unsigned char c)
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
    aside_write(out, escape, (size_t)size);
}

static void write_string(aside *out, const char *data, size_t size)
{
    size_t begin = 0;
    aside_write(out, "\"", 1);
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)data[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        aside_write(out, data + begin, i - begin);
        write_escape(out, c);
        begin = i + 1;
    }
    aside_write(out, data + begin, size - begin);
    aside_write(out, "\"", 1);
}

static void add(aside *out, const void *options, const member *m)
{
    char time[MEMBER_TIME_SIZE];
    (void)options;
    aside_write(out, "{\"segment\":", 11);
    write_string(out, m->segment, m->segment_size);
    aside_write(out, ",\"person\":", 10);
    write_string(out, m->person, m->person_size);
    aside_write(out, ",\"as_of\":", 9);
    write_string(out, time, member_time(m->as_of, time));
    aside_write(out, "}\n", 2);
}

static bool write_rows(const carpel_host *host, const void *options,
                       struct ArrowArrayStream *rows, carpel_error *err)
{
    static const member_format format = {NULL, add};
    const jsonl_output_options *o = options;
    return members_write(host, o->path, &format, options, rows, err);
}

static const carpel_output output = {.write = write_rows};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_OUTPUT,
    .name = "jsonl",
    .version = "1.0",
    .summary = "Memberships as JSON lines: {\"segment\", \"person\", \"as_of\"}.",
    .manual =
        "outputs:\n"
        "  - plugin: jsonl\n"
        "    path: out/segments.jsonl\n"
        "\n"
        "The file appears whole or not at all: it is written beside its place and then\n"
        "renamed. Times are UTC in ISO 8601.\n",
    .options_size = sizeof(jsonl_output_options),
    .options = options_table,
    .output = &output,
};
