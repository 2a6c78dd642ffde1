/* SPDX-License-Identifier: MIT
 *
 * The output `csv`: one line for each person in each segment, quoted as RFC 4180 has it.
 */
#include <carpel/plugin.h>

#include <string.h>

#include "common/members.h"

typedef struct csv_output_options {
    const char *path, *delimiter;
    bool header;
} csv_output_options;

static const carpel_option options_table[] = {
    {.name = "path",
     .type = CARPEL_OPTION_PATH,
     .offset = offsetof(csv_output_options, path),
     .required = true,
     .help = "The file to write; its folder is made when it is missing."},
    {.name = "delimiter",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(csv_output_options, delimiter),
     .default_text = ",",
     .help = "What stands between two fields: one character or \"tab\"."},
    {.name = "header",
     .type = CARPEL_OPTION_BOOLEAN,
     .offset = offsetof(csv_output_options, header),
     .default_text = "true",
     .help = "Begin with a line that names the columns?"},
    {0}};

static char delimiter_of(const csv_output_options *options)
{
    return strcmp(options->delimiter, "tab") == 0 ? '\t' : options->delimiter[0];
}

static bool needs_quotes(const char *data, size_t size, char delimiter)
{
    if (size == 0 || data[0] == ' ' || data[size - 1] == ' ')
        return true;
    for (size_t i = 0; i < size; i++)
        if (data[i] == delimiter || data[i] == '"' || data[i] == '\n' || data[i] == '\r')
            return true;
    return false;
}

static void write_field(aside *out, const char *data, size_t size, char delimiter)
{
    if (!needs_quotes(data, size, delimiter)) {
        aside_write(out, data, size);
        return;
    }
    aside_write(out, "\"", 1);
    const char *end = data + size, *quote;
    while ((quote = memchr(data, '"', (size_t)(end - data))) != NULL) {
        aside_write(out, data, (size_t)(quote + 1 - data));
        aside_write(out, "\"", 1);
        data = quote + 1;
    }
    aside_write(out, data, (size_t)(end - data));
    aside_write(out, "\"", 1);
}

static void begin(aside *out, const void *options)
{
    const csv_output_options *o = options;
    char delimiter = delimiter_of(o);
    if (!o->header)
        return;
    aside_write(out, "segment", 7);
    aside_write(out, &delimiter, 1);
    aside_write(out, "person", 6);
    aside_write(out, &delimiter, 1);
    aside_write(out, "as_of\n", 6);
}

static void add(aside *out, const void *options, const member *m)
{
    char delimiter = delimiter_of(options), time[MEMBER_TIME_SIZE];
    write_field(out, m->segment, m->segment_size, delimiter);
    aside_write(out, &delimiter, 1);
    write_field(out, m->person, m->person_size, delimiter);
    aside_write(out, &delimiter, 1);
    write_field(out, time, member_time(m->as_of, time), delimiter);
    aside_write(out, "\n", 1);
}

static bool write_rows(const carpel_host *host, const void *options,
                       struct ArrowArrayStream *rows, carpel_error *err)
{
    static const member_format format = {begin, add};
    const csv_output_options *o = options;
    char delimiter = delimiter_of(o);
    bool is_tab = strcmp(o->delimiter, "tab") == 0;
    bool is_usable = delimiter > 0 && strchr("\"\r\n", delimiter) == NULL;
    if (!is_usable || (!is_tab && o->delimiter[1] != '\0'))
        return carpel_fail(err, CARPEL_E_INPUT,
                           "delimiter \"%s\" is not one ASCII character or \"tab\"",
                           o->delimiter);
    return members_write(host, o->path, &format, options, rows, err);
}

static const carpel_output output = {.write = write_rows};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_OUTPUT,
    .name = "csv",
    .version = "1.0",
    .summary = "Memberships as a CSV file: segment, person, as_of.",
    .manual =
        "outputs:\n"
        "  - plugin: csv\n"
        "    path: out/segments.csv\n"
        "    segments: [vip, lifecycle.active]\n"
        "\n"
        "The file appears whole or not at all: it is written beside its place and then\n"
        "renamed. Times are UTC in ISO 8601.\n",
    .options_size = sizeof(csv_output_options),
    .options = options_table,
    .output = &output,
};
