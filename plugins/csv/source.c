/* SPDX-License-Identifier: MIT
 *
 * The source `csv`: rows of delimited text files. This file has its options, and opens it; reader.c
 * splits rows into fields.
 */
#include "csv/source.h"

#include <string.h>

#include "common/columns.h"
#include "common/files.h"
#include "common/memory.h"
#include "common/stream.h"
#include "csv/look.h"

static const char *const encodings[] = {"utf-8",    "latin-1",  "windows-1252",
                                        "utf-16le", "utf-16be", NULL};

/* What iconv calls them. Where a letter is a byte, fields are decoded once the rows are split. */
static const struct encoding {
    const char *name, *iconv_name;
    bool is_bytes;
} encoding_table[] = {{"latin-1", "ISO-8859-1", true},
                      {"windows-1252", "CP1252", true},
                      {"utf-16le", "UTF-16LE", false},
                      {"utf-16be", "UTF-16BE", false}};

static const carpel_option options_table[] = {
    {.name = "files",
     .type = CARPEL_OPTION_PATHS,
     .offset = offsetof(csv_options, files),
     .required = true,
     .help =
         "The files to read: a path or a list of them, * and ? allowed; gzip and zstd "
         "are known by their content."},
    {.name = "delimiter",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(csv_options, delimiter),
     .default_text = ",",
     .help =
         "What stands between two fields: one character, \"tab\", or \"blanks\" for a "
         "run of blanks and tabs."},
    {.name = "header",
     .type = CARPEL_OPTION_BOOLEAN,
     .offset = offsetof(csv_options, header),
     .default_text = "true",
     .help = "Does the first row of each file name the columns?"},
    {.name = "columns",
     .type = CARPEL_OPTION_TEXTS,
     .offset = offsetof(csv_options, columns),
     .help = "The names of the columns of files without a header; without it they are "
             "called 1, 2, 3."},
    {.name = "quote",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(csv_options, quote),
     .default_text = "\"",
     .help = "What stands around a field that holds a delimiter or a line end; \"\" for "
             "none."},
    {.name = "encoding",
     .type = CARPEL_OPTION_CHOICE,
     .offset = offsetof(csv_options, encoding),
     .default_text = "utf-8",
     .choices = encodings,
     .help = "How the files write letters beyond ASCII. A file with a byte order mark is "
             "read "
             "as that says."},
    {0}};
/* ---- options ------------------------------------------------------------ */

static bool is_usable_mark(const char *text)
{
    unsigned char c = (unsigned char)text[0];
    return c != '\0' && text[1] == '\0' && c < 0x80 && c != '\r' && c != '\n';
}

static const struct encoding *find_encoding(const char *name)
{
    for (size_t i = 0; i < sizeof encoding_table / sizeof *encoding_table; i++)
        if (strcmp(encoding_table[i].name, name) == 0)
            return &encoding_table[i];
    return NULL;
}

/* Can this system read the encoding, and whose is it to decode it? */
static bool read_encoding(const char *name, csv_format *out, carpel_error *err)
{
    byte_table tried;
    const struct encoding *encoding = find_encoding(name);
    out->encoding = encoding && !encoding->is_bytes ? encoding->iconv_name : NULL;
    return !encoding || !encoding->is_bytes ||
           byte_table_make(encoding->iconv_name, &tried, err);
}

bool csv_read_format(const csv_options *options, csv_format *out, carpel_error *err)
{
    const char *delimiter = options->delimiter, *quote = options->quote;
    if (strcmp(delimiter, "tab") == 0)
        out->delimiter = '\t';
    else if (strcmp(delimiter, "blanks") == 0)
        out->delimiter = CSV_BLANKS;
    else if (is_usable_mark(delimiter))
        out->delimiter = delimiter[0];
    else
        return carpel_fail(err, CARPEL_E_INPUT,
                           "delimiter \"%s\" is not one ASCII character, \"tab\" or "
                           "\"blanks\"",
                           delimiter);
    if (quote[0] != '\0' && !is_usable_mark(quote))
        return carpel_fail(err, CARPEL_E_INPUT, "quote \"%s\" is not one ASCII character",
                           quote);
    out->quote = quote[0] == '\0' ? CSV_NO_QUOTE : quote[0];
    if (out->quote == out->delimiter)
        return carpel_fail(err, CARPEL_E_INPUT, "delimiter and quote are both \"%s\"",
                           quote);
    if (options->header && options->columns.count > 0)
        return carpel_fail(err, CARPEL_E_INPUT,
                           "\"columns\" names the columns of files without a header; "
                           "add \"header: false\"");
    return read_encoding(options->encoding, out, err);
}

