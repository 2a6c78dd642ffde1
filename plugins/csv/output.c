/* SPDX-License-Identifier: MIT
 *
 * The output `csv`: one line a row, quoted as RFC 4180 has it. A missing value is an
 * empty field, an empty text is "".
 */
#include <carpel/plugin.h>

#include <string.h>

#include "common/delivery.h"
#include "common/memory.h"

typedef struct csv_output_options {
    const char *path, *delimiter;
    bool header, spreadsheet;
} csv_output_options;

static const carpel_option options_table[] = {
    {.name = "path",
     .type = CARPEL_OPTION_OUTPUT_PATH,
     .offset = offsetof(csv_output_options, path),
     .required = true,
     .help = "The file to write; its folder is made when it is missing. \"-\" is "
             "standard output."},
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
    {.name = "spreadsheet",
     .type = CARPEL_OPTION_BOOLEAN,
     .offset = offsetof(csv_output_options, spreadsheet),
     .default_text = "true",
     .help = "Put ' before texts of people that a spreadsheet would take for a formula?"},
    {0}};

static char delimiter_of(const csv_output_options *options)
{
    return strcmp(options->delimiter, "tab") == 0 ? '\t' : options->delimiter[0];
}

/* One output under way. */
typedef struct csv_output {
    const carpel_host *host;
    const carpel_delivery *delivery;
    carpel_file *file;
    char delimiter;
    bool escapes; /* what a spreadsheet would take for a formula */
} csv_output;

static void put(const csv_output *o, const char *data, size_t size)
{
    o->host->file_write(o->file, data, size);
}

/* Is there nothing behind the sign but what numbers and phones are written with? Of +49 (170) 12 nothing is worked
 * out that matters; of +A1 and -2+cmd|x something may be. */
static bool is_plain_number(const char *text, size_t size)
{
    static const char blank[] = "\xc2\xa0"; /* that does not break */
    for (size_t i = 1; i < size; i++) {
        if (memchr("0123456789 ()./-,", text[i], 17) != NULL)
            continue;
        if (size - i < 2 || memcmp(text + i, blank, 2) != 0)
            return false;
        i++;
    }
    return true;
}

/* Would a spreadsheet work something out of the text? */
static bool is_formula(const delivered *value)
{
    if (value->column->is_verbatim || value->size == 0)
        return false;
    if (memchr("+-", value->text[0], 2) != NULL)
        return !is_plain_number(value->text, value->size);
    return memchr("=@\t\r\n", value->text[0], 5) != NULL;
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

/* `before` stands in front of the text, in its quotes. */
static void write_field(const csv_output *o, const char *before, const char *data,
                        size_t size)
{
    if (!needs_quotes(data, size, o->delimiter)) {
        put(o, before, strlen(before));
        put(o, data, size);
        return;
    }
    put(o, "\"", 1);
    put(o, before, strlen(before));
    const char *end = data + size, *quote;
    while ((quote = memchr(data, '"', (size_t)(end - data))) != NULL) {
        put(o, data, (size_t)(quote + 1 - data));
        put(o, "\"", 1);
        data = quote + 1;
    }
    put(o, data, (size_t)(end - data));
    put(o, "\"", 1);
}

/* What stands behind a field: the delimiter, or after the last one the end of the line. */
static void end_field(const csv_output *o, size_t index)
{
    put(o, index + 1 < o->delivery->column_count ? &o->delimiter : "\n", 1);
}

static void write_header(const csv_output *o)
{
    for (size_t i = 0; i < o->delivery->column_count; i++) {
        const char *name = o->delivery->columns[i].name;
        write_field(o, "", name, strlen(name));
        end_field(o, i);
    }
}

static void add_row(void *context, const delivered *row, size_t count)
{
    const csv_output *o = context;
    char text[DELIVERED_TEXT_SIZE];
    for (size_t i = 0; i < count; i++) {
        if (delivered_is_text(&row[i]) && !row[i].is_missing)
            write_field(o, o->escapes && is_formula(&row[i]) ? "'" : "", row[i].text,
                        row[i].size);
        else if (!row[i].is_missing)
            write_field(o, "", text, delivered_text(&row[i], text));
        end_field(o, i);
    }
}

static bool check_delimiter(const char *delimiter, carpel_error *err)
{
    bool is_tab = strcmp(delimiter, "tab") == 0;
    bool is_usable = delimiter[0] > 0 && strchr("\"\r\n", delimiter[0]) == NULL;
    if (is_tab || (is_usable && delimiter[1] == '\0'))
        return true;
    return carpel_fail(err, CARPEL_E_INPUT,
                       "delimiter \"%s\" is not one ASCII character or \"tab\"",
                       delimiter);
}

static bool begin(const carpel_host *host, const carpel_delivery *delivery,
                  void **instance, carpel_error *err)
{
    const csv_output_options *options = delivery->options;
    csv_output o = {host, delivery, NULL, delimiter_of(options), options->spreadsheet};
    if (!check_delimiter(options->delimiter, err) ||
        !host->file_open(host, options->path, &o.file, err))
        return false;
    if (options->header)
        write_header(&o);
    *instance = common_alloc(1, sizeof o);
    memcpy(*instance, &o, sizeof o);
    return true;
}

static bool write_rows(void *instance, struct ArrowArrayStream *rows, carpel_error *err)
{
    const csv_output *o = instance;
    return delivery_read(o->host, o->delivery, rows, add_row, instance, err);
}

static const carpel_output output = {.struct_size = sizeof(carpel_output),
                                     .begin = begin,
                                     .write = write_rows,
                                     .close = free};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_OUTPUT,
    .name = "csv",
    .version = "2.0",
    .summary = "Results as a CSV file, a line a row.",
    .manual =
        "outputs:\n"
        "  - plugin: csv\n"
        "    path: out/segments.csv\n"
        "    segments: [vip, lifecycle.active]\n"
        "\n"
        "The file appears whole or not at all, together with those of all other "
        "outputs.\n"
        "Times are UTC in ISO 8601; durations are in seconds. A missing value is "
        "an empty\n"
        "field; an empty text is \"\". A text of people that begins with = @ tab or "
        "CR has a '\n"
        "before it, so that a spreadsheet shows it and works nothing out: "
        "spreadsheet: false\n"
        "writes it as it is.\n",
    .options_size = sizeof(csv_output_options),
    .options = options_table,
    .output = &output,
};