bool csv_refuse_lists(const carpel_request *request, carpel_error *err)
{
    for (size_t i = 0; i < request->column_count; i++) {
        const carpel_column *wanted = &request->columns[i];
        if (wanted->type == CARPEL_LIST && !wanted->is_optional)
            return carpel_fail(err, CARPEL_E_INPUT,
                               "\"%s\" is a list, which a CSV file cannot hold; leave it "
                               "out of the source, or read it from JSON lines",
                               wanted->name);
    }
    return true;
}

/* ---- one source --------------------------------------------------------- */

bool csv_has_bytes(const csv_source *s)
{
    return s->bytes && !s->reader.in.encoding;
}

void csv_convert(csv_source *s, const csv_field *field, size_t *size)
{
    const byte_table *table = s->bytes;
    size_t most = field->size * sizeof *table->bytes;
    if (s->converted_capacity < most) {
        s->converted_capacity = most;
        s->converted = common_resize(s->converted, most);
    }
    char *out = s->converted;
    for (size_t i = 0; i < field->size; i++) {
        unsigned char c = (unsigned char)field->data[i];
        memcpy(out, table->sizes[c] > 0 ? table->bytes[c] : &field->data[i],
               table->sizes[c] > 0 ? table->sizes[c] : 1);
        out += table->sizes[c] > 0 ? table->sizes[c] : 1;
    }
    *size = (size_t)(out - s->converted);
}

void csv_source_close(void *state)
{
    csv_source *s = state;
    if (s->is_open)
        csv_reader_close(&s->reader);
    free(s->fields);
    free(s->block.cells);
    free(s->merged);
    free(s->merged_fields);
    free(s->bytes);
    free(s->converted);
    free(s);
}

csv_source *csv_source_new(const carpel_host *host, const carpel_request *request,
                           const csv_format *format)
{
    const csv_options *options = request->options;
    csv_source *s = common_alloc(1, sizeof *s);
    s->host = host;
    s->request = request;
    s->options = options;
    s->format = *format;
    const struct encoding *encoding = find_encoding(options->encoding);
    if (encoding && encoding->is_bytes) {
        carpel_error err;
        s->bytes = common_alloc(1, sizeof *s->bytes);
        byte_table_make(encoding->iconv_name, s->bytes, &err); /* read_format tried it */
    }
    s->end_file = options->files.count;
    s->fields = common_alloc(csv_count_fields(request), sizeof *s->fields);
    s->block.cells = common_alloc(CSV_MOST_BLOCK_CELLS, sizeof *s->block.cells);
    for (size_t i = 0; i < request->column_count; i++)
        s->merged_count += columns_count_others(request, i) > 0;
    if (s->merged_count > 0) {
        s->merged = common_alloc(CSV_MOST_BLOCK_CELLS, sizeof *s->merged);
        s->merged_fields = common_alloc(request->column_count, sizeof *s->merged_fields);
    }
    return s;
}

static bool open_source(const carpel_host *host, const carpel_request *request,
                        struct ArrowArrayStream *out, carpel_error *err)
{
    const csv_options *options = request->options;
    csv_format format;
    if (!csv_read_format(options, &format, err) || !csv_refuse_lists(request, err))
        return false;
    csv_source *s = csv_source_new(host, request, &format);
    s->total_bytes = files_total_bytes(options->files);
    row_stream_open(host, request,
                    (row_source){.state = s, .fill = csv_fill, .close = csv_source_close},
                    out);
    return true;
}

static const carpel_source source = {.struct_size = sizeof(carpel_source),
                                     .open = open_source,
                                     .reading = &csv_reading_in_pieces,
                                     .look = csv_look};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "csv",
    .version = "1.0",
    .summary = "Rows of delimited text files, plain or packed with gzip or zstd.",
    .manual =
        "sources:\n"
        "  - plugin: csv\n"
        "    files: data/orders-*.csv.gz\n"
        "    delimiter: \";\"\n"
        "    event: purchase\n"
        "    person: customer_id\n"
        "    time: {from: date, format: \"%d.%m.%Y\"}\n"
        "    properties: {amount: total}\n"
        "\n"
        "The first row names the columns; `from` is such a name. Without a header give\n"
        "`header: false` and either the names in `columns`, or the number of a column, "
        "from\n"
        "1, as `from`. Fields may be quoted as in RFC 4180; lines end in LF, CRLF or "
        "CR;\n"
        "empty lines are passed over. An empty field is a missing value; \"\" is an "
        "empty "
        "text.\n"
        "\n"
        "A row with too few or too many fields, or with a value that does not fit its "
        "type,\n"
        "is set aside with its file, line and reason, and so is one with a quote that "
        "never\n"
        "closes or with text behind a closing quote; reading goes on behind the line on\n"
        "which that quote stands. A row may be at most 16 MiB long.\n",
    .options_size = sizeof(csv_options),
    .options = options_table,
    .source = &source,
};
